"""Plain PyTorch, from the exported spec and weights, answers as C++ did.

The modules below are written from the spec alone, as a user would write them.

python state_dict_test.py FOLDER, which write_samples filled.
"""

import json
import pathlib
import sys

import samples
import torch
from torch import nn


class Mlp(nn.Module):
    def __init__(self, options: dict, classes: int):
        super().__init__()
        widths = [28 * 28, *options["hidden"]]
        pairs = list(zip(widths, widths[1:]))
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in pairs)
        self.norm = nn.ModuleList(
            nn.BatchNorm1d(b) for _, b in pairs if options.get("batch-norm")
        )
        self.output = nn.Linear(widths[-1], classes)
        self.activation = getattr(torch, options["activation"])

    def forward(self, x):
        x = x.flatten(1)
        for i, layer in enumerate(self.hidden):
            x = layer(x)
            if self.norm:
                x = self.norm[i](x)
            x = self.activation(x)
        return self.output(x)


class Cnn(nn.Module):
    def __init__(self, options: dict, classes: int):
        super().__init__()
        channels = [1, *options["channels"]]
        layers = len(channels) - 1
        kernel, self.pool = (
            sizes if len(sizes) == layers else sizes * layers
            for sizes in (options["kernel"], options["pool"])
        )
        norm = options["batch-norm"]
        crop = options.get("crop", 0)
        self.seen = slice(crop, 28 - crop)
        self.conv = nn.ModuleList(
            nn.Conv2d(a, b, k, padding=options["padding"], bias=not norm)
            for a, b, k in zip(channels, channels[1:], kernel)
        )
        self.norm = nn.ModuleList(
            nn.BatchNorm2d(b) for b in channels[1:] if norm
        )
        features = self.features(torch.zeros(1, 1, 28, 28)).shape[1]
        widths = [features, *options["hidden"]]
        self.hidden = nn.ModuleList(
            nn.Linear(a, b) for a, b in zip(widths, widths[1:])
        )
        self.output = nn.Linear(widths[-1], classes)

    def features(self, x):
        x = x[:, :, self.seen, self.seen]
        for i, layer in enumerate(self.conv):
            x = layer(x)
            if self.norm:
                x = self.norm[i](x)
            x = nn.functional.max_pool2d(torch.relu(x), self.pool[i])
        return x.flatten(1)

    def forward(self, x):
        x = self.features(x)
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.output(x)


def check(folder: pathlib.Path, name: str) -> None:
    path = folder / f"{name}.safetensors"
    metadata = samples.metadata(path)
    assert metadata["format"] == "pt", metadata
    spec = json.loads(metadata["spec"])
    kind = {"mlp": Mlp, "scratch": Mlp, "cnn": Cnn}[spec["kind"]]
    model = kind(spec["options"], spec["classes"])
    weights = samples.safetensors.torch.load_file(path)
    model.load_state_dict(weights, strict=True)
    assert list(weights), "no weights"
    model.eval()
    images, logits = samples.images_and_logits(folder, name)
    with torch.no_grad():
        x = (images - spec["mean"]) / spec["deviation"]
        samples.assert_close(model(x), logits, name)

    # The checkpoint itself is a safetensors file that the library opens.
    checkpoint = samples.safetensors.torch.load_file(
        folder / f"{name}.checkpoint.safetensors"
    )
    assert checkpoint.pop("sha256").shape == (32,)
    assert all(torch.equal(checkpoint[key], weights[key]) for key in weights)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    for name in samples.names(folder):
        check(folder, name)


if __name__ == "__main__":
    main()
