"""How an image that is placed with a patient is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.session.open_image import OpenImage

if TYPE_CHECKING:
    from desktop.core.records.people import PlacedImage


def open_placed(consultation: OpenImage, placed: PlacedImage) -> None:
    """Open an image with what was answered of the whole of it: by the present model if that did, else what came last.

    A clinical photograph is shown alone; a dermoscopy without an answer gets one.
    """
    whole = [entry for entry in placed.entries if not entry.region]
    classifier = consultation.classifier
    of_model = [entry for entry in whole if classifier and entry.answer.model_sha256 == classifier.sha256]
    if placed.kind == "clinical":
        consultation.open_clinical(placed.image)
    elif whole:
        consultation.open_entry((of_model or whole)[-1])
    else:
        consultation.open_kept(placed.image)
