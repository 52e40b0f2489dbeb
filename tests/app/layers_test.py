"""Includes go down the layers only, TorchScript is loaded in one place, and the
network written by hand uses no library for its gradients."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What a folder's files may include of the project.
MAY_INCLUDE = {
    "datasets": {"datasets"},
    "models": {"models"},
    "app/system": {"app/system"},
    "app/training": {"app/training", "app/system", "models", "datasets"},
    "app/predict": {"app/predict", "app/system", "models", "datasets"},
    "app/report": {
        "app/report",
        "app/training",
        "app/predict",
        "app/system",
        "models",
        "datasets",
    },
    "app/commands": {
        "app/commands",
        "app/report",
        "app/training",
        "app/predict",
        "app/system",
        "models",
        "datasets",
    },
}
INCLUDE = re.compile(r'^#include "([^"]+)/[^/"]+"', re.MULTILINE)
RUNS_CODE = re.compile(r"\btorch::load\b|\bjit::load\b|\bimport_ir_module\b")
MAY_RUN_CODE = {
    "models/export_torchscript.cpp",  # on bytes it has just made
    "models/torchscript_model.cpp",  # behind --trust-torchscript
}
# Its back-propagation is written by hand.
BY_HAND = ["models/scratch.h", "models/scratch.cpp"]
COMMENT = re.compile(r"//.*")
BY_LIBRARY = re.compile(r"nn::|torch/nn|optim|autograd|requires_grad|backward\(\)")


def faults():
    for name in BY_HAND:
        code = COMMENT.sub("", (ROOT / name).read_text())
        for found in BY_LIBRARY.findall(code):
            yield f"{name}: uses {found}, and is to be written by hand"
    for folder, allowed in MAY_INCLUDE.items():
        files = sorted((ROOT / folder).glob("*.[ch]*"))
        if not files:
            yield f"{folder}: found no sources; expected some"
        for path in files:
            name = path.relative_to(ROOT).as_posix()
            text = path.read_text()
            for included in INCLUDE.findall(text):
                if included not in allowed:
                    yield f"{name}: includes from {included}"
            if RUNS_CODE.search(text) and name not in MAY_RUN_CODE:
                yield f"{name}: loads TorchScript or an archive, which runs code"


found = list(faults())
print("\n".join(found) or "all layers are kept")
sys.exit(bool(found))
