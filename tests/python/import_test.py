"""A network trained in Python comes into the program, answers there as in Python,
goes on training, is explained, and goes back.

python import_test.py DIGITORCH
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import samples  # skips the test where a package is missing
import torch
from made_data import CLASSES, made_pictures, write_data
from safetensors.torch import load_file, save_file
from state_dict_test import Cnn, Mlp
from torch import nn

MEAN, DEVIATION = 0.2, 0.4
CNN = {
    "channels": [4, 6],
    "kernel": [5, 3],
    "pool": [2],
    "padding": "same",
    "hidden": [12],
    "batch-norm": True,
}
MLP = {"hidden": [16, 12], "activation": "tanh", "batch-norm": True}


def network_input(images: torch.Tensor) -> torch.Tensor:
    return ((images.float() / 255 - MEAN) / DEVIATION).unsqueeze(1)


def trained(model: nn.Module) -> nn.Module:
    images, labels = made_pictures(400)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(10):
        loss = nn.functional.cross_entropy(model(network_input(images)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def run(*words: str) -> str:
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


def check(digitorch: str, folder: pathlib.Path, name: str, model, options):
    data = f"--data={folder}"
    weights = folder / f"{name}.safetensors"
    imported = folder / f"{name}.checkpoint.safetensors"
    save_file(model.state_dict(), weights)
    run(
        *(digitorch, "import", f"--weights={weights}", f"--mean={MEAN}"),
        *(f"--deviation={DEVIATION}", *options),
    )
    # The same answers to 10,000 pictures.
    module = folder / f"{name}.pt"
    words = (digitorch, "export", f"--model={imported}", data)
    run(*words, f"--output={module}", "--format=torchscript")
    pictures = torch.rand(10_000, 1, 28, 28)
    with torch.no_grad():
        expected = model((pictures - MEAN) / DEVIATION)
        found = torch.jit.load(module)(pictures)
    largest = expected.abs().max()
    difference = ((found - expected).abs().max() / largest).item()
    assert difference <= 1e-5, f"{name}: differs by {difference}"
    # The same accuracy.
    images, labels = made_pictures(80)
    with torch.no_grad():
        right = model(network_input(images)).argmax(1) == labels
    score = json.loads(
        run(digitorch, "eval", f"--model={imported}", data, "--format=json")
    )
    assert score["accuracy"] == right.double().mean().item(), score
    # It can be trained on, and explained.
    run(
        *(digitorch, "train", f"--model={imported}", data, "--epochs=1"),
        *("--augment=none", f"--run-dir={folder / name}", "--quiet"),
    )
    assert (folder / name / "best.safetensors").exists()
    run(
        *(digitorch, "visualize", "--what=saliency", f"--model={imported}", data),
        f"--output={folder / (name + '-pictures')}",
    )
    # And back.
    back = folder / f"{name}.back.safetensors"
    run(*words, "--format=safetensors", f"--output={back}")
    model.load_state_dict(load_file(back), strict=True)
    with torch.no_grad():
        again = model((pictures - MEAN) / DEVIATION)
    assert torch.equal(again, expected), name
    # Its metadata make a second import need no options.
    second = folder / f"{name}.second.safetensors"
    run(digitorch, "import", f"--weights={back}", f"--output={second}")
    assert second.read_bytes() == imported.read_bytes(), name
    print(f"{name}: logits differ by {difference:.1e} of the largest")


def main() -> None:
    torch.manual_seed(4)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(folder)
        cnn = trained(Cnn(CNN, CLASSES))
        check(sys.argv[1], folder, "cnn", cnn, [])
        mlp = trained(Mlp(MLP, CLASSES))
        check(sys.argv[1], folder, "mlp", mlp, ["--activation=tanh"])


if __name__ == "__main__":
    main()
