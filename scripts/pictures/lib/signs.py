"""Traffic signs of 43 classes in the manner of GTSRB (Stallkamp et al., "Man vs.
computer", 2012): drawn, then turned, tilted, lit, blurred and put before a
background, in crops of 32x32 pixels or any other side."""

import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from lib.icons import corners

SIDE = 96  # at which they are drawn
RED = (190, 25, 35)
BLUE = (25, 70, 160)
WHITE = (245, 245, 245)
BLACK = (20, 20, 20)
YELLOW = (245, 190, 30)
GREEN = (40, 150, 60)
GREY = (130, 130, 130)
LIMITS = ("20", "30", "50", "60", "70", "80", "100", "120")
WARNINGS = (
    "bend-left", "bend-right", "bends", "bump", "slippery", "narrows", "works",
    "signals", "walkers", "children", "cyclists", "ice", "deer", "caution",
)
ORDERS = (
    "ahead", "right", "left", "ahead-right", "ahead-left", "keep-right",
    "keep-left", "roundabout",
)
# Lines of the symbols, in units of the sign's radius around its centre.
SYMBOLS = {
    "bend-left": [
        [(0.3, 0.5), (0.3, 0), (-0.3, -0.4)],
    ],
    "bend-right": [
        [(-0.3, 0.5), (-0.3, 0), (0.3, -0.4)],
    ],
    "bends": [
        [(-0.2, 0.5), (-0.25, 0.2), (0.25, -0.1), (0.1, -0.5)],
    ],
    "bump": [
        [(-0.6, 0.35), (-0.2, 0.3), (0, 0), (0.2, 0.3), (0.6, 0.35)],
    ],
    "slippery": [
        [(-0.3, 0.5), (-0.1, 0.2), (-0.3, -0.1)],
        [(0.1, 0.5), (0.3, 0.2), (0.1, -0.1)],
        [(-0.3, -0.3), (0.3, -0.3)],
    ],
    "narrows": [
        [(-0.35, 0.5), (-0.3, 0), (-0.12, -0.4)],
        [(0.35, 0.5), (0.3, 0), (0.12, -0.4)],
    ],
    "works": [
        [(-0.4, 0.5), (0, 0), (0.1, -0.4)],
        [(0, 0), (0.45, 0.4)],
        [(0.1, 0.5), (0.55, 0.5)],
    ],
    "signals": [],
    "walkers": [
        [(0, -0.4), (0, 0.1), (-0.25, 0.5)],
        [(0, 0.1), (0.25, 0.5)],
        [(-0.3, -0.1), (0.3, -0.1)],
    ],
    "children": [
        [(-0.25, -0.3), (-0.25, 0.1), (-0.4, 0.5)],
        [(0.25, -0.2), (0.25, 0.15), (0.4, 0.5)],
        [(-0.25, 0), (0.25, 0.05)],
    ],
    "cyclists": [
        [(-0.35, 0.3), (0, -0.1), (0.35, 0.3)],
        [(0, -0.1), (0.2, -0.35)],
    ],
    "ice": [
        [(0, -0.45), (0, 0.5)],
        [(-0.4, -0.2), (0.4, 0.3)],
        [(0.4, -0.2), (-0.4, 0.3)],
    ],
    "deer": [
        [(-0.45, 0.5), (-0.3, 0.1), (0.2, 0.05), (0.4, -0.4)],
        [(0.2, 0.05), (0.3, 0.5)],
        [(0.4, -0.4), (0.2, -0.55)],
    ],
    "caution": [
        [(0, -0.45), (0, 0.2)],
        [(0, 0.42), (0, 0.5)],
    ],
    "ahead": [
        [(0, 0.6), (0, -0.5)],
        [(-0.3, -0.2), (0, -0.55), (0.3, -0.2)],
    ],
    "right": [
        [(-0.6, 0), (0.5, 0)],
        [(0.2, -0.3), (0.55, 0), (0.2, 0.3)],
    ],
    "left": [
        [(0.6, 0), (-0.5, 0)],
        [(-0.2, -0.3), (-0.55, 0), (-0.2, 0.3)],
    ],
    "ahead-right": [
        [(-0.2, 0.6), (-0.2, -0.5)],
        [(-0.45, -0.3), (-0.2, -0.6), (0.05, -0.3)],
        [(-0.2, 0.2), (0.5, 0.2)],
        [(0.3, 0), (0.55, 0.2), (0.3, 0.4)],
    ],
    "ahead-left": [
        [(0.2, 0.6), (0.2, -0.5)],
        [(-0.05, -0.3), (0.2, -0.6), (0.45, -0.3)],
        [(0.2, 0.2), (-0.5, 0.2)],
        [(-0.3, 0), (-0.55, 0.2), (-0.3, 0.4)],
    ],
    "keep-right": [
        [(-0.45, -0.45), (0.4, 0.4)],
        [(0, 0.45), (0.45, 0.45), (0.45, 0)],
    ],
    "keep-left": [
        [(0.45, -0.45), (-0.4, 0.4)],
        [(0, 0.45), (-0.45, 0.45), (-0.45, 0)],
    ],
}
CLASSES = (
    *(f"limit-{limit}" for limit in LIMITS), "limit-80-ends", "no-overtaking",
    "no-overtaking-lorries", "right-of-way", "priority", "yield", "stop",
    "no-vehicles", "no-lorries", "no-entry", *WARNINGS, "all-limits-end",
    *ORDERS, "overtaking-again", "overtaking-lorries-again",
)


