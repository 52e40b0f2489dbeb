"""Model files that Python made: TorchScript comes in with names from the file or
from --classes, and what cannot come in is refused with what to do instead.

python made_in_python_test.py DIGITORCH
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import samples  # skips the test where a package is missing
import torch
from made_data import CLASSES, write_data

NAMES = [str(i) for i in range(CLASSES)]


class Made(torch.nn.Module):
    """Takes pictures of any shape, unlike what digitorch exports."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.output = torch.nn.Linear(28 * 28, classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.output(images.flatten(1))


class Check:
    def __init__(self, digitorch: str, folder: pathlib.Path) -> None:
        self.digitorch = digitorch
        self.folder = folder

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (self.digitorch, *words),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=100,
        )

    def accepted(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def refused(self, part: str, *words: str) -> None:
        done = self.run(*words)
        assert done.returncode == 2, f"{words}: {done}"
        assert re.fullmatch(r"error: [^\n]+\n", done.stderr), done.stderr
        assert part in done.stderr, f"expected '{part}': {done.stderr}"
        print(done.stderr, end="")


def check_torchscript(check: Check) -> None:
    module = torch.jit.script(Made(CLASSES))
    names = str(NAMES).replace("'", '"')
    module.save(check.folder / "bare.pt")
    module.save(
        check.folder / "named.pt", _extra_files={"class_names.json": names}
    )
    module.save(
        check.folder / "large.pt",
        _extra_files={
            "class_names.json": names,
            "input.json": '{"shape": ["N", 3, 32, 32]}',
        },
    )
    score = ("eval", "--data=data", "--format=json", "--trust-torchscript")
    by_file = check.accepted(*score, "--model=named.pt")
    bare = (*score, "--model=bare.pt")
    for classes in (",".join(NAMES), str(CLASSES)):
        assert check.accepted(*bare, f"--classes={classes}") == by_file
    check.refused("expected --classes LIST, or the extra file", *bare)
    check.refused(
        f"the shape [2, {CLASSES}] to 2 pictures with 2 names",
        *(*bare, "--classes=circle,cross"),
    )
    check.refused("twice", *bare, "--classes=circle,circle")
    check.refused("expected TorchScript that takes", *score, "--model=large.pt")
    check.refused("checkpoint, which names its classes", "eval", "--classes=10")
    check.refused("TorchScript", "export", "--format=onnx", "bare.pt")
    check_server(check)


def check_server(check: Check) -> None:
    words = ("serve", "--port=0", "--trust-torchscript", "--model=bare.pt")
    check.refused("expected --classes LIST", *words)
    server = subprocess.Popen(
        (check.digitorch, *words, f"--classes={CLASSES}"),
        cwd=check.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout.readline().startswith("serving at http://")
    finally:
        server.terminate()
        server.wait(timeout=20)


def check_others(check: Check) -> None:
    module = Made(CLASSES)
    torch.save(module.state_dict(), check.folder / "saved.pt")
    pictures = (torch.zeros(2, 1, 28, 28),)
    torch.export.save(
        torch.export.export(module, pictures), check.folder / "program.pt2"
    )
    for file, what in (
        ("saved.pt", "Python's torch.save wrote"),
        ("program.pt2", "Python's torch.export wrote"),
    ):
        for command in (("eval",), ("classify", "x.png"), ("export", "--output=x")):
            check.refused(what, *command, f"--model={file}")
        check.refused("digitorch import", "eval", f"--model={file}")
        check.refused("--classes", "eval", f"--model={file}")


def main() -> None:
    torch.manual_seed(4)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "data").mkdir()
        write_data(folder / "data")
        check = Check(str(pathlib.Path(sys.argv[1]).resolve()), folder)
        check_torchscript(check)
        check_others(check)


if __name__ == "__main__":
    main()
