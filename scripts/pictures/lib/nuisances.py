"""What comes between a digit and its picture: pens, papers, light and cameras.

A nuisance is a function (shot, strength 1..3, rng) that changes the Shot, which
says how a picture is taken; camera.take() then makes the picture. So nuisances
combine in any way. Lengths are parts of the digit's height unless they are said
to be pixels.
"""

from dataclasses import dataclass

import numpy as np

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
    border: int | None = None  # pixels around the ink; None: as side says
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


def tight(shot: Shot, strength: int, rng):
    """Cropped to the ink, with a few pixels around it or none."""
    shot.border = int(rng.integers(0, at(strength, 4, 3, 1)))
    shot.height = np.exp(rng.uniform(np.log(20), np.log(300)))
    shot.blur = max(shot.blur, rng.uniform(0.4, 0.6) / shot.height)
    if rng.random() < 0.5:
        light_on_dark(shot, strength, rng)


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


# Made only where it is asked for, since the published sets are without it.
ASKED_FOR = {"tight": tight}

NUISANCES = {**ALONE, "together": together, **ASKED_FOR}