class Sign:
    """One sign of 96x96 pixels on nothing."""

    def __init__(self):
        self.picture = Image.new("RGBA", (SIDE, SIDE))
        self.pen = ImageDraw.Draw(self.picture)
        self.radius = SIDE * 0.46

    def at(self, x, y):
        return SIDE / 2 + x * self.radius, SIDE / 2 + y * self.radius

    def disc(self, size, fill):
        self.pen.ellipse((*self.at(-size, -size), *self.at(size, size)), fill=fill)

    def polygon(self, count, size, angle, fill, drop=0.0):
        centre = self.at(0, drop)
        self.pen.polygon(corners(centre, size * self.radius, angle, count), fill=fill)

    def lines(self, all_lines, fill, width=0.16, size=1.0, drop=0.0):
        for line in all_lines:
            points = [self.at(size * x, drop + size * y) for x, y in line]
            self.pen.line(
                points, fill=fill, width=round(width * self.radius), joint="curve"
            )

    def text(self, text, fill, size=0.9):
        height = size * self.radius / (1 if len(text) < 3 else 1.25)
        self.pen.text(
            self.at(0, 0), text, fill=fill, font=ImageFont.load_default(round(height)),
            anchor="mm", stroke_width=1, stroke_fill=fill,
        )

    def cars(self, left, right):
        for x, fill in ((-0.38, left), (0.38, right)):
            if fill is None:
                continue
            body = (*self.at(x - 0.26, -0.15), *self.at(x + 0.26, 0.3))
            roof = (*self.at(x - 0.16, -0.35), *self.at(x + 0.16, -0.1))
            self.pen.rounded_rectangle(body, 5, fill=fill)
            self.pen.rectangle(roof, fill=fill)

    def lorry(self, fill, x=0.0):
        load = (*self.at(x - 0.5, -0.3), *self.at(x + 0.15, 0.2))
        cab = (*self.at(x + 0.2, -0.1), *self.at(x + 0.5, 0.2))
        self.pen.rectangle(load, fill=fill)
        self.pen.rectangle(cab, fill=fill)
        for wheel in (-0.3, 0.3):
            box = (*self.at(x + wheel - 0.1, 0.15), *self.at(x + wheel + 0.1, 0.35))
            self.pen.ellipse(box, fill=fill)

    def strokes_away(self):
        apart = (-0.12, 0, 0.12)
        strokes = [[(-0.65 + d, 0.65 + d), (0.65 + d, -0.65 + d)] for d in apart]
        self.lines(strokes, BLACK, 0.05)


