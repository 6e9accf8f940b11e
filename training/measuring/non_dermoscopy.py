"""Pictures of several kinds that are not dermoscopy, which novelty should flag. They were chosen before novelty was tried.

Photographs and histology come from packages (scikit-image, scikit-learn, matplotlib), also in crops; everything else is drawn
here from one seed, so that the same packages give the same pictures.
"""

import importlib.metadata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from desktop.core.errors import DataError

_SEED = 20_261_123
_DRAWN = 24
"""Number of pictures of each drawn kind."""

_SIDE = 480
"""Side of a drawn picture in pixels, larger than the input of any model."""

_SCIKIT_IMAGE, _SCIKIT_LEARN, _MATPLOTLIB = "scikit-image", "scikit-learn", "matplotlib"
_PHOTOGRAPHS = (
    *(
        (_SCIKIT_IMAGE, f"skimage/data/{name}")
        for name in (
            "astronaut.png",
            "camera.png",
            "chelsea.png",
            "clock_motion.png",
            "coffee.png",
            "coins.png",
            "hubble_deep_field.jpg",
            "moon.png",
            "motorcycle_left.png",
            "retina.jpg",
            "rocket.jpg",
        )
    ),
    (_SCIKIT_LEARN, "sklearn/datasets/images/china.jpg"),
    (_SCIKIT_LEARN, "sklearn/datasets/images/flower.jpg"),
    (_MATPLOTLIB, "matplotlib/mpl-data/sample_data/grace_hopper.jpg"),
)
_TEXTURES = tuple((_SCIKIT_IMAGE, f"skimage/data/{name}.png") for name in ("brick", "grass", "gravel"))
_HISTOLOGY = (_SCIKIT_IMAGE, "skimage/data/ihc.png")
_CROPS_OF_A_PHOTOGRAPH, _CROPS_OF_A_TEXTURE = 3, 8

_Colour = tuple[int, int, int]


@dataclass(frozen=True)
class NonDermoscopyPicture:
    """One picture that is not dermoscopy: its kind, its name within the kind, and the bytes of a PNG file."""

    kind: str
    name: str
    data: bytes


def pictures() -> Iterator[NonDermoscopyPicture]:
    """Yield every picture of every kind, in a fixed order.

    Raises:
        DataError: a package that contains some of them is not installed.
    """
    for place, (kind, draw) in enumerate(KINDS.items()):
        for number, image in enumerate(draw(np.random.default_rng((_SEED, place)))):
            file = BytesIO()
            image.convert("RGB").save(file, "PNG", compress_level=1)
            yield NonDermoscopyPicture(kind, f"{kind} {number + 1:02}", file.getvalue())


def _shipped(package: str, name: str) -> Image.Image:
    try:
        path = Path(str(importlib.metadata.distribution(package).locate_file(name)))
        content = path.read_bytes()
    except (importlib.metadata.PackageNotFoundError, FileNotFoundError) as error:
        raise DataError(
            "The picture {name} comes with the package {package}, which is not installed. Install it: pip install "
            "--no-deps {package}",
            name=name,
            package=package,
        ) from error
    return Image.open(BytesIO(content)).convert("RGB")


