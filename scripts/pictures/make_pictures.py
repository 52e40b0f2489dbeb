#!/usr/bin/env python3
"""Makes labelled pictures of digits, to choose settings by and to measure with:
MNIST's digits and those of fonts, as a pen, a sheet, light and a camera would
have left them. A labels.csv beside them says what each shows.

  scripts/pictures/make_pictures.py --output pictures/test --digits test --count 10000
"""

import argparse
import sys
from pathlib import Path

from lib import displays, nuisances, pages, singles, sudokus, tables, words

KINDS = ("plain", *nuisances.NUISANCES)
USUAL_KINDS = [kind for kind in KINDS if kind not in nuisances.ASKED_FOR]
# Many digits on each, with their truth in pages.jsonl.
PAGES = {
    "pages": pages.write_set,
    "tables": tables.write_set,
    "words": words.write_set,
    "sudokus": sudokus.write_set,
    "sudokus-on-tables": sudokus.write_set_on_tables,
    "displays": displays.write_set,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, required=True, help="folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument(
        "--digits",
        choices=("train", "validation", "test"),
        default="test",
        help="which list of fonts, with MNIST's test digits or, but for test, "
        "its training digits",
    )
    parser.add_argument(
        "--kinds", nargs="+", choices=(*KINDS, *PAGES), default=USUAL_KINDS,
        metavar="KIND",
        help="of: " + " ".join(KINDS) + "; or one of these alone: pages, "
        "many digits on each, with their truth in pages.jsonl; tables, pages "
        "that lie on tables; words, pages with words between the numbers; "
        "sudokus, grids on bent paper; sudokus-on-tables, both; displays, of "
        "seven segments",
    )
    parser.add_argument(
        "--sources", nargs="+", choices=singles.SOURCES,
        default=("mnist", "fonts"),
    )
    parser.add_argument("--mnist", type=Path, default=Path("data/mnist"))
    arguments = parser.parse_args()

    digits = singles.Digits.load(arguments.digits, arguments.mnist)
    several = PAGES.keys() & set(arguments.kinds)
    if several and len(arguments.kinds) > 1:
        parser.error(f"--kinds: {min(several)} go into a folder of their own")
    if several:
        write = PAGES[several.pop()]
        write(arguments.output, digits, arguments.count, arguments.seed)
        print(f"{arguments.count} pages and pages.jsonl in {arguments.output}",
              file=sys.stderr)
        return
    count = singles.write_set(
        arguments.output,
        digits,
        arguments.kinds,
        arguments.sources,
        arguments.count,
        arguments.seed,
    )
    print(f"{count} pictures and labels.csv in {arguments.output}",
          file=sys.stderr)


if __name__ == "__main__":
    main()
