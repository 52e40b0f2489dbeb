"""Icons of 64x64 pixels in six classes that differ in colour alone: discs,
squares, stars and others of any size and place, on white or on nothing."""

import math
import random

from PIL import Image, ImageDraw

SIDE = 64
DETAIL = 4  # times as many pixels are drawn and then averaged
COLOURS = {
    "red": (205, 45, 45),
    "orange": (238, 130, 30),
    "yellow": (235, 215, 60),
    "green": (50, 160, 70),
    "blue": (45, 90, 200),
    "violet": (140, 60, 180),
}
POLYGONS = {"square": (4, 1.0), "triangle": (3, 1.0), "star": (5, 0.45)}
SHAPES = ("disc", "ring", *POLYGONS)


def corners(centre, radius, angle, count, inner=1.0):
    """A polygon's corners; every second one is `inner` as far from the centre."""
    steps = count if inner == 1.0 else 2 * count
    points = []
    for i in range(steps):
        reach = radius if i % 2 == 0 else radius * inner
        turn = angle + 2 * math.pi * i / steps
        points.append(
            (
                centre[0] + reach * math.cos(turn),
                centre[1] + reach * math.sin(turn),
            )
        )
    return points


def draw(rng: random.Random, colour) -> Image.Image:
    side = SIDE * DETAIL
    opacity = 0 if rng.random() < 0.3 else 255
    picture = Image.new("RGBA", (side, side), (255, 255, 255, opacity))
    pen = ImageDraw.Draw(picture)
    shade = tuple(max(0, min(255, round(c + rng.gauss(0, 10)))) for c in colour)
    centre = [side / 2 + rng.uniform(-0.1, 0.1) * side for _ in range(2)]
    radius = rng.uniform(0.18, 0.38) * side
    angle = rng.uniform(0, 2 * math.pi)
    box = (
        centre[0] - radius, centre[1] - radius,
        centre[0] + radius, centre[1] + radius,
    )
    shape = rng.choice(SHAPES)
    if shape == "disc":
        pen.ellipse(box, fill=shade)
    elif shape == "ring":
        pen.ellipse(box, outline=shade, width=round(radius / 3))
    else:
        count, inner = POLYGONS[shape]
        pen.polygon(corners(centre, radius, angle, count, inner), fill=shade)
    return picture.resize((SIDE, SIDE), Image.LANCZOS)


def write_set(output, count, seed):
    """`count` pictures of each class, in class folders."""
    rng = random.Random(seed)
    for name, colour in COLOURS.items():
        folder = output / name
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(count):
            draw(rng, colour).save(folder / f"{i}.png")
