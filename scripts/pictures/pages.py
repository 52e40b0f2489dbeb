"""Renders pages of digits with their ground truth: lines of handwriting,
columns, boxes of a form, a number in a photo and printed lines, each plain, with
one nuisance at three strengths, or with all of them together.

A page is a grey picture and a dictionary {"kind", "nuisance", "strength",
"lines": ["2071", ...], "digits": [{"box": [x, y, w, h], "label", "line"}]},
boxes around the ink as it lies in the picture, lines in reading order.
"""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

KINDS = ("lines", "columns", "form", "number", "printed")
# Each alone at strengths 1 to 3; "touching" and "broken" need handwriting.
NUISANCES = (
    "touching",
    "broken",
    "ruled",
    "squared",
    "frames",
    "specks",
    "rotation",
    "light",
    "blur",
    "jpeg",
)
DRAWN_WITH_INK = 0.4  # ink at least so strong belongs to a digit's box


class Glyphs(Protocol):
    """Where digits come from."""

    def draw(
        self, rng: np.random.Generator, height: int, label: int | None = None
    ) -> tuple[int, np.ndarray]:
        """A digit's label and its ink, float 0..1, cropped to the ink. height:
        of a digit that is taller than wide."""


class HandGlyphs:
    """Digits of MNIST, enlarged to pen strokes."""

    def __init__(self, images: np.ndarray, labels: np.ndarray):
        self.images = images  # uint8 [N, 28, 28]
        self.labels = labels

    def draw(self, rng, height, label=None):
        index = int(rng.integers(len(self.images)))
        side = max(28, round(28 * height / 20))
        large = Image.fromarray(self.images[index]).resize(
            (side, side), Image.Resampling.BICUBIC
        )
        # The soft edge of 28 x 28 pixels becomes that of a pen.
        ink = np.clip(np.asarray(large, np.float32) / 255 * 2.2 - 0.6, 0, 1)
        return int(self.labels[index]), cropped(ink)


class FontGlyphs:
    """Digits of printed fonts, one font for a page."""

    def __init__(self, fonts: list[Path]):
        self.fonts = [str(font) for font in fonts]
        self.font = self.fonts[0]

    def next_font(self, rng):
        self.font = self.fonts[int(rng.integers(len(self.fonts)))]

    def draw(self, rng, height, label=None):
        if label is None:
            label = int(rng.integers(10))
        # Digits of usual fonts are 0.72 of the font's size.
        font = ImageFont.truetype(self.font, round(height / 0.72))
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
            _, ink = drawn = glyphs.draw(rng, round(h * rng.normal(1, 0.06)))
            jitter = rng.normal(0, 0.06, 2) * h
            left = round(x + (side - ink.shape[1]) / 2 + jitter[0])
            top = round(bottom - len(ink) + jitter[1])
            sheet.put(drawn[0], row, ink, left, top)
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


def draw_cells(sheet: Sheet, cells, strength: float, width: int):
    for x, y, w, h in cells:
        rules = sheet.rules
        for line in (
            np.s_[y : y + width, x : x + w + width],
            np.s_[y + h : y + h + width, x : x + w + width],
            np.s_[y : y + h, x : x + width],
            np.s_[y : y + h, x + w : x + w + width],
        ):
            rules[line] = np.maximum(rules[line], strength)


def rule(rng, sheet: Sheet, strength: int, squared: bool):
    """Ruled or squared paper under the whole page."""
    darkness = (0.25, 0.4, 0.6)[strength - 1]
    width = max(1, round(sheet.height * (0.02, 0.035, 0.05)[strength - 1]))
    pitch = round(sheet.height * (0.7 if squared else rng.uniform(1.2, 2)))
    start = int(rng.integers(pitch))
    for y in range(start, sheet.rules.shape[0], pitch):
        sheet.rules[y : y + width] = darkness
    if squared:
        for x in range(start, sheet.rules.shape[1], pitch):
            sheet.rules[:, x : x + width] = darkness


def frame_lines(sheet: Sheet, strength: int):
    """A box around every line of digits; around the cells where there are."""
    width = max(1, round(sheet.height * (0.03, 0.05, 0.08)[strength - 1]))
    cells = sheet.cells
    if not cells:
        margin = round(sheet.height * 0.25)
        boxes = {}
        for _, line, points in sheet.digits:
            boxes.setdefault(line, []).append(points)
        for points in boxes.values():
            x, y = np.concatenate(points).min(0).astype(int) - margin
            right, bottom = np.concatenate(points).max(0).astype(int) + margin
            cells.append((max(0, x), max(0, y), right - x, bottom - y))
    draw_cells(sheet, cells, 0.8, width)


def speckle(rng, sheet: Sheet, strength: int):
    count = round(sheet.ink.size / 1e6 * (40, 120, 300)[strength - 1])
    largest = sheet.height * (0.05, 0.08, 0.11)[strength - 1]
    for _ in range(count):
        size = max(1, round(rng.uniform(0.3, 1) * largest))
        y = int(rng.integers(sheet.rules.shape[0] - size))
        x = int(rng.integers(sheet.rules.shape[1] - size))
        sheet.rules[y : y + size, x : x + size] = rng.uniform(0.5, 1)


