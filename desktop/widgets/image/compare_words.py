"""What stands beside the controls of the comparison."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.core.imaging.capture import Capture, Contact, Light
from desktop.core.inference import lesion_size
from desktop.core.inference.lesion_size import SizeObstacle
from desktop.core.marking import tr
from desktop.core.registration.similarity import Similarity
from desktop.widgets.common import size_words
from desktop.widgets.common.wording import translated
from desktop.widgets.image.hand_points import LEAST

CONTACT_WORDS: dict[Contact, str] = {
    "": tr("not known"),
    "contact": tr("on the skin"),
    "no contact": tr("not touching"),
}
LIGHT_WORDS: dict[Light, str] = {
    "": tr("not known"),
    "polarised": tr("polarised"),
    "not polarised": tr("not polarised"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Comparison", text)


def why_no_colours(older: Capture, newer: Capture) -> str:
    """Return what must not be compared of images that were not taken alike, or not as far as is known; else empty."""
    if older.is_as(newer):
        return ""
    if older.differs_from(newer):
        return _tr("Different light: do not compare colours, white lines, vessels.")
    return _tr("Light not known: do not compare colours, white lines, vessels.")


def why_difference_is_off(older: Capture, newer: Capture) -> str:
    """Return why two images are not subtracted, and what to do about it."""
    if older.differs_from(newer):
        return _tr(
            "Difference is off: the images were taken in different light. Correct device, plate or light if wrong."
        )
    return _tr("Difference is off: the light is not known. Enter device, plate and light of both images.")


def capture_text(capture: Capture) -> str:
    """Return how both images were taken."""
    return _tr("Both: {device}, plate {contact}, {light} light.").format(
        device=capture.device,
        contact=translated(CONTACT_WORDS[capture.contact]),
        light=translated(LIGHT_WORDS[capture.light]),
    )


def note_of_points(count: int) -> str:
    """Return what to do next after so many points were set by hand in both images."""
    if count < LEAST:
        return _tr("Click the same spot in both images: {number} of {count}.").format(number=count + 1, count=LEAST)
    return _tr("Aligned. A third spot makes it more exact.")


def why_no_sizes(scales: Sequence[float | None], transform: Similarity | None) -> str:
    """Return why the sizes of two images must not be compared, or that of one not given; empty if they may be.

    Args:
        scales: millimetres per pixel of each image, None where they are not known.
        transform: how the images are aligned, if they are.
    """
    known = [scale for scale in scales if scale is not None]
    if len(known) < len(scales):
        return size_words.no_scale_text()
    if transform is not None and not lesion_size.fits(known[0], known[1], transform):
        return size_words.reason_text(SizeObstacle.SCALES_DIFFER)
    return ""
