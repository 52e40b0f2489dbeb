"""A sheet of pictures with two lines of text below each."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

SIDE = 96  # of a picture
LINE = 15
GAP = 8
COLUMNS = 9


def write_sheet(path: Path, entries: list[tuple[Path, str, str]]):
    """entries: a picture's file and its two lines."""
    font = ImageFont.load_default(size=LINE - 4)
    rows = -(-len(entries) // COLUMNS)
    wide, high = SIDE + GAP, SIDE + 2 * LINE + GAP
    sheet = Image.new("L", (COLUMNS * wide + GAP, max(1, rows) * high + GAP), 255)
    draw = ImageDraw.Draw(sheet)
    for i, (file, *lines) in enumerate(entries):
        x = GAP + i % COLUMNS * wide
        y = GAP + i // COLUMNS * high
        with Image.open(file) as picture:
            sheet.paste(ImageOps.pad(picture.convert("L"), (SIDE, SIDE), color=255), (x, y))
        for number, line in enumerate(lines):
            below = y + SIDE + 2 + number * LINE
            draw.text((x + SIDE / 2, below), line, fill=0, font=font, anchor="ma")
    sheet.save(path)
