"""Pages with words on them: forms, letters and labels, printed, with numbers
between the words by hand or in print. Truth as in pages.py, of the digits only;
its kind is who wrote them ("hand", "print"), its nuisance "words", its strength
that of uneven light."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from . import pages
from .page_layouts import (
    FontGlyphs,
    Glyphs,
    HandGlyphs,
    Sheet,
    Style,
    blank_sheet,
    face_of,
    write_number,
)
from .tables import STRENGTHS_OF_LIGHT

WRITERS = ("hand", "print")
PART_WORDS_ONLY = 0.25  # of the lines
# Right before or after a part of the numbers.
BEFORE = ("$", "€", "#", "No.")
AFTER = ("kg", "cm", "%", "€")
PART_BEFORE = PART_AFTER = 0.12
AFFIX_GAP = 0.15  # heights
WORDS = (
    "Name Address Street City Date Signature Total Amount Paid Number Invoice "
    "Order Page Table Room Phone Bill Balance Account Quantity Price Unit "
    "Class School Student Teacher Score Result Test Question Answer Mark "
    "Zone Zip Box Lot Size Weight Length Height Width Meter Reading Serial "
    "Model Gas Water Tax Sum Old New From To Of the and is to in for on with "
    "all please fill out only use this form below each line box digit "
    "OFFICE USE ONLY TOTAL DATE NAME BILL NO SIZE LOT ZIP ISBN SOLD"
).split()


def put_word(sheet: Sheet, face, text: str, x: int, foot: int) -> int:
    """Writes it from x on, standing on `foot`; returns where it ends."""
    left, top, right, _ = face.getbbox(text, anchor="ls")
    drop = face.getbbox("gy", anchor="ls")[3]
    image = Image.new("L", (right - left + 4, drop - top + 4))
    ImageDraw.Draw(image).text(
        (2 - left, 2 - top), text, fill=255, font=face, anchor="ls"
    )
    ink = np.asarray(image, np.float32) / 255
    y = foot + top - 2
    part = sheet.ink[y : y + len(ink), x : x + ink.shape[1]]
    np.maximum(part, ink[:, : part.shape[1]], out=part)
    return x + ink.shape[1]


def write_line(
    sheet: Sheet, rng, glyphs: Glyphs, face, style: Style, line: int, foot: int
) -> bool:
    """Words with numbers after them, or words alone; returns whether there are
    numbers."""
    h = style.height
    x, room = h, sheet.ink.shape[1] - h
    words_only = rng.random() < PART_WORDS_ONLY
    while True:
        text = " ".join(rng.choice(WORDS, int(rng.integers(1, 4))))
        text += "" if words_only else rng.choice(("", ":"))
        count = 0 if words_only else int(rng.integers(1, 8))
        if x + (0.75 * len(text) + 1.4 * count + 3) * h > room:
            return any(written == line for _, written, _ in sheet.digits)
        x = put_word(sheet, face, text, x, foot)
        x += round(h * rng.uniform(0.7, 1.2))
        if words_only:
            continue
        if rng.random() < PART_BEFORE:
            x = put_word(sheet, face, str(rng.choice(BEFORE)), x, foot)
            x += round(AFFIX_GAP * h)
        x = write_number(sheet, rng, glyphs, style, count, line, x, foot)
        if rng.random() < PART_AFTER:
            x += round(AFFIX_GAP * h)
            x = put_word(sheet, face, str(rng.choice(AFTER)), x, foot)
        x += round(h * rng.uniform(0.9, 1.6))


def render(
    rng, glyphs: Glyphs, font: str, writer: str, light: int
) -> tuple[Image.Image, dict]:
    """A page with words in the font and numbers of glyphs, and its truth."""
    h = int(rng.integers(26, 56))
    style = Style.printed(h) if writer == "print" else Style(h)
    rows = int(rng.integers(1, 10))
    pitch = round(h * rng.uniform(1.9, 2.4))
    sheet = blank_sheet(h * int(rng.integers(22, 34)), pitch * (rows + 2))
    sheet.height = h
    face = face_of(font, h)
    line = 0
    for row in range(rows):
        foot = pitch * (row + 2) - h // 2
        line += write_line(sheet, rng, glyphs, face, style, line, foot)
    image = pages.photograph(rng, sheet, {"light": light} if light else {})
    facts = {"kind": writer, "nuisance": "words", "strength": light}
    return image, facts | pages.truth_of(sheet)


def write_set(output: Path, digits, count: int, seed: int):
    """As pages.write_set."""

    def drawn(i: int):
        rng = np.random.default_rng((seed, i))
        light = STRENGTHS_OF_LIGHT[rng.integers(len(STRENGTHS_OF_LIGHT))]
        writer = WRITERS[i % len(WRITERS)]
        printed = FontGlyphs(digits.fonts)
        printed.next_font(rng)
        hand = HandGlyphs(digits.images, digits.labels)
        glyphs = {"hand": hand, "print": printed}[writer]
        return render(rng, glyphs, printed.font, writer, light)

    pages.write_pages(output, map(drawn, range(count)))
