"""Checks whether damage to a file is detected."""

from desktop.core.errors import ImageError
from desktop.core.imaging.opening import decode_checked


def is_noticed(data: bytes, at_least: int | None = None) -> bool:
    """Tell whether a file is reported as damaged, or refused because Pillow cannot decode it."""
    try:
        return decode_checked(data, "image", at_least).is_damaged
    except ImageError as error:
        return "is damaged or cut off" in str(error)
