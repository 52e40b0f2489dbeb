"""Digits written on sheets: where they come from, how somebody writes them, and
how a page is laid out."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image, ImageDraw, ImageFont

DRAWN_WITH_INK = 0.4  # ink at least so strong belongs to a digit's box


class Glyphs(Protocol):
    """Where digits come from."""

    def draw(
        self, rng: np.random.Generator, height: int
    ) -> tuple[int, np.ndarray]:
        """A digit's label and its ink, float 0..1, cropped to the ink. height:
        of a digit that is taller than wide."""


class HandGlyphs:
    """Digits of MNIST, enlarged to pen strokes."""

    def __init__(self, images: np.ndarray, labels: np.ndarray):
        self.images = images  # uint8 [N, 28, 28]
        self.labels = labels

    def draw(self, rng, height):
        index = int(rng.integers(len(self.images)))
        side = max(28, round(28 * height / 20))
        large = Image.fromarray(self.images[index]).resize(
            (side, side), Image.Resampling.BICUBIC
        )
        # The soft edge of 28 x 28 pixels becomes that of a pen.
        ink = np.clip(np.asarray(large, np.float32) / 255 * 2.2 - 0.6, 0, 1)
        return int(self.labels[index]), cropped(ink)


def face_of(font: str, height: int) -> ImageFont.FreeTypeFont:
    """A font whose digits and capitals are so high: those of usual fonts are
    0.72 of its size."""
    return ImageFont.truetype(font, round(height / 0.72))


class FontGlyphs:
    """Digits of printed fonts, one font for a page."""

    def __init__(self, fonts: list[Path]):
        self.fonts = [str(font) for font in fonts]
        self.font = self.fonts[0]

    def next_font(self, rng):
        self.font = self.fonts[int(rng.integers(len(self.fonts)))]

    def draw(self, rng, height):
        label = int(rng.integers(10))
        font = face_of(self.font, height)
        box = font.getbbox(str(label))
        image = Image.new("L", (box[2] + 4, box[3] + 4))
        ImageDraw.Draw(image).text((2, 2), str(label), fill=255, font=font)
        return label, cropped(np.asarray(image, np.float32) / 255)


def cropped(ink: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero((ink > DRAWN_WITH_INK).any(1))
    columns = np.flatnonzero((ink > DRAWN_WITH_INK).any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@dataclass
class Sheet:
    """Ink and what is printed on the paper, as layers, float 0..1."""

    ink: np.ndarray
    rules: np.ndarray
    digits: list = field(default_factory=list)  # (label, line, points [N, 2])
    cells: list = field(default_factory=list)  # boxes of a form: x, y, w, h
    height: int = 0  # of a digit

    def put(self, label: int, line: int, ink: np.ndarray, x: int, y: int):
        rows, columns = ink.shape
        part = self.ink[y : y + rows, x : x + columns]
        if part.shape != ink.shape:
            raise ValueError("a digit beyond the page's edge")
        np.maximum(part, ink, out=part)
        points = np.argwhere(ink > DRAWN_WITH_INK)[:, ::-1] + (x, y)
        self.digits.append((label, line, points.astype(np.float32)))


@dataclass
class Style:
    """How somebody writes."""

    height: int
    gap: tuple[float, float] = (0.12, 0.35)  # between digits, in heights
    group_gap: tuple[float, float] = (0.8, 1.4)  # between numbers
    size: float = 0.12  # variation of the height, a part of it
    baseline: float = 0.05  # jitter of the baseline, in heights
    touching: float = 0.0  # part of the neighbours that touch
    broken: float = 0.0  # part of the digits with a gap in a stroke
    broken_width: float = 0.0  # of that gap, in heights

    @classmethod
    def printed(cls, height: int) -> "Style":
        return cls(height, gap=(0.12, 0.2), size=0.0, baseline=0.0)


def broken_stroke(rng, ink: np.ndarray, width: float) -> np.ndarray:
    """The ink with a straight gap through its middle part."""
    rows, columns = ink.shape
    angle = rng.uniform(0, np.pi)
    y, x = np.mgrid[:rows, :columns]
    across = (x - columns * rng.uniform(0.35, 0.65)) * np.cos(angle) + (
        y - rows * rng.uniform(0.35, 0.65)
    ) * np.sin(angle)
    return np.where(np.abs(across) < width / 2, 0, ink).astype(np.float32)


def touching_x(sheet: Sheet, ink: np.ndarray, x: int, y: int, least: int) -> int:
    """The largest place left of x at which the ink meets what is there."""
    rows, columns = ink.shape
    solid = ink > 0.5
    for left in range(x, least, -1):
        there = sheet.ink[y : y + rows, left : left + columns] > 0.5
        if (there & solid).any():
            return left
    return x


def write_number(sheet, rng, glyphs, style, count, line, x, baseline) -> int:
    """Writes `count` digits from x on; returns where the ink ends."""
    for i in range(count):
        height = max(14, round(style.height * rng.normal(1, style.size / 2)))
        label, ink = glyphs.draw(rng, height)
        y = round(
            baseline + rng.normal(0, style.baseline) * style.height - len(ink)
        )
        if i:
            touches = rng.random() < style.touching
            x += round(style.height * rng.uniform(*style.gap))
            if touches:
                x = touching_x(sheet, ink, x, y, x - style.height)
        if rng.random() < style.broken:
            ink = broken_stroke(rng, ink, style.broken_width * style.height)
        sheet.put(label, line, ink, x, y)
        x += ink.shape[1]
    return x


def blank_sheet(width: int, height: int) -> Sheet:
    return Sheet(
        np.zeros((height, width), np.float32),
        np.zeros((height, width), np.float32),
    )


def lay_out_lines(rng, glyphs, style) -> Sheet:
    """Numbers of 1 to 6 digits, several a line."""
    h = style.height
    lines = int(rng.integers(3, 9))
    pitch = round(h * rng.uniform(1.7, 2.3))
    sheet = blank_sheet(h * int(rng.integers(14, 24)), pitch * (lines + 2))
    for line in range(lines):
        x = h + int(rng.integers(h))
        baseline = pitch * (line + 2)
        room = sheet.ink.shape[1] - h
        while True:
            count = int(rng.integers(1, 7))
            if x + count * 1.35 * h > room:
                break
            x = write_number(sheet, rng, glyphs, style, count, line, x, baseline)
            x += round(h * rng.uniform(*style.group_gap))
    return sheet


def lay_out_columns(rng, glyphs, style) -> Sheet:
    """Two or three columns with lines of their own, read one after another."""
    h = style.height
    columns = int(rng.integers(2, 4))
    pitch = round(h * rng.uniform(1.7, 2.1))
    rows = int(rng.integers(4, 9))
    digits = int(rng.integers(3, 6))
    gutter = round(h * rng.uniform(3, 4.5))
    column_width = round(digits * 1.4 * h)
    sheet = blank_sheet(
        2 * h + columns * (column_width + gutter), pitch * (rows + 3)
    )
    line = 0
    for column in range(columns):
        left = round(1.2 * h) + column * (column_width + gutter)
        start = 2 * pitch + round(pitch * rng.uniform(0, 0.9))
        for row in range(int(rng.integers(max(3, rows - 2), rows + 1))):
            count = int(rng.integers(max(2, digits - 2), digits + 1))
            baseline = start + row * pitch
            write_number(sheet, rng, glyphs, style, count, line, left, baseline)
            line += 1
    return sheet


def lay_out_form(rng, glyphs, style) -> Sheet:
    """Rows of boxes with one digit each, or one wide box for a number."""
    h = style.height
    rows = int(rng.integers(3, 8))
    side = round(h * rng.uniform(1.5, 1.9))
    pitch = round(side * rng.uniform(1.3, 1.8))
    sheet = blank_sheet(side * 13, pitch * (rows + 2))
    for row in range(rows):
        x = side + int(rng.integers(h))
        y = round(pitch * (row + 0.8))
        bottom = y + (side + h) // 2
        if rng.random() < 0.25:
            sheet.cells.append((x, y, side * 6, side))
            x += h // 2
            write_number(sheet, rng, glyphs, style, 4, row, x, bottom)
            continue
        apart = 0 if rng.random() < 0.5 else round(side * rng.uniform(0.15, 0.4))
        for _ in range(int(rng.integers(3, 9))):
            sheet.cells.append((x, y, side, side))
            label, ink = glyphs.draw(rng, round(h * rng.normal(1, 0.06)))
            jitter = rng.normal(0, 0.06, 2) * h
            left = round(x + (side - ink.shape[1]) / 2 + jitter[0])
            top = round(bottom - len(ink) + jitter[1])
            sheet.put(label, row, ink, left, top)
            x += side + apart
    return sheet


def lay_out_number(rng, glyphs, style) -> Sheet:
    """A few big digits somewhere on the picture."""
    style.height = h = style.height * 4
    count = int(rng.integers(2, 7))
    sheet = blank_sheet(round(h * (2 + 1.4 * count)), h * 3)
    x = round(h * rng.uniform(0.4, 1))
    baseline = round(h * rng.uniform(1.5, 2.5))
    write_number(sheet, rng, glyphs, style, count, 0, x, baseline)
    return sheet


LAYOUTS = {
    "lines": lay_out_lines,
    "columns": lay_out_columns,
    "form": lay_out_form,
    "number": lay_out_number,
    "printed": lay_out_lines,
}
