"""Any supported image file, as upright 8-bit RGB in the sRGB colour space.

Everything that looks at an image goes through here: the picture on the screen, the model's input, the training's arrays.
"""

from __future__ import annotations

import io
import logging
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
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

FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")
"""Pillow's names of what is opened; its JPEG includes MPO, a JPEG with a second picture inside that some cameras write."""

EXTENSIONS = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".bmp", ".dib", ".webp"})
"""The extensions by which an image is recognised in a folder; a file named explicitly is always tried."""

MAX_PIXELS = 100_000_000
"""Larger images are refused before decoding: 100 megapixels are 300 MB of RGB, four times the largest camera in use."""

MAX_BYTES = 1_000_000_000
"""Larger files are refused before reading: 100 megapixels of uncompressed 16-bit RGBA are 800 MB."""

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})

_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"BM")
"""How files of the formats begin; WebP's is told apart below."""

_STRIP = 256  # rows at a time

_ORIENTATION = 0x0112  # the EXIF tag
_PHOTOMETRIC = 262  # the TIFF tag
_UPRIGHT = 1
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What makes an image upright, by its EXIF orientation (EXIF 2.32, table 6): the names of Pillow's transpositions."""


@dataclass(frozen=True)
class Header:
    """What is known of an image before its pixels are decoded; `width` and `height` are those of the upright image."""

    format: str
    width: int
    height: int


