"""Makes the picture that a Shot describes, in the order of nature: pen, place on
the sheet, printed rules, dirt, light, lens, sensor, file."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from lib.nuisances import Shot
from lib.pen import with_pen


def turned(grey: np.ndarray, degrees: float) -> np.ndarray:
    image = Image.fromarray(grey)
    return np.asarray(
        image.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    )


def blurred(picture: np.ndarray, deviation: float) -> np.ndarray:
    """float [H, W] in 0..255 -> float, blurred by `deviation` pixels."""
    if deviation < 0.2:
        return picture.astype(np.float32)
    image = Image.fromarray(np.clip(picture, 0, 255).round().astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(float(deviation)))
    return np.asarray(image, np.float32)


def smooth_field(rng, shape, cells: int) -> np.ndarray:
    """A random field that changes slowly, deviation about 1, [H, W]."""
    coarse = rng.normal(size=(cells, cells)).astype(np.float32)
    return np.asarray(
        Image.fromarray(coarse).resize(shape[::-1], Image.Resampling.BICUBIC)
    )


def rules(shot: Shot, shape, rng) -> np.ndarray:
    """The printed lines' coverage, 0..1."""
    # Drawn at twice the size, shrunk for soft edges.
    image = Image.new("L", (2 * shape[1], 2 * shape[0]))
    draw = ImageDraw.Draw(image)
    gap = 2 * shot.height * rng.uniform(0.4, 1.2)
    width = max(1, round(2 * rng.uniform(0.012, 0.03) * shot.height))
    reach = 2 * sum(shape)
    middle = np.array([shape[1], shape[0]], float)
    angles = [shot.rule_degrees]
    if shot.rules == "squared":
        angles.append(shot.rule_degrees + 90)
    for angle in np.radians(angles):
        along = np.array([np.cos(angle), np.sin(angle)])
        across = np.array([-along[1], along[0]])
        phase = rng.uniform(0, 1)
        count = int(reach / gap / 2) + 1
        for i in range(-count, count + 1):
            point = middle + across * (i + phase) * gap
            ends = [tuple(point - along * reach), tuple(point + along * reach)]
            draw.line(ends, fill=255, width=width)
    return np.asarray(image.reduce(2), np.float32) / 255


def dirt(shot: Shot, shape, rng) -> np.ndarray:
    image = Image.new("L", shape[::-1])
    draw = ImageDraw.Draw(image)
    for _ in range(shot.specks):
        r = max(0.5, shot.speck_size * shot.height * rng.uniform(0.2, 1)) / 2
        x, y = rng.uniform(0, shape[1]), rng.uniform(0, shape[0])
        stretch = rng.uniform(0.7, 1.4)
        draw.ellipse(
            (x - r * stretch, y - r / stretch, x + r * stretch, y + r / stretch),
            fill=int(rng.uniform(130, 255)),
        )
    return np.asarray(image, np.float32) / 255


def light(shot: Shot, shape, rng) -> np.ndarray:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    x, y = 2 * x / shape[1] - 1, 2 * y / shape[0] - 1
    angle = rng.uniform(0, 2 * np.pi)
    field = 1 - shot.slope * (1 + np.cos(angle) * x + np.sin(angle) * y) / 2
    field *= 1 - shot.vignette * (x * x + y * y) / 2
    if shot.shadow < 1:
        angle = rng.uniform(0, 2 * np.pi)
        edge = np.cos(angle) * x + np.sin(angle) * y - rng.uniform(-0.5, 0.5)
        softness = rng.uniform(0.04, 0.25)
        lit = 1 / (1 + np.exp(np.clip(-edge / softness * 3, -30, 30)))
        field *= shot.shadow + (1 - shot.shadow) * lit
    return field


def start(whole: int, part: int, place: float, margin: float) -> int:
    """Where `part` begins within `whole`, both in pixels."""
    edge = min(round(margin * whole), (whole - part) // 2)
    return edge + round((whole - part - 2 * edge) * place)


def placed(ink: np.ndarray, shot: Shot) -> np.ndarray:
    """The ink on a sheet, float 0..1."""
    if shot.border is not None:
        return np.pad(ink.astype(np.float32), shot.border) / 255
    rows = round(max(shot.side * shot.height, ink.shape[0] + 2))
    columns = round(max(shot.side * shot.height, ink.shape[1] + 2))
    sheet = np.zeros((rows, columns), np.float32)
    top = start(rows, ink.shape[0], shot.place[1], shot.margin)
    left = start(columns, ink.shape[1], shot.place[0], shot.margin)
    sheet[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return sheet / 255


def cropped(ink: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero((ink > 60).any(1))
    columns = np.flatnonzero((ink > 60).any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def take(ink: np.ndarray, shot: Shot, rng) -> np.ndarray:
    """ink: uint8 [H, W] of the digit alone, shot.height pixels high (its longer
    side). Returns the grey picture, uint8 [H, W]."""
    ink = with_pen(ink, shot, max(ink.shape))
    if shot.degrees:
        ink = turned(ink, shot.degrees)
    cover = placed(cropped(ink), shot)
    shape = cover.shape
    if shot.grain:
        grain = smooth_field(rng, shape, max(4, round(shape[0] / 3)))
        missing = np.quantile(grain[::3, ::3], shot.grain)
        cover = cover * np.clip((grain - missing) * 2 + 0.6, 0.1, 1)
    if shot.rules:
        cover = np.maximum(cover, shot.rule_strength * rules(shot, shape, rng))
    if shot.specks:
        cover = np.maximum(cover, dirt(shot, shape, rng))
    picture = shot.paper + (shot.ink - shot.paper) * cover
    if shot.texture:
        cells = max(4, round(shape[0] / 12))
        picture = picture + shot.texture * smooth_field(rng, shape, cells)
    picture = picture * light(shot, shape, rng)
    picture = blurred(picture, shot.blur * shot.height)
    noise = rng.standard_normal(shape, np.float32)
    picture = np.clip(picture + shot.noise * noise, 0, 255)
    return picture.round().astype(np.uint8)


def encode(picture: np.ndarray, shot: Shot) -> tuple[str, bytes]:
    """The file's ending and bytes."""
    file = io.BytesIO()
    image = Image.fromarray(picture)
    if shot.jpeg is None:
        image.save(file, "PNG", compress_level=1)
        return ".png", file.getvalue()
    image.save(file, "JPEG", quality=int(shot.jpeg))
    return ".jpg", file.getvalue()
