"""Draws a digit's strokes anew, as another pen would have."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from lib.nuisances import Shot


def thinned(solid: np.ndarray) -> np.ndarray:
    """Middle line of the strokes: bool [H, W], False at its border, by Zhang
    and Suen (Communications of the ACM 27, 1984)."""
    line = solid.copy()
    changed = True
    while changed:
        changed = False
        for step in (0, 1):
            n = [  # north, north-east, ... north-west
                np.roll(line, (dy, dx), (0, 1))
                for dy, dx in (
                    (1, 0), (1, -1), (0, -1), (-1, -1),
                    (-1, 0), (-1, 1), (0, 1), (1, 1),
                )
            ]
            count = sum(m.astype(np.uint8) for m in n)
            starts = sum(
                (~n[i] & n[(i + 1) % 8]).astype(np.uint8) for i in range(8)
            )
            north, east, south, west = n[0], n[2], n[4], n[6]
            if step == 0:
                free = ~(north & east & south) & ~(east & south & west)
            else:
                free = ~(north & east & west) & ~(north & south & west)
            peel = line & (count >= 2) & (count <= 6) & (starts == 1) & free
            if peel.any():
                line &= ~peel
                changed = True
    return line


def drawn_anew(ink: np.ndarray, height: float, stroke: float) -> np.ndarray:
    """Ink of the same middle line with strokes `stroke` pixels wide. uint8
    [H, W], with room around it; `height` of the digit in pixels."""
    # Thinning takes time with the area, and a line needs no more than this.
    factor = min(1.0, 60 / height)
    size = [max(8, round(n * factor)) for n in ink.shape]
    coarse = Image.fromarray(ink).resize(size[::-1], Image.Resampling.BILINEAR)
    solid = np.pad(np.asarray(coarse) > 110, 2)
    line = thinned(solid)[2:-2, 2:-2]
    width = max(stroke * size[0] / ink.shape[0], 1.5)
    # Gauss's bell falls to 1/sqrt(e) one deviation from the line: that is
    # half a width away. Enlarged after that, since it is smooth then.
    deviation = width / 2
    bell = Image.fromarray((line * 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(deviation)
    )
    top = 255 / (deviation * np.sqrt(2 * np.pi))
    large = np.asarray(
        bell.resize(ink.shape[::-1], Image.Resampling.BICUBIC), np.float32
    )
    edge = np.exp(-0.5) * top
    # About two pixels from full to none, as a pen's edge has.
    slope = 0.6 * top / (width / 2) * (size[0] / ink.shape[0])
    return np.clip((large - edge) / slope / 2 + 0.5, 0, 1) * 255


def holes(ink: np.ndarray) -> tuple[int, int]:
    """How many pieces of paper the strokes surround, and their pixels."""
    mask = np.where(np.pad(ink, 1) > 127, 255, 0).astype(np.uint8)
    image = Image.fromarray(mask).copy()  # floodfill leaves a borrowed one alone
    ImageDraw.floodfill(image, (0, 0), 255)
    pixels = int((np.asarray(image) == 0).sum())
    count = 0
    while count < 4 and not (left := np.asarray(image)).all():
        y, x = np.unravel_index(left.argmin(), left.shape)
        ImageDraw.floodfill(image, (int(x), int(y)), 255)
        count += 1
    return count, pixels


def outlined(ink: np.ndarray, line: int) -> np.ndarray:
    """The outline around the ink alone, `line` pixels wide: uint8 [H, W]."""
    ink = np.pad(ink, line)
    grown = Image.fromarray(ink).filter(ImageFilter.MaxFilter(2 * line + 1))
    return np.asarray(grown) - ink


def with_pen(ink: np.ndarray, shot: Shot, height: float) -> np.ndarray:
    if shot.stroke is None:
        return ink
    room = round(shot.stroke * height) + 2
    ink = np.pad(ink, room)
    if not shot.thickens:
        return drawn_anew(ink, height, shot.stroke * height).astype(np.uint8)
    # Nobody takes a pen that fills the loops of what is written with it.
    count, pixels = holes(ink)
    for part in (1.0, 0.85, 0.7):
        new = drawn_anew(ink, height, part * shot.stroke * height)
        new = np.maximum(new, ink).astype(np.uint8)
        left, open_pixels = holes(new)
        if left == count and open_pixels >= 0.35 * pixels:
            return new
    return ink
