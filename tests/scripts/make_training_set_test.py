"""Tests what scripts/pictures/make_training_set.py draws, without MNIST and fonts."""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

try:
    import numpy as np
    from PIL import Image
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/pictures"))

import make_training_set as training_set  # noqa: E402
from lib import nondigits, singles  # noqa: E402


def bars(count: int) -> np.ndarray:
    """Upright bars where MNIST has its digits."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = 255
    return images


class NonDigits(unittest.TestCase):
    def assert_ink(self, ink: np.ndarray):
        self.assertEqual(ink.dtype, np.uint8)
        for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1]):
            self.assertGreater(edge.max(), 60)  # cropped to the ink

    def test_every_kind_is_ink_and_depends_on_its_generator_alone(self):
        digits = bars(5)
        for draw in (
            nondigits.scribble,
            nondigits.smudge,
            nondigits.texture,
            lambda rng: nondigits.digit_pair(rng, digits),
        ):
            for seed in range(30):
                ink = draw(np.random.default_rng(seed))
                self.assert_ink(ink)
                again = draw(np.random.default_rng(seed))
                np.testing.assert_array_equal(ink, again)

    def test_two_digits_are_wider_than_one(self):
        ink = nondigits.digit_pair(np.random.default_rng(1), bars(5))
        self.assertGreater(ink.shape[1], 1.5 * singles.enlarged(bars(1)[0], 40).shape[1])

    def test_no_letter_looks_like_a_digit(self):
        self.assertFalse(set(nondigits.LETTERS) & set("0123456789OoIlijZzSsBbGgqyYDQJ"))

    def test_a_letter_that_the_font_lacks_is_drawn_again(self):
        empty = Image.new("L", (20, 20))
        drawn = Image.new("L", (20, 20), 255)
        with mock.patch.object(nondigits, "lettered", side_effect=[empty, drawn]):
            ink = nondigits.letter(np.random.default_rng(1), [pathlib.Path("font")])
        self.assertEqual(ink.shape, (20, 20))


class Coarser(unittest.TestCase):
    def test_each_pixel_is_the_mean_of_what_it_covers(self):
        picture = np.array([[0, 200, 40, 40], [100, 100, 40, 40]], np.uint8)
        np.testing.assert_array_equal(training_set.coarser(picture, 0.5), [[100, 40]])

    def test_something_is_left_of_the_smallest(self):
        self.assertEqual(training_set.coarser(bars(1)[0], 0.01).shape, (1, 1))


class Part(unittest.TestCase):
    def write(self, folder: pathlib.Path, jobs: int = 1) -> dict[str, bytes]:
        digits = singles.Digits(bars(10), np.arange(10) % 2, [])
        counts = training_set.Counts(mnist=10, fonts=0, no_digit=4)
        part = training_set.Part(digits, counts, (1, 0))
        drawn = mock.patch.object(
            nondigits.NonDigits,
            "draw",
            lambda self, rng: (nondigits.scribble(rng), "scribble"),
        )
        with drawn:
            training_set.write_part(part, folder, jobs)
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in sorted(folder.rglob("*.*"))
        }

    def test_is_the_same_however_many_processes_draw_it(self):
        with tempfile.TemporaryDirectory() as folder:
            first = self.write(pathlib.Path(folder) / "a", jobs=1)
            second = self.write(pathlib.Path(folder) / "b", jobs=3)
        self.assertEqual(first, second)

    def test_is_class_folders(self):
        with tempfile.TemporaryDirectory() as folder:
            first = self.write(pathlib.Path(folder) / "a")
        classes = [name.split("/")[0] for name in first]
        self.assertEqual(classes.count("0"), 5)
        self.assertEqual(classes.count("1"), 5)
        self.assertEqual(classes.count("no-digit"), 4)

    def test_digits_off_paper_are_mnists_own(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a"
            files = self.write(path)
            last = next(name for name in files if name.endswith("000009.png"))
            np.testing.assert_array_equal(np.asarray(Image.open(path / last)), bars(1)[0])

    def test_the_reserved_class_is_called_as_in_the_program(self):
        header = (ROOT / "datasets/no_digit.h").read_text()
        self.assertIn(f'kNoDigit = "{training_set.NO_DIGIT}"', header)


if __name__ == "__main__":
    unittest.main()
