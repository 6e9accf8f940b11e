"""Whether damage to a file is noticed."""

from desktop.core.errors import ImageError
from desktop.core.imaging.opening import decode_checked


def is_noticed(data: bytes, at_least: int | None = None) -> bool:
    """Whether a file is withheld as damaged, or refused as such where Pillow makes no picture of it."""
    try:
        return decode_checked(data, "image", at_least).is_damaged
    except ImageError as error:
        return "is damaged or cut off" in str(error)
