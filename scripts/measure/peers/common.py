"""What the peers share: MNIST from its files, and the record they print."""

import argparse
import gzip
import json
import pathlib
import time

import numpy
import torch

MEAN, DEVIATION = 0.1307, 0.3081  # of the 60,000 training pictures


def arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data-dir", type=pathlib.Path, default="data/mnist")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    return parser


def begin(options: argparse.Namespace) -> None:
    torch.manual_seed(options.seed)
    if options.threads:
        torch.set_num_threads(options.threads)


def read_idx(path: pathlib.Path) -> numpy.ndarray:
    packed = path.with_name(path.name + ".gz")
    data = path.read_bytes() if path.exists() else gzip.open(packed).read()
    dimensions = data[3]
    shape = numpy.frombuffer(data, ">i4", dimensions, 4)
    return numpy.frombuffer(data, numpy.uint8, -1, 4 + 4 * dimensions).reshape(
        shape
    )


def read_part(folder: pathlib.Path, name: str):
    """uint8 pictures [N, 28, 28] and int64 labels [N]; name: train or t10k."""
    images = read_idx(folder / f"{name}-images-idx3-ubyte")
    labels = read_idx(folder / f"{name}-labels-idx1-ubyte")
    return (
        torch.from_numpy(images.copy()),
        torch.from_numpy(labels.astype(numpy.int64)),
    )


def normalised(images: torch.Tensor) -> torch.Tensor:
    """float [N, 1, 28, 28] with the mean 0 and the deviation 1."""
    return (images.unsqueeze(1).float() / 255 - MEAN) / DEVIATION


def accuracy(model, images, labels, batch=1000, autocast=False) -> float:
    model.eval()
    correct = 0
    with torch.inference_mode(), torch.autocast(
        "cpu", torch.bfloat16, enabled=autocast
    ):
        for start in range(0, len(labels), batch):
            logits = model(images[start : start + batch])
            correct += (
                (logits.argmax(1) == labels[start : start + batch]).sum().item()
            )
    return correct / len(labels)


def has_bfloat16() -> bool:
    """Whether the CPU computes with bfloat16 itself, instead of imitating it."""
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    return "avx512_bf16" in flags or "amx_bf16" in flags


class Stopwatch:
    """Seconds of what is inside `with`, added up."""

    def __init__(self):
        self.seconds = 0.0

    def __enter__(self):
        self._start = time.perf_counter()

    def __exit__(self, *_):
        self.seconds += time.perf_counter() - self._start


def report(**values) -> None:
    print(json.dumps(values))
