#!/usr/bin/env python3
"""Scores `digitorch classify` with other values of named constants of its
sources, and prints a row of a README's table for each: file, name, unit, value,
the range of tried values in which the score stays flat, and the lowest and the
highest score.

  scripts/pictures/make_pictures.py --kinds pages --digits validation --count 40 \\
      --output pictures/validation
  scripts/pictures/scan_constants.py --on pictures/validation -- \\
      "app/predict/page/cuts.cpp:kMaxCost:heights of digits"

Each value is written into a copy of the source. The copy is compiled as the
build folder compiles the source and linked before the project's libraries into
a copy of what the program loads, so neither the sources nor the build folder
change. Of a header all sources that include it are compiled again. A constant is
named as in the tables: kName, defined as `constexpr TYPE kName = VALUE;`,
kName.member of a constexpr struct, or Struct::member with a value to begin with.

Folders with pages.jsonl are scored by F1, the harmonic mean of recall and
precision over the digits of all pages; folders with labels.csv by accuracy.
Several folders count alike. Choose constants on validation pictures only.
"""

import argparse
import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import score_pages
import score_pictures
from lib.answers import classify

DEFINITION = r"(constexpr\s+(\w+)\s+{name}\s*=\s*)([^;]+)(;)"
# No type stands beside the member: it is that of the number.
VALUE_MEMBER = (
    r"(constexpr\s+\w+\s+{name}\s*=\s*{{[^}}]*\.{member}()\s*=\s*)([\d.]+)([,}}])"
)
STRUCT_MEMBER = r"(struct {name} {{(?:(?!^}}).)*?(\w+) {member}\s*=\s*)([^;]+)(;)"
ROOT = Path(__file__).resolve().parents[2]
CORE = "digitorch-core.so"  # the program loads it from its own folder


def pattern_of(name: str) -> re.Pattern:
    """Finds the definition: what is before the value, the type, the value, and
    what ends it."""
    if "::" in name:
        struct, member = name.split("::")
        text = STRUCT_MEMBER.format(name=struct, member=member)
    elif "." in name:
        value, member = name.split(".")
        text = VALUE_MEMBER.format(name=value, member=member)
    else:
        text = DEFINITION.format(name=name)
    return re.compile(text, re.MULTILINE | re.DOTALL)


def that_include(header: Path, sources: list[Path]) -> list[Path]:
    """The sources that include the header, themselves or through others."""
    known, changed = {header}, True
    headers = [
        path for folder in ("app", "datasets", "models")
        for path in (ROOT / folder).rglob("*.h")
    ]
    texts = {path: path.read_text() for path in (*headers, *sources)}
    while changed:
        needles = [f'#include "{path.relative_to(ROOT)}"' for path in known]
        more = {p for p in texts if any(n in texts[p] for n in needles)}
        changed = not more <= known
        known |= more
    return [path for path in sources if path in known]


class Build:
    """Programs that differ from the one in a build folder in one source."""

    def __init__(self, folder: Path, source: Path, work: Path):
        self.folder, self.source, self.work = folder, source, work
        commands = {
            Path(entry["file"]): shlex.split(entry["command"])
            for entry in json.loads((folder / "compile_commands.json").read_text())
        }
        sources = [source]
        if source.suffix == ".h":
            sources = that_include(source, [
                path for path in commands
                if path.is_relative_to(ROOT) and path.is_file()
                and path.relative_to(ROOT).parts[0] != "tests"
            ])
        if not sources or any(path not in commands for path in sources):
            raise SystemExit(f"{source}: {folder} does not compile it by itself")
        self.compile = {path: commands[path] for path in sources}
        printed = subprocess.run(
            ["ninja", "-C", str(folder), "-t", "commands", "digitorch"],
            check=True, capture_output=True, text=True,
        ).stdout
        self.link = next(
            part.strip()
            for line in printed.splitlines()
            for part in line.split("&&")
            if f"-o {CORE} " in part
        )

    def program(self, text: str) -> Path:
        """The program with this text as the source."""
        copy = self.work / self.source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
        objects = []
        for number, (source, command) in enumerate(self.compile.items()):
            made = self.work / f"{number}.o"
            command = [command[0], f"-I{self.work}", *command[1:]]
            command[command.index("-o") + 1] = str(made)
            if source == self.source:
                command[command.index("-c") + 1] = str(copy)
            subprocess.run(command, check=True, cwd=self.folder)
            objects.append(str(made))
        core = self.work / CORE
        link = self.link.replace(
            f"-o {CORE} ", f"-o {core} {' '.join(objects)} ", 1
        )
        subprocess.run(link, check=True, cwd=self.folder, shell=True)
        return Path(shutil.copy(self.folder / "digitorch", self.work))


