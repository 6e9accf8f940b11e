"""The parts of PNG that Pillow ignores: colours given by gamma and primaries, and a transparent 16-bit colour."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.core.errors import ImageError
from desktop.core.frozen import frozen
from desktop.core.imaging.colours import to_eight_bits
from desktop.core.imaging.icc import DISPLAY_P3, SRGB, Primaries, grey_profile, rgb_profile
from desktop.core.imaging.opened import (
    DecodedPixels,
    FormatReader,
    UndecodedImage,
    checked_aspect,
    exif_orientation,
    exif_profile,
    load_whole,
    open_with_pillow,
)
from desktop.core.late import Late
from desktop.core.marking import tr

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from desktop.core.imaging import pillow
else:
    np, pillow = Late("numpy"), Late("desktop.core.imaging.pillow")

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH = 24  # where the bits of a channel stand

_USUAL_GAMMA = (0.44, 0.47)
"""Exponents that are treated as sRGB's: files that name its gamma by one number mean sRGB (PNG, 11.3.2.5, gives 0.45455)."""

_CODED = {(1, 13): None, (12, 13): DISPLAY_P3}
"""Primaries by the numbers of a cICP chunk, with sRGB's curve: sRGB itself and Display P3 (ITU-T H.273)."""

_TOLERANCE = 0.002
"""How far chromaticities may differ from sRGB's and still count as sRGB."""


@frozen(kw_only=True)
class OpenedPng(UndecodedImage):
    """A PNG whose header Pillow has read; `data` are the bytes of the file."""

    data: bytes

    def load(self, at_least: int | None) -> DecodedPixels:
        """Decode the pixels; a transparent colour of 16 bits becomes transparency."""
        is_damaged = not _has_its_end(self.data)
        key = self.image.info.get("transparency")
        if key is None or self.data[_DEPTH] != 16:
            return super().load(at_least)._replace(is_damaged=is_damaged)
        load_whole(self.image, self.name)
        if self.image.mode == "RGB":
            low = self._low_bytes()
            transparent = np.ones(self.image.size[::-1], bool)
            for channel, wanted in enumerate(key):
                value = np.asarray(self.image.getchannel(channel)).astype(np.uint16) << 8
                transparent &= (value | np.asarray(low.getchannel(channel))) == wanted
        else:
            transparent = np.asarray(self.image) == key
        image = to_eight_bits(self.image, self.name)
        del image.info["transparency"]  # a 16-bit colour, which would be read as an 8-bit one
        if transparent.any():
            image.putalpha(pillow.Image.fromarray(np.where(transparent, 0, 255).astype(np.uint8)))
        return DecodedPixels(image, is_damaged)

    def _low_bytes(self) -> Image.Image:
        """Decode the lower bytes of 16-bit colours; Pillow returns only the upper ones."""
        image = open_with_pillow(self.data, self.name, "PNG")
        (tile,) = image.tile  # type: ignore[attr-defined]
        image.tile = [tile._replace(args="RGB;16L")]  # type: ignore[attr-defined]
        load_whole(image, self.name)
        return image


def _open(data: bytes, name: str) -> UndecodedImage:
    image = open_with_pillow(data, name, "PNG")
    chunks = dict(_chunks(data))
    if "exif" not in image.info and b"eXIf" in chunks:  # behind the pixels, where Pillow finds it only by decoding
        image.info["exif"] = b"Exif\0\0" + chunks[b"eXIf"]
    coded = chunks.get(b"cICP", b"")
    if len(coded) == 4:
        image.info["icc_profile"] = _coded_profile(coded, image.mode, name)
    elif "icc_profile" not in image.info and "srgb" not in image.info:
        image.info["icc_profile"] = _named_profile(image) or exif_profile(image)
    across, down = image.info.get("aspect", (1, 1))  # a pHYs chunk without a unit
    pixel_aspect = checked_aspect(across, down, name)
    return OpenedPng(image, name, "PNG", exif_orientation(image), pixel_aspect, data=data)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kinds and contents of the chunks, without the pixels."""
    at = len(_SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind != b"IDAT":
            yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def _has_its_end(data: bytes) -> bool:
    """Whether chunk follows chunk up to the last. Pillow shows what comes before a blank stretch, and the rest black."""
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            return True
        if not kind.isalpha():
            return False
        at += 12 + length
    return False


def _coded_profile(coded: bytes, mode: str, name: str) -> bytes:
    """Return the profile for the code points of a cICP chunk, which outweighs all else; none for sRGB.

    Raises:
        ImageError: they name colours that are not opened, those of high dynamic range for example.
    """
    points = (coded[0], coded[1])
    if points not in _CODED or coded[3] != 1:
        raise ImageError(
            tr("“{name}” has colours of a kind that is not opened (cICP {kind}). Export it as sRGB."),
            name=name,
            kind="/".join(map(str, coded)),
        )
    primaries = _CODED[points]
    return b"" if primaries is None or _is_grey(mode) else rgb_profile(primaries)


def _named_profile(image: Image.Image) -> bytes:
    """Return the profile for gAMA and cHRM; empty if they are missing, mean sRGB or are impossible."""
    exponent, found = image.info.get("gamma"), image.info.get("chromaticity")
    gamma = None if not exponent or _USUAL_GAMMA[0] <= exponent <= _USUAL_GAMMA[1] else 1 / exponent
    if _is_grey(image.mode):
        return b"" if gamma is None else grey_profile(gamma)
    primaries = SRGB if found is None else Primaries(*zip(found[::2], found[1::2], strict=True))
    is_usual = all(
        abs(one - other) <= _TOLERANCE
        for pair, usual in zip(primaries, SRGB, strict=True)
        for one, other in zip(pair, usual, strict=True)
    )
    if is_usual and gamma is None:
        return b""
    try:
        return rgb_profile(primaries, 1 / exponent if exponent else None)
    except ValueError:
        return b""


def _is_grey(mode: str) -> bool:
    return mode in {"1", "L", "LA"} or mode.startswith("I")


PNG = FormatReader(lambda data: data.startswith(_SIGNATURE), _open)
