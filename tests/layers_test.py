"""Includes go down the layers only, TorchScript is loaded in one place, and the
network written by hand uses no library for its gradients."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]

# For the top layer.
ANYTHING = None

# What the files of a folder may include beside that folder's own.
MAY_INCLUDE = {
    "datasets": {
        "datasets/digit",
        "datasets/files",
        "datasets/vision",
        "models/input",
        "models/kernels",
    },
    "datasets/files": set(),
    "datasets/vision": set(),
    "datasets/digit": {"datasets/vision"},
    "models": {"models/input", "models/networks", "models/options"},
    "models/input": {"models/options"},
    "models/text": set(),
    "models/options": {"models/text"},
    "models/kernels": {"models/kernels/cuda"},
    "models/kernels/cuda": set(),
    "models/networks": {"models/input", "models/kernels", "models/options"},
    "models/files": {
        "models",
        "models/networks",
        "models/options",
        "models/text",
    },
    "models/shipped": set(),
    "app/front": {
        "app/cli",
        "app/core",
        "app/system",
        "models/options",
    },
    "app/core": {"app/cli", "app/commands", "app/system"},
    "app/system": {"models/text"},
    "app/evaluation": {"app/system", "models/networks", "datasets"},
    "app/training/optimizers": {
        "models/kernels",
        "models/networks",
        "models/options",
    },
    "app/training/distributed": {
        "app/system",
        "models/text",
        "models/networks",
        "datasets",
    },
    **{
        "app/training/distributed/gloo_declarations/gloo" + folder: set()
        for folder in ("", "/common", "/rendezvous", "/transport")
    },
    "app/training": {
        "app/evaluation",
        "app/training/distributed",
        "app/training/optimizers",
        "app/system",
        "models",
        "models/files",
        "models/kernels",
        "models/kernels/cuda",
        "models/networks",
        "models/options",
        "models/text",
        "datasets",
        "datasets/files",
        "datasets/vision",
    },
    "app/predict": {
        "app/evaluation",
        "models/files",
        "models/input",
        "models/kernels",
        "models/networks",
        "models/options",
        "models/shipped",
        "datasets",
        "datasets/digit",
        "datasets/files",
    },
    "app/predict/page": {
        "app/predict",
        "datasets",
        "datasets/digit",
        "datasets/vision",
    },
    "app/report/drawing": {"app/system", "models/text"},
    "app/report/charts": {"app/report/drawing"},
    "app/report/pictures": {
        "app/report/charts",
        "app/report/drawing",
        "app/evaluation",
        "app/training",
        "models/networks",
        "datasets",
        "datasets/vision",
    },
    "app/report/html": {
        "app/report/drawing",
        "app/report/pictures",
        "app/evaluation",
        "app/training",
        "app/system",
        "models",
        "models/files",
        "models/networks",
        "models/options",
        "models/text",
        "datasets",
    },
    "app/serve/http": {"app/system", "models/text"},
    "app/serve": {
        "app/evaluation",
        "app/predict",
        "app/predict/page",
        "app/report/drawing",
        "app/serve/http",
        "app/system",
        "models/input",
        "models/kernels",
        "models/networks",
        "models/text",
        "datasets",
        "datasets/digit",
        "datasets/files",
    },
    "app/cli": {
        "app/report/drawing",
        "app/system",
        "models/input",
        "models/options",
        "models/text",
        "datasets",
    },
    "app/library": {
        "app/library/include/digitorch",
        "app/predict",
        "app/predict/page",
        "app/system",
        "datasets",
        "datasets/files",
    },
    "app/library/include/digitorch": set(),
    "app/commands": ANYTHING,
    "app/commands/backprop": ANYTHING,
    "app/commands/train": ANYTHING,
    "app/commands/sweep": ANYTHING,
    "app/commands/classify": ANYTHING,
}
INCLUDE = re.compile(r'^#include "([^"]+)/[^/"]+"', re.MULTILINE)
RUNS_CODE = re.compile(r"\btorch::load\b|\bjit::load\b|\bimport_ir_module\b")
MAY_RUN_CODE = {
    "models/files/export_torchscript.cpp",  # on bytes it has just made
    "models/files/torchscript_model.cpp",  # behind --trust-torchscript
}
# JSON is parsed and written in one place, which takes texts of any origin. The
# server parses requests of megabytes in one pass, with a lower bound of depth.
JSON = re.compile(r"\bjson::(sax_)?parse\(|\.dump\(")
MAY_USE_JSON = {
    "app/serve/inference_protocol.cpp",
    "models/text/json_text.cpp",
}
# Its back-propagation is written by hand.
BY_HAND = [
    f"models/networks/{name}.{suffix}"
    for name in ("back_propagation", "scratch")
    for suffix in ("h", "cpp")
]
COMMENT = re.compile(r"//.*")
BY_LIBRARY = re.compile(r"nn::|torch/nn|optim|autograd|requires_grad|backward\(\)")


def faults():
    for name in BY_HAND:
        code = COMMENT.sub("", (ROOT / name).read_text())
        for found in BY_LIBRARY.findall(code):
            yield f"{name}: uses {found}, and is to be written by hand"
    sources = sorted(
        path
        for top in ("app", "datasets", "models")
        for path in (ROOT / top).rglob("*.[ch]*")
        if path.suffix in (".h", ".cpp", ".cu", ".cuh")
    )
    if not sources:
        yield "found no sources; expected some"
    for path in sources:
        name = path.relative_to(ROOT).as_posix()
        folder = path.parent.relative_to(ROOT).as_posix()
        if folder not in MAY_INCLUDE:
            yield f"{name}: its folder is not listed in {__file__}"
            continue
        allowed = MAY_INCLUDE[folder]
        text = path.read_text()
        for included in INCLUDE.findall(text):
            if allowed is ANYTHING or included in allowed | {folder}:
                continue
            yield f"{name}: includes from {included}"
        if JSON.search(text) and name not in MAY_USE_JSON:
            yield f"{name}: parses or writes JSON itself"
        if RUNS_CODE.search(text) and name not in MAY_RUN_CODE:
            yield f"{name}: loads TorchScript or an archive, which runs code"


found = list(faults())
print("\n".join(found) or "all layers are kept")
sys.exit(bool(found))
