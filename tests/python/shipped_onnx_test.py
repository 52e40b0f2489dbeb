"""The shipped network, exported by the program as ONNX, gives the answers of its
TorchScript to 10,000 pictures: MNIST's test set where it is there.

python shipped_onnx_test.py DIGITORCH FOLDER_OF_MNIST
"""

import pathlib
import subprocess
import sys
import tempfile

import samples
import torch

try:
    import onnxruntime
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(samples.SKIPPED)

COUNT = 10_000


def pictures(mnist: pathlib.Path) -> torch.Tensor:
    """[10000, 1, 28, 28] in 0..1."""
    path = mnist / "t10k-images-idx3-ubyte"
    if path.exists():
        data = torch.frombuffer(bytearray(path.read_bytes()[16:]), dtype=torch.uint8)
        return data.view(-1, 1, 28, 28)[:COUNT] / 255
    print(f"{path}: not there; comparing on random strokes")
    strokes = torch.rand(COUNT, 1, 7, 7, generator=torch.Generator().manual_seed(1))
    large = torch.nn.functional.interpolate(strokes, size=28, mode="bicubic")
    return ((large - 0.6) * 4).clamp(0, 1)


def export(digitorch: str, form: str, path: pathlib.Path) -> None:
    subprocess.run(
        [digitorch, "export", f"--format={form}", f"--output={path}", "--quiet"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=path.parent,
    )


def main() -> None:
    digitorch, mnist = sys.argv[1:]
    images = pictures(pathlib.Path(mnist))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        export(digitorch, "onnx", folder / "digits.onnx")
        export(digitorch, "torchscript", folder / "digits.pt")
        module = torch.jit.load(folder / "digits.pt")
        with torch.no_grad():
            expected = torch.cat([module(part) for part in images.split(1000)])
        session = onnxruntime.InferenceSession(
            folder / "digits.onnx", providers=["CPUExecutionProvider"]
        )
        found = torch.from_numpy(session.run(None, {"images": images.numpy()})[0])
    largest = expected.abs().max().item()
    difference = (found - expected).abs().max().item() / largest
    assert difference <= 1e-4, f"logits differ by {difference} of the largest"
    # Two classes that are equal but for the last bits may change places.
    top = expected.topk(2).values
    clear = top[:, 0] - top[:, 1] > 1e-4 * largest
    other = (found.argmax(1) != expected.argmax(1)) & clear
    assert clear.sum() > 0.99 * COUNT, f"only {clear.sum()} clear answers"
    assert not other.any(), f"{other.sum()} other answers"
    print(
        f"{len(images)} pictures: no other answer, logits differ by "
        f"{difference:.1e} of the largest"
    )


if __name__ == "__main__":
    main()
