#!/usr/bin/env python3
"""digitorch beside PyTorch in Python on this machine, in one run: each contest
alternates ours and theirs, and prints medians, the spread, mean accuracies,
peak memory of the whole processes and the ratio of each repetition.

    scripts/measure/compare_pytorch.py [--repetitions N] [--only NAME,...] [--busy N] [--json FILE]

The peers are the scripts in scripts/measure/peers. Needs the built program, MNIST
(scripts/fetch_data.sh mnist) and a machine that does nothing else, for about
half an hour. With --busy it is given something else to do.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv/bin/python"
PEERS = ROOT / "scripts/measure/peers"
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
    repetitions: int = 3


def run(side: Side) -> dict:
    """Runs the command to its end; its last line on stdout may be JSON."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in side.command],
            cwd=ROOT,
            env=os.environ | side.environment,
            stdout=out,
            stderr=err,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            sys.exit(f"{side.name}: exit {process.returncode}\n{err.read().strip()}")
        lines = out.read().strip().splitlines()
    try:
        printed = json.loads(lines[-1])
    except (IndexError, json.JSONDecodeError):
        printed = {}
    return {
        "value": side.value(printed, seconds),
        "accuracy": printed.get("test_accuracy", printed.get("accuracy")),
        "process_seconds": seconds,
        "peak_mebibytes": usage.ru_maxrss / 1024,
    }


@contextlib.contextmanager
def endless_loops(count):
    """So many programs that want a core each."""
    loops = []
    try:
        for _ in range(count):
            loops.append(subprocess.Popen(["sh", "-c", "while :; do :; done"]))
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def train_seconds(printed, _):
    return printed["train_seconds"]


def load_and_train_seconds(printed, _):
    return printed["load_seconds"] + printed["train_seconds"]


def process_seconds(_, seconds):
    return seconds


def ours_training(program, folder, *words, value=train_seconds):
    def side(seed):
        return Side(
            "digitorch",
            [program, "train", "--seed", seed, "--quiet", "--format", "json"]
            + ["--run-dir", f"{folder}/{time.time_ns()}", *words],
            value,
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

    fast = ("--preset", "fast")
    return [
        Contest(
            "one epoch of the fast recipe", "s", False,
            ours_training(program, folder, *fast),
            [
                peer("fast", "fast.py", train_seconds),
                peer("tuned", "fast.py", train_seconds, tuned=True),
            ],
            repetitions=5,
        ),
        Contest(
            "99 %, from reading the data", "s", False,
            ours_training(
                program, folder, "--preset", "quick",
                value=load_and_train_seconds,
            ),
            [
                peer("fast", "fast.py", load_and_train_seconds),
                peer("tuned", "fast.py", load_and_train_seconds, tuned=True),
            ],
            repetitions=10,
        ),
        Contest(
            "one epoch of the stock example", "s", False,
            ours_training(program, folder, "--preset", "stock", "--epochs", "1"),
            [peer("stock", "stock.py", train_seconds)],
        ),
        Contest(
            "99.4 %, with augmentation", "s", False,
            ours_training(program, folder),
            [
                peer(
                    "stock", "stock.py", train_seconds,
                    # Three epochs are enough to tell who is faster; the
                    # accuracy shows how far they came.
                    "--augment", "--epochs", "3", "--until", "0.994",
                )
            ],
            repetitions=1,
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
    values = [value for value in values if value is not None]
    if not values:
        return None
    return {
        "median": statistics.median(values),
        "mean": statistics.mean(values),
        "least": min(values),
        "most": max(values),
        "count": len(values),
    }


def hold(contest, repetitions):
    """Alternates the sides; returns a record for each peer."""
    makers = [contest.ours, *contest.theirs]
    names = [None] * len(makers)
    results = [[] for _ in makers]
    for seed in range(1, repetitions + 1):
        for i, make in enumerate(makers):
            side = make(seed)
            names[i] = side.name
            results[i].append(run(side))

    def all_of(i):
        return {
            key: spread([result[key] for result in results[i]])
            for key in results[i][0]
        }

    records = []
    for i in range(1, len(makers)):
        pairs = [
            (ours["value"], theirs["value"])
            for ours, theirs in zip(results[0], results[i])
        ]
        records.append(
            {
                "contest": contest.name,
                "unit": contest.unit,
                "peer": names[i],
                "ours": all_of(0),
                "theirs": all_of(i),
                "ratio": spread(
                    [
                        ours / theirs if contest.more_is_better else theirs / ours
                        for ours, theirs in pairs
                    ]
                ),
            }
        )
    return records


HEADING = (
    f"{'contest':<37}{'peer':<7}{'ours (spread)':>23}{'theirs (spread)':>23} "
    f"{'unit':<8}{'accuracy':>16}{'MiB':>12}{'ratio':>7} (spread)"
)


def shown(record):
    def text(values):
        digits = 0 if values["median"] >= 1000 else 2 if values["median"] >= 1 else 3
        return (
            f"{values['median']:.{digits}f}"
            f" ({values['least']:.{digits}f}-{values['most']:.{digits}f})"
        )

    def percent(side):
        accuracy = side["accuracy"]
        return f"{100 * accuracy['mean']:.2f} %" if accuracy else "-"

    def mebibytes(side):
        return f"{side['peak_mebibytes']['median']:.0f}"

    ours, theirs, ratio = record["ours"], record["theirs"], record["ratio"]
    return (
        f"{record['contest']:<37}{record['peer']:<7}"
        f"{text(ours['value']):>23}{text(theirs['value']):>23} "
        f"{record['unit']:<8}{percent(ours):>8}{percent(theirs):>8}"
        f"{mebibytes(ours):>6}{mebibytes(theirs):>6}"
        f"{ratio['median']:>6.2f}x ({ratio['least']:.2f}-{ratio['most']:.2f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--repetitions", type=int, help="of every contest; each has its own"
    )
    parser.add_argument(
        "--only", default="", help="contests whose name holds one of these words"
    )
    parser.add_argument(
        "--busy", type=int, default=0, metavar="N",
        help="run beside N endless loops, each of which wants a core",
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
    if options.busy:
        print(f"beside {options.busy} endless loops")
    print(HEADING)
    with tempfile.TemporaryDirectory() as folder, endless_loops(options.busy):
        for contest in contests(options.digitorch.resolve(), folder):
            if wanted and not any(word in contest.name for word in wanted):
                continue
            for record in hold(contest, options.repetitions or contest.repetitions):
                records.append(record | {"busy": options.busy})
                print(shown(record), flush=True)
    if options.json:
        options.json.write_text(json.dumps(records, indent=2) + "\n")


if __name__ == "__main__":
    main()