def draw_sign(name: str) -> Image.Image:
    sign = Sign()
    up = -math.pi / 2
    if name in WARNINGS or name == "right-of-way":
        sign.polygon(3, 1.12, up, RED, 0.15)
        sign.polygon(3, 0.78, up, WHITE, 0.15)
        if name == "right-of-way":
            cross = [[(0, -0.3), (0, 0.45)], [(-0.25, 0.1), (0.25, 0.1)]]
            sign.lines(cross, BLACK, 0.2)
        elif name == "signals":
            for y, fill in ((-0.12, RED), (0.14, YELLOW), (0.4, GREEN)):
                box = (*sign.at(-0.12, y - 0.12), *sign.at(0.12, y + 0.12))
                sign.pen.ellipse(box, fill=fill)
        else:
            sign.lines(SYMBOLS[name], BLACK, 0.12, 0.6, 0.2)
    elif name in ORDERS:
        sign.disc(1, BLUE)
        if name == "roundabout":
            box = (*sign.at(-0.5, -0.5), *sign.at(0.5, 0.5))
            for start in (0, 120, 240):
                sign.pen.arc(box, start, start + 85, fill=WHITE, width=9)
        else:
            sign.lines(SYMBOLS[name], WHITE)
    elif name.startswith("limit-") and not name.endswith("ends"):
        sign.disc(1, RED)
        sign.disc(0.78, WHITE)
        sign.text(name.split("-")[1], BLACK)
    elif name.endswith(("ends", "end", "again")):
        sign.disc(1, GREY)
        sign.disc(0.93, WHITE)
        if name == "limit-80-ends":
            sign.text("80", GREY)
        elif name == "overtaking-again":
            sign.cars(GREY, GREY)
        elif name == "overtaking-lorries-again":
            sign.lorry(GREY, -0.3)
            sign.cars(None, GREY)
        sign.strokes_away()
    elif name.startswith("no-"):
        sign.disc(1, RED)
        if name == "no-entry":
            sign.lines([[(-0.65, 0), (0.65, 0)]], WHITE, 0.32)
        else:
            sign.disc(0.78, WHITE)
        if name == "no-overtaking":
            sign.cars(RED, BLACK)
        elif name == "no-overtaking-lorries":
            sign.lorry(RED, -0.3)
            sign.cars(None, BLACK)
        elif name == "no-lorries":
            sign.lorry(BLACK)
    elif name == "priority":
        sign.polygon(4, 1.05, up, WHITE)
        sign.polygon(4, 0.8, up, YELLOW)
    elif name == "yield":
        sign.polygon(3, 1.12, -up, RED, -0.15)
        sign.polygon(3, 0.7, -up, WHITE, -0.15)
    elif name == "stop":
        sign.polygon(8, 1.02, math.pi / 8, RED)
        sign.text("STOP", WHITE, 0.62)
    return sign.picture


def background(rng: np.random.Generator, side: int) -> Image.Image:
    """Patches of colours, as streets, houses and leaves have."""
    patches = (rng.integers(2, 6), rng.integers(2, 6), 3)
    coarse = rng.integers(30, 220, patches).astype(np.uint8)
    return Image.fromarray(coarse).resize((side, side), Image.BICUBIC)


def photograph(sign, rng: np.random.Generator, side: int) -> Image.Image:
    room = 128
    scene = background(rng, room).convert("RGBA")
    size = int(rng.uniform(0.72, 0.98) * room)
    turned = sign.resize((size, int(size * rng.uniform(0.9, 1.0))), Image.BICUBIC)
    turned = turned.rotate(rng.uniform(-12, 12), Image.BICUBIC)
    across, down = rng.uniform(-0.12, 0.12, 2)
    tilt = (1, across, -across * size / 2, down, 1, -down * size / 2)
    turned = turned.transform(turned.size, Image.AFFINE, tilt, Image.BICUBIC)
    at = [int((room - extent) / 2 + rng.uniform(-5, 5)) for extent in turned.size]
    scene.alpha_composite(turned, (max(0, at[0]), max(0, at[1])))
    pixels = np.asarray(scene.convert("RGB"), np.float32) / 255
    slope = np.linspace(-1, 1, room)[:, None, None] * rng.uniform(-0.25, 0.25)
    pixels = pixels * (rng.uniform(0.25, 1.15) + slope) + rng.uniform(-0.05, 0.15)
    picture = Image.fromarray((255 * np.clip(pixels, 0, 1)).astype(np.uint8))
    picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 4)))
    picture = picture.resize((side, side), Image.BOX)
    noise = rng.normal(0, rng.uniform(0, 8), (side, side, 3))
    noisy = np.clip(np.asarray(picture) + noise, 0, 255)
    return Image.fromarray(noisy.astype(np.uint8))


def write_set(output, count, seed, side=32):
    """`count` pictures of each class, in class folders."""
    rng = np.random.default_rng(seed)
    for name in CLASSES:
        folder = output / name
        folder.mkdir(parents=True, exist_ok=True)
        sign = draw_sign(name)
        for i in range(count):
            photograph(sign, rng, side).save(folder / f"{i}.png")
