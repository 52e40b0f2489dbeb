#!/usr/bin/env python3
"""Scores `digitorch classify` on the pictures that scripts/pictures/make_pictures.py
made: accuracy by nuisance and strength, for MNIST's digits and for fonts, and
how honest its probabilities are (expected calibration error, 15 bins).

  scripts/pictures/score_pictures.py pictures/test
  scripts/pictures/score_pictures.py --digits-8x8     scikit-learn's load_digits, enlarged

A blank answer is a wrong one; an unsure one counts by its label. --digits-8x8
needs scikit-learn: .venv/bin/pip install -r scripts/pictures/requirements.txt
"""

import argparse
import csv
import json
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from lib.answers import classify
from lib.sheet import write_sheet

BINS = 15
MOST_SHOWN = 36  # failures on a sheet


def is_right(answer: dict, label: str) -> bool:
    return answer["label"] == label and not answer["blank"]


def calibration_error(answers: list[dict], right: np.ndarray) -> float:
    """Mean distance of the answers' probabilities from how often they are
    right, over bins of equal width (Guo et al., ICML 2017)."""
    probability = np.array([answer["probability"] for answer in answers])
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(right[bins == i].sum() - probability[bins == i].sum())
            for i in range(BINS)
        )
        / len(answers)
    )


def score(rows: list[dict], answers: list[dict]) -> dict:
    """rows: those of labels.csv. Accuracies are parts of 1."""
    right = np.array(
        [is_right(a, row["label"]) for row, a in zip(rows, answers)]
    )

    def accuracy(**wanted) -> float | None:
        chosen = [
            all(row[key] == value for key, value in wanted.items())
            for row in rows
        ]
        return float(right[chosen].mean()) if any(chosen) else None

    cases = {(row["nuisance"], row["strength"]): None for row in rows}
    middle = [
        ok
        for row, ok in zip(rows, right)
        if row["strength"] == "2" and row["nuisance"] != "together"
    ]
    return {
        "pictures": len(rows),
        "accuracy": float(right.mean()),
        "accuracy_one_nuisance_at_strength_2":
            float(np.mean(middle)) if middle else None,
        "accuracy_together": accuracy(nuisance="together"),
        "calibration_error": calibration_error(answers, right),
        "unsure": float(np.mean([a["unsure"] for a in answers])),
        "blank": float(np.mean([a["blank"] for a in answers])),
        "cases": [
            {
                "nuisance": nuisance,
                "strength": int(strength),
                "pictures": sum(
                    row["nuisance"] == nuisance and row["strength"] == strength
                    for row in rows
                ),
                **{
                    source: accuracy(
                        nuisance=nuisance, strength=strength, source=source
                    )
                    for source in ("mnist", "fonts")
                },
            }
            for nuisance, strength in cases
        ],
    }


def percent(part: float | None) -> str:
    return "" if part is None else f"{100 * part:.1f}"


def table(scores: dict) -> str:
    """In Markdown: a row a nuisance, a column a strength and source."""
    lines = [
        "| nuisance | MNIST 1 | 2 | 3 | fonts 1 | 2 | 3 |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    by_nuisance: dict[str, dict[int, dict]] = {}
    for case in scores["cases"]:
        by_nuisance.setdefault(case["nuisance"], {})[case["strength"]] = case
    for nuisance, cases in by_nuisance.items():
        # Plain pictures have no strength and stand in the middle.
        at = {1: cases.get(1), 2: cases.get(2, cases.get(0)), 3: cases.get(3)}
        cells = [
            percent(at[strength][source]) if at[strength] else ""
            for source in ("mnist", "fonts")
            for strength in (1, 2, 3)
        ]
        lines.append(f"| {nuisance} | {' | '.join(cells)} |")
    return "\n".join(lines)


def failures(
    folder: Path, rows: list[dict], answers: list[dict]
) -> list[tuple[Path, str, str]]:
    """Pictures read wrong, MOST_SHOWN of them spread evenly over the nuisances
    and their strengths, with what they show and what was read."""
    wrong = [
        (
            folder / row["path"],
            f"{row['nuisance']} {row['strength']}",
            f"{row['label']}, read "
            + ("blank" if answer["blank"] else answer["label"])
            + ("?" if answer["unsure"] else ""),
        )
        for row, answer in zip(rows, answers)
        if not is_right(answer, row["label"])
    ]
    wrong.sort(key=lambda entry: entry[1])
    step = max(1, len(wrong) / MOST_SHOWN)
    return [wrong[int(i * step)] for i in range(min(MOST_SHOWN, len(wrong)))]


def write_digits_8x8(folder: Path) -> list[dict]:
    """scikit-learn's 1,797 digits of 8x8 pixels (not MNIST's; by 43 people),
    enlarged 8 times, black on white with some room: rows as in labels.csv."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    rows = []
    for i, (image, label) in enumerate(zip(digits.images, digits.target)):
        levels = np.pad(255 - image * (255 / 16), 2, constant_values=255)
        path = folder / f"{i:04}.png"
        Image.fromarray(levels.round().astype(np.uint8)).resize(
            (96, 96), Image.Resampling.BICUBIC
        ).save(path)
        rows.append({"path": path.name, "label": str(label), "source": "8x8",
                     "nuisance": "digits-8x8", "strength": "0"})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--program", default="build/release/digitorch")
    parser.add_argument("--model", default="", help="checkpoint file")
    parser.add_argument("--digits-8x8", action="store_true")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument(
        "--failures", type=Path, help="draw what was wrong into this picture"
    )
    given = parser.parse_args()
    if (given.folder is None) != given.digits_8x8:
        parser.error("expected a folder of pictures or --digits-8x8")

    with tempfile.TemporaryDirectory() as temporary:
        if given.digits_8x8:
            given.folder = Path(temporary)
            rows = write_digits_8x8(given.folder)
        else:
            with open(given.folder / "labels.csv", newline="") as file:
                rows = list(csv.DictReader(file))
        paths = [given.folder / row["path"] for row in rows]
        answers = classify(given.program, given.model, paths)
        if given.failures:
            write_sheet(given.failures, failures(given.folder, rows, answers))

    scores = score(rows, answers)
    if given.json:
        print(json.dumps(scores))
        return
    if not given.digits_8x8:
        print(table(scores) + "\n")
    for name, value in scores.items():
        if isinstance(value, float):
            print(f"{name}: {100 * value:.2f} %")
    print(f"pictures: {scores['pictures']}")


if __name__ == "__main__":
    main()
