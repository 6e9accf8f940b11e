"""The readers of BMP and WebP, which Pillow decodes."""

from __future__ import annotations

from desktop.core.imaging.opened import Opened, Reader, exif_orientation, exif_profile, open_with_pillow


def _open_webp(data: bytes, name: str) -> Opened:
    image = open_with_pillow(data, name, "WEBP")
    image.info.setdefault("icc_profile", exif_profile(image))
    return Opened(image, name, "WEBP", exif_orientation(image))


def _open_bmp(data: bytes, name: str) -> Opened:
    return Opened(open_with_pillow(data, name, "BMP"), name, "BMP")


WEBP = Reader(lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP", _open_webp)
BMP = Reader(lambda data: data.startswith(b"BM"), _open_bmp)
