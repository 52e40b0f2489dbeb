#!/usr/bin/env python3
"""digitorch beside PyTorch in Python on this machine, in one run: each contest
alternates ours and theirs, and prints medians, the spread and the ratio.

    scripts/compare_pytorch.py [--repetitions 3] [--only NAME,...] [--json FILE]

The peers are the scripts in scripts/peers. Needs the built program, MNIST
(scripts/fetch_data.sh mnist) and a machine that does nothing else.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv/bin/python"
PEERS = ROOT / "scripts/peers"
# What glibc does best for training: keep freed memory (see app/system/memory.h).
TUNED_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "4294967296",
}


@dataclasses.dataclass
class Side:
    """A command; `value` takes what is compared out of its output and time."""

    name: str
    command: list
    value: callable
    environment: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Contest:
    name: str
    unit: str
    more_is_better: bool
    ours: callable  # of the repetition's seed
    theirs: list  # of callables


def run(side: Side) -> dict:
    begin = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in side.command],
        cwd=ROOT,
        env=os.environ | side.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    out, err = process.communicate()
    seconds = time.perf_counter() - begin
    if process.returncode:
        sys.exit(f"{side.name}: exit {process.returncode}\n{err.strip()}")
    lines = out.strip().splitlines()
    try:
        printed = json.loads(lines[-1])
    except (IndexError, json.JSONDecodeError):
        printed = {}
    return {"value": side.value(printed, seconds), "printed": printed}


def train_seconds(printed, _):
    return printed["train_seconds"]


def process_seconds(_, seconds):
    return seconds


def ours_training(program, preset, folder, epochs):
    def side(seed):
        return Side(
            "digitorch",
            [program, "train", "--preset", preset, "--epochs", epochs]
            + ["--seed", seed, "--quiet", "--format", "json"]
            + ["--run-dir", f"{folder}/{preset}-{time.time_ns()}"],
            train_seconds,
        )

    return side


def peer(name, script, value, *words, tuned=False):
    def side(seed):
        return Side(
            name,
            [PYTHON, PEERS / script, "--seed", seed, *words]
            + (["--tuned"] if tuned else []),
            value,
            TUNED_MEMORY if tuned else {},
        )

    return side


def one_picture(program, folder):
    """Both sides answer about the same picture with the same network."""
    subprocess.run(
        [program, "samples", "--count", "1", "--output", folder],
        cwd=ROOT, check=True, capture_output=True,
    )
    subprocess.run(
        [program, "export", "--output", f"{folder}/model.pt", "--quiet"],
        cwd=ROOT, check=True, capture_output=True,
    )
    picture = next(pathlib.Path(folder).glob("*.png"))
    return (
        lambda _: Side(
            "digitorch", [program, "classify", picture], process_seconds
        ),
        lambda _: Side(
            "python",
            [PYTHON, PEERS / "classify.py", f"{folder}/model.pt", picture],
            process_seconds,
        ),
    )


def contests(program, folder):
    ours_picture, theirs_picture = one_picture(program, folder)

    def ours_inference(_):
        return Side(
            "digitorch",
            [program, "bench", "--preset", "fast", "--work", "inference"]
            + ["--batch-sizes", "256", "--repetitions", "40"]
            + ["--format", "json", "--quiet"],
            lambda printed, _: printed["results"][0]["images_per_second"],
        )

    def images(printed, _):
        return printed["images_per_second"]

    return [
        Contest(
            "one epoch of the fast recipe", "s", False,
            ours_training(program, "fast", folder, 1),
            [
                peer("fast", "fast.py", train_seconds),
                peer("tuned", "fast.py", train_seconds, tuned=True),
            ],
        ),
        Contest(
            "one epoch of the stock example", "s", False,
            ours_training(program, "stock", folder, 1),
            [peer("stock", "stock.py", train_seconds)],
        ),
        Contest(
            "inference, batches of 256", "images/s", True,
            ours_inference,
            [
                peer("eager", "inference.py", images),
                peer("tuned", "inference.py", images, tuned=True),
            ],
        ),
        Contest(
            "one picture, process start to answer", "s", False,
            ours_picture, [theirs_picture],
        ),
    ]


def spread(values):
    return {
        "median": statistics.median(values),
        "least": min(values),
        "most": max(values),
    }


def hold(contest, repetitions):
    """Alternates the sides; returns a record for each peer."""
    makers = [contest.ours, *contest.theirs]
    values = [[] for _ in makers]
    accuracies = [[] for _ in makers]
    names = [None] * len(makers)
    for seed in range(1, repetitions + 1):
        for i, make in enumerate(makers):
            side = make(seed)
            names[i] = side.name
            result = run(side)
            values[i].append(result["value"])
            for key in ("test_accuracy", "accuracy"):
                if result["printed"].get(key) is not None:
                    accuracies[i].append(result["printed"][key])
    records = []
    for i in range(1, len(makers)):
        ratios = [
            ours / theirs if contest.more_is_better else theirs / ours
            for ours, theirs in zip(values[0], values[i])
        ]
        records.append(
            {
                "contest": contest.name,
                "unit": contest.unit,
                "peer": names[i],
                "ours": spread(values[0]),
                "theirs": spread(values[i]),
                "ratio": spread(ratios),
                "our_accuracy": spread(accuracies[0]) if accuracies[0] else None,
                "their_accuracy": (
                    spread(accuracies[i]) if accuracies[i] else None
                ),
            }
        )
    return records


def shown(record):
    def text(values):
        digits = 0 if values["median"] >= 1000 else 3
        return (
            f"{values['median']:.{digits}f}"
            f" ({values['least']:.{digits}f}-{values['most']:.{digits}f})"
        )

    def accuracy(values):
        return f"{100 * values['median']:.2f} %" if values else "-"

    ratio = record["ratio"]
    return (
        f"{record['contest']:<38}{record['peer']:<8}"
        f"{text(record['ours']):>24}{text(record['theirs']):>24} "
        f"{record['unit']:<9}{accuracy(record['our_accuracy']):>9}"
        f"{accuracy(record['their_accuracy']):>9}"
        f"{ratio['median']:>7.2f}x ({ratio['least']:.2f}-{ratio['most']:.2f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument(
        "--only", default="", help="contests whose name holds one of these words"
    )
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument(
        "--digitorch", type=pathlib.Path,
        default=ROOT / "build/release/digitorch",
    )
    options = parser.parse_args()
    if not options.digitorch.exists():
        sys.exit(f"{options.digitorch}: not built; run scripts/build.sh first")
    wanted = [word for word in options.only.split(",") if word]
    records = []
    print(
        f"{'contest':<38}{'peer':<8}{'ours (spread)':>24}"
        f"{'theirs (spread)':>24} {'unit':<9}{'ours':>9}{'theirs':>9}"
        f"{'ratio':>8} (spread)"
    )
    with tempfile.TemporaryDirectory() as folder:
        for contest in contests(options.digitorch.resolve(), folder):
            if wanted and not any(word in contest.name for word in wanted):
                continue
            for record in hold(contest, options.repetitions):
                records.append(record)
                print(shown(record), flush=True)
    if options.json:
        options.json.write_text(json.dumps(records, indent=2) + "\n")


if __name__ == "__main__":
    main()
