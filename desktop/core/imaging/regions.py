"""A region: a square of an image that is classified by itself, made from a drawn rectangle and stored as text."""

from desktop.core.imaging.preprocessing import Box

LEAST_SIDE = 16
"""Pixels. A smaller square is a slip of the mouse; no lesion is recognisable in it."""


def square(start: tuple[float, float], end: tuple[float, float], width: int, height: int) -> Box | None:
    """Return the square that was drawn from one corner towards another, within an image of `width` x `height` pixels.

    Its side is the longer of the two that were drawn, as far as the image reaches from where the drawing began. None
    where that leaves less than `LEAST_SIDE`.
    """
    x, y = min(max(start[0], 0.0), width), min(max(start[1], 0.0), height)
    right, down = end[0] >= x, end[1] >= y
    room = min(width - x if right else x, height - y if down else y)
    side = int(min(max(abs(end[0] - x), abs(end[1] - y)), room))
    if side < LEAST_SIDE:
        return None
    left, top = int(x if right else x - side), int(y if down else y - side)
    return Box(left, top, left + side, top + side)


def moved(box: Box, right: int, down: int, width: int, height: int) -> Box:
    """Return a square shifted by so many pixels, kept within an image of `width` x `height` pixels."""
    side = box.right - box.left
    left = min(max(box.left + right, 0), width - side)
    top = min(max(box.top + down, 0), height - side)
    return Box(left, top, left + side, top + side)


def resized(box: Box, factor: float, width: int, height: int) -> Box:
    """Return a square made larger or smaller around its centre, kept within an image of `width` x `height` pixels."""
    old = box.right - box.left
    side = min(max(round(old * factor), LEAST_SIDE), width, height)
    shift = (old - side) // 2
    return moved(Box(box.left, box.top, box.left + side, box.top + side), shift, shift, width, height)


def region_text(box: Box | None) -> str:
    """Return how a region is saved, 'left,top,right,bottom' in pixels of the upright image; empty for the whole of it."""
    return "" if box is None else f"{box.left},{box.top},{box.right},{box.bottom}"


def parse_region(text: str) -> Box | None:
    """Read what `region_text` writes.

    Raises:
        ValueError: the text has another form.
    """
    return read_region(text) if text else None


def read_region(text: str) -> Box:
    """Read a text of `region_text` that is known to name a region.

    Raises:
        ValueError: it does not.
    """
    left, top, right, bottom = map(int, text.split(","))
    return Box(left, top, right, bottom)
