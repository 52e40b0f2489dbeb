"""Digits of seven segments, as displays show them."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from lib import camera
from lib.strokes import FINE

# a at the top, then clockwise, g in the middle; from (x, y) to (x, y), y downwards.
ENDS = {
    "a": ((0, 0), (1, 0)),
    "b": ((1, 0), (1, 1)),
    "c": ((1, 1), (1, 2)),
    "d": ((0, 2), (1, 2)),
    "e": ((0, 1), (0, 2)),
    "f": ((0, 0), (0, 1)),
    "g": ((0, 1), (1, 1)),
}
# Which way is out, and whether the start and the end are at a corner of the digit.
OUTER = {
    "a": ((0, -1), 1, 1),
    "b": ((1, 0), 1, 0),
    "c": ((1, 0), 0, 1),
    "d": ((0, 1), 1, 1),
    "e": ((-1, 0), 0, 1),
    "f": ((-1, 0), 1, 0),
    "g": ((0, 0), 0, 0),
}
# What is lit of each digit, one of these ways.
LIT = (
    ("abcdef",),
    ("bc",),
    ("abged",),
    ("abgcd",),
    ("fgbc",),
    ("afgcd",),
    ("afgecd", "fgecd"),
    ("abc", "fabc"),
    ("abcdefg",),
    ("abcdfg", "abcfg"),
)


@dataclass
class Look:
    """What all digits of a display share; lengths are parts of their height."""

    thick: float
    gap: float  # between segments
    wide: float
    slant: float
    pointed: float  # how far a segment's ends taper
    trace: int  # of segments that are not lit, 0..255
    mitred: bool = False  # segments meet as a picture frame's sides, with its corners

    @classmethod
    def any(cls, rng: np.random.Generator) -> "Look":
        thick, gap = rng.uniform(0.07, 0.17), rng.uniform(0, 0.035)
        wide, slant = rng.uniform(0.35, 0.5), rng.uniform(0, 0.2)
        mitred = rng.random() < 0.35
        pointed = 1 if mitred else rng.uniform(0.3, 1)
        trace = round(rng.uniform(20, 50)) if rng.random() < 0.25 else 0
        return cls(thick, gap, wide, slant, pointed, trace, mitred)


def draw(
    label: int, height: float, rng: np.random.Generator, look: Look | None = None
) -> np.ndarray:
    """Its ink, uint8 [H, W], cropped to it, about `height` pixels high. look: any
    if there is none."""
    lit = LIT[label][rng.integers(len(LIT[label]))]
    look = look or Look.any(rng)
    thick, gap = look.thick, look.gap
    scale = height * FINE
    image = Image.new("L", (round(1.5 * scale), round(1.3 * scale)))
    canvas = ImageDraw.Draw(image)
    for name in sorted(ENDS, key=lambda name: name in lit):  # those on top
        start, end = np.array(ENDS[name]) * (look.wide, (1 - thick) / 2) + thick
        along = (end - start) / np.linalg.norm(end - start)
        across = along[::-1] * thick / 2
        start, end = start + along * gap, end - along * gap
        taper = along * thick / 2 * look.pointed
        outer, *at_corner = OUTER[name]
        corners = [start]
        for side in (across, -across):
            ends = np.stack([start + taper, end - taper]) + side
            if look.mitred and side @ outer > 0:
                ends += np.outer(at_corner, 2 * taper) * [[-1], [1]]
            corners += [*ends, end] if side is across else ends[::-1].tolist()
        corners = np.array(corners)
        corners[:, 0] += look.slant * (1 + thick - corners[:, 1])
        fill = 255 if name in lit else look.trace
        canvas.polygon([tuple(corner) for corner in corners * scale], fill=fill)
    return camera.cropped(np.asarray(image.reduce(FINE)))