def score_folder(program: Path, folder: Path) -> float:
    """0..1."""
    if (folder / "labels.csv").exists():
        with open(folder / "labels.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        answers = classify(str(program), "", [folder / r["path"] for r in rows])
        right = [
            score_pictures.is_right(answer, row["label"])
            for answer, row in zip(answers, rows)
        ]
        return sum(right) / len(right)
    lines = (folder / "pages.jsonl").read_text().splitlines()
    truths = [json.loads(line) for line in lines]
    paths = [folder / truth["path"] for truth in truths]
    answers = classify(str(program), "", paths, "--page")
    total = score_pages.summary(
        [score_pages.score_page(t, a) for t, a in zip(truths, answers)]
    )
    both = total["recall"] + total["precision"]
    return 2 * total["recall"] * total["precision"] / both if both else 0.0


def value_of(text: str) -> float:
    """The value of an expression of numbers such as 1.0 / 3."""
    plain = re.sub(r"(?<=[\d.])[FfUu]\b", "", text)
    if not re.fullmatch(r"[\d.eE+\-*/() ]+", plain):
        raise SystemExit(f"{text}: expected numbers only")
    return float(eval(plain, {"__builtins__": {}}))


def values_to_try(kind: str, now: float, factors: list[float]) -> list[float]:
    values = {now * factor for factor in factors} | {now}
    if kind in ("int", "size_t"):
        values = {float(round(value)) for value in values}
    return sorted(values)


def flat_range(scores: dict[float, float], now: float, lost: float) -> str:
    """The values around the present one whose score is at most `lost` below
    that of the present one."""
    values = sorted(scores)
    low = high = values.index(now)
    while low > 0 and scores[values[low - 1]] >= scores[now] - lost:
        low -= 1
    while (high + 1 < len(values)
           and scores[values[high + 1]] >= scores[now] - lost):
        high += 1
    whole_range = f"{values[low]:.3g} to {values[high]:.3g}"
    if low == 0 and high + 1 == len(values):
        return f"{whole_range}, all tried"
    if low == 0:
        return f"up to {values[high]:.3g}"
    if high + 1 == len(values):
        return f"from {values[low]:.3g}"
    return whole_range


def scan(item: str, given: argparse.Namespace, score_of, now_scored: float):
    """The table's row of one constant, FILE:NAME or FILE:NAME:UNIT."""
    path, name, unit = (re.split(r"(?<!:):(?!:)", item) + [""])[:3]
    source = Path(path).resolve()
    text = source.read_text()
    pattern = pattern_of(name)
    found = pattern.findall(text)
    if len(found) != 1:
        raise SystemExit(f"{path}: found {len(found)} definitions of {name}")
    kind, now = found[0][1] or "double", value_of(found[0][2])
    scores = {now: now_scored}
    with tempfile.TemporaryDirectory() as work:
        build = Build(given.build.resolve(), source, Path(work))
        for value in values_to_try(kind, now, given.factors):
            if value == now:
                continue
            changed = pattern.sub(
                lambda m: f"{m[1]}static_cast<{kind}>({value!r}){m[4]}", text
            )
            scores[value] = score_of(f"{name} {value:.4g}", build.program(changed))
    flat = flat_range(scores, now, given.lost / 100)
    low, high = 100 * min(scores.values()), 100 * max(scores.values())
    return (
        f"| `{source.stem}` | `{name}` | {unit} | {now:.3g} | {flat} |"
        f" {low:.1f} to {high:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("constants", nargs="+", metavar="FILE:NAME[:UNIT]")
    parser.add_argument(
        "--on", type=Path, nargs="+", required=True, metavar="FOLDER",
        help="what to score",
    )
    parser.add_argument("--build", type=Path, default=Path("build/release"))
    parser.add_argument(
        "--factors", type=float, nargs="+", default=[0.5, 0.75, 1.33, 2],
        help="values to try, as multiples of the present one",
    )
    parser.add_argument(
        "--lost", type=float, default=0.2,
        help="the score is flat where at most so many points per cent are lost",
    )
    given = parser.parse_args()

    def score_of(what: str, program: Path) -> float:
        each = [score_folder(program, folder) for folder in given.on]
        told = ", ".join(f"{100 * score:.2f}" for score in each)
        print(f"{what}: {told} %", file=sys.stderr, flush=True)
        return sum(each) / len(each)

    now = score_of("as built", given.build / "digitorch")
    for item in given.constants:
        print(scan(item, given, score_of, now), flush=True)


if __name__ == "__main__":
    main()
