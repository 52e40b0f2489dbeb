#!/usr/bin/env python3
"""Makes labelled pictures of other classes than digits, to prove a training on:
icons that differ in colour alone, traffic signs, and characters of fonts in IDX
files that lie on their side, as EMNIST's do.

  scripts/pictures/make_classes.py icons --output pictures/icons --count 300
"""

import argparse
import sys
from pathlib import Path

from lib import characters, fonts, icons, signs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=("icons", "signs", "characters"))
    parser.add_argument("--output", type=Path, required=True, help="folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300, help="of each class")
    parser.add_argument("--side", type=int, default=32, help="of signs, pixels")
    arguments = parser.parse_args()
    output, count, seed = arguments.output, arguments.count, arguments.seed
    if arguments.kind == "icons":
        icons.write_set(output, count, seed)
    elif arguments.kind == "signs":
        signs.write_set(output, count, seed, arguments.side)
    else:
        characters.write_set(
            output, count, seed,
            [fonts.ROOT / name for name in fonts.TRAIN_FONTS],
            [fonts.ROOT / name for name in fonts.TEST_FONTS],
        )
    print(f"{count} pictures of each class in {output}", file=sys.stderr)


if __name__ == "__main__":
    main()
