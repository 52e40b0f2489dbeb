"""Digits as people write them round the world, stroke by stroke."""

import numpy as np

from lib.strokes import Shape, Stroke, arc, shape, written


def ring(
    rng, x: float, y: float, wide: float, high: float, start: float
) -> Stroke:
    """Once around, to the left first; somewhat open or overlapping."""
    return arc(x, y, wide, high, start, start - 360 + rng.uniform(-30, 25))


def zero(rng) -> Shape:
    return [ring(rng, 0.3, 0.5, rng.uniform(0.2, 0.36), 0.5, rng.uniform(-110, -50))]


def slashed_zero(rng) -> Shape:
    high = rng.uniform(0.25, 0.55)
    wide = high / rng.uniform(0.84, 2.1)
    return [*zero(rng), [(0.3 - wide, 0.5 + high), (0.3 + wide, 0.5 - high)]]


def zero_with_curl(rng) -> Shape:
    """The end goes on into the ring."""
    return [[*arc(0.3, 0.5, 0.3, 0.5, -70, -410), (0.3, rng.uniform(0.12, 0.25))]]


def zero_with_ends(rng) -> Shape:
    """The pen comes from outside or inside and ends there, before or after it
    closes the ring: a gap, or two ends that cross."""
    start, sweep = rng.uniform(-110, -50), rng.uniform(305, 405)
    wide, reach = rng.uniform(0.22, 0.42), rng.uniform(0.8, 1.2)
    points = np.array(arc(0, 0, wide, 0.5, start, start - sweep))
    points *= np.linspace(1, reach, len(points))[:, None]
    if rng.random() < 0.5:
        ends = points[0] * rng.uniform(0.75, 1.2) + (rng.uniform(0.02, 0.15), 0.03)
        points = np.concatenate([[ends], points])
    return [[tuple(point) for point in points.tolist()]]


def bare_one(rng) -> Shape:
    return [[(0, 0), (rng.normal(0, 0.02), 0.5), (0, 1)]]


def one_with(lowest: float, highest: float, foot: bool = False):
    """A function that draws a 1 with an upstroke from a part of the height
    between these, always steeper than the bar of a 7."""

    def one(rng) -> Shape:
        down = rng.uniform(lowest, highest)
        aside = rng.uniform(0.3, 1.35) * down
        aside = min(aside, rng.uniform(0.22, 0.5))
        bulge = rng.normal(0, 0.04)
        middle = (-aside / 2 + bulge, down / 2 + bulge)
        upstroke = [(-aside, down), middle, (0, 0)]
        stem = [(0, 0), (rng.normal(0, 0.015), 0.5), (0, 1)]
        lifted = rng.random() < 0.3  # the pen, between the two
        strokes = [upstroke, stem] if lifted else [upstroke + stem]
        if foot:
            left, right = rng.uniform(0.15, 0.35, 2)
            strokes.append([(-left, 1), (right, 1 + rng.normal(0, 0.02))])
        return strokes

    return one


def crossed_seven(rng) -> Shape:
    y = rng.uniform(0.4, 0.6)
    left, right = rng.uniform(0.12, 0.28, 2)
    x = 0.55 - 0.32 * y
    bar = [(x - left, y), (x + right, y + rng.normal(0, 0.03))]
    return [*shape(SHAPES[rng.choice(SEVENS)]), bar]


def upright_seven(rng) -> Shape:
    """With a serif, and a low bar that hardly crosses the stem."""
    right, low = rng.uniform(0.4, 0.58), rng.uniform(0.55, 0.78)
    foot = right + rng.uniform(-0.1, 0.12)
    serif = (rng.uniform(-0.04, 0.02), rng.uniform(0.03, 0.2))
    stem = [serif, (0.03, 0.02), (0.03, 0.02), (right, 0), (right, 0), (foot, 1)]
    bar = [(rng.uniform(0, 0.12), low + 0.08), (0.15, low - 0.01), (right, low)]
    if rng.random() < 0.4:  # a loop
        bar = [(foot - 0.02, low + 0.15), *bar]
    return [stem, bar]


def eight_of_rings(rng) -> Shape:
    middle = rng.uniform(0.42, 0.52)
    wide = rng.uniform(0.18, 0.26)
    upper = ring(rng, 0.3, middle / 2, wide, middle / 2, rng.uniform(-120, 90))
    start = rng.uniform(-120, -60)
    return [upper, ring(rng, 0.3, (1 + middle) / 2, 0.3, (1 - middle) / 2, start)]


def nine_with(*tail: tuple[float, float]):
    """A function that draws a ring and, from its end at the right, the tail."""

    def nine(rng) -> Shape:
        high = rng.uniform(0.2, 0.3)
        start = rng.uniform(-60, -10)
        end = start - rng.uniform(310, 350)
        around = arc(0.26, high, rng.uniform(0.2, 0.27), high, start, end)
        return [[*around, (0.5, high * 0.6), (0.5, high * 0.6), *tail]]

    return nine


