"""Converts any stored pixels to sRGB of 8 bits a channel without transparency."""

from __future__ import annotations

import io
import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop.core.errors import ImageError
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    np, pillow = Late("numpy"), Late("desktop.core.imaging.pillow")

logger = logging.getLogger(__name__)

_STRIP = 256  # rows at a time

_PHOTOMETRIC = 262  # the TIFF tag


def to_eight_bits(image: Image.Image, name: str) -> Image.Image:
    """Scale 16-bit grey by the fixed factor 255 / 65535, never by the image's own range.

    Raises:
        ImageError: the values' range is not known.
    """
    if image.mode.startswith("I"):
        grey = np.empty(image.size[::-1], np.uint8)
        for top in range(0, image.height, _STRIP):
            strip = image.crop((0, top, image.width, min(top + _STRIP, image.height)))
            values = np.asarray(strip).astype(np.int64)
            if values.min(initial=0) < 0 or values.max(initial=0) > 65535:
                raise ImageError(
                    tr("“{name}” holds 32-bit values, whose range is not known. Save it with 8 bits."), name=name
                )
            if _is_white_zero(image):  # Pillow inverts such TIFF files with 8 bits, but not with 16
                values = 65535 - values
            grey[top : top + _STRIP] = (values * 255 + 32767) // 65535
        eight_bits = pillow.Image.fromarray(grey)
        eight_bits.info = image.info
        return eight_bits
    if image.mode == "F":
        raise ImageError(
            tr("“{name}” holds floating-point values, whose range is not known. Save it with 8 bits."), name=name
        )
    return image


def _is_white_zero(image: Image.Image) -> bool:
    """Whether zero is white in a TIFF (PhotometricInterpretation 0)."""
    return image.format == "TIFF" and getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == 0


def to_srgb(image: Image.Image) -> Image.Image:
    """Return RGB, or RGBA where there is transparency, converted by the embedded ICC profile if there is one."""
    has_alpha = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if image.mode == "P":
        image = image.convert("RGBA" if has_alpha else "RGB")
    elif has_alpha and image.mode in {"RGB", "L"}:  # one colour is declared transparent
        image = image.convert("RGBA")
    if profile and image.mode in {"L", "RGB", "CMYK", "LAB", "RGBA", "LA"}:
        alpha = image.getchannel("A") if image.mode in {"RGBA", "LA"} else None
        opaque = _converted(image, {"RGBA": "RGB", "LA": "L"}.get(image.mode, image.mode))
        try:
            converted = pillow.ImageCms.applyTransform(opaque, _transform(profile, opaque.mode))
        except (pillow.ImageCms.PyCMSError, ValueError, OSError):
            logger.warning("an image's colour profile cannot be used; its colours are taken as sRGB")
        else:
            if converted is not None:
                if alpha is not None:
                    converted.putalpha(alpha)
                return converted
    return _converted(image, "RGBA" if has_alpha else "RGB")


def _converted(image: Image.Image, mode: str) -> Image.Image:
    """Convert an image to a mode; unlike Pillow, do not copy one that has it already."""
    return image if image.mode == mode else image.convert(mode)


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> pillow.ImageCms.ImageCmsTransform:
    cms = pillow.ImageCms
    source = cms.getOpenProfile(io.BytesIO(profile))
    return cms.buildTransform(
        source, cms.createProfile("sRGB"), mode, "RGB", renderingIntent=cms.Intent.RELATIVE_COLORIMETRIC
    )


def over_white(image: Image.Image) -> Image.Image:
    """Lay transparency over white, strip by strip, so that no whole white image is allocated."""
    if image.mode != "RGBA":
        return image
    picture = pillow.Image.new("RGB", image.size)
    for top in range(0, image.height, _STRIP):
        strip = image.crop((0, top, image.width, min(top + _STRIP, image.height)))
        white = pillow.Image.new("RGBA", strip.size, "white")
        picture.paste(pillow.Image.alpha_composite(white, strip).convert("RGB"), (0, top))
    return picture
