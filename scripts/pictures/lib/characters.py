"""Characters of fonts in the 47 classes and the layout of EMNIST's balanced set:
IDX files with pictures of 28x28 pixels that lie on their side, and mapping.txt."""

import random
import struct

import numpy as np
from PIL import Image, ImageDraw, ImageFont

# EMNIST's order: small letters that look like large ones share their class.
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"
SIDE = 28


def draw(character: str, path, rng: random.Random) -> np.ndarray:
    """White on black, upright, of 28x28 pixels."""
    side = 112
    picture = Image.new("L", (side, side))
    font = ImageFont.truetype(str(path), round(rng.uniform(72, 100)))
    ImageDraw.Draw(picture).text(
        (side / 2, side / 2), character, fill=255, font=font, anchor="mm"
    )
    slant = rng.uniform(-0.25, 0.25)
    shift = [rng.uniform(-8, 8) for _ in range(2)]
    picture = picture.transform(
        (side, side), Image.AFFINE,
        (1, slant, -slant * side / 2 + shift[0], 0, 1, shift[1]), Image.BICUBIC,
    )
    picture = picture.rotate(rng.uniform(-12, 12), Image.BICUBIC)
    return np.asarray(picture.resize((SIDE, SIDE), Image.BOX))


def write_idx(path, values):
    with open(path, "wb") as file:
        file.write(struct.pack(">BBBB", 0, 0, 8, values.ndim))
        file.write(struct.pack(f">{values.ndim}I", *values.shape))
        file.write(values.astype(np.uint8).tobytes())


def write_set(output, count, seed, train_fonts, test_fonts):
    """`count` training pictures of each class, and a fifth as many to test with,
    of other fonts."""
    rng = random.Random(seed)
    output.mkdir(parents=True, exist_ok=True)
    for part, fonts, each in (
        ("train", train_fonts, count), ("test", test_fonts, max(1, count // 5)),
    ):
        pictures, labels = [], []
        for _ in range(each):
            for label, character in enumerate(CHARACTERS):
                pictures.append(draw(character, rng.choice(fonts), rng).T)
                labels.append(label)
        stem = f"emnist-fonts-{part}"
        write_idx(output / f"{stem}-images-idx3-ubyte", np.stack(pictures))
        write_idx(output / f"{stem}-labels-idx1-ubyte", np.array(labels))
    (output / "emnist-fonts-mapping.txt").write_text(
        "".join(f"{label} {ord(c)}\n" for label, c in enumerate(CHARACTERS))
    )
