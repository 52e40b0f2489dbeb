"""Pictures that people made, read by what is usual: three ways to prepare one digit
for a network that learned MNIST, and a neural OCR, which reads pages as well.

  read_pictures.py FOLDER model.pt

FOLDER holds truth.tsv, with the columns picture (a path in it: singles/... or
pages/...), digits (line by line, "/" between lines, "|" between orders that are
right as well) and kind. model.pt is what `digitorch export` writes. The OCR is
PyPI's package rapidocr-onnxruntime (PP-OCRv4), and is left out where it is not
installed. Prints per cent right of single digits, and recall and precision of the
digits of pages, in reading order by their longest common subsequence.
"""

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from PIL import Image

SIDE = 28
# What an OCR calls digits that stand alone.
AS_DIGITS = str.maketrans("OoIlSsBZ", "00115582")


def grey(path: Path) -> np.ndarray:
    picture = Image.open(path).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return np.array(Image.alpha_composite(white, picture).convert("L"))


def resized(picture: np.ndarray, size=(SIDE, SIDE)) -> np.ndarray:
    return np.array(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR))


def inverted(picture: np.ndarray) -> np.ndarray:
    """As tutorials have it: black on white becomes white on black."""
    return 255 - resized(picture)


def light_on_dark(picture: np.ndarray) -> np.ndarray:
    """The same where the picture is light in the mean."""
    small = resized(picture)
    return 255 - small if small.mean() > 127 else small


def otsu(picture: np.ndarray) -> int:
    """Otsu's threshold (1979)."""
    counts = np.bincount(picture.ravel(), minlength=256).astype(float)
    levels = np.arange(256)
    below, sums = counts.cumsum(), (counts * levels).cumsum()
    above = below[-1] - below
    apart = sums[-1] * below - sums * below[-1]
    between = apart**2 / np.maximum(below * above, 1)
    return int(between.argmax())


def centred(picture: np.ndarray) -> np.ndarray:
    """As MNIST's own were: the ink by Otsu's threshold, 20 pixels high or wide, with
    its centre of mass in the middle."""
    light = 255 - picture if picture.mean() > 127 else picture
    ink = np.where(light > otsu(light), light, 0).astype(np.uint8)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    result = np.zeros((SIDE, SIDE), np.uint8)
    if not rows.size:
        return result
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = 20 / max(ink.shape)
    ink = resized(ink, [max(1, round(side * scale)) for side in ink.shape[::-1]])
    mass = np.maximum(ink.astype(float), 1e-9)
    centre = [(np.indices(ink.shape)[i] * mass).sum() / mass.sum() for i in (0, 1)]
    top, left = (
        int(np.clip(round(SIDE / 2 - 0.5 - c), 0, SIDE - side))
        for c, side in zip(centre, ink.shape)
    )
    result[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return result


PREPARED = {
    "resized and inverted": inverted,
    "polarity by the mean": light_on_dark,
    "Otsu, cropped, centre of mass": centred,
}


def common(a: list[str], b: list[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        before, row = row, [0]
        for j, y in enumerate(b):
            row.append(before[j] + 1 if x == y else max(before[j + 1], row[j]))
    return row[-1]


def digits(text: str) -> list[str]:
    return [letter for letter in text if letter.isdigit()]


def ocr_reader():
    """A function from a picture, and whether it is a single line to read without
    looking for text in it, to its text; nothing without the package."""
    try:
        from rapidocr_onnxruntime import RapidOCR
    except ImportError:
        return None
    read = RapidOCR()

    def text(picture: np.ndarray, is_line: bool = False) -> str:
        colour = np.repeat(picture[:, :, None], 3, 2)
        if is_line:
            found, _ = read(colour, use_det=False, use_cls=False)
            return " ".join(line[0] for line in found or [])
        found, _ = read(colour)
        return " ".join(line[1] for line in found or [])

    return text


def score_singles(rows, folder: Path, network, ocr) -> None:
    right = defaultdict(lambda: defaultdict(int))
    kinds = defaultdict(int)
    for row in rows:
        picture = grey(folder / row["picture"])
        answers = {}
        for name, prepare in PREPARED.items():
            pixels = torch.from_numpy(prepare(picture)).float().div(255)
            answers[name] = str(network(pixels.view(1, 1, SIDE, SIDE)).argmax().item())
        if ocr:
            text = ocr(picture, is_line=True) or ocr(picture)
            answers["OCR"] = "".join(digits(text.translate(AS_DIGITS)))
        for kind in ("all", row["kind"]):
            kinds[kind] += 1
            for name, answer in answers.items():
                right[name][kind] += answer == row["digits"]
    for name, count in right.items():
        parts = [f"{kind} {100 * count[kind] / kinds[kind]:.1f}" for kind in kinds]
        print(f"{name}: {', '.join(parts)}")


def score_pages(rows, folder: Path, ocr) -> None:
    totals = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        got = digits(ocr(grey(folder / row["picture"])))
        hit, true, told = max(
            (
                (common(got, digits(order)), len(digits(order)), len(got))
                for order in row["digits"].split("|")
            ),
            key=lambda score: 2 * score[0] / (score[1] + score[2]),
        )
        for kind in ("all", row["kind"]):
            totals[kind] = [a + b for a, b in zip(totals[kind], (hit, true, told))]
    for kind, (hit, true, told) in totals.items():
        precision = 100 * hit / max(told, 1)
        print(f"OCR, pages, {kind}: {100 * hit / true:.1f} / {precision:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("network", type=Path)
    options = parser.parse_args()
    with open(options.folder / "truth.tsv") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    network = torch.jit.load(options.network).eval()
    ocr = ocr_reader()
    with torch.inference_mode():
        singles = [row for row in rows if row["picture"].startswith("singles/")]
        score_singles(singles, options.folder, network, ocr)
    if ocr:
        pages = [row for row in rows if row["picture"].startswith("pages/")]
        score_pages(pages, options.folder, ocr)


if __name__ == "__main__":
    main()
