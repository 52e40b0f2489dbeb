#!/usr/bin/env python3
"""How time and memory of training grow with the batch, the data set, the network's
width and the threads: Markdown tables from `digitorch bench`.

    scripts/measure/growth.py [--rounds 40] [--json FILE]

The network is that of the fast recipe where nothing else is said. Needs the
built program and a machine that does nothing else, for some minutes.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PICTURES = 60_000  # of an epoch
WIDTHS = ("8,16/64", "16,32/128", "24,32/256", "32,64/512", "64,128/1024")


def bench(program, rounds, *words):
    command = [program, "bench", "--preset", "fast", "--work", "train"]
    command += ["--repetitions", str(rounds), "--format", "json", "--quiet", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"digitorch bench: exit {done.returncode}\n{done.stderr.strip()}")
    return json.loads(done.stdout)["results"]


def width_words(width):
    channels, hidden = width.split("/")
    return "--channels", channels, "--hidden", hidden


def measure(program, rounds):
    """Of each heading a list of (what, the bench's row). Every row of the first
    three is a process of its own, so that its peak memory is its own."""
    cores = os.cpu_count()
    threads = range(1, cores + 1)
    return {
        "batch": [
            (str(n), bench(program, rounds, "--batch-sizes", str(n))[0])
            for n in (32, 64, 128, 256, 512, 1024)
        ],
        "training pictures": [
            (f"{n:,}", bench(program, rounds, "--pictures", str(n), "--batch-sizes", "256")[0])
            for n in (10_000, 20_000, 40_000, 60_000)
        ],
        "channels / hidden units": [
            (width, bench(program, rounds, "--batch-sizes", "256", *width_words(width))[0])
            for width in WIDTHS
        ],
        "threads x batch": [
            (f"{t} x {n}", bench(program, rounds, "--threads", str(t), "--batch-sizes", str(n))[0])
            for t in threads
            for n in (64, 256)
        ],
    }


def table(heading, rows):
    lines = [
        f"| {heading} | a step, ms | images/s | an epoch, s | peak memory, MiB |",
        "|---|---|---|---|---|",
    ]
    for what, row in rows:
        lines.append(
            f"| {what} | {1e3 * row['median_seconds']:.1f}"
            f" ({1e3 * row['least_seconds']:.1f}-{1e3 * row['most_seconds']:.1f})"
            f" | {row['images_per_second']:,.0f}"
            f" | {PICTURES / row['images_per_second']:.2f}"
            f" | {row['peak_bytes'] / 2**20:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument(
        "--digitorch", type=pathlib.Path, default=ROOT / "build/release/digitorch"
    )
    options = parser.parse_args()
    if not options.digitorch.exists():
        sys.exit(f"{options.digitorch}: not built; run scripts/build.sh first")
    tables = measure(str(options.digitorch.resolve()), options.rounds)
    print("\n\n".join(table(heading, rows) for heading, rows in tables.items()))
    if options.json:
        options.json.write_text(json.dumps(tables, indent=2) + "\n")


if __name__ == "__main__":
    main()
