"""Digits to take pictures of, from MNIST and from fonts, and sets of pictures
of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib import camera, fonts, nuisances, pen, segments, strokes, styles
from lib.tablet import Tablet

# MNIST has no part to choose by: then its training digits stand on new pages.
MNIST_FILES = {"train": "train", "validation": "train", "test": "t10k"}

# What draws digits: MNIST, fonts, strokes as hands write them, displays, and
# outlines of what fonts and hands draw.
SOURCES = ("mnist", "fonts", "hand", "segments", "outlines")


def read_mnist(folder: Path, which: str) -> tuple[np.ndarray, np.ndarray]:
    """uint8 [N, 28, 28] and [N] of a part, a key of MNIST_FILES."""
    stem = MNIST_FILES[which]
    images, labels = (
        np.frombuffer((folder / f"{stem}-{name}").read_bytes(), np.uint8)
        for name in ("images-idx3-ubyte", "labels-idx1-ubyte")
    )
    return images[16:].reshape(-1, 28, 28), labels[8:]


def enlarged(image: np.ndarray, height: float) -> np.ndarray:
    """A digit of MNIST as a pen would have drawn it `height` pixels high (its
    longer side): uint8 [H, W], cropped to the ink."""
    rows = np.flatnonzero((image > 40).any(1))
    columns = np.flatnonzero((image > 40).any(0))
    long = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    side = max(8, round(28 * height / long))
    large = Image.fromarray(image).resize((side, side), Image.Resampling.LANCZOS)
    levels = np.asarray(large, np.float32) / 255
    # The soft edge of 28x28 pixels becomes as sharp as a pen's, less so where
    # there are hardly more pixels than that.
    slope = np.clip(side / 28, 1, 3)
    return cropped((np.clip((levels - 0.42) * slope + 0.5, 0, 1) * 255))


def lettered(file: Path, label: int, height: float) -> np.ndarray:
    """A digit of a font, as `enlarged`."""
    font = ImageFont.truetype(str(file), max(8, round(height / 0.7)))
    box = font.getbbox(str(label))
    image = Image.new("L", (box[2] - box[0] + 4, box[3] - box[1] + 4))
    ImageDraw.Draw(image).text(
        (2 - box[0], 2 - box[1]), str(label), fill=255, font=font
    )
    ink = cropped(np.asarray(image, np.float32))
    scale = height / max(ink.shape)  # fonts differ in how large a digit is
    if abs(scale - 1) < 0.02:
        return ink
    size = [max(1, round(n * scale)) for n in ink.shape]
    return np.asarray(
        Image.fromarray(ink).resize(size[::-1], Image.Resampling.BICUBIC)
    )


def cropped(levels: np.ndarray) -> np.ndarray:
    return camera.cropped(levels.round().astype(np.uint8))


@dataclass
class Digits:
    """Where digits come from: MNIST's training or test part, and the fonts of
    the list of the same name."""

    images: np.ndarray
    labels: np.ndarray
    fonts: list[Path]
    tablet: Tablet | None = None  # for a source of this name, in training alone

    @classmethod
    def load(cls, which: str, mnist: Path) -> "Digits":
        return cls(*read_mnist(mnist, which), fonts.font_files(which))

    def draw(
        self, source: str, rng, shot: nuisances.Shot
    ) -> tuple[int, np.ndarray, str]:
        """A random digit of one of SOURCES, or of "tablet", for the shot: its
        label, its ink (uint8 [H, W]) and what it is: "mnist 123", a font's name,
        or the way it is written. Where it brings its own pen, the shot has none
        afterwards."""
        height = shot.height
        if source == "mnist":
            i = int(rng.integers(len(self.images)))
            ink = enlarged(self.images[i], height)
            return int(self.labels[i]), ink, f"mnist {i}"
        label = int(rng.integers(10))
        outlines = source == "outlines"
        if source == "fonts" or (outlines and rng.random() < 0.5):
            file = self.fonts[int(rng.integers(len(self.fonts)))]
            ink, origin = lettered(file, label, height), file.stem
        elif source == "segments":
            ink, origin = segments.draw(label, height, rng), source
        elif source == "tablet":
            width = shot.stroke or strokes.pen_width(rng)
            ink, origin = self.tablet.draw(label, height, width, rng)
        else:
            width = shot.stroke or strokes.pen_width(rng)
            width = rng.uniform(strokes.THICK, 0.22) if outlines else width
            ink, origin = styles.draw(label, height, width, rng)
        if outlines:
            ink = pen.outlined(ink, max(1, round(rng.uniform(0.03, 0.06) * height)))
        if source != "fonts":
            shot.stroke = None
        return label, ink, origin


def picture(digits: Digits, source: str, kind: str, strength: int, rng):
    """One picture: (grey uint8 [H, W], Shot, label, origin). kind: "plain" or
    one of nuisances.NUISANCES."""
    shot = nuisances.plain(rng)
    if kind != "plain":
        nuisances.NUISANCES[kind](shot, strength, rng)
    label, ink, origin = digits.draw(source, rng, shot)
    return camera.take(ink, shot, rng), shot, label, origin


def cases(kinds) -> list[tuple[str, int]]:
    """(kind, strength) of each; plain pictures have no strength."""
    return [
        (kind, strength)
        for kind in kinds
        for strength in ((0,) if kind == "plain" else nuisances.STRENGTHS)
    ]


def write_set(
    output: Path, digits: Digits, kinds, sources, count: int, seed: int
) -> int:
    """Writes `count` pictures, the same number of each case and source as far
    as that divides, and output/labels.csv. Each picture depends on the seed and
    its own number alone. Returns how many."""
    output.mkdir(parents=True, exist_ok=True)
    todo = [(s, k, n) for k, n in cases(kinds) for s in sources]
    with open(output / "labels.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ("path", "label", "source", "nuisance", "strength", "origin")
        )
        for i in range(count):
            source, kind, strength = todo[i % len(todo)]
            rng = np.random.default_rng((seed, i))
            grey, shot, label, origin = picture(
                digits, source, kind, strength, rng
            )
            ending, content = camera.encode(grey, shot)
            name = f"{i:06}{ending}"
            (output / name).write_bytes(content)
            table.writerow((name, label, source, kind, strength, origin))
    return count