def _photographs(random: np.random.Generator) -> Iterator[Image.Image]:  # noqa: ARG001 - as every kind
    """Yield each photograph, and its two halves."""
    for package, name in _PHOTOGRAPHS:
        image = _shipped(package, name)
        width, height = image.size
        yield image
        if width >= height:
            yield image.crop((0, 0, width // 2, height))
            yield image.crop((width // 2, 0, width, height))
        else:
            yield image.crop((0, 0, width, height // 2))
            yield image.crop((0, height // 2, width, height))


def _crops(random: np.random.Generator) -> Iterator[Image.Image]:
    for package, name in _PHOTOGRAPHS:
        image = _shipped(package, name)
        for _ in range(_CROPS_OF_A_PHOTOGRAPH):
            yield _cropped(image, random, 0.2, 0.45)


def _textures(random: np.random.Generator) -> Iterator[Image.Image]:
    for package, name in _TEXTURES:
        image = _shipped(package, name)
        yield image
        for _ in range(_CROPS_OF_A_TEXTURE):
            yield _cropped(image, random, 0.25, 0.7)


def _histology(random: np.random.Generator) -> Iterator[Image.Image]:
    """Yield a stained section of colon, and square crops of it."""
    image = _shipped(*_HISTOLOGY)
    yield image
    for _ in range(_DRAWN - 1):
        yield _cropped(image, random, 0.25, 0.9)


def _cropped(image: Image.Image, random: np.random.Generator, least: float, most: float) -> Image.Image:
    side = int(min(image.size) * random.uniform(least, most))
    left, top = int(random.integers(image.width - side + 1)), int(random.integers(image.height - side + 1))
    return image.crop((left, top, left + side, top + side))


def _screens(random: np.random.Generator) -> Iterator[Image.Image]:
    """Yield windows with a title, a list, buttons and fields, on light or dark ground, and terminals."""
    for number in range(_DRAWN):
        is_dark = number % 2 == 1
        ground, ink = ((32, 34, 40), (220, 222, 226)) if is_dark else ((244, 245, 247), (40, 44, 52))
        accent = _any_colour(random)
        image = Image.new("RGB", (_SIDE * 4 // 3, _SIDE), ground)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, image.width, 34), fill=accent)
        draw.text((12, 8), _words(random, 3), font=_font(16), fill=(255, 255, 255))
        if number % 3 == 2:
            for row in range(20):
                draw.text((10, 46 + 21 * row), f"$ {_words(random, 7)}", font=_font(14, "DejaVuSansMono"), fill=ink)
        else:
            edge = int(random.integers(120, 240))
            draw.line((edge, 34, edge, image.height), fill=accent, width=2)
            for row in range(int(random.integers(6, 13))):
                draw.text((14, 50 + 30 * row), _words(random, 2), font=_font(14), fill=ink)
            for row in range(int(random.integers(2, 6))):
                top = 56 + 76 * row
                draw.rounded_rectangle((edge + 24, top, image.width - 30, top + 54), 8, outline=accent, width=2)
                draw.text((edge + 38, top + 16), _words(random, 4), font=_font(18), fill=ink)
        yield image


def _text(random: np.random.Generator) -> Iterator[Image.Image]:
    """Yield pages of text, from print to headline size, on white or yellowed paper."""
    yield _shipped(_SCIKIT_IMAGE, "skimage/data/page.png")
    yield _shipped(_SCIKIT_IMAGE, "skimage/data/text.png")
    for number in range(_DRAWN - 2):
        size = int(random.choice([12, 16, 24, 40]))
        image = Image.new("RGB", (_SIDE, _SIDE), (255, 255, 255) if number % 2 else (246, 236, 214))
        draw = ImageDraw.Draw(image)
        font = _font(size, ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "DejaVuSans-Bold")[number % 4])
        for top in range(18, _SIDE - size, round(1.4 * size)):
            draw.text((18, top), _words(random, 12), font=font, fill=(20, 20, 24))
        yield image


def _charts(random: np.random.Generator) -> Iterator[Image.Image]:
    for number in range(_DRAWN):
        figure = Figure((4, 4), dpi=_SIDE / 4)
        axis = figure.subplots()
        colour = "#{:02x}{:02x}{:02x}".format(*_any_colour(random))
        x = np.arange(12)
        match number % 6:
            case 0:
                axis.bar(x, random.uniform(1, 10, 12), color=colour)
            case 1:
                axis.plot(x, random.normal(0, 1, (12, 3)).cumsum(axis=0), linewidth=2)
            case 2:
                axis.scatter(*random.normal(0, 1, (2, 150)), color=colour)
            case 3:
                axis.pie(random.uniform(1, 4, 5))
            case 4:
                axis.imshow(random.uniform(0, 1, (9, 9)), cmap=str(random.choice(["viridis", "magma", "coolwarm"])))
            case _:
                axis.hist(random.normal(0, 1, 300), bins=20, color=colour)
        axis.set_title(_words(random, 3))
        file = BytesIO()
        figure.savefig(file, format="png")
        yield Image.open(file)


def _shapes(random: np.random.Generator) -> Iterator[Image.Image]:
    """Yield plain shapes on a plain ground, in any colours."""
    for number in range(_DRAWN):
        image = Image.new("RGB", (_SIDE, _SIDE), _any_colour(random))
        draw = ImageDraw.Draw(image)
        for _ in range(1 + number % 5):
            centre, radius = random.integers(100, _SIDE - 100, 2), int(random.integers(30, 140))
            box = (*(centre - radius).tolist(), *(centre + radius).tolist())
            match int(random.integers(3)):
                case 0:
                    draw.ellipse(box, fill=_any_colour(random))
                case 1:
                    draw.rectangle(box, fill=_any_colour(random))
                case _:
                    sides = int(random.integers(3, 7))
                    draw.regular_polygon((*centre.tolist(), radius), sides, fill=_any_colour(random))
        yield image


def _noise(random: np.random.Generator) -> Iterator[Image.Image]:
    """Yield noise of every grain, grey and coloured, and plain colours and ramps between two of them."""
    for number in range(_DRAWN):
        grain = (1, 4, 16, 60)[number // 4 % 4]
        pixels: NDArray[np.floating | np.integer]
        match number % 4:
            case 0:
                pixels = random.integers(0, 256, (_SIDE // grain, _SIDE // grain, 3))
            case 1:
                pixels = random.integers(0, 256, (_SIDE // grain, _SIDE // grain, 1)).repeat(3, axis=2)
            case 2:
                pixels = np.array(_any_colour(random)) + random.normal(0, 6, (_SIDE, _SIDE, 3))
            case _:
                ramp = np.linspace(0, 1, _SIDE)[None, :, None].repeat(_SIDE, axis=0)
                pixels = (1 - ramp) * np.array(_any_colour(random)) + ramp * np.array(_any_colour(random))
        image = Image.fromarray(np.asarray(pixels).clip(0, 255).astype(np.uint8))
        yield image.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)


def _any_colour(random: np.random.Generator) -> _Colour:
    red, green, blue = (int(value) for value in random.integers(0, 256, 3))
    return red, green, blue


_SYLLABLES = ("ba", "den", "fi", "gor", "lu", "mas", "ni", "pel", "ra", "sto", "ta", "ver")


def _words(random: np.random.Generator, count: int) -> str:
    return " ".join("".join(random.choice(_SYLLABLES, int(random.integers(1, 5)))) for _ in range(count)).capitalize()


def _font(size: int, name: str = "DejaVuSans") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / f"fonts/ttf/{name}.ttf"), size)


KINDS: Mapping[str, Callable[[np.random.Generator], Iterator[Image.Image]]] = {
    "photographs": _photographs,
    "crops of photographs": _crops,
    "textures": _textures,
    "screens": _screens,
    "text": _text,
    "charts": _charts,
    "drawn shapes": _shapes,
    "histology": _histology,
    "noise": _noise,
}
