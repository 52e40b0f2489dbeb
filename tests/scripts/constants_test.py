"""The tables of fitted constants in the READMEs agree with the sources: every
constant of the folders that a table is about has a row with its value, and
every row has a constant.

Constants are numbers that are named kName, the members of a constexpr struct
(`kName.member`), and what the members of the structs Search and Shape in headers
begin as, unless that is 0 (`Struct::member`)."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The README with the table: the folders that it is about.
TABLES = {
    "app/predict/page/README.md": ["app/predict/page"],
    "datasets/digit/README.md": ["datasets/digit", "datasets/vision"],
}
# | `file` | `constant` | value | ...
ROW = re.compile(r"^\| `(\w+)` \| `(\w[\w.:]*)` \| ([^|]+) \|", re.MULTILINE)
DEFINITION = re.compile(
    r"^ *(?:inline )?constexpr (?:double|float|int|size_t) (k\w+) =\s*([^;]+);",
    re.MULTILINE,
)
VALUE = re.compile(
    r"^(?:inline )?constexpr \w+ (k\w+) = \{([^}]+)\};", re.MULTILINE
)
VALUE_MEMBER = re.compile(r"\.(\w+) = ([\d.]+)")
STRUCT = re.compile(r"^struct (\w+(?:Search|Shape)) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
STRUCT_MEMBER = re.compile(
    r"^ +(?:double|float|int|size_t) (\w+) = ([^;]+);", re.MULTILINE
)


def constants_of(source: Path) -> dict[str, str]:
    text = source.read_text()
    found = dict(DEFINITION.findall(text))
    for name, members in VALUE.findall(text):
        for member, value in VALUE_MEMBER.findall(members):
            found[f"{name}.{member}"] = value
    if source.suffix == ".h":
        for struct, members in STRUCT.findall(text):
            for member, value in STRUCT_MEMBER.findall(members):
                found[f"{struct}::{member}"] = value
    return {
        name: re.sub(r"(?<=\d)F\b", "", value.strip())
        for name, value in found.items()
        # The largest size_t stands for none; a member is off at 0.
        if value != "~size_t{0}" and not ("::" in name and value == "0")
    }


def constants_in(folders: list[str]) -> dict[tuple[str, str], str]:
    """By the file's name without its extension, and the constant's."""
    return {
        (source.stem, name): value
        for folder in folders
        for source in sorted((ROOT / folder).iterdir())
        if source.suffix in (".cpp", ".h")
        for name, value in constants_of(source).items()
    }


def faults_of(readme: str, folders: list[str]):
    rows = ROW.findall((ROOT / readme).read_text())
    told = {(stem, name): value.strip() for stem, name, value in rows}
    found = constants_in(folders)
    if not found:
        yield f"{readme}: found no constants in {folders}; expected some"
    if len(told) != len(rows):
        yield f"{readme}: found a constant twice; expected one row for each"
    for stem, name in sorted(told.keys() | found.keys()):
        row, value = told.get((stem, name)), found.get((stem, name))
        if row != value:
            yield (
                f"{readme}: found {stem} {name} {row or 'nowhere'}; expected "
                f"{value or 'no such row'}"
            )


def main() -> int:
    faults = [
        fault
        for readme, folders in TABLES.items()
        for fault in faults_of(readme, folders)
    ]
    for fault in faults:
        print(fault)
    print("the tables of constants agree" if not faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
