"""Limits on images, and the errors for those that are too large or damaged."""

from desktop.core.errors import ImageError
from desktop.core.marking import tr

MAX_PIXELS = 100_000_000
"""Larger images are refused before decoding: 100 megapixels are 300 MB of RGB, four times the largest camera in use."""

MAX_SIDE = 65_535
"""Pixels of a side: no JPEG has more. Even an image one pixel wide costs Pillow 8 bytes a row."""

MAX_DECODED = 1_000_000_000
"""Bytes that an image may take while it is decoded and converted: 100 megapixels of RGB take 400 MB, with a profile 800."""

MAX_BYTES = 1_000_000_000
"""Larger files are refused before reading: 100 megapixels of uncompressed 16-bit RGBA are 800 MB."""

MAX_FRAMES = 500
"""Frames of one DICOM file: a lesion seen again and again has dozens, a video thousands, and a video is no set of images."""


def check_size(width: int, height: int, name: str) -> None:
    """Refuse an image of too many pixels before they are decoded.

    Raises:
        ImageError: it has more than `MAX_PIXELS`, or than `MAX_SIDE` on a side.
    """
    if width * height > MAX_PIXELS:
        raise ImageError(
            tr("“{name}” has {width} × {height} pixels; at most {limit} megapixels are opened. Save it smaller."),
            name=name,
            width=width,
            height=height,
            limit=MAX_PIXELS // 1_000_000,
        )
    if max(width, height) > MAX_SIDE:
        raise ImageError(
            tr("“{name}” has {width} × {height} pixels; at most {limit} a side are opened. Cut it into parts."),
            name=name,
            width=width,
            height=height,
            limit=MAX_SIDE,
        )


def check_memory(size: float, name: str) -> None:
    """Refuse an image that would take more than `MAX_DECODED` bytes, before they are taken.

    Raises:
        ImageError: it would.
    """
    if size > MAX_DECODED:
        raise ImageError(
            tr("“{name}” would take {size} MB of memory; at most {limit} MB are used. Save it smaller, with 8 bits."),
            name=name,
            size=round(size / 1_000_000),
            limit=MAX_DECODED // 1_000_000,
        )


FEW_SCANS = 16
"""Up to this many scans are accepted whatever the image's size; encoders write at most a dozen."""

_MAX_SCANS = 100
_MAX_SCANNED = 1_600_000_000
"""Pixels times scans. Each scan goes over the whole picture: 2,000 scans of 58 kB kept a core busy for 23 seconds."""


def check_scans(pixels: int, scans: int, name: str) -> None:
    """Refuse a progressive JPEG with too many scans to decode in reasonable time.

    Raises:
        ImageError: it has too many.
    """
    if scans > FEW_SCANS and (scans > _MAX_SCANS or pixels * scans > _MAX_SCANNED):
        raise ImageError(
            tr("“{name}” is a JPEG of {scans} scans, which would take too long to open. Save it again."),
            name=name,
            scans=scans,
        )


def damaged(name: str) -> ImageError:
    """Return the error for a file that begins like an image but cannot be decoded."""
    return ImageError(tr("“{name}” is damaged or cut off and cannot be decoded. Export the image again."), name=name)
