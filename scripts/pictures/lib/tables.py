"""Photographs of pages that lie on tables: a sheet of paper somewhere in the
picture, seen a little from aside, with its shadow, and around it the table or
what lies there. Truth as in pages.py; its nuisance is the table's name, its
strength that of the uneven light on the sheet, 0 for none."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from . import pages
from .camera import blurred

STRENGTHS_OF_LIGHT = (0, 1, 2)


def grain(rng, shape, level: float, contrast: float) -> np.ndarray:
    """Long level streaks, as of wood."""
    rows, columns = shape
    coarse = rng.normal(size=(rows, max(2, columns // 60))).astype(np.float32)
    size = (columns, rows)
    streaks = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    return level * (1 + contrast * np.asarray(streaks))


def even(rng, shape, level: float, deviation: float) -> np.ndarray:
    return level + rng.normal(0, deviation, shape)


def dark(rng, shape) -> np.ndarray:
    return even(rng, shape, rng.uniform(20, 60), 3)


def grey(rng, shape) -> np.ndarray:
    return even(rng, shape, rng.uniform(100, 160), 8)


def wood(rng, shape) -> np.ndarray:
    return grain(rng, shape, rng.uniform(60, 150), 0.08)


def light_wood(rng, shape) -> np.ndarray:
    return grain(rng, shape, rng.uniform(160, 185), 0.05)


def clutter(rng, shape) -> np.ndarray:
    """Many things of all levels but paper's."""
    rows, columns = shape
    image = Image.new("L", (columns, rows), int(rng.integers(40, 120)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(15, 50))):
        middle = rng.uniform(0, 1, 2) * (columns, rows)
        reach = rng.uniform(0.02, 0.2, 2) * columns
        box = [tuple(middle - reach), tuple(middle + reach)]
        shape_of = (draw.ellipse, draw.rectangle)[rng.integers(2)]
        shape_of(box, fill=int(rng.integers(10, 190)))
    return even(rng, shape, np.asarray(image, np.float32), 3)


TABLES = {
    "dark": dark,
    "grey": grey,
    "wood": wood,
    "light wood": light_wood,
    "clutter": clutter,
}


def homography(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The 3x3 matrix that takes four points, [4, 2], to four others."""
    rows = []
    for (x, y), (u, v) in zip(start, end):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved = np.linalg.solve(np.array(rows, float), end.astype(float).ravel())
    return np.append(solved, 1).reshape(3, 3)


def moved(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Points, [N, 2], where the homography takes them."""
    there = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return there[:, :2] / there[:, 2:]


def place(rng, sheet: np.ndarray) -> tuple[tuple[int, int], np.ndarray]:
    """The photo's shape, and where the sheet's corners, [4, 2], lie in it."""
    wide, high = sheet.max(0)
    part = rng.uniform(0.5, 0.92)
    columns, rows = max(wide, high * 4 / 3) / part, max(high, wide * 3 / 4) / part
    angle = np.radians(rng.uniform(-8, 8))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = sheet - sheet.max(0) / 2
    corners[:, 0] *= 1 + rng.uniform(0, 0.06) * np.sign(corners[:, 1])
    middle = (0.5 + rng.uniform(-0.06, 0.06, 2)) * (columns, rows)
    return (round(rows), round(columns)), corners @ turn + middle


def lay(rng, page: Image.Image, truth: dict, table: str) -> tuple[Image.Image, dict]:
    """A photo of the page on the table, and its truth there."""
    wide, high = page.size
    sheet = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], float)
    shape, corners = place(rng, sheet)
    matrix = homography(sheet, corners)
    back = np.linalg.inv(matrix)

    def seen(image: Image.Image) -> np.ndarray:
        size = (shape[1], shape[0])
        coefficients = tuple((back / back[2, 2]).ravel()[:8])
        warped = image.transform(
            size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
        )
        return np.asarray(warped, np.float32)

    covered = seen(Image.new("L", page.size, 255))
    away = round(0.007 * shape[1])
    shadow = blurred(np.roll(covered, (away, away), (0, 1)), away) / 255
    covered /= 255
    photo = TABLES[table](rng, shape) * (1 - 0.5 * shadow)
    photo = photo * (1 - covered) + seen(page)
    photo *= 1 - rng.uniform(0, 0.3) * np.linspace(0, 1, shape[1])
    photo = blurred(photo, 0.7) + rng.normal(0, 2, shape)
    image = Image.fromarray(photo.clip(0, 255).astype(np.uint8))
    digits = [
        digit | {"box": moved_box(digit["box"], matrix)} for digit in truth["digits"]
    ]
    return image, truth | {"nuisance": table, "digits": digits}


def moved_box(box: list[int], matrix: np.ndarray) -> list[int]:
    x, y, wide, high = box
    corners = np.array([[x, y], [x + wide, y], [x, y + high], [x + wide, y + high]])
    there = moved(corners, matrix)
    left, top = np.floor(there.min(0)).astype(int).tolist()
    right, bottom = np.ceil(there.max(0)).astype(int).tolist()
    return [left, top, right - left, bottom - top]


def write_set(output: Path, digits, count: int, seed: int):
    """As pages.write_set; each table and kind of page equally often."""

    def drawn(i: int):
        rng = np.random.default_rng((seed, i))
        table = list(TABLES)[i % len(TABLES)]
        kind = pages.KINDS[i // len(TABLES) % len(pages.KINDS)]
        light = STRENGTHS_OF_LIGHT[rng.integers(len(STRENGTHS_OF_LIGHT))]
        nuisance = "light" if light else "plain"
        glyphs = pages.glyphs_of(digits, kind)
        page, truth = pages.render_page(rng, glyphs, kind, nuisance, light)
        return lay(rng, page, truth, table)

    pages.write_pages(output, map(drawn, range(count)))
