"""Photographs of sudokus: a grid of 9 by 9 cells with thick and thin lines, digits
in some of them, on paper that is bent and lit unevenly. Truth as in pages.py; its
nuisance is "bent", its strength how much, 0 for flat."""

from pathlib import Path

import numpy as np

from . import pages, tables
from .camera import smooth_field
from .page_layouts import FontGlyphs, Sheet, blank_sheet

CELLS = 9
STRENGTHS = (0, 1, 2, 3)


def draw_grid(rng, sheet: Sheet, left: int, top: int, side: int):
    thin = max(1, round(side * rng.uniform(0.02, 0.05)))
    thick = round(thin * rng.uniform(1.5, 3))
    darkness = rng.uniform(0.4, 0.9)
    for i in range(CELLS + 1):
        width, level = (thick, 0.9) if i % 3 == 0 else (thin, darkness)
        x, y = left + i * side - width // 2, top + i * side - width // 2
        for line in (
            np.s_[y : y + width, left : left + CELLS * side],
            np.s_[top : top + CELLS * side, x : x + width],
        ):
            sheet.rules[line] = np.maximum(sheet.rules[line], level)


def lay_out(rng, glyphs) -> Sheet:
    height = int(rng.integers(18, 45))
    side = round(height * rng.uniform(1.5, 2.2))
    margin = round(side * rng.uniform(0.3, 2))
    sheet = blank_sheet(CELLS * side + 2 * margin, CELLS * side + 2 * margin)
    sheet.height = height
    draw_grid(rng, sheet, margin, margin, side)
    for row in range(CELLS):
        for column in np.flatnonzero(rng.random(CELLS) < 0.4):
            label, ink = glyphs.draw(rng, height)
            x = margin + column * side + (side - ink.shape[1]) // 2
            y = margin + row * side + (side - ink.shape[0]) // 2
            sheet.put(label, row, ink, x, y)
    return sheet


def sampled(layer: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The layer at places between its pixels, from the four around each."""
    y, x = np.floor(rows).astype(int), np.floor(columns).astype(int)
    down, right = rows - y, columns - x

    def at(i, j):
        return layer[
            (y + i).clip(0, layer.shape[0] - 1), (x + j).clip(0, layer.shape[1] - 1)
        ]

    upper = at(0, 0) * (1 - right) + at(0, 1) * right
    lower = at(1, 0) * (1 - right) + at(1, 1) * right
    return upper * (1 - down) + lower * down


def bend(rng, sheet: Sheet, strength: int):
    """Bends the paper, and turns it a little."""
    shape = sheet.ink.shape
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    reach = (0, 0.006, 0.012, 0.02)[strength] * shape[0]
    lean = rng.uniform(-0.05, 0.05)
    y, x = rows - shape[0] / 2, columns - shape[1] / 2
    there_y = rows + reach * smooth_field(rng, shape, 4) + lean * x
    there_x = columns + reach * smooth_field(rng, shape, 4) - lean * y
    numbers = np.zeros(shape, np.int32)
    for i, (_, _, points) in enumerate(sheet.digits):
        numbers[points[:, 1].astype(int), points[:, 0].astype(int)] = i + 1
    sheet.ink = sampled(sheet.ink, there_y, there_x)
    sheet.rules = sampled(sheet.rules, there_y, there_x)
    seen = numbers[
        np.rint(there_y).astype(int).clip(0, shape[0] - 1),
        np.rint(there_x).astype(int).clip(0, shape[1] - 1),
    ]
    sheet.digits = [
        (label, line, np.argwhere(seen == i + 1)[:, ::-1].astype(np.float32))
        for i, (label, line, _) in enumerate(sheet.digits)
    ]


def render(rng, glyphs, strength: int):
    if isinstance(glyphs, FontGlyphs):
        glyphs.next_font(rng)
    sheet = lay_out(rng, glyphs)
    bend(rng, sheet, strength)
    image = pages.photograph(rng, sheet, {"light": max(1, strength), "blur": 1})
    facts = {"kind": "sudoku", "nuisance": "bent", "strength": strength}
    return image, facts | pages.truth_of(sheet)


def glyphs_of(digits, number: int):
    """Of the sudoku with that number: printed on two thirds of them."""
    return pages.glyphs_of(digits, "lines" if number % 3 == 2 else "printed")


def write_set(output: Path, digits, count: int, seed: int):
    """As pages.write_set; each strength equally often."""

    def drawn(i: int):
        rng = np.random.default_rng((seed, i))
        return render(rng, glyphs_of(digits, i), STRENGTHS[i // 3 % len(STRENGTHS)])

    pages.write_pages(output, map(drawn, range(count)))


def write_set_on_tables(output: Path, digits, count: int, seed: int):
    """The same, but for the strongest, as photos of sheets on tables, each of
    these equally often."""

    def drawn(i: int):
        rng = np.random.default_rng((seed, i))
        strengths = STRENGTHS[:-1]
        strength = strengths[i // 3 % len(strengths)]
        page, truth = render(rng, glyphs_of(digits, i), strength)
        kinds = list(tables.TABLES)
        return tables.lay(rng, page, truth, kinds[i % len(kinds)])

    pages.write_pages(output, map(drawn, range(count)))
