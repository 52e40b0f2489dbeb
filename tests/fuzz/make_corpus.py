"""Writes the corpus that the fuzzers start from: small valid files of every form.

    make_corpus.py          into tests/fuzz/corpus; needs Pillow for the pictures
"""

import gzip
import io
import json
import pathlib
import struct

from PIL import Image, ImageDraw

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"


def write(reader, name, data):
    path = CORPUS / reader / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def idx(magic, sizes, values):
    return struct.pack(f">{1 + len(sizes)}I", magic, *sizes) + bytes(values)


def idx_files():
    pixels = [(7 * i) % 256 for i in range(784)]
    images = idx(0x803, [1, 28, 28], pixels)
    labels = idx(0x801, [3], [0, 9, 4])
    packed = [gzip.compress(part, mtime=0) for part in (images, labels)]
    write("idx", "images", images)
    write("idx", "labels", labels)
    write("idx", "images.gz", packed[0])
    write("idx", "labels.gz", packed[1])
    members = [gzip.compress(labels[:6], mtime=0), gzip.compress(labels[6:], mtime=0)]
    write("idx", "two-members.gz", b"".join(members))
    write("idx", "bytes-after-the-end", labels + b"x")
    write("idx", "floats", idx(0xD01, [1], [0, 0, 0, 0]))


OPTIONS = {
    "hidden": [],
    "activation": "relu",
    "initialisation": "torch",
    "dropout": 0.0,
    "batch-norm": False,
}
SPEC = {"kind": "mlp", "classes": 1, "mean": 0.1, "deviation": 0.3, "options": OPTIONS}
ROW = {
    "epoch": 1,
    "lr": 0.1,
    "train_loss": 0.5,
    "train_accuracy": 0.9,
    "validation_loss": 0.4,
    "validation_accuracy": 0.95,
    "seconds": 1.5,
    "samples": 90,
}
CONFIG = {
    "config_version": 1,
    "digitorch": "0.1.0",
    "libtorch": "2.13.0",
    "preset": "",
    "data_sha256": "0" * 64,
    "options": {
        "model": "cnn",
        "channels": [4, 8],
        "epochs": 2,
        "lr": 0.01,
        "augment": True,
        "schedule": "cosine",
        "data": {"bytes": [99, 233]},
    },
}
STATE = {
    "config": CONFIG,
    "seen": [9, 4.5, 8.0],
    "epoch": 1,
    "step": 1,
    "samples": 10,
    "epoch_seconds": 0.25,
    "best_epoch": 1,
    "best_temperature": 1.2,
    "history": [ROW],
}
RESULT = {
    "epochs": 1,
    "train_seconds": 1.5,
    "samples_per_second": 60.0,
    "validation_accuracy": 0.95,
    "test_accuracy": None,
    "checkpoint": "runs/a/best.safetensors",
    "run_dir": "runs/a",
    "best_epoch": 1,
    "load_seconds": 0.1,
}
PLAN = {
    "axes": [
        {"name": "lr", "values": ["0.001", "0.1"], "is_range": True},
        {"name": "hidden", "values": ["8", "16,8"], "is_range": False},
    ],
    "random": 3,
    "options": [["model", "mlp"], ["seed", "5"]],
    "test": 0.1,
}


def json_files():
    without_state = {k: v for k, v in STATE.items() if k != "config"}
    forms = [CONFIG, RESULT, STATE, SPEC, PLAN, [ROW]]
    names = ["config", "result", "state", "spec", "sweep-plan", "history"]
    for number, (name, value) in enumerate(zip(names, forms)):
        write("json", name, bytes([number]) + json.dumps(value).encode())
    write("json", "state-without-config", b"\2" + json.dumps(without_state).encode())
    write("json", "deep", b"\0" + b"[" * 40)
    write("json", "texts", '\0{"a":"\\u00e9é\\n","b":[1e5,-2,null]}'.encode())


def safetensors(metadata, tensors):
    header, data = {"__metadata__": metadata}, b""
    for name, kind, shape, values in tensors:
        offsets = [len(data), len(data) + len(values)]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": offsets}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def checkpoint_files():
    metadata = {
        "format": "digitorch checkpoint",
        "version": "1",
        "spec": json.dumps(SPEC),
        "class_names": json.dumps(["0"]),
        "metrics": json.dumps({"epoch": 1}),
        "training_state": json.dumps({"config": CONFIG, "history": [ROW]}),
    }
    steps = struct.pack("<4d", 50, 0.5, 0.25, 0.9)
    tensors = [
        ("output.bias", "F32", [1], b"\0\0\0\0"),
        ("training.steps", "F64", [1, 4], steps),
        ("sha256", "U8", [32], bytes(32)),
    ]
    # Without the digest, which the fuzzer adds.
    write("checkpoint", "whole", safetensors(metadata, tensors)[:-32])
    names = {**metadata, "class_names": "[[233]]", "training_state": "{}"}
    write("checkpoint", "byte-name", safetensors(names, tensors[::2])[:-32])
    kinds = [
        (kind, kind, [1, 2], bytes(2 * size))
        for kind, size in [("F16", 2), ("BF16", 2), ("I64", 8), ("I32", 4), ("BOOL", 1)]
    ]
    write("checkpoint", "safetensors", safetensors({"format": "pt"}, kinds))


def figure(size, mode="L"):
    picture = Image.new(mode, size, "white")
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.ellipse([2, 2, width // 2, height - 3], outline="black", width=2)
    draw.line([width * 3 // 4, 2, width * 3 // 4, height - 3], fill="black", width=2)
    return picture


def picture_files():
    def encoded(picture, form, **options):
        buffer = io.BytesIO()
        picture.save(buffer, form, **options)
        return buffer.getvalue()

    grey, color = figure((16, 12)), figure((16, 12), "RGB")
    write("picture", "grey.png", encoded(grey, "PNG"))
    write("picture", "alpha.png", encoded(color.convert("RGBA"), "PNG"))
    write("picture", "palette.png", encoded(color.convert("P"), "PNG"))
    write("picture", "baseline.jpg", encoded(color, "JPEG", quality=50))
    write("picture", "progressive.jpg", encoded(grey, "JPEG", progressive=True))
    write("picture", "grey.bmp", encoded(grey, "BMP"))
    for name in ("raw", "tiff_lzw", "tiff_deflate", "packbits"):
        data = encoded(grey, "TIFF", compression=None if name == "raw" else name)
        write("picture", f"{name}.tif", data)
    write("picture", "lossy.webp", encoded(color, "WEBP", quality=30))
    write("picture", "lossless.webp", encoded(color, "WEBP", lossless=True))
    write("picture", "grey.pgm", encoded(grey, "PPM"))
    write("picture", "color.ppm", encoded(color, "PPM"))
    write("picture", "plain.pbm", b"P1 # a comment\n4 2\n0 1 1 0\n1 0 0 1\n")


def page_files():
    for name, size in (("two-figures", (40, 24)), ("wide", (120, 20))):
        width, height = size
        pixels = figure(size).tobytes()
        write("page", name, bytes([width - 8]) + pixels)
    stripes = bytes(255 if (x // 3) % 2 else 0 for y in range(40) for x in range(40))
    write("page", "stripes", bytes([32]) + stripes)
    write("page", "blank", bytes([8]) + bytes([250] * 256))


idx_files()
json_files()
checkpoint_files()
picture_files()
page_files()