def turn(sheet: Sheet, degrees: float):
    """Turns all clockwise by `degrees`, on a sheet that grows with it."""

    def turned(layer):
        return np.asarray(
            Image.fromarray(layer).rotate(
                -degrees, Image.Resampling.BICUBIC, expand=True
            )
        ).clip(0, 1)

    before = np.array(sheet.ink.shape[::-1], np.float32)
    sheet.ink, sheet.rules = turned(sheet.ink), turned(sheet.rules)
    after = np.array(sheet.ink.shape[::-1], np.float32)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.array([[c, s], [-s, c]], np.float32)
    sheet.digits = [
        (label, line, (points - (before - 1) / 2) @ matrix + (after - 1) / 2)
        for label, line, points in sheet.digits
    ]


def uneven_light(rng, shape, strength: int) -> np.ndarray:
    """Light that falls off across the sheet, and a shadow with a soft edge."""
    rows, columns = shape
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = np.cos(angle) * (x / columns - 0.5) + np.sin(angle) * (
        y / rows - 0.5
    )
    fall = (0.2, 0.35, 0.5)[strength - 1]
    light = 1 - fall * (along + 0.5).clip(0, 1)
    edge = 1 / (1 + np.exp(-(along - rng.uniform(-0.2, 0.2)) * 40))
    return light * (1 - (0.15, 0.3, 0.45)[strength - 1] * edge)


def photograph(rng, sheet: Sheet, strengths: dict[str, int]) -> Image.Image:
    """The sheet as a camera or scanner gives it."""
    paper = rng.uniform(0.85, 1)
    pen = rng.uniform(0.05, 0.3)
    covered = 1 - (1 - sheet.ink * (1 - pen)) * (1 - sheet.rules * (1 - pen))
    grey = paper * (1 - covered)
    if strength := strengths.get("light"):
        grey *= uneven_light(rng, grey.shape, strength)
    image = Image.fromarray((grey * 255).clip(0, 255).astype(np.uint8))
    if strength := strengths.get("blur"):
        radius = sheet.height * (0.02, 0.04, 0.06)[strength - 1]
        image = image.filter(ImageFilter.GaussianBlur(radius))
    noise = rng.normal(0, 1.5, grey.shape)
    grey = np.asarray(image, np.float32) + noise
    image = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    if strength := strengths.get("jpeg"):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=(50, 25, 12)[strength - 1])
        image = Image.open(file).convert("L")
    return image


def truth_of(sheet: Sheet) -> dict:
    digits = []
    lines: dict[int, str] = {}
    for label, line, points in sheet.digits:
        left, top = np.floor(points.min(0)).astype(int).tolist()
        right, bottom = np.ceil(points.max(0)).astype(int).tolist()
        box = [left, top, right - left + 1, bottom - top + 1]
        digits.append({"box": box, "label": label, "line": line})
        lines[line] = lines.get(line, "") + str(label)
    return {"lines": list(lines.values()), "digits": digits}


def draw_strengths(rng, nuisance: str, strength: int) -> dict[str, int]:
    """Which nuisances a page gets. Together: all of them, the paper ruled or
    squared or neither, each at the given strength or below."""
    if nuisance == "plain":
        return {}
    if nuisance != "together":
        return {nuisance: strength}
    strengths = {
        name: int(rng.integers(1, strength + 1)) for name in NUISANCES
    }
    for name in rng.choice(("ruled", "squared", "frames"), 2, replace=False):
        del strengths[name]
    return strengths


def render_page(
    rng: np.random.Generator,
    glyphs: Glyphs,
    kind: str,
    nuisance: str = "plain",
    strength: int = 0,
) -> tuple[Image.Image, dict]:
    """A page and its truth; kind "printed" wants FontGlyphs, whose font is
    drawn anew."""
    strengths = draw_strengths(rng, nuisance, strength)
    style = Style(height=int(rng.integers(26, 56)))
    if isinstance(glyphs, FontGlyphs):
        glyphs.next_font(rng)
        style.size, style.baseline, style.gap = 0.0, 0.0, (0.12, 0.2)
    else:
        touching = strengths.get("touching", 0)
        style.touching = (0, 0.1, 0.2, 0.35)[touching]
        style.broken = (0, 0.3, 0.4, 0.5)[strengths.get("broken", 0)]
        style.broken_width = (0, 0.04, 0.07, 0.1)[strengths.get("broken", 0)]
    sheet = LAYOUTS[kind](rng, glyphs, style)
    sheet.height = style.height
    if sheet.cells and "frames" not in strengths:
        draw_cells(sheet, sheet.cells, 0.8, max(1, round(style.height * 0.04)))
    for paper in ("ruled", "squared"):
        if paper in strengths:
            rule(rng, sheet, strengths[paper], paper == "squared")
    if "frames" in strengths:
        frame_lines(sheet, strengths["frames"])
    if "specks" in strengths:
        speckle(rng, sheet, strengths["specks"])
    if "rotation" in strengths:
        degrees = (5, 10, 15)[strengths["rotation"] - 1]
        turn(sheet, degrees * rng.choice((-1, 1)) * rng.uniform(0.8, 1))
    image = photograph(rng, sheet, strengths)
    facts = {"kind": kind, "nuisance": nuisance, "strength": strength}
    return image, facts | truth_of(sheet)
