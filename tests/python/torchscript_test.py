"""PyTorch opens the exported TorchScript and answers as the C++ program did.

python torchscript_test.py FOLDER, which write_samples filled.
"""

import hashlib
import json
import pathlib
import sys
import warnings

import samples
import torch

FILES = ("class_names.json", "input.json", "model.json")


def refuses(model: torch.jit.ScriptModule, images: torch.Tensor) -> bool:
    try:
        model(images)
    except torch.jit.Error as error:
        return "expected pictures [N, 1, 28, 28]" in str(error)
    return False


def assert_converts(model: torch.jit.ScriptModule, path: pathlib.Path) -> None:
    """PyTorch's exporter finds an ONNX operator for everything. The package onnx
    is asked for only after that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                model, (torch.rand(2, 1, 28, 28),), path, dynamo=False
            )
        except torch.onnx.errors.OnnxExporterError as error:
            assert "onnx is not installed" in str(error), error


def check(folder: pathlib.Path, name: str) -> None:
    extra = dict.fromkeys(FILES, "")
    model = torch.jit.load(folder / f"{name}.pt", _extra_files=extra)
    class_names, inputs, source = (json.loads(extra[file]) for file in FILES)

    images, logits = samples.images_and_logits(folder, name)
    assert class_names == [str(i) for i in range(logits.shape[1])], class_names
    assert inputs["shape"] == ["N", 1, 28, 28], inputs
    assert inputs["dtype"] == "float32" and inputs["range"] == [0, 1], inputs
    assert inputs["normalisation"]["inside_the_model"] is True, inputs
    checkpoint = (folder / f"{name}.checkpoint.safetensors").read_bytes()
    digest = hashlib.sha256(checkpoint).hexdigest()
    assert source["checkpoint_sha256"] == digest, source

    with torch.no_grad():
        samples.assert_close(model(images), logits, name)
        for i in range(len(images)):  # any batch size, one picture too
            samples.assert_close(
                model(images[i : i + 1]), logits[i : i + 1], f"{name}[{i}]"
            )
        assert model(images.repeat(20, 1, 1, 1)).shape == (140, logits.shape[1])

    for shape in ((2, 3, 28, 28), (49, 1, 32, 32), (1, 1, 56, 56), (1, 784)):
        assert refuses(model, torch.rand(shape)), shape
    assert_converts(model, folder / f"{name}.from-torchscript.onnx")

    # The names, values and kinds of the weights are the state dict's.
    path = folder / f"{name}.safetensors"
    weights = samples.safetensors.torch.load_file(path)
    state = model.state_dict()
    assert set(state) == set(weights), set(state) ^ set(weights)
    assert all(torch.equal(state[key], weights[key]) for key in weights)
    assert not any(p.requires_grad for p in model.parameters())
    # It runs wherever it is moved: nothing in its code is fixed to a device.
    # "meta" computes shapes alone and, like a GPU, refuses tensors of the CPU.
    moved = torch.jit.load(folder / f"{name}.pt", map_location="meta")
    assert moved(images.to("meta")).device.type == "meta"


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    for name in samples.names(folder):
        check(folder, name)


if __name__ == "__main__":
    main()
