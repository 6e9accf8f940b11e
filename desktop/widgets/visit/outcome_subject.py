"""What an outcome is entered for, read from the history: a lesion with its image and outcomes, and biopsies that are open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.core.records.care_steps import Step
from desktop.core.records.people import Lesion, PlacedImage

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import Outcome
    from desktop.core.records.values import KeptImage


@dataclass(frozen=True)
class OutcomeSubject:
    """What an outcome is of: a lesion, or (None) an image without one.

    `outcomes` are those of the lesion and of its images alone, oldest first, and `image` is the one to show. `has_plan` says
    whether a biopsy was planned whose histology is among them. `elsewhere` are other lesions of the patient, and images
    without one, whose histology is open, if its own is not.
    """

    lesion: Lesion | None
    outcomes: list[Outcome]
    image: KeptImage | None
    pseudonym: str = ""
    elsewhere: list[Lesion | PlacedImage] = field(default_factory=list)
    has_plan: bool = False


def read_subject(lesion_id: int | None, image_id: int | None, sha256: str, history: History) -> OutcomeSubject:
    """Read what an outcome is of; the image is that of `sha256`, else the newest, preferably dermoscopy."""
    if lesion_id is not None:
        lesion = history.people.lesion(lesion_id)
        own = [one for one in history.people.images(lesion.patient_id) if one.lesion_id == lesion_id]
        # stable: the newest of its kind stays last
        own.sort(key=lambda one: (one.image.sha256 == sha256, one.kind == "dermoscopy"))
        waiting = _waiting(lesion.patient_id, history)
        is_waiting = lesion in waiting
        return OutcomeSubject(
            lesion,
            history.assessments.outcomes_of_all((lesion_id,), (one.image_id for one in own)),
            own[-1].image if own else None,
            history.people.patient(lesion.patient_id).pseudonym,
            [] if is_waiting else waiting,
            not is_waiting and bool(history.worklists.biopsies_planned(lesion_id=lesion_id)),
        )
    if image_id is None:
        return OutcomeSubject(None, [], None)
    entries = history.entries_of(image_id)
    patient_id = history.people.owner(image_id)
    waiting = [] if patient_id is None else _waiting(patient_id, history)
    is_waiting = any(isinstance(one, PlacedImage) and one.image_id == image_id for one in waiting)
    return OutcomeSubject(
        None,
        history.assessments.outcomes(image_id=image_id),
        entries[-1].image if entries else None,
        "" if patient_id is None else history.people.patient(patient_id).pseudonym,
        [] if is_waiting else waiting,
        bool(history.worklists.biopsies_planned(image_id=image_id)),
    )


def _waiting(patient_id: int, history: History) -> list[Lesion | PlacedImage]:
    """Return a patient's lesions, and images without one, whose histology is open."""
    lesions = history.people.lesions(patient_id)
    images = [one for one in history.people.images(patient_id) if one.lesion_id is None]
    lesion_ids = history.worklists.lesions_with_histology_open(one.id for one in lesions)
    image_ids = history.worklists.images_with_histology_open(one.image_id for one in images)
    return [
        *(one for one in lesions if one.id in lesion_ids),
        *(one for one in images if one.image_id in image_ids),
    ]


def biopsies_to_take(lesion_id: int | None, image_id: int | None, history: History) -> list[int]:
    """Return the assessments of a lesion, or of an image without one, whose biopsy is not recorded as taken.

    Its histology may have been entered: the day can be given with a correction.
    """
    planned = history.worklists.biopsies_planned(
        lesion_id=lesion_id, image_id=None if lesion_id is not None else image_id
    )
    return sorted(set(planned) - history.care_steps.of(Step.TAKEN, planned).keys())
