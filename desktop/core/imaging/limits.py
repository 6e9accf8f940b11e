"""How large an image may be, and the sentences for those that are too large or damaged."""

from desktop.core.errors import ImageError
from desktop.core.marking import tr

MAX_PIXELS = 100_000_000
"""Larger images are refused before decoding: 100 megapixels are 300 MB of RGB, four times the largest camera in use."""

MAX_BYTES = 1_000_000_000
"""Larger files are refused before reading: 100 megapixels of uncompressed 16-bit RGBA are 800 MB."""

MAX_FRAMES = 500
"""Frames of one DICOM file: a lesion seen again and again has dozens, a video thousands, and a video is no set of images."""


def check_size(width: int, height: int, name: str) -> None:
    """Refuse an image of too many pixels before they are decoded.

    Raises:
        ImageError: it has more than `MAX_PIXELS`.
    """
    if width * height > MAX_PIXELS:
        raise ImageError(
            tr("“{name}” has {width} × {height} pixels; at most {limit} megapixels are opened. Save it smaller."),
            name=name,
            width=width,
            height=height,
            limit=MAX_PIXELS // 1_000_000,
        )


FEW_SCANS = 16
"""As many scans as a progressive JPEG may have at any size; encoders write up to a dozen."""

_MAX_SCANS = 100
_MAX_SCANNED = 1_600_000_000
"""Pixels times scans. Each scan goes over the whole picture: 2,000 scans of 58 kB kept a core busy for 23 seconds."""


def check_scans(pixels: int, scans: int, name: str) -> None:
    """Refuse a progressive JPEG of more scans than are worth the time.

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
    """Return the error of a file that begins like an image and cannot be decoded."""
    return ImageError(tr("“{name}” is damaged or cut off and cannot be decoded. Export the image again."), name=name)
