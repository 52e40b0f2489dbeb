"""Draws strokes with a pen, in a hand that has a slant, proportions and an
unsteadiness of its own.

A shape is a list of strokes, a stroke a list of points (x, y) that a smooth
curve goes through; a point named twice is a corner. A shape is about 1 high and
0.6 wide, y downwards.
"""

import numpy as np
from PIL import Image, ImageDraw

from lib import camera
from lib.pen import holes

Stroke = list[tuple[float, float]]
Shape = list[Stroke]

FINE = 3  # pixels drawn for one, for soft edges
STEPS = 12  # of a curve from point to point
THIN = 0.1  # a pen that fills no loop
THICK = 0.13  # one that fills much of it, as a part of them does:
WIDE_PENS = 0.25


def shape(text: str) -> Shape:
    """Of "0,0 50,0 / 25,0 25,100": points in percent, strokes apart by "/"."""
    return [
        [tuple(int(n) / 100 for n in point.split(",")) for point in stroke.split()]
        for stroke in text.split("/")
    ]


def curve(points: np.ndarray) -> np.ndarray:
    """A Catmull-Rom spline through points [N, 2]: STEPS points for each."""
    p = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:]):
        pieces.append(
            b
            + t * (c - a) / 2
            + t**2 * (2 * a - 5 * b + 4 * c - d) / 2
            + t**3 * (3 * b - a - 3 * c + d) / 2
        )
    return np.concatenate([*pieces, points[-1:]])


def corners(points: np.ndarray) -> np.ndarray:
    """Where in points [N, 2] a point follows that is the same."""
    return 1 + np.flatnonzero(np.all(np.diff(points, axis=0) == 0, axis=1))


def arc(
    x: float, y: float, wide: float, high: float, start: float, end: float
) -> Stroke:
    """Around (x, y), `wide` and `high` to either side, between two angles in
    degrees: 0 is to the right, 90 downwards."""
    count = max(3, round(abs(end - start) / 45))
    angles = np.radians(np.linspace(start, end, count))
    points = np.stack([x + wide * np.cos(angles), y + high * np.sin(angles)], 1)
    return [tuple(point) for point in points.tolist()]


def pen_width(rng: np.random.Generator) -> float:
    """Of some pen, part of the digit's height."""
    if rng.random() < WIDE_PENS:
        return rng.uniform(THICK, 0.25)
    return rng.uniform(0.03, THICK)


def bent(points: np.ndarray, waves: np.ndarray) -> np.ndarray:
    """Moves the plane by long waves [N, 5]: the direction and length (x, y),
    phase, and reach (x, y) of each. What touches goes on to touch."""
    moved = points.copy()
    for along_x, along_y, phase, *reach in waves:
        swing = np.sin(points @ (along_x, along_y) + phase)
        moved += swing[:, None] * reach
    return moved


def unsteady(stroke: Stroke, rng: np.random.Generator) -> np.ndarray:
    """Its points, each a little beside its place; corners stay corners."""
    points = np.asarray(stroke, float)
    steps = rng.normal(0, 0.013, points.shape)
    for second in corners(points):
        steps[second] = steps[second - 1]
    return points + steps + rng.normal(0, 0.012, 2)


def by_hand(strokes: Shape, rng: np.random.Generator) -> list[np.ndarray]:
    """The strokes' lines, points [N, 2] close together, as somebody has written
    them."""
    waves = np.concatenate(
        [
            rng.normal(0, 2.5, (3, 2)),
            rng.uniform(0, 2 * np.pi, (3, 1)),
            rng.normal(0, 0.025, (3, 2)),
        ],
        axis=1,
    )
    slant = np.clip(rng.normal(0.1, 0.17), -0.3, 0.5)
    turn = rng.normal(0, 0.05)
    wide = np.exp(rng.normal(0, 0.17))
    hand = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    hand = hand @ [[wide, -slant], [0, 1]]
    tremor = abs(rng.normal(0, 0.003))
    lines = []
    for stroke in strokes:
        points = bent(unsteady(stroke, rng), waves)
        pieces = np.split(points, corners(np.asarray(stroke)))
        line = np.concatenate([curve(piece) for piece in pieces])
        shake = np.cumsum(rng.normal(0, tremor, line.shape), axis=0)
        shake -= np.linspace(0, 1, len(line))[:, None] * shake[-1]  # ends stay
        lines.append((line + shake) @ hand.T)
    return lines


def inked(lines: list[np.ndarray], width: float, height: float, rng) -> np.ndarray:
    """Ink of the lines, uint8 [H, W], `height` pixels long at its longer side;
    `width` of the pen is a part of it."""
    pen = width * height
    points = np.concatenate(lines)
    scale = (height - pen) / np.ptp(points, axis=0).max()
    origin = points.min(0)
    size = [round((n * scale + pen + 4) * FINE) for n in np.ptp(points, axis=0)]
    image = Image.new("L", tuple(size))
    draw = ImageDraw.Draw(image)
    pressure = rng.uniform(0, 0.12)
    for line in lines:
        place = ((line - origin) * scale + pen / 2 + 2) * FINE
        phases = rng.uniform(0, 7) + np.linspace(0, rng.uniform(2, 8), len(line))
        radii = pen * FINE / 2 * (1 + pressure * np.sin(phases))
        for (x, y), r in zip(place, radii):
            draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
        for start, end, r in zip(place, place[1:], radii):
            draw.line((*start, *end), fill=255, width=max(1, round(2 * r)))
    return camera.cropped(np.asarray(image.reduce(FINE)))


def written(
    strokes: Shape, height: float, rng: np.random.Generator, width: float
) -> np.ndarray:
    """The strokes in some hand with a pen `width` parts of its height wide, or a
    smaller one that leaves a loop open if it has any: uint8 [H, W], cropped to
    the ink, about `height` pixels long."""
    lines = by_hand(strokes, rng)
    ink = inked(lines, width, height, rng)
    if width > THIN and holes(inked(lines, THIN, height, rng))[0]:
        while width > THIN and not holes(ink)[0]:
            width *= 0.9
            ink = inked(lines, width, height, rng)
    return ink
