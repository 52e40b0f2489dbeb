#!/usr/bin/env python3
"""Writes the pictures that the network inside the program is trained on, as
class folders: MNIST's training digits as they are and as pictures of paper,
digits of fonts, and what is no digit. For `digitorch train --data FOLDER`.

  scripts/make_training_set.py --output data/shipped

Every digit of MNIST's training set is there once, so that what the program puts
aside for validation shows digits that it does not train on. test/ holds digits,
fonts and letters of other fonts that train/ lacks; nothing of MNIST's test set
is in either.
"""

import argparse
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from pictures import nondigits, nuisances, singles

NO_DIGIT = "no-digit"  # the reserved class's name, as in datasets/no_digit.h

# Of digits of MNIST that become pictures of paper; the others stay as they are.
PART_ON_PAPER = 0.3
# Every kind of picture but very large ones, which only take longer to read.
KINDS = ("plain", *(kind for kind in nuisances.ALONE if kind != "large"))
TOGETHER = 0.2  # part of the pictures with all nuisances at once
STRENGTHS = (0.5, 0.35, 0.15)
LARGEST = 72  # pixels of a digit's height; it becomes 20 in the end


@dataclass
class Counts:
    """Of one part of the set."""

    mnist: int
    fonts: int
    no_digit: int


PARTS = {
    "train": Counts(mnist=55000, fonts=15000, no_digit=15000),
    "test": Counts(mnist=5000, fonts=1000, no_digit=1000),
}


def draw_shot(rng: np.random.Generator) -> nuisances.Shot:
    shot = nuisances.plain(rng)
    shot.height = rng.uniform(40, LARGEST)
    if rng.random() < TOGETHER:
        kind = "together"
    else:
        kind = KINDS[rng.integers(len(KINDS))]
    if kind != "plain":
        strength = rng.choice(nuisances.STRENGTHS, p=STRENGTHS)
        nuisances.NUISANCES[kind](shot, int(strength), rng)
    shot.height = min(shot.height, LARGEST)
    shot.side = min(shot.side, 3.5)
    return shot


class Writer:
    """Numbers the pictures of one part; each depends on the seed, the part and
    its number alone."""

    def __init__(self, folder: Path, seed: tuple[int, ...]):
        self.folder = folder
        self.seed = seed
        self.count = 0

    def generator(self) -> np.random.Generator:
        return np.random.default_rng((*self.seed, self.count))

    def write(self, label, ending: str, content: bytes):
        folder = self.folder / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.count:06}{ending}").write_bytes(content)
        self.count += 1

    def write_shot(self, label, ink: np.ndarray, shot, rng):
        picture = nuisances.take(ink, shot, rng)
        self.write(label, *nuisances.encode(picture, shot))


def write_as_is(writer: Writer, label: int, image: np.ndarray):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG", compress_level=1)
    writer.write(label, ".png", file.getvalue())


def scaled(ink: np.ndarray, height: float) -> np.ndarray:
    factor = height / max(ink.shape)
    size = [max(3, round(n * factor)) for n in reversed(ink.shape)]
    return np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC))


def write_part(writer: Writer, digits: singles.Digits, counts: Counts):
    on_paper = round(counts.mnist * PART_ON_PAPER)
    for i, (image, label) in enumerate(zip(digits.images, digits.labels)):
        if i >= on_paper:
            write_as_is(writer, label, image)
            continue
        rng = writer.generator()
        shot = draw_shot(rng)
        writer.write_shot(label, singles.enlarged(image, shot.height), shot, rng)
    for _ in range(counts.fonts):
        rng = writer.generator()
        shot = draw_shot(rng)
        label, ink, _ = digits.draw("fonts", rng, shot.height)
        writer.write_shot(label, ink, shot, rng)
    others = nondigits.NonDigits(digits.fonts, digits.images)
    for _ in range(counts.no_digit):
        rng = writer.generator()
        shot = draw_shot(rng)
        ink, kind = others.draw(rng)
        if kind in ("texture", "smudge"):
            shot.stroke = None  # there is no stroke to draw anew
        writer.write_shot(NO_DIGIT, scaled(ink, shot.height), shot, rng)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, required=True, help="new folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mnist", type=Path, default=Path("data/mnist"))
    parser.add_argument(
        "--part", type=float, default=1.0, help="of all pictures, for a trial"
    )
    arguments = parser.parse_args()
    if arguments.output.exists():
        raise SystemExit(f"{arguments.output}: is there; expected a new folder")

    # Both parts take their digits from the training set of MNIST.
    images, labels = singles.read_mnist(arguments.mnist, "train")
    order = np.random.default_rng(arguments.seed).permutation(len(images))
    start = 0
    for number, (part, full) in enumerate(PARTS.items()):
        counts = Counts(*(round(n * arguments.part) for n in vars(full).values()))
        chosen = order[start : start + counts.mnist]
        start += full.mnist
        digits = singles.Digits(
            images[chosen], labels[chosen], singles.fonts.font_files(part)
        )
        writer = Writer(arguments.output / part, (arguments.seed, number))
        write_part(writer, digits, counts)
        print(f"{writer.count} pictures in {writer.folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
