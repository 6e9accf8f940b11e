"""Changes between the lens and the model: lost resolution, blur or sharpening, JPEG.

Copies of one picture differ in these, and a network trained without such variation learns the copy instead of the lesion.
"""

import io

import numpy as np
from PIL import Image, ImageFilter

from training.run.config import Config

_BEST_QUALITY = 95
_UNEVEN = 0.75
"""If a 4:3 frame was squashed to a square, one side has three quarters of the other's detail."""

_CHANCE_UNEVEN = 0.25
_RETURN = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
_SHARPEN_RADIUS = 1.0


def degraded(image: Image.Image, random: np.random.Generator, config: Config) -> Image.Image:
    """Return another copy of the picture: reduced, blurred or sharpened, saved as JPEG, and enlarged to its size again."""
    size = image.size
    share = random.uniform(config.resolution, 1)
    uneven = _UNEVEN if config.resolution < 1 and random.random() < _CHANCE_UNEVEN else 1.0
    width, height = size[0] * share, size[1] * share * uneven
    if random.random() < 0.5:
        width, height = height, width
    smaller = max(8, round(width)), max(8, round(height))
    back = _RETURN[int(random.integers(len(_RETURN)))]
    if smaller != size:
        image = image.resize(smaller, Image.Resampling.BILINEAR)
    focus = random.random()
    if config.blur and focus < 1 / 3:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0, config.blur)))
    elif config.sharpen and focus > 2 / 3:
        image = image.filter(
            ImageFilter.UnsharpMask(_SHARPEN_RADIUS, round(100 * random.uniform(0, config.sharpen)), 0)
        )
    if random.random() < config.jpeg:
        image = saved_anew(image, int(random.integers(config.jpeg_quality, _BEST_QUALITY + 1)), random.random() < 0.5)
    return image.resize(size, back) if image.size != size else image


def saved_anew(image: Image.Image, quality: int, halved_colours: bool = True) -> Image.Image:
    """Return the picture after saving as JPEG of a quality; `halved_colours` means the usual 4:2:0 subsampling."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling="4:2:0" if halved_colours else "4:4:4")
    return Image.open(file).convert("RGB")
