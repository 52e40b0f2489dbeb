"""What is no digit, for a network to learn to say so: letters and signs of
fonts, letters by hand, scribbles, two digits at once, smudges, pieces of textures.

Each function returns ink as singles.enlarged does: uint8 [H, W], cropped to the
ink, here about SIZE pixels long.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from lib import camera, letters, singles
from lib.strokes import curve

SIZE = 80
# Without those that somebody's digit looks like: O 0, I l i j 1, Z z 2, S s 5,
# b G 6, B & 8, g q y 9, Y 4, and D, Q, J, ?.
LETTERS = "ACEFHKLMNPRTUVWXacdefhkmnprtuvwx"
SIGNS = "#%@+=*€"


def finished(image: Image.Image) -> np.ndarray:
    """The picture's ink, as strong as ink can be."""
    levels = np.asarray(image, np.float32)
    return singles.cropped(levels * (255 / max(float(levels.max()), 1)))


def lettered(text: str, font: Path) -> Image.Image:
    face = ImageFont.truetype(str(font), SIZE)
    left, top, right, bottom = face.getbbox(text)
    image = Image.new("L", (right - left + 8, bottom - top + 8))
    ImageDraw.Draw(image).text((4 - left, 4 - top), text, fill=255, font=face)
    return image


def letter(rng: np.random.Generator, fonts: list[Path]) -> np.ndarray:
    while True:
        known = SIGNS if rng.random() < 0.15 else LETTERS
        text = known[rng.integers(len(known))]
        if rng.random() < 0.2:  # two letters
            text += LETTERS[rng.integers(len(LETTERS))]
        image = lettered(text, fonts[rng.integers(len(fonts))])
        if image.getbbox():  # the font has it
            return finished(image)


def scribble_points(rng: np.random.Generator) -> list[np.ndarray]:
    """One or more strokes that no digit has: hatching, a tangle, a wave, a
    star of lines."""
    kind = rng.integers(4)
    if kind == 0:  # hatching
        turns = int(rng.integers(5, 12))
        x = np.linspace(0, SIZE, turns) + rng.normal(0, 2, turns)
        y = np.where(np.arange(turns) % 2, 0, SIZE * rng.uniform(0.4, 1))
        return [np.stack([x, y + rng.normal(0, 4, turns)], 1)]
    if kind == 1:  # a tangle
        return [rng.uniform(0, SIZE, (int(rng.integers(9, 20)), 2))]
    if kind == 2:  # a wave
        turns = int(rng.integers(6, 12))
        x = np.linspace(0, SIZE, turns)
        y = rng.uniform(0.05, 0.2) * SIZE * (-1.0) ** np.arange(turns)
        return [np.stack([x, y + rng.normal(0, 2, turns)], 1)]
    lines = int(rng.integers(3, 6))  # a star
    angles = np.pi * (np.arange(lines) + rng.uniform(-0.2, 0.2, lines)) / lines
    ends = np.stack([np.cos(angles), np.sin(angles)], 1) * SIZE / 2
    return [np.stack([-end, end]) * rng.uniform(0.7, 1) for end in ends]


def scribble(rng: np.random.Generator) -> np.ndarray:
    strokes = scribble_points(rng)
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    width = int(rng.integers(3, 9))
    image = Image.new("L", (3 * SIZE, 3 * SIZE))
    draw = ImageDraw.Draw(image)
    for points in strokes:
        line = curve((points - SIZE / 2) @ turn.T + 1.5 * SIZE)
        draw.line(
            [tuple(point) for point in line], fill=255, width=width, joint="curve"
        )
    return finished(image)


