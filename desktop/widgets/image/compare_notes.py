"""What is said of the two images of a comparison: why a way of showing them is off, and the note beside the controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from desktop.core.imaging.capture import Capture
from desktop.session.picture import Picture
from desktop.widgets.image import compare_words
from desktop.widgets.image.compare_bar import DIFFERENCE, SIDE
from desktop.widgets.image.compare_pair import ComparedImage

CaptureOf = Callable[[Picture], Capture]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Comparison", text)


def why_no_difference(images: Sequence[ComparedImage], capture_of: CaptureOf) -> str:
    """Return why two images must not be subtracted, empty if they may be."""
    if not _are_dermoscopy(images):
        return _tr("Only between two dermatoscope images that are saved")
    older, newer = (capture_of(image.picture) for image in images)
    return compare_words.why_no_colours(older, newer)


def why_off(way: str, images: Sequence[ComparedImage], capture_of: CaptureOf) -> tuple[str, bool]:
    """Return why images cannot be shown a way and what to do, and whether entering their light would help."""
    if len(images) < 2:
        return _tr("Blink, fade and difference need two images."), False
    if way == DIFFERENCE and _are_dermoscopy(images):
        older, newer = (capture_of(image.picture) for image in images)
        return compare_words.why_difference_is_off(older, newer), True
    return why_no_difference(images, capture_of), False


def note(images: Sequence[ComparedImage], way: str, *, is_by_hand: bool, sizes: str) -> str:
    """Return what stands beside the controls.

    Args:
        images: the images.
        way: how they are shown.
        is_by_hand: whether they are aligned by hand.
        sizes: why their sizes must not be compared, empty if they may be or that is said elsewhere.
    """
    if len(images) < 2:
        return ""
    notes = [sizes]
    if way == SIDE and is_by_hand:
        notes.append(_tr("Aligned by hand."))
    elif way == SIDE and any(image.day is None for image in images):
        notes.append(_tr("A visit's date is missing: the image added first is on the left."))
    return " ".join(filter(None, notes))


def _are_dermoscopy(images: Sequence[ComparedImage]) -> bool:
    return len(images) == 2 and all(image.is_dermoscopy for image in images)
