"""What README says under "From and to Python" works as it is written there, and
no road is long.

python readme_roads_test.py DIGITORCH README
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import samples  # skips the test where a package is missing

try:
    import onnxruntime  # noqa: F401
    from PIL import Image
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(samples.SKIPPED)

SECTION = "### From and to Python\n"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
# Blocks that follow each other without a line between them are one road.
ROAD = re.compile(rf"(?:{BLOCK.pattern})+", re.DOTALL | re.MULTILINE)
MOST_LINES = 6
ROADS = 5


def write_photo(path: pathlib.Path) -> None:
    picture = Image.new("L", (60, 60), 255)
    picture.paste(0, (27, 10, 33, 50))
    picture.save(path)


def main() -> None:
    digitorch, readme = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    text = readme.read_text().split(SECTION)[1].split("\n## ")[0]
    roads = [BLOCK.findall(found.group()) for found in ROAD.finditer(text)]
    assert len(roads) == ROADS, roads
    environment = dict(os.environ)
    environment["PATH"] = f"{digitorch.parent}:{environment['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        write_photo(pathlib.Path(folder) / "photo.jpg")
        for road in roads:
            lines = "".join(code for _, code in road).splitlines()
            assert len(lines) <= MOST_LINES, lines
            for language, code in road:
                words = {
                    "sh": ["bash", "-euc", code],
                    "python": [sys.executable, "-c", code],
                }[language]
                done = subprocess.run(
                    words,
                    cwd=folder,
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=200,
                )
                assert done.returncode == 0, f"{code}\n{done.stdout}{done.stderr}"
                print(code, done.stdout, sep="")


if __name__ == "__main__":
    main()
