"""What comes between a digit and its picture: pens, papers, light and cameras.

A nuisance is a function (shot, strength 1..3, rng) that changes the Shot, which
says how a picture is taken; take() then makes the picture, in the order of
nature: pen, place on the sheet, printed rules, dirt, light, lens, sensor, file.
So nuisances combine in any way. Lengths are parts of the digit's height unless
they are said to be pixels.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

STRENGTHS = (1, 2, 3)


@dataclass
class Shot:
    """How a picture is taken; by default a pen on white paper, well lit."""

    height: float  # of the digit, pixels
    side: float  # of the picture, digit heights
    paper: float = 240.0  # grey level, 0..255
    ink: float = 50.0  # grey level
    stroke: float | None = None  # width of the pen; None: as the digit has it
    thickens: bool = False  # the pen adds to the digit's own strokes
    grain: float = 0.0  # part of a stroke that the chalk leaves out
    degrees: float = 0.0
    place: tuple[float, float] = (0.5, 0.5)  # in the free room, 0..1
    margin: float = 0.04  # around the free room, part of the picture's side
    rules: str = ""  # "lined" or "squared"
    rule_strength: float = 0.0  # of the ink's contrast
    rule_degrees: float = 0.0
    specks: int = 0
    speck_size: float = 0.0
    shadow: float = 1.0  # light left in the shadow
    slope: float = 0.0  # light lost across the picture
    vignette: float = 0.0  # light lost in the corners
    texture: float = 0.0  # of the sheet, deviation in grey levels
    blur: float = 0.0  # deviation
    noise: float = 1.5  # deviation in grey levels
    jpeg: int | None = 92  # quality; None: not compressed


def plain(rng: np.random.Generator) -> Shot:
    return Shot(
        height=rng.uniform(60, 140),
        side=rng.uniform(1.4, 2.2),
        paper=rng.uniform(215, 250),
        ink=rng.uniform(15, 90),
        place=(rng.uniform(0.35, 0.65), rng.uniform(0.35, 0.65)),
        slope=rng.uniform(0, 0.06),
        texture=rng.uniform(0, 1.5),
        blur=rng.uniform(0.004, 0.012),
        noise=rng.uniform(0.5, 2.5),
    )


def at(strength: int, *values):
    """The value of this strength."""
    return values[strength - 1]


def either_way(rng, low: float, high: float) -> float:
    return rng.choice((-1, 1)) * rng.uniform(low, high)


def squared(shot: Shot, strength: int, rng):
    shot.rules = "squared"
    shot.rule_strength = at(strength, 0.2, 0.4, 0.6) * rng.uniform(0.8, 1.2)
    most = at(strength, 1, 3, 6)
    shot.rule_degrees = rng.uniform(-most, most)


def lined(shot: Shot, strength: int, rng):
    squared(shot, strength, rng)
    shot.rules = "lined"


def chalk(shot: Shot, strength: int, rng):
    shot.paper = rng.uniform(25, 70)
    shot.ink = shot.paper + at(strength, 170, 130, 100) * rng.uniform(0.9, 1.1)
    shot.grain = at(strength, 0.15, 0.3, 0.4)
    shot.texture = at(strength, 2, 4, 7)
    if shot.stroke is None:
        shot.stroke = rng.uniform(0.11, 0.17)
        shot.thickens = True


def felt(shot: Shot, strength: int, rng):
    shot.stroke = at(strength, 0.16, 0.185, 0.21) * rng.uniform(0.95, 1.05)
    shot.thickens = True


def ballpoint(shot: Shot, strength: int, rng):
    shot.stroke = at(strength, 0.065, 0.045, 0.028) * rng.uniform(0.9, 1.1)
    shot.ink = rng.uniform(40, 110)


def shadow(shot: Shot, strength: int, rng):
    shot.shadow = at(strength, 0.75, 0.55, 0.38) * rng.uniform(0.95, 1.05)
    shot.slope = at(strength, 0.15, 0.3, 0.45) * rng.uniform(0.8, 1.2)
    shot.vignette = at(strength, 0.1, 0.2, 0.3) * rng.uniform(0.5, 1)


def blur(shot: Shot, strength: int, rng):
    shot.blur = at(strength, 0.025, 0.045, 0.065) * rng.uniform(0.9, 1.1)


def jpeg(shot: Shot, strength: int, rng):
    shot.jpeg = round(at(strength, 40, 22, 11) * rng.uniform(0.9, 1.1))
    shot.noise = at(strength, 2, 4, 6)
    shot.height = rng.uniform(45, 90)


def rotation(shot: Shot, strength: int, rng):
    shot.degrees = either_way(rng, *at(strength, (4, 8), (9, 14), (15, 20)))


def off_centre(shot: Shot, strength: int, rng):
    shot.side = at(strength, 2.5, 4, 6) * rng.uniform(0.9, 1.1)
    shot.height = min(shot.height, 100)
    far = rng.choice((rng.uniform(0, 0.2), rng.uniform(0.8, 1)))
    shot.place = (rng.uniform(0, 1), far)
    if rng.random() < 0.5:
        shot.place = shot.place[::-1]


def small(shot: Shot, strength: int, rng):
    side = at(strength, rng.uniform(32, 40), rng.uniform(22, 28), 16)
    shot.side = rng.uniform(1.15, 1.4)
    shot.height = side / shot.side
    shot.blur = rng.uniform(0.5, 0.7) / shot.height  # a camera's pixels


def large(shot: Shot, strength: int, rng):
    shot.height = at(strength, 300, 550, 900) * rng.uniform(0.8, 1.2)


def low_contrast(shot: Shot, strength: int, rng):
    contrast = at(strength, 80, 50, 32) * rng.uniform(0.9, 1.1)
    shot.paper = rng.uniform(110, 230)
    shot.ink = shot.paper - contrast
    shot.noise = at(strength, 2, 2.5, 3)


def specks(shot: Shot, strength: int, rng):
    shot.specks = round(at(strength, 6, 15, 30) * rng.uniform(0.7, 1.3))
    shot.speck_size = at(strength, 0.025, 0.035, 0.045)


def light_on_dark(shot: Shot, strength: int, rng):
    shot.paper = rng.uniform(15, 70)
    shot.ink = shot.paper + at(strength, 180, 110, 60) * rng.uniform(0.9, 1.1)


ALONE = {
    "squared": squared,
    "lined": lined,
    "chalk": chalk,
    "felt": felt,
    "ballpoint": ballpoint,
    "shadow": shadow,
    "blur": blur,
    "jpeg": jpeg,
    "rotation": rotation,
    "off_centre": off_centre,
    "small": small,
    "large": large,
    "low_contrast": low_contrast,
    "specks": specks,
    "light_on_dark": light_on_dark,
}


def together(shot: Shot, strength: int, rng):
    """One of the grounds, one of the pens, and all that adds up. Each is as it
    is alone, but for what would leave less than an eye can read: contrast, blur
    and noise."""
    ground = rng.choice((lined, squared, low_contrast, light_on_dark, chalk))
    pen = rng.choice((felt, ballpoint, None))
    for nuisance in (pen, shadow, rotation, specks, off_centre, jpeg, ground):
        if nuisance:
            nuisance(shot, strength, rng)
    contrast = shot.ink - shot.paper
    least = at(strength, 110, 90, 75)
    if abs(contrast) < least:
        shot.paper = max(shot.paper, 1.3 * least) if contrast < 0 else shot.paper
        shot.ink = shot.paper + np.sign(contrast) * least
    shot.height = rng.uniform(60, 110)
    shot.side = at(strength, 2, 2.5, 3) * rng.uniform(0.9, 1.1)
    shot.shadow = at(strength, 0.8, 0.65, 0.5)
    shot.blur = at(strength, 0.01, 0.015, 0.02)
    shot.noise = min(shot.noise, 2.5)
    shot.jpeg = at(strength, 70, 50, 35)


NUISANCES = {**ALONE, "together": together}


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


def thinned(solid: np.ndarray) -> np.ndarray:
    """Middle line of the strokes: bool [H, W], False at its border, by Zhang
    and Suen (Communications of the ACM 27, 1984)."""
    line = solid.copy()
    changed = True
    while changed:
        changed = False
        for step in (0, 1):
            n = [  # north, north-east, ... north-west
                np.roll(line, (dy, dx), (0, 1))
                for dy, dx in (
                    (1, 0), (1, -1), (0, -1), (-1, -1),
                    (-1, 0), (-1, 1), (0, 1), (1, 1),
                )
            ]
            count = sum(m.astype(np.uint8) for m in n)
            starts = sum(
                (~n[i] & n[(i + 1) % 8]).astype(np.uint8) for i in range(8)
            )
            north, east, south, west = n[0], n[2], n[4], n[6]
            if step == 0:
                free = ~(north & east & south) & ~(east & south & west)
            else:
                free = ~(north & east & west) & ~(north & south & west)
            peel = line & (count >= 2) & (count <= 6) & (starts == 1) & free
            if peel.any():
                line &= ~peel
                changed = True
    return line


def drawn_anew(ink: np.ndarray, height: float, stroke: float) -> np.ndarray:
    """Ink of the same middle line with strokes `stroke` pixels wide. uint8
    [H, W], with room around it; `height` of the digit in pixels."""
    # Thinning takes time with the area, and a line needs no more than this.
    factor = min(1.0, 60 / height)
    size = [max(8, round(n * factor)) for n in ink.shape]
    coarse = Image.fromarray(ink).resize(size[::-1], Image.Resampling.BILINEAR)
    solid = np.pad(np.asarray(coarse) > 110, 2)
    line = thinned(solid)[2:-2, 2:-2]
    width = max(stroke * size[0] / ink.shape[0], 1.5)
    # Gauss's bell falls to 1/sqrt(e) one deviation from the line: that is
    # half a width away. Enlarged after that, since it is smooth then.
    deviation = width / 2
    bell = Image.fromarray((line * 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(deviation)
    )
    top = 255 / (deviation * np.sqrt(2 * np.pi))
    large = np.asarray(
        bell.resize(ink.shape[::-1], Image.Resampling.BICUBIC), np.float32
    )
    edge = np.exp(-0.5) * top
    # About two pixels from full to none, as a pen's edge has.
    slope = 0.6 * top / (width / 2) * (size[0] / ink.shape[0])
    return np.clip((large - edge) / slope / 2 + 0.5, 0, 1) * 255


def holes(ink: np.ndarray) -> tuple[int, int]:
    """How many pieces of paper the strokes surround, and their pixels."""
    mask = np.where(np.pad(ink, 1) > 127, 255, 0).astype(np.uint8)
    image = Image.fromarray(mask)
    ImageDraw.floodfill(image, (0, 0), 255)
    pixels = int((np.asarray(image) == 0).sum())
    count = 0
    while count < 4 and not (left := np.asarray(image)).all():
        y, x = np.unravel_index(left.argmin(), left.shape)
        ImageDraw.floodfill(image, (int(x), int(y)), 255)
        count += 1
    return count, pixels


def with_pen(ink: np.ndarray, shot: Shot, height: float) -> np.ndarray:
    if shot.stroke is None:
        return ink
    room = round(shot.stroke * height) + 2
    ink = np.pad(ink, room)
    if not shot.thickens:
        return drawn_anew(ink, height, shot.stroke * height).astype(np.uint8)
    # Nobody takes a pen that fills the loops of what is written with it.
    count, pixels = holes(ink)
    for part in (1.0, 0.85, 0.7):
        new = drawn_anew(ink, height, part * shot.stroke * height)
        new = np.maximum(new, ink).astype(np.uint8)
        left, open_pixels = holes(new)
        if left == count and open_pixels >= 0.35 * pixels:
            return new
    return ink


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
