"""Completion in the shells that are installed, and manual pages in mandoc.

    shells_test.py DIGITORCH

A shell that is missing is skipped; all are packages of Debian."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
COMMANDS = ["train", "sweep", "eval", "classify", "help", "version"]

# Completes a line as at a prompt of zsh, and prints the list it would show.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
line() { zpty -w shell "$1" }
line 'PS1=; autoload -U compinit; compinit -u -D'
line 'unsetopt list_ambiguous auto_menu; LISTMAX=1000; COLUMNS=200 LINES=500'
line 'zstyle ":completion:*" list-prompt ""'
line 'source FOLDER/script; cd FOLDER; echo rea""dy'
zpty -r shell out '*ready*'
zpty -w -n shell "$1"$'\t'
sleep 1
zpty -w -n shell $'\C-U'
line 'echo do""ne'
zpty -r shell out '*done*'
print -r -- "$out"
"""


def run(command, **more):
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=120, **more
    ).stdout


class ShellTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        (self.folder / "work" / "my runs").mkdir(parents=True)
        (self.folder / "work" / "photo one.png").touch()

    def script(self, shell):
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not installed")
        path = self.folder / "work" / "script"
        path.write_text(run([PROGRAM, "completion", shell]))
        return path

    def complete(self, shell, line):
        return getattr(self, shell)(self.script(shell), line)

    def bash(self, script, line):
        words = line.split(" ")
        # As readline does it, the equals sign is a word of its own.
        words = [
            part
            for word in words
            for part in (word.partition("=") if "=" in word else (word,))
        ]
        quoted = " ".join(f"'{word}'" for word in words)
        return run(
            [
                "bash",
                "-c",
                f"source '{script}'; COMP_WORDS=({quoted}); "
                f"COMP_CWORD={len(words) - 1}; _digitorch; "
                "printf '%s\\n' \"${COMPREPLY[@]}\"",
            ],
            cwd=script.parent,
        )

    def zsh(self, script, line):
        code = ZSH.replace("FOLDER", str(script.parent))
        return run(["zsh", "-f", "-c", code, "zsh", line])

    def fish(self, script, line):
        return run(
            ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"],
            cwd=script.parent,
            env={**os.environ, "HOME": str(self.folder)},
        )


def add(shell):
    def offers(self, line, *wanted, without=()):
        text = self.complete(shell, line)
        for word in wanted:
            self.assertIn(word, text, line)
        for word in without:
            self.assertNotIn(word, text, line)

    def test(self):
        offers(self, "digitorch ", *COMMANDS)
        offers(self, "digitorch train --sched", "schedule", without=["epochs"])
        offers(self, "digitorch train --no-rep", "no-report")
        offers(self, "digitorch train --optimizer ad", "adamw", "adadelta")
        offers(self, "digitorch train --schedule=one", "one-cycle")
        offers(self, "digitorch train --model ", "scratch", "photo")
        offers(self, "digitorch train --run-dir ", "my", without=["photo"])
        offers(self, "digitorch train --epochs ", without=["photo", "my"])
        offers(self, "digitorch classify ph", "photo")
        offers(self, "digitorch help cla", "classify")
        if shell != "bash":  # which shows no descriptions
            offers(self, "digitorch train --b", "Pictures per step")
            offers(self, "digitorch ", "Check this machine")

    setattr(ShellTest, f"test_{shell}", test)


for name in ("bash", "zsh", "fish"):
    add(name)


class ManualTest(unittest.TestCase):
    def test_pages_are_clean(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed")
        overview = run([PROGRAM, "help"])
        names = [
            line.split()[0]
            for line in overview.splitlines()
            if line.startswith("  ")
        ]
        self.assertGreater(len(names), 10)
        for name in ([], *([name] for name in names)):
            page = run([PROGRAM, "manual", *name])
            lint = subprocess.run(
                ["mandoc", "-Tlint"], input=page, capture_output=True, text=True
            )
            self.assertEqual(lint.stdout + lint.stderr, "", name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
