"""Usual, readable typefaces whose digits are drawn: one list to train on, one
to choose by, one to measure with.

They share no family, nor one drawn after another's outlines: FreeSans comes from
the same outlines as Nimbus, Carlito from Lato, Open Sans from the Noto
family's, Hack from DejaVu. All are Debian packages, which
`scripts/setup.sh --fonts` installs.
"""

from pathlib import Path

ROOT = Path("/usr/share/fonts")

# Regular and bold of each, so that thin and thick strokes are there.
TRAIN_FONTS = (
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
    "truetype/dejavu/DejaVuSansCondensed.ttf",
    "truetype/dejavu/DejaVuSansMono.ttf",
    "truetype/dejavu/DejaVuSerif.ttf",
    "truetype/dejavu/DejaVuSerif-Bold.ttf",
    "truetype/freefont/FreeSans.ttf",
    "truetype/freefont/FreeSansBold.ttf",
    "truetype/freefont/FreeSerif.ttf",
    "truetype/freefont/FreeSerifBold.ttf",
    "truetype/freefont/FreeSerifItalic.ttf",
    "truetype/freefont/FreeMono.ttf",
    "truetype/freefont/FreeMonoBold.ttf",
    "opentype/urw-base35/URWBookman-Light.otf",
    "opentype/urw-base35/URWGothic-Book.otf",
    "opentype/urw-base35/URWGothic-Demi.otf",
    "opentype/urw-base35/C059-Roman.otf",
    "opentype/urw-base35/C059-Bold.otf",
    "truetype/lato/Lato-Regular.ttf",
    "truetype/lato/Lato-Bold.ttf",
    "truetype/crosextra/Caladea-Regular.ttf",
    "truetype/crosextra/Caladea-Bold.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Bold.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Italic.ttf",
    "opentype/roboto/slab/RobotoSlab-Regular.otf",
    "opentype/cantarell/Cantarell-Regular.otf",
    "opentype/cantarell/Cantarell-Bold.otf",
    "truetype/inconsolata/Inconsolata.otf",
    "opentype/cabin/Cabin-Regular.otf",
    "opentype/cabin/Cabin-Bold.otf",
    "opentype/inter/Inter-Regular.otf",
    "opentype/inter/Inter-Bold.otf",
    "truetype/paratype/PTS55F.ttf",
    "truetype/paratype/PTF55F.ttf",
    "truetype/andika/Andika-Regular.ttf",
    "truetype/andika/Andika-Bold.ttf",
    "truetype/quicksand/Quicksand-Medium.ttf",
    # like handwriting
    "truetype/humor-sans/Humor-Sans.ttf",
    "truetype/breip/Breip.ttf",
    "truetype/rufscript/Rufscript010.ttf",
    "truetype/sjfonts/SteveHand.ttf",
)

VALIDATION_FONTS = (
    "truetype/fonts-oldstandard/OldStandard-Regular.ttf",
    "truetype/fonts-oldstandard/OldStandard-Bold.ttf",
    "truetype/fonts-oldstandard/OldStandard-Italic.ttf",
    "truetype/cmu/cmunrm.ttf",
    "truetype/cmu/cmunbx.ttf",
    "truetype/cmu/cmunti.ttf",
    "truetype/cardo/Cardo104s.ttf",
    "truetype/comfortaa/Comfortaa-Light.ttf",
    "truetype/comfortaa/Comfortaa-Bold.ttf",
    "truetype/tuffy/tuffy_regular.ttf",
    "opentype/lobster/lobster.otf",
    "opentype/artemisia/GFSArtemisia.otf",
    "opentype/didot/GFSDidot.otf",
    "opentype/didot/GFSDidotBold.otf",
    "opentype/stix/STIXGeneral-Regular.otf",
    "opentype/stix/STIXGeneral-Italic.otf",
    "opentype/play/Play-Regular.otf",
    # like handwriting
    "opentype/dancingscript/DancingScript-Regular.otf",
    "truetype/kristi/Kristi.ttf",
)

TEST_FONTS = (
    "truetype/liberation/LiberationSans-Regular.ttf",
    "truetype/liberation/LiberationSans-Bold.ttf",
    "truetype/liberation/LiberationSans-Italic.ttf",
    "truetype/liberation/LiberationSerif-Regular.ttf",
    "truetype/liberation/LiberationSerif-Bold.ttf",
    "truetype/liberation/LiberationMono-Regular.ttf",
    "truetype/noto/NotoSans-Regular.ttf",
    "truetype/noto/NotoSans-Bold.ttf",
    "truetype/noto/NotoSerif-Regular.ttf",
    "truetype/noto/NotoSerif-Bold.ttf",
    "opentype/linux-libertine/LinLibertine_R.otf",
    "opentype/linux-libertine/LinBiolinum_R.otf",
    "opentype/urw-base35/P052-Roman.otf",
    "opentype/urw-base35/P052-Bold.otf",
    "truetype/firacode/FiraCode-Regular.ttf",
    "opentype/courier-prime/Courier Prime.otf",
    "opentype/courier-prime/Courier Prime Bold.otf",
    "fonts-go/Go-Regular.ttf",
    "opentype/b612/B612-Regular.otf",
    "opentype/b612/B612-Bold.otf",
    "truetype/jetbrains-mono/JetBrainsMono-Regular.ttf",
    "truetype/manrope/Manrope-Regular.ttf",
    "truetype/gentium/Gentium-R.ttf",
    # like handwriting
    "opentype/comic-neue/ComicNeue-Regular.otf",
    "opentype/comic-neue/ComicNeue-Bold.otf",
    "truetype/fifthhorseman/dkg.ttf",
    "truetype/ecolier-court/Ecolier-court.ttf",
    "truetype/sjfonts/Delphine.ttf",
    "opentype/bwht/BecauseWeLearn-Regular.otf",
    "opentype/bwht/BecauseWeBuild-Regular.otf",
    "opentype/bwht/BecauseWeConnect-Regular.otf",
    "opentype/bwht/BecauseWeMentor-Regular.otf",
)


def font_files(which: str) -> list[Path]:
    """The files of the "train", "validation" or "test" list. Fails where one is
    missing."""
    fonts = {
        "train": TRAIN_FONTS,
        "validation": VALIDATION_FONTS,
        "test": TEST_FONTS,
    }[which]
    files = [ROOT / font for font in fonts]
    for file in files:
        if not file.exists():
            raise SystemExit(
                f"{file}: not there; expected a font that scripts/setup.sh "
                "--fonts installs"
            )
    return files
