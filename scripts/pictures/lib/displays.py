"""Photographs of seven-segment displays: dark digits on a light panel or lit ones
on a dark panel, in a case with print on it, seen a little from aside. Truth as in
pages.py; its kind is "dark" or "lit" by the digits, its nuisance "display", its
strength that of glare, blur and weak contrast."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from . import pages, segments
from .camera import blurred, smooth_field
from .page_layouts import Sheet, blank_sheet, face_of
from .tables import homography, moved_box
from .words import WORDS

KINDS = ("dark", "lit")
STRENGTHS = (0, 1, 2, 3)
PART_POINT = 0.6  # of the displays
PART_PRINT = 0.6  # of the places above and below the panel


def write_number(rng, sheet: Sheet, left: int, foot: int, places: int) -> int:
    """A number that ends at the last of the places, with a point or without;
    returns where that is."""
    h = sheet.height
    look = segments.Look.any(rng)
    pitch = round(h * (look.wide + look.thick + rng.uniform(0.12, 0.3)))
    count = int(rng.integers(1, places + 1))
    point = int(rng.integers(count)) if rng.random() < PART_POINT else count
    for i in range(count):
        label = int(rng.integers(10))
        ink = segments.draw(label, h, rng, look).astype(np.float32) / 255
        right = left + (places - count + i + 1) * pitch
        sheet.put(label, 0, ink, right - ink.shape[1], foot - len(ink))
        if i == point and i + 1 < count:
            size = max(2, round(0.8 * look.thick * h))
            gap = max(1, (pitch - round(h * (look.wide + look.thick)) - size) // 2)
            sheet.ink[foot - size : foot, right + gap : right + gap + size] = 1
    return left + places * pitch


def levels_of(rng, kind: str, strength: int) -> tuple[float, float, float]:
    """Of the panel, of its digits, of the case."""
    part = 1 - (0.8, 0.65, 0.5, 0.35)[strength] * rng.uniform(0.8, 1.1)
    if kind == "lit":
        digits = rng.uniform(140, 255)
        panel = digits * part * 0.6
        return panel, digits, rng.uniform(20, 220)
    panel = rng.uniform(90, 230)
    case = rng.uniform(20, 70) if rng.random() < 0.6 else rng.uniform(190, 245)
    return panel, panel * part, case


def print_words(rng, layer: Image.Image, font: str, panel, height: int):
    """Words above and below the panel, a box (left, top, right, bottom)."""
    draw, face = ImageDraw.Draw(layer), face_of(font, height)
    for y in (panel[1] - 2 * height, panel[3] + 0.7 * height):
        if rng.random() < PART_PRINT:
            text = " ".join(rng.choice(WORDS, int(rng.integers(1, 3))))
            x = panel[0] + rng.uniform(0, 0.5) * (panel[2] - panel[0])
            draw.text((x, y), text.upper(), fill=255, font=face)


def glare(rng, shape, strength: int) -> np.ndarray:
    """Light that is reflected, as a part of full light."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    angle = rng.uniform(0, np.pi)
    along = (np.cos(angle) * x + np.sin(angle) * y) / max(shape)
    band = 1 / (1 + np.exp((along - rng.uniform(0, 1)) * rng.uniform(5, 40)))
    clouds = smooth_field(rng, shape, 5)
    reach = (0.02, 0.06, 0.12, 0.2)[strength]
    return reach * (band + 0.3 * clouds).clip(0, 1.5)


def render(rng, font: str, kind: str, strength: int) -> tuple[Image.Image, dict]:
    h = int(rng.integers(40, 160))
    places = int(rng.integers(2, 8))
    rim = round(h * rng.uniform(0, 0.9))  # of the case that is seen
    inner = round(h * rng.uniform(0.12, 0.45))
    foot = rim + inner + h
    sheet = blank_sheet(2 * (rim + inner) + round(1.1 * h * places), foot + inner + rim)
    sheet.height = h
    end = write_number(rng, sheet, rim + inner, foot, places) + inner
    panel = (rim, rim, end, foot + inner)
    size = (end + rim, foot + inner + rim)
    ink, digits = sheet.ink[:, : size[0]], sheet.digits

    inside = Image.new("L", size)
    ImageDraw.Draw(inside).rounded_rectangle(panel, rng.uniform(0, 0.1) * h, fill=255)
    words = Image.new("L", size)
    print_words(rng, words, font, panel, round(h * rng.uniform(0.25, 0.45)))
    level, lit, case = levels_of(rng, kind, strength)
    print_level = 240 if case < 128 else 20
    within = np.asarray(inside, np.float32) / 255
    printed = np.asarray(words, np.float32) / 255 * (1 - within)
    lip = (blurred(255 * within, 0.03 * h) / 255 - within).clip(0, 1)
    picture = within * (level + ink * (lit - level))
    picture += (1 - within) * (case + printed * (print_level - case))
    picture *= 1 - 0.6 * lip
    picture += 255 * within * glare(rng, picture.shape, strength)
    picture *= 1 - rng.uniform(0, 0.3) * np.linspace(0, 1, size[0])

    corners = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], float)
    there = corners + rng.uniform(-0.06, 0.06, (4, 2)) * h
    matrix = homography(corners, there)
    back = np.linalg.inv(matrix)
    seen = Image.fromarray(picture.clip(0, 255).astype(np.uint8)).transform(
        size, Image.Transform.PERSPECTIVE, tuple((back / back[2, 2]).ravel()[:8]),
        Image.Resampling.BICUBIC, fillcolor=round(case),
    )
    grey = blurred(np.asarray(seen, np.float32), h * (0.005, 0.01, 0.02, 0.03)[strength])
    grey += rng.normal(0, (1, 2, 3, 4)[strength], grey.shape)
    truth = pages.truth_of(Sheet(ink, ink, digits))
    truth["digits"] = [
        digit | {"box": moved_box(digit["box"], matrix)} for digit in truth["digits"]
    ]
    facts = {"kind": kind, "nuisance": "display", "strength": strength}
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8)), facts | truth


def write_set(output: Path, digits, count: int, seed: int):
    """As pages.write_set; each kind and strength equally often."""

    def drawn(i: int):
        rng = np.random.default_rng((seed, i))
        font = str(digits.fonts[int(rng.integers(len(digits.fonts)))])
        kind = KINDS[i % len(KINDS)]
        return render(rng, font, kind, STRENGTHS[i // len(KINDS) % len(STRENGTHS)])

    pages.write_pages(output, map(drawn, range(count)))