def read_file(path: Path) -> bytes:
    """Return the bytes of an image file.

    Raises:
        ImageError: the file cannot be read, is empty or is larger than `MAX_BYTES`.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise ImageError(tr("“{name}” is a folder. Choose an image, or classify it as a folder."), name=path.name)
        if not stat.S_ISREG(found.st_mode):  # reading a named pipe would wait for ever
            raise ImageError(tr("“{name}” is not a file. Choose an image."), name=path.name)
        if found.st_size > MAX_BYTES:
            raise ImageError(
                tr("“{name}” is {size} MB large; at most {limit} MB are opened. Save the image smaller."),
                name=path.name,
                size=found.st_size // 1_000_000,
                limit=MAX_BYTES // 1_000_000,
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ImageError(tr("“{name}” is not there. Was it moved or renamed?"), name=path.name) from error
    except PermissionError as error:
        raise ImageError(tr("“{name}” may not be read. Check the file's permissions."), name=path.name) from error
    except (OSError, ValueError) as error:
        raise ImageError(tr("“{name}” cannot be read ({detail})."), name=path.name, detail=error) from error
    if not data:
        raise ImageError(tr("“{name}” is empty (0 bytes). Export the image again."), name=path.name)
    return data


def read_header(data: bytes, name: str) -> Header:
    """Return format and upright size without decoding the pixels.

    Raises:
        ImageError: not an image of a supported format, or too large.
    """
    with _open(data, name) as image:
        width, height = image.size
        if _orientation(image, data) in {5, 6, 7, 8}:
            width, height = height, width
        return Header(image.format or "", width, height)


def decode(data: bytes, name: str, at_least: int | None = None) -> Image.Image:
    """Decode an image to upright RGB, 8 bits a channel, sRGB, transparency over white.

    Args:
        data: the bytes of the file.
        name: the file's name, for the sentence of an error.
        at_least: decode a JPEG scaled down in the DCT domain as far as both sides keep this many pixels (Pillow's draft
            mode); None decodes every pixel. Other formats are always decoded whole.

    Raises:
        ImageError: not an image of a supported format, damaged, or too large.
    """
    try:
        with _open(data, name) as image:
            if at_least is not None:
                image.draft(None, (at_least, at_least))
            turn = _TURNS.get(_orientation(image, data))
            try:
                image.load()
            except MemoryError:
                raise
            except Exception as error:
                raise _damaged(name) from error
            eight_bits = _to_eight_bits(image, name)
            picture = _over_white(
                _to_srgb(eight_bits if turn is None else eight_bits.transpose(pillow.Image.Transpose[turn]))
            )
            picture.info = {}  # comments and EXIF may name the patient; Pillow would write some of them out again
            return picture
    except MemoryError as error:
        raise ImageError(
            tr("“{name}” needs more memory than is free. Close other programs, or save the image smaller."), name=name
        ) from error


def _open(data: bytes, name: str) -> Image.Image:
    try:
        image = pillow.Image.open(io.BytesIO(data), formats=FORMATS)
    except Exception as error:
        raise _unsupported(data, name) from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        image.close()
        raise ImageError(
            tr("“{name}” has {width} × {height} pixels; at most {limit} megapixels are opened. Save it smaller."),
            name=name,
            width=width,
            height=height,
            limit=MAX_PIXELS // 1_000_000,
        )
    return image


def _unsupported(data: bytes, name: str) -> ImageError:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return ImageError(
            tr("“{name}” is a HEIC or AVIF image, which is not opened. Export it as JPEG or PNG and open that."),
            name=name,
        )
    if data[128:132] == b"DICM":
        return ImageError(
            tr("“{name}” is a DICOM file, which this version does not open. Export it as JPEG or PNG."), name=name
        )
    if data.startswith(_BEGINNINGS) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return _damaged(name)
    return ImageError(tr("“{name}” is not an image that can be opened. Use JPEG, PNG, TIFF, BMP or WebP."), name=name)


def _damaged(name: str) -> ImageError:
    return ImageError(tr("“{name}” is damaged or cut off and cannot be decoded. Export the image again."), name=name)


def _orientation(image: Image.Image, data: bytes) -> int:
    """Return the EXIF orientation that is still to be obeyed; Pillow turns a TIFF by itself, its size included."""
    if image.format == "TIFF":
        return _UPRIGHT
    try:
        # PNG's own getexif decodes the pixels, to look for a chunk behind them.
        is_plain_png = image.format == "PNG" and b"eXIf" not in data
        found = pillow.Image.Image.getexif(image) if is_plain_png else image.getexif()
    except Exception:  # noqa: BLE001 - broken EXIF: the orientation is not known, the picture is still good
        logger.warning("an image's EXIF data cannot be read; it is shown as it is stored")
        return _UPRIGHT
    orientation = found.get(_ORIENTATION)
    return orientation if isinstance(orientation, int) else _UPRIGHT


def _to_eight_bits(image: Image.Image, name: str) -> Image.Image:
    """Scale 16-bit grey by the fixed factor 255 / 65535, never by the image's own range."""
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.int64)
        if values.min(initial=0) < 0 or values.max(initial=0) > 65535:
            raise ImageError(
                tr("“{name}” holds 32-bit values, whose range is not known. Save it with 8 bits."), name=name
            )
        if _is_white_zero(image):  # Pillow inverts such TIFF files of 8 bits, and not those of 16
            values = 65535 - values
        grey = pillow.Image.fromarray(((values * 255 + 32767) // 65535).astype(np.uint8))
        grey.info = image.info
        return grey
    if image.mode == "F":
        raise ImageError(
            tr("“{name}” holds floating-point values, whose range is not known. Save it with 8 bits."), name=name
        )
    return image


def _is_white_zero(image: Image.Image) -> bool:
    """Whether a TIFF says that its zero is white (PhotometricInterpretation 0)."""
    return image.format == "TIFF" and getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == 0


def _to_srgb(image: Image.Image) -> Image.Image:
    """Return RGB, or RGBA where there is transparency, converted by the embedded ICC profile if there is one."""
    has_alpha = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if image.mode == "P":
        image = image.convert("RGBA" if has_alpha else "RGB")
    elif has_alpha and image.mode in {"RGB", "L"}:  # one colour is declared transparent
        image = image.convert("RGBA")
    if profile and image.mode in {"L", "RGB", "CMYK", "LAB", "RGBA", "LA"}:
        alpha = image.getchannel("A") if image.mode in {"RGBA", "LA"} else None
        opaque = image.convert({"RGBA": "RGB", "LA": "L"}.get(image.mode, image.mode))
        try:
            converted = pillow.ImageCms.applyTransform(opaque, _transform(profile, opaque.mode))
        except (pillow.ImageCms.PyCMSError, ValueError, OSError):
            logger.warning("an image's colour profile cannot be used; its colours are taken as sRGB")
        else:
            if converted is not None:
                if alpha is not None:
                    converted.putalpha(alpha)
                return converted
    return image.convert("RGBA" if has_alpha else "RGB")


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> pillow.ImageCms.ImageCmsTransform:
    cms = pillow.ImageCms
    source = cms.getOpenProfile(io.BytesIO(profile))
    return cms.buildTransform(
        source, cms.createProfile("sRGB"), mode, "RGB", renderingIntent=cms.Intent.RELATIVE_COLORIMETRIC
    )


def _over_white(image: Image.Image) -> Image.Image:
    """Lay transparency over white, strip by strip: a whole white image and a whole result would each take its memory."""
    if image.mode != "RGBA":
        return image
    picture = pillow.Image.new("RGB", image.size)
    for top in range(0, image.height, _STRIP):
        strip = image.crop((0, top, image.width, min(top + _STRIP, image.height)))
        white = pillow.Image.new("RGBA", strip.size, "white")
        picture.paste(pillow.Image.alpha_composite(white, strip).convert("RGB"), (0, top))
    return picture
