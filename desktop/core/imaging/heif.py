"""HEIC, which libheif decodes through pi-heif, and AVIF, which Pillow decodes.

Both are HEIF files, and differ in the compression of the picture. The decoder rotates a HEIC itself; Pillow reports the
rotation of an AVIF as an EXIF orientation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.core.errors import ImageError
from desktop.core.imaging.boxes import brands, inner
from desktop.core.imaging.icc import DISPLAY_P3, REC_2020, rgb_profile
from desktop.core.imaging.limits import check_memory, check_size, damaged
from desktop.core.imaging.opened import DeferredImage, FormatReader, UndecodedImage, exif_orientation, open_with_pillow
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import pi_heif
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    pi_heif, pillow = Late("pi_heif"), Late("desktop.core.imaging.pillow")

EXTENSIONS = frozenset({".avif", ".heic", ".heif", ".hif"})

_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})

_VERSION = 4
"""The bytes of a full box before the boxes in it."""

_BYTES_A_PIXEL = 12
"""What decoding takes: 9 were measured on files of 24 megapixels and 8 bits; of 10 bits the planes are twice as large."""

_PRIMARIES = {1: None, 2: None, 5: None, 6: None, 9: REC_2020, 12: DISPLAY_P3}
"""Primaries by their number (ITU-T H.273, table 2); those of video and those that are not told are taken for sRGB's."""

_CURVES = frozenset({1, 2, 6, 13, 14, 15})
"""Transfer characteristics (H.273, table 3) that are sRGB's, or are meant as it by those who write still images."""


def _open_heic(data: bytes, name: str) -> UndecodedImage:
    try:
        found = pi_heif.open_heif(data)
        (width, height), info = found.size, found.info
    except MemoryError:
        raise
    except Exception as error:  # it names RuntimeError, ValueError, SyntaxError, EOFError and OSError
        raise _refused(error, name) from error
    check_size(width, height, name)
    check_memory(width * height * _BYTES_A_PIXEL, name)
    nclx = info.get("nclx_profile") or {}
    profile = info.get("icc_profile") or _coded_profile(
        int(nclx.get("color_primaries", 2)), int(nclx.get("transfer_characteristics", 2)), name
    )
    carrier = pillow.Image.new("L", (0, 0))
    if profile:
        carrier.info["icc_profile"] = profile
    return DeferredImage(carrier, name, "HEIC", stored_size=(width, height), decoder=lambda: _decoded(found, name))


def _decoded(found: Any, name: str) -> Image.Image:
    """Decode the picture that a file leads with, to 8 bits a channel, upright."""
    try:
        image: Image.Image = found.to_pillow()
    except MemoryError:
        raise
    except Exception as error:
        raise _refused(error, name) from error
    return image.convert("RGBA") if image.mode == "RGBa" else image


def _refused(error: Exception, name: str) -> ImageError:
    """Return the error for a file that libheif does not decode: not every HEIF file has a supported compression."""
    if "nsupported" in str(error):
        return ImageError(
            tr("“{name}” is HEIF of a kind that is not opened. Export it as JPEG or PNG and open that."), name=name
        )
    return damaged(name)


def _open_avif(data: bytes, name: str) -> UndecodedImage:
    image = open_with_pillow(data, name, "AVIF")
    check_memory(image.width * image.height * _BYTES_A_PIXEL, name)
    meta = next(inner(data, b"meta"), b"")[_VERSION:]
    for colours in inner(meta, b"iprp", b"ipco", b"colr"):
        if colours[:4] == b"nclx" and "icc_profile" not in image.info:
            profile = _coded_profile(int.from_bytes(colours[4:6]), int.from_bytes(colours[6:8]), name)
            if profile:
                image.info["icc_profile"] = profile
    return UndecodedImage(image, name, "AVIF", exif_orientation(image))


def _coded_profile(primaries: int, transfer: int, name: str) -> bytes:
    """Return the profile for colours that are named by numbers; none for sRGB.

    Raises:
        ImageError: they name colours that are not opened, those of high dynamic range for example.
    """
    if primaries not in _PRIMARIES or transfer not in _CURVES:
        raise ImageError(
            tr("“{name}” has colours of a kind that is not opened (nclx {kind}). Export it as sRGB."),
            name=name,
            kind=f"{primaries}/{transfer}",
        )
    named = _PRIMARIES[primaries]
    return b"" if named is None else rgb_profile(named)


def _open(data: bytes, name: str) -> UndecodedImage:
    return _open_heic(data, name) if _AVIF.isdisjoint(brands(data)) else _open_avif(data, name)


HEIC_OR_AVIF = FormatReader(lambda data: not (_HEIC | _AVIF).isdisjoint(brands(data)), _open)
