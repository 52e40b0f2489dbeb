#!/usr/bin/env python3
"""Scores `digitorch classify --page` on pages that scripts/pictures/make_pictures.py
--kinds pages, tables, words, sudokus or displays, made: which digits were found and
read (recall), how many of those told are right (precision), and on how many pages
all lines are in order.

  scripts/pictures/make_pictures.py --kinds pages --count 300 --output pictures/pages
  scripts/pictures/score_pages.py pictures/pages

A digit is right where its box and the true one share at least half of what
both cover, and the labels are equal.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from lib.answers import classify

LEAST_SHARED = 0.5


def shared(a: list[int], b: list[int]) -> float:
    """Intersection over union of two boxes [x, y, w, h]."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def matched(true: list[dict], found: list[dict]) -> dict[int, int]:
    """Index of a found digit -> of the true one, the most alike first."""
    pairs = sorted(
        (
            (shared(t["box"], f["box"]), i, j)
            for i, t in enumerate(true)
            for j, f in enumerate(found)
        ),
        reverse=True,
    )
    by_true: set[int] = set()
    matches: dict[int, int] = {}
    for part, i, j in pairs:
        if part < LEAST_SHARED:
            break
        if i not in by_true and j not in matches:
            by_true.add(i)
            matches[j] = i
    return matches


def in_order(true: list[dict], found: list[dict], matches: dict) -> bool:
    """Whether the matched digits follow each other, and break into lines, as
    the true ones do."""
    order = sorted(matches)
    steps = list(zip(order, order[1:]))
    return all(
        matches[a] < matches[b]
        and (true[matches[a]]["line"] == true[matches[b]]["line"])
        == (found[a]["line"] == found[b]["line"])
        for a, b in steps
    )


def score_page(truth: dict, answer: dict) -> dict:
    true, found = truth["digits"], answer["digits"]
    matches = matched(true, found)
    right = sum(
        found[j]["label"] == str(true[i]["label"]) for j, i in matches.items()
    )
    return {
        "path": truth["path"],
        "true": len(true),
        "told": len(found),
        "found": len(matches),
        "right": right,
        "in_order": in_order(true, found, matches),
    }


def summary(pages: list[dict]) -> dict:
    """Parts of 1."""
    total = {
        key: sum(page[key] for page in pages)
        for key in ("true", "told", "found", "right", "in_order")
    }
    return {
        "pages": len(pages),
        "digits": total["true"],
        "recall": total["right"] / max(1, total["true"]),
        "precision": total["right"] / max(1, total["told"]),
        "found": total["found"] / max(1, total["true"]),
        "in_order": total["in_order"] / len(pages),
    }


def groups_of(truths: list[dict], pages: list[dict]) -> dict[str, list[dict]]:
    groups = defaultdict(list)
    for truth, page in zip(truths, pages):
        groups["all"].append(page)
        groups[truth["nuisance"]].append(page)
        if truth["strength"]:
            groups[f"{truth['nuisance']} {truth['strength']}"].append(page)
        groups[f"kind {truth['kind']}"].append(page)
        if truth["nuisance"] == "plain":
            printed = truth["kind"] == "printed"
            groups[f"plain {'print' if printed else 'handwriting'}"].append(page)
    return groups


def table(scores: dict[str, dict]) -> str:
    lines = [
        "| pages | number | digits | recall | precision | found | in order |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, s in scores.items():
        parts = (s["recall"], s["precision"], s["found"], s["in_order"])
        cells = " | ".join(f"{100 * part:.1f}" for part in parts)
        lines.append(f"| {name} | {s['pages']} | {s['digits']} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--program", default="build/release/digitorch")
    parser.add_argument("--model", default="", help="without: the shipped one")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--worst", type=int, default=0, help="tell so many of the worst pages"
    )
    arguments = parser.parse_args()

    lines = (arguments.folder / "pages.jsonl").read_text().splitlines()
    truths = [json.loads(line) for line in lines]
    paths = [arguments.folder / truth["path"] for truth in truths]
    answers = classify(arguments.program, arguments.model, paths, "--page")
    pages = [score_page(t, a) for t, a in zip(truths, answers)]
    groups = groups_of(truths, pages)
    scores = {name: summary(groups[name]) for name in sorted(groups)}
    if arguments.format == "json":
        print(json.dumps({"groups": scores, "pages": pages}))
    else:
        print(table(scores))
    worst = sorted(pages, key=lambda p: (p["right"] / max(p["true"], p["told"], 1)))
    for page in worst[: arguments.worst]:
        print(page, file=sys.stderr)


if __name__ == "__main__":
    main()