# As strokes.shape reads them; one shape a way.
SHAPES = {
    "2": "3,24 13,6 32,0 52,10 54,30 40,55 20,78 0,100 0,100 30,99 60,100",
    "2 with a loop": (
        "5,20 16,4 36,0 53,14 50,36 34,62 14,92 2,97 0,87 12,81 28,90 "
        "45,98 62,91"
    ),
    "2 on a wave": (
        "2,18 20,1 42,3 52,22 42,50 20,78 2,98 2,98 16,90 34,96 48,100 "
        "62,90"
    ),
    "3": "2,15 20,0 43,6 48,25 36,41 18,46 18,46 42,53 55,73 44,93 22,100 0,87",
    "3 with a flat top": (
        "2,1 50,0 50,0 20,40 20,40 43,46 55,70 42,94 20,100 0,88"
    ),
    "3 with a loop": (
        "4,14 22,0 43,8 44,27 30,44 15,50 14,43 26,44 45,54 53,75 40,95 "
        "18,100 0,88"
    ),
    "4 open": "10,0 3,56 3,56 60,56 / 42,16 40,100",
    "4 like a u": "6,2 4,32 12,50 30,52 50,42 / 52,0 50,50 46,100",
    "4 closed": "42,100 43,0 43,0 0,64 0,64 62,65",
    "4 of two lines": "30,0 0,60 0,60 60,58 / 43,30 40,100",
    "5": "54,0 10,1 10,1 6,42 6,42 30,36 53,52 52,82 28,100 0,90",
    "5 with a hat": "10,4 7,44 7,44 28,38 50,52 52,78 33,98 2,95 / 12,3 58,0",
    "5 of one curve": "54,3 30,1 12,6 7,24 10,38 32,44 52,64 45,92 20,100 0,90",
    "6": "44,0 18,24 3,58 8,88 28,100 50,87 49,64 30,52 7,70",
    "6 with a curl": (
        "54,13 40,0 20,8 5,36 3,72 14,95 34,99 50,84 46,60 27,50 6,66"
    ),
    "6 with a straight back": (
        "32,0 12,40 3,72 10,94 28,100 45,87 40,68 22,62 5,76"
    ),
    "6 with an open loop": "44,0 18,24 3,58 8,88 28,100 50,87 49,66 38,58 26,62",
    "6 like a G": (
        "66,22 58,2 38,4 14,32 3,66 13,94 38,100 62,90 66,66 66,66 46,62 30,66"
    ),
    "6 like a G without a hook": (
        "58,4 36,4 12,34 3,66 12,94 36,100 58,90 60,66 60,66 44,63 26,68"
    ),
    "6 like a G with a bar": (
        "64,24 55,3 34,6 12,34 3,68 14,95 38,100 60,88 64,70 / 32,64 52,62 68,68"
    ),
    "7": "0,2 55,0 55,0 36,50 20,100",
    "7 with a serif": "0,16 3,1 3,1 56,0 56,0 38,50 26,100",
    "7 on a wave": "0,14 10,1 30,8 57,0 57,0 34,44 22,100",
    "8": (
        "46,12 28,0 9,10 12,33 30,48 50,68 45,92 25,100 4,90 4,68 22,50 "
        "42,32 47,14 40,4"
    ),
    "8 open at the top": (
        "44,6 26,0 8,12 12,34 30,47 50,68 44,93 24,100 3,90 5,68 24,48 "
        "44,28 56,4"
    ),
}
SEVENS = tuple(name for name in SHAPES if name.startswith("7"))

# Every way to write a digit, which is the name's first character.
WAYS = {
    "0": zero,
    "0 slashed": slashed_zero,
    "0 with a curl": zero_with_curl,
    "0 with ends": zero_with_ends,
    "1 bare": bare_one,
    "1 with a tick": one_with(0.1, 0.3),
    "1 with an upstroke": one_with(0.3, 0.55),
    "1 with a long upstroke": one_with(0.55, 0.85),
    "1 on a foot": one_with(0.1, 0.85, foot=True),
    **{name: lambda rng, text=text: shape(text) for name, text in SHAPES.items()},
    "7 crossed": crossed_seven,
    "7 upright": upright_seven,
    "8 of rings": eight_of_rings,
    "9 straight": nine_with((0.5, 0.5), (0.49, 1)),
    "9 bent": nine_with((0.47, 0.6), (0.22, 1)),
    "9 with a hook": nine_with((0.52, 0.6), (0.48, 0.88), (0.28, 1), (0.05, 0.9)),
}
# Pens that leave the strokes apart.
WIDEST = {
    "0 slashed": 0.1,
    "1 with an upstroke": 0.18,
    "1 with a long upstroke": 0.18,
    "1 on a foot": 0.14,
    "7 upright": 0.1,
}


def draw(
    label: int, height: float, width: float, rng: np.random.Generator
) -> tuple[np.ndarray, str]:
    """A digit in one of the ways, `height` pixels long, by a pen `width` parts
    of that wide or less: its ink, as singles.enlarged gives it, and the way."""
    names = [name for name in WAYS if name.startswith(str(label))]
    name = names[rng.integers(len(names))]
    width = min(width, WIDEST.get(name, width))
    return written(WAYS[name](rng), height, rng, width), name
