"""What `digitorch classify` answers."""

import json
import subprocess
from pathlib import Path


def classify(
    program: str, model: str, paths: list[Path], *options: str
) -> list[dict]:
    """Its JSON of each picture, in the order of the paths. model: a checkpoint
    file, or "" for the shipped one; options: more of `classify`."""
    command = [program, "classify", "--format", "json", "--quiet", *options, "-"]
    if model:
        command += ["--model", model]
    done = subprocess.run(
        command,
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(paths):
        raise SystemExit(
            f"{program}: {len(answers)} answers; expected {len(paths)}\n"
            f"{done.stderr.strip()}"
        )
    return answers
