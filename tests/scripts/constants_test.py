"""The tables of fitted constants in the READMEs of the folders agree with the
sources: every row has the value that its file has, and a file with one row has
a row for each of its constants."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# | `file` | `constant` | value | ...
ROW = re.compile(r"^\| `(\w+)` \| `(k\w+)` \| ([^|]+) \|", re.MULTILINE)
DEFINITION = re.compile(
    r"^constexpr (?:double|float|int|size_t) (k\w+) =\s*([^;]+);", re.MULTILINE
)


def constants_of(source: Path) -> dict[str, str]:
    return {
        name: re.sub(r"(?<=\d)F\b", "", value.strip())
        for name, value in DEFINITION.findall(source.read_text())
    }


def faults_of(readme: Path):
    told: dict[str, dict[str, str]] = {}
    for stem, name, value in ROW.findall(readme.read_text()):
        told.setdefault(stem, {})[name] = value.strip()
    for stem, rows in told.items():
        found = constants_of(readme.parent / f"{stem}.cpp")
        for name in sorted(rows.keys() | found.keys()):
            if rows.get(name) != found.get(name):
                yield (
                    f"{readme.relative_to(ROOT)}: found {stem} {name} "
                    f"{rows.get(name, 'nowhere')}; expected "
                    f"{found.get(name, 'no such row')}"
                )
    if not told:
        yield f"{readme.relative_to(ROOT)}: found no constants; expected some"


def main() -> int:
    faults = [
        fault
        for folder in ("app/predict/page",)
        for fault in faults_of(ROOT / folder / "README.md")
    ]
    for fault in faults:
        print(fault)
    print("the tables of constants agree" if not faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
