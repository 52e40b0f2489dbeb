"""One picture from the start of the process to the answer: what a Python user
writes around an exported model."""

import argparse

import numpy
import torch
from PIL import Image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="TorchScript")
    parser.add_argument("picture", help="28 x 28, ink bright on black")
    options = parser.parse_args()
    model = torch.jit.load(options.model).eval()
    pixels = numpy.asarray(Image.open(options.picture).convert("L"))
    images = torch.from_numpy(pixels.copy()).float().div(255).view(1, 1, 28, 28)
    with torch.inference_mode():
        probabilities = model(images).softmax(1)[0]
    print(probabilities.argmax().item(), probabilities.max().item())


if __name__ == "__main__":
    main()
