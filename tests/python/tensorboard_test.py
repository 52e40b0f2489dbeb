"""TensorBoard reads what `digitorch train --tensorboard` wrote, also of a run that
was continued.

python tensorboard_test.py DIGITORCH
"""

import csv
import math
import pathlib
import subprocess
import sys
import tempfile

import samples
from made_data import write_data

try:
    from tensorboard.backend.event_processing.event_accumulator import (
        EventAccumulator,
    )
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(samples.SKIPPED)

EPOCHS = 3
COLUMNS = {
    "loss/train": "train_loss",
    "accuracy/train": "train_accuracy",
    "loss/validation": "validation_loss",
    "accuracy/validation": "validation_accuracy",
    "learning_rate": "lr",
}


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def train(digitorch: str, *options: str) -> None:
    done = subprocess.run(
        [digitorch, "train", "--tensorboard", "--quiet", *options],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr


def check(run: pathlib.Path) -> None:
    events = EventAccumulator(str(run), size_guidance={"images": 0})
    events.Reload()
    tags = events.Tags()
    epochs = rows(run / "metrics.csv")
    steps = rows(run / "steps.csv")
    assert len(epochs) == EPOCHS, epochs
    ends = [event.step for event in events.Scalars("loss/train")]
    assert len(ends) == EPOCHS and ends == sorted(set(ends)), ends
    assert ends[-1] == int(steps[-1]["step"]), (ends, steps[-1])
    for tag, column in COLUMNS.items():
        found = [event.value for event in events.Scalars(tag)]
        expected = [float(row[column]) for row in epochs]
        for one, other in zip(found, expected, strict=True):
            assert math.isclose(one, other, rel_tol=1e-6), (tag, one, other)
    assert all(each.value > 0 for each in events.Scalars("images_per_second"))
    for tag, column in (("loss/step", "loss"), ("accuracy/step", "accuracy")):
        found = [(each.step, each.value) for each in events.Scalars(tag)]
        expected = [(int(row["step"]), float(row[column])) for row in steps]
        assert [step for step, _ in found] == [step for step, _ in expected]
        for (_, one), (_, other) in zip(found, expected):
            assert math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9), tag
    assert set(tags["images"]) == {"test/confusion", "test/mistakes"}, tags
    for tag in tags["images"]:
        image = events.Images(tag)[-1]
        png = image.encoded_image_string
        assert png.startswith(b"\x89PNG"), tag
        assert int.from_bytes(png[16:20], "big") == image.width, tag
        assert int.from_bytes(png[20:24], "big") == image.height, tag


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(folder)
        options = (
            *(f"--data={folder}", "--model=mlp", "--hidden=8", "--seed=1"),
            *("--batch-size=8", "--validation=0.1", "--augment=none"),
        )
        whole = folder / "whole"
        run = (f"--run-dir={whole}", f"--epochs={EPOCHS}")
        train(sys.argv[1], *options, *run)
        check(whole)
        parts = folder / "parts"
        train(sys.argv[1], *options, f"--run-dir={parts}", "--epochs=1")
        train(sys.argv[1], f"--resume={parts}", f"--epochs={EPOCHS}")
        assert len(list(parts.glob("events.out.tfevents.*"))) == 2
        check(parts)
        print(f"{EPOCHS} epochs in one file and in two: as in the CSV files")


if __name__ == "__main__":
    main()
