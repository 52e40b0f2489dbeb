"""Renders pages of digits with their ground truth: lines of handwriting,
columns, boxes of a form, a number in a photo and printed lines, each plain, with
one nuisance at three strengths, or with all of them together.

A page is a grey picture and a dictionary {"kind", "nuisance", "strength",
"lines": ["2071", ...], "digits": [{"box": [x, y, w, h], "label", "line"}]},
boxes around the ink as it lies in the picture, lines in reading order.
"""

import io
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from .page_layouts import LAYOUTS, FontGlyphs, Glyphs, HandGlyphs, Sheet, Style

KINDS = tuple(LAYOUTS)
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
PAPERS = ("ruled", "squared", "frames")  # a page has one of them
STRENGTHS = (1, 2, 3)


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
    """Which nuisances a page gets. Together: all of them, with one kind of
    paper, each at the given strength or below."""
    if nuisance == "plain":
        return {}
    if nuisance != "together":
        return {nuisance: strength}
    strengths = {
        name: int(rng.integers(1, strength + 1)) for name in NUISANCES
    }
    for name in rng.choice(PAPERS, len(PAPERS) - 1, replace=False):
        del strengths[name]
    return strengths


def cases() -> dict[str, list[tuple[str, str, int]]]:
    """(kind, nuisance, strength) of every page there is, in three groups."""
    alone = [
        (kind, nuisance, strength)
        for strength in STRENGTHS
        for nuisance in NUISANCES
        for kind in KINDS
        if kind != "printed" or nuisance not in ("touching", "broken")
    ]
    return {
        "plain": [(kind, "plain", 0) for kind in KINDS],
        "together": [(k, "together", s) for s in STRENGTHS for k in KINDS],
        "alone": alone,
    }


def glyphs_of(digits, kind: str) -> Glyphs:
    """What draws the digits of a page of this kind. digits: singles.Digits."""
    if kind == "printed":
        return FontGlyphs(digits.fonts)
    return HandGlyphs(digits.images, digits.labels)


def write_pages(output: Path, drawn: Iterable[tuple[Image.Image, dict]]):
    """Writes pages with their truth, and output/pages.jsonl, the truth of a page
    a line with its file's name."""
    output.mkdir(parents=True, exist_ok=True)
    with open(output / "pages.jsonl", "w") as file:
        for i, (image, truth) in enumerate(drawn):
            case = (truth["kind"], truth["nuisance"], truth["strength"])
            name = f"{i:04}-{'-'.join(map(str, case))}.png".replace(" ", "-")
            image.save(output / name)
            file.write(json.dumps({"path": name} | truth) + "\n")


def write_set(output: Path, digits, count: int, seed: int):
    """Writes `count` pages, a fifth of them plain, a fifth with all nuisances.
    digits: singles.Digits. Each page depends on the seed and its own number
    alone."""
    groups = cases()
    turns = ("plain", "alone", "together", "alone", "alone")
    taken = dict.fromkeys(groups, 0)

    def drawn(i: int) -> tuple[Image.Image, dict]:
        group = turns[i % len(turns)]
        case = groups[group][taken[group] % len(groups[group])]
        taken[group] += 1
        rng = np.random.default_rng((seed, i))
        return render_page(rng, glyphs_of(digits, case[0]), *case)

    write_pages(output, map(drawn, range(count)))


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
    height = int(rng.integers(26, 56))
    if isinstance(glyphs, FontGlyphs):
        glyphs.next_font(rng)
        style = Style.printed(height)
    else:
        style = Style(height)
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
