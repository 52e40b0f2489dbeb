"""What a training shows on a real terminal of 80, 40 and 20 columns: one line
that changes, and one line an epoch, none wider than the terminal.

    terminal_test.py DIGITORCH
"""

import fcntl
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import unittest

PROGRAM = sys.argv[1]
CLASSES = 14
EPOCHS = 2
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def write_set(folder):
    """Bars at one of 14 places, as IDX files of small pictures."""
    folder.mkdir()
    for part, count in (("train", 1120), ("t10k", 280)):
        images, labels = bytearray(), bytearray()
        for number in range(count):
            label = number % CLASSES
            picture = bytearray(28 * 28)
            for row in range(4, 24):
                picture[row * 28 + 2 * label] = 255
            images += picture
            labels.append(label)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(
            struct.pack(">4I", 0x803, count, 28, 28) + images
        )
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(
            struct.pack(">2I", 0x801, count) + labels
        )


def in_terminal(arguments, columns, kind="xterm"):
    """All that the program prints on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": kind},
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            block = os.read(ours, 65536)
        except OSError:  # the program has closed the terminal
            break
        if not block:
            break
        text += block
    os.close(ours)
    assert process.wait() == 0, text.decode()
    return text.decode()


def lines_drawn(text):
    """Every line that is ever on the screen, without control sequences."""
    return [ESCAPE.sub("", line) for line in re.split(r"[\r\n]+", text)]


class TerminalTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.holder.name)
        write_set(cls.folder / "data")

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def train(self, columns, kind="xterm"):
        return in_terminal(
            [
                "train",
                f"--data={self.folder / 'data'}",
                f"--run-dir={self.folder / f'{kind}-{columns}'}",
                f"--epochs={EPOCHS}",
                "--batch-size=4",
                "--threads=1",
                "--channels=4,4",
                "--hidden=8",
            ],
            columns,
            kind,
        )

    def test_progress_is_one_line_that_changes(self):
        for columns in (80, 40, 20):
            with self.subTest(columns=columns):
                text = self.train(columns)
                progress = [
                    line for line in lines_drawn(text) if line.startswith("epoch")
                ]
                self.assertLess(max(map(len, progress)), columns)
                # Drawn more often than there are epochs, but each time in place.
                self.assertGreater(len(progress), EPOCHS)
                ended = [
                    line for line in text.split("\n") if "\x1b[Kepoch" in line
                ]
                self.assertEqual(len(ended), EPOCHS)

    def test_a_dumb_terminal_gets_plain_lines(self):
        text = self.train(80, kind="dumb")
        self.assertNotIn("\x1b", text)
        epochs = [line for line in lines_drawn(text) if line.startswith("epoch")]
        self.assertEqual(len(epochs), EPOCHS)

    def test_tables_and_help_fit(self):
        self.train(100)
        model = str(self.folder / "xterm-100")
        data = f"--data={self.folder / 'data'}"
        for columns in (80, 60):
            with self.subTest(columns=columns):
                text = in_terminal(["eval", "--model", model, data], columns)
                self.assertIn("largest confusions", text)
                self.assertLessEqual(max(map(len, lines_drawn(text))), columns)
        text = in_terminal(["train", "--help-all"], 60)
        self.assertLessEqual(max(map(len, lines_drawn(text))), 60)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