def digit_pair(rng: np.random.Generator, digits: np.ndarray) -> np.ndarray:
    """Two of MNIST's digits (uint8 [N, 28, 28]) side by side, sometimes
    touching."""
    height = SIZE // 2
    canvas = np.zeros((2 * SIZE, 2 * SIZE), np.uint8)
    x = 0
    for _ in range(2):
        digit = digits[rng.integers(len(digits))]
        ink = singles.enlarged(digit, height * rng.uniform(0.8, 1.2))
        rows, columns = ink.shape
        y = int(rng.integers(height // 2, height))
        part = canvas[y : y + rows, x : x + columns]
        np.maximum(part, ink, out=part)
        x += columns + int(rng.integers(-4, 10))
    return camera.cropped(canvas)


def smudge(rng: np.random.Generator) -> np.ndarray:
    """A blot, a dash, or a few dots."""
    image = Image.new("L", (2 * SIZE, 2 * SIZE))
    draw = ImageDraw.Draw(image)
    middle = SIZE
    kind = rng.integers(3)
    if kind == 0:  # a filled blot
        angles = np.sort(rng.uniform(0, 2 * np.pi, 12))
        reach = rng.uniform(0.2, 0.5, (12, 1)) * SIZE
        corners = np.stack([np.cos(angles), np.sin(angles)], 1) * reach + middle
        draw.polygon([tuple(corner) for corner in corners], fill=255)
    elif kind == 1:  # a level dash
        slope = rng.uniform(-0.35, 0.35) * SIZE / 2
        draw.line(
            [(middle - SIZE / 2, middle - slope), (middle + SIZE / 2, middle + slope)],
            fill=255,
            width=int(rng.integers(4, 16)),
        )
    else:  # dots
        for x, y in rng.uniform(-SIZE / 2, SIZE / 2, (int(rng.integers(3, 9)), 2)):
            radius = rng.uniform(2, 9)
            box = (middle + x - radius, middle + y - radius)
            draw.ellipse([box, (box[0] + 2 * radius, box[1] + 2 * radius)], fill=255)
    blurred = image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 4)))
    return finished(blurred)


def texture(rng: np.random.Generator) -> np.ndarray:
    """A square piece of something: clouds, grain, bricks or shapes, darker and
    brighter without being written."""
    kind = rng.integers(3)
    if kind == 0:  # clouds: noise of several sizes
        ink = np.zeros((SIZE, SIZE), np.float32)
        for cells in (4, 8, 16, 32):
            noise = rng.random((cells, cells), np.float32) * 255
            layer = Image.fromarray(noise.astype(np.uint8)).resize(
                (SIZE, SIZE), Image.Resampling.BICUBIC
            )
            ink += np.asarray(layer, np.float32) * cells ** -rng.uniform(0.2, 1.2)
    elif kind == 1:  # bricks, stripes, checks
        y, x = np.mgrid[:SIZE, :SIZE] + rng.uniform(0, SIZE)
        periods = rng.uniform(8, 40, 2)
        tilt = rng.uniform(-0.6, 0.6)
        ink = np.sin(2 * np.pi * (x + tilt * y) / periods[0])
        if rng.random() < 0.6:
            ink = ink * np.sin(2 * np.pi * (y - tilt * x) / periods[1])
    else:  # shapes over each other
        image = Image.new("L", (SIZE, SIZE), int(rng.integers(256)))
        draw = ImageDraw.Draw(image)
        for _ in range(int(rng.integers(4, 12))):
            a, b = np.sort(rng.uniform(-10, SIZE + 10, (2, 2)), axis=0)
            shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
            shape([tuple(a), tuple(b)], fill=int(rng.integers(256)))
        ink = np.asarray(image, np.float32)
    ink = ink - ink.min()
    return finished(Image.fromarray(ink * (255 / max(float(ink.max()), 1e-6))))


@dataclass
class NonDigits:
    """Draws any of them. `digits` are for pairs: uint8 [N, 28, 28]."""

    fonts: list[Path]
    digits: np.ndarray

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, str]:
        """The ink, and what it is."""
        kind = rng.random()
        if kind < 0.3:
            return letter(rng, self.fonts), "letter"
        if kind < 0.5:
            return letters.draw(rng, SIZE), "letter"
        if kind < 0.65:
            return scribble(rng), "scribble"
        if kind < 0.8:
            return digit_pair(rng, self.digits), "pair"
        if kind < 0.9:
            return texture(rng), "texture"
        return smudge(rng), "smudge"
