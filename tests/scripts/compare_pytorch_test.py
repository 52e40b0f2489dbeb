"""Tests scripts/measure/compare_pytorch.py with commands that take no time."""

import importlib.util
import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location(
    "compare_pytorch", ROOT / "scripts/measure/compare_pytorch.py"
)
compare = importlib.util.module_from_spec(spec)
sys.modules["compare_pytorch"] = compare
spec.loader.exec_module(compare)


def saying(name, values, code="", key="seconds"):
    """A side that prints the value of the repetition's seed."""

    def side(seed):
        printed = json.dumps({key: values[seed - 1], "accuracy": 0.99})
        return compare.Side(
            name,
            [sys.executable, "-c", f"{code}\nprint('noise')\nprint('''{printed}''')"],
            lambda printed, _: printed[key],
        )

    return side


def contest(ours, theirs, more_is_better=False):
    return compare.Contest("speed", "s", more_is_better, ours, theirs)


class Hold(unittest.TestCase):
    def test_each_repetition_gives_a_ratio_to_each_peer(self):
        records = compare.hold(
            contest(
                saying("ours", [1, 2, 4]),
                [saying("slow", [4, 4, 4]), saying("fast", [1, 1, 1])],
            ),
            3,
        )
        self.assertEqual([r["peer"] for r in records], ["slow", "fast"])
        slow, fast = (record["ratio"] for record in records)
        self.assertEqual((slow["least"], slow["median"], slow["most"]), (1, 2, 4))
        self.assertEqual((fast["least"], fast["median"], fast["most"]), (0.25, 0.5, 1))
        self.assertEqual(records[0]["ours"]["value"]["mean"], 7 / 3)
        self.assertEqual(records[0]["ours"]["accuracy"]["count"], 3)

    def test_where_more_is_better_the_ratio_turns(self):
        (record,) = compare.hold(
            contest(saying("ours", [30]), [saying("theirs", [10])], True), 1
        )
        self.assertEqual(record["ratio"]["median"], 3)

    def test_memory_is_that_of_each_process(self):
        big = saying("ours", [1], code="x = bytearray(200 << 20)")
        (record,) = compare.hold(contest(big, [saying("theirs", [1])]), 1)
        ours = record["ours"]["peak_mebibytes"]["median"]
        theirs = record["theirs"]["peak_mebibytes"]["median"]
        self.assertGreater(ours, 200)
        self.assertLess(theirs, 100)

    def test_a_side_that_fails_ends_the_comparison_and_is_named(self):
        failing = saying("ours", [1], code="import sys; sys.exit('out of luck')")
        with self.assertRaises(SystemExit) as raised:
            compare.hold(contest(failing, [saying("theirs", [1])]), 1)
        self.assertEqual(str(raised.exception), "ours: exit 1\nout of luck")

    def test_a_row_shows_medians_accuracies_and_the_ratio(self):
        (record,) = compare.hold(
            contest(saying("ours", [0.5]), [saying("peer", [1250])]), 1
        )
        row = compare.shown(record)
        self.assertRegex(row, r"^speed +peer +0\.500 \(0\.500-0\.500\)")
        self.assertIn("1250 (1250-1250) s", row)
        self.assertRegex(row, r"99\.00 % 99\.00 %")
        self.assertTrue(row.endswith("2500.00x (2500.00-2500.00)"), row)

    def test_no_accuracy_is_shown_as_none(self):
        def side(_):
            return compare.Side("a", [sys.executable, "-c", ""], compare.process_seconds)

        (record,) = compare.hold(contest(side, [side]), 1)
        self.assertIsNone(record["ours"]["accuracy"])
        self.assertIn("       -       -", compare.shown(record))


if __name__ == "__main__":
    unittest.main()
