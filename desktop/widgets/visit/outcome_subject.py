"""What an outcome is entered for, read from the history: a lesion with its image, its outcomes and its biopsies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.people import Lesion, PlacedImage, leading

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import Outcome
    from desktop.core.records.values import KeptImage
    from desktop.core.records.worklists import BiopsyState


@dataclass(frozen=True)
class PlannedBiopsy:
    """A biopsy by the assessment that planned it, on the day `planned`.

    `taken` is None where that is not recorded, `found` is the day of the histopathology that came after it, if any. For
    `is_reexcision` see `OpenBiopsy`.
    """

    assessment_id: int
    planned: dt.date
    found: dt.date | None
    taken: CareStep | None
    is_reexcision: bool


@dataclass(frozen=True)
class OpenElsewhere:
    """A lesion, or an image without one, whose biopsy `is_taken` and has no histology yet, or else is planned.

    `day` is that on which it was taken, or planned. For `is_reexcision` see `OpenBiopsy`.
    """

    subject: Lesion | PlacedImage
    is_taken: bool
    day: dt.date
    is_reexcision: bool


@dataclass(frozen=True)
class OutcomeSubject:
    """What an outcome is of: a lesion, or (None) an image without one.

    `outcomes` are those of the lesion and of its images alone, oldest first, and `image` is the one to show. `has_plan` says
    whether a biopsy was planned whose histology is among them. `elsewhere` are other lesions of the patient, and images
    without one, of which a result is likelier: whose histology is open or biopsy is planned, if neither is true of its own;
    only those whose histology is open, if its own biopsy is planned. `biopsies` are those that were taken or are planned,
    the oldest plan first; `told` is that the patient was told of the histopathology that counts, None where that is not
    recorded. `involved` is the newest finding after which a re-excision is to be planned, None if there is none.
    """

    lesion: Lesion | None
    outcomes: list[Outcome]
    image: KeptImage | None
    pseudonym: str = ""
    elsewhere: list[OpenElsewhere] = field(default_factory=list)
    has_plan: bool = False
    biopsies: list[PlannedBiopsy] = field(default_factory=list)
    told: CareStep | None = None
    patient_id: int | None = None
    involved: Outcome | None = None

    @property
    def is_planned(self) -> bool:
        """Whether a biopsy is planned that is not recorded as taken, and has no histology."""
        return any(one.taken is None and one.found is None for one in self.biopsies)

    @property
    def to_take(self) -> list[PlannedBiopsy]:
        """The biopsies that are not recorded as taken. Their histology may have been entered."""
        return [one for one in self.biopsies if one.taken is None]

    @property
    def is_reexcision_planned(self) -> bool:
        """Whether what is not recorded as taken are re-excisions alone."""
        return bool(self.to_take) and all(one.is_reexcision for one in self.to_take)

    @property
    def result(self) -> Outcome | None:
        """The histopathology that counts."""
        return leading(one for one in self.outcomes if one.kind == "histopathology")

    @property
    def has_days(self) -> bool:
        """Whether there are days of a biopsy or of telling the patient to enter or correct."""
        return bool(self.biopsies) or self.result is not None

    @property
    def has_recorded_days(self) -> bool:
        """Whether such a day is recorded."""
        return self.told is not None or any(one.taken is not None for one in self.biopsies)


def read_subject(lesion_id: int | None, image_id: int | None, sha256: str, history: History) -> OutcomeSubject:
    """Read what an outcome is of; the image is that of `sha256`, else the newest, preferably dermoscopy."""
    if lesion_id is not None:
        lesion = history.people.lesion(lesion_id)
        own = [one for one in history.people.images(lesion.patient_id) if one.lesion_id == lesion_id]
        # stable: the newest of its kind stays last
        own.sort(key=lambda one: (one.image.sha256 == sha256, one.kind == "dermoscopy"))
        waiting = _waiting(lesion.patient_id, history)
        is_waiting = any(one.subject == lesion for one in waiting)
        found = OutcomeSubject(
            lesion,
            history.assessments.outcomes_of_all((lesion_id,), (one.image_id for one in own)),
            own[-1].image if own else None,
            history.people.patient(lesion.patient_id).pseudonym,
            _likelier(lesion, waiting),
            not is_waiting and bool(history.worklists.biopsies_planned(lesion_id=lesion_id)),
            patient_id=lesion.patient_id,
        )
        return _with_days(found, lesion_id, (one.image_id for one in own), history)
    if image_id is None:
        return OutcomeSubject(None, [], None)
    entries = history.entries_of(image_id)
    patient_id = history.people.owner(image_id)
    waiting = [] if patient_id is None else _waiting(patient_id, history)
    own_image = next((one.subject for one in waiting if _is_image(one.subject, image_id)), None)
    found = OutcomeSubject(
        None,
        history.assessments.outcomes(image_id=image_id),
        entries[-1].image if entries else None,
        "" if patient_id is None else history.people.patient(patient_id).pseudonym,
        _likelier(own_image, waiting),
        bool(history.worklists.biopsies_planned(image_id=image_id)),
        patient_id=patient_id,
    )
    return _with_days(found, None, (image_id,), history)


def _waiting(patient_id: int, history: History) -> list[OpenElsewhere]:
    """Return a patient's lesions, and images without one, whose histology is open or whose biopsy is planned."""
    lesions = history.people.lesions(patient_id)
    images = [one for one in history.people.images(patient_id) if one.lesion_id is None]
    found = history.worklists.open_biopsies_of((one.id for one in lesions), (one.image_id for one in images))
    of_lesion = {one.lesion_id: one for one in sorted(found, key=_is_taken)}
    of_image = {one.image_id: one for one in sorted(found, key=_is_taken)}
    return [
        *(_elsewhere(one, of_lesion[one.id]) for one in lesions if one.id in of_lesion),
        *(_elsewhere(one, of_image[one.image_id]) for one in images if one.image_id in of_image),
    ]


def _elsewhere(subject: Lesion | PlacedImage, biopsy: BiopsyState) -> OpenElsewhere:
    planned = biopsy.assessment.time.astimezone().date()
    return OpenElsewhere(subject, biopsy.taken is not None, biopsy.taken or planned, biopsy.is_reexcision)


def _likelier(own: Lesion | PlacedImage | None, waiting: list[OpenElsewhere]) -> list[OpenElsewhere]:
    """Return of which of the `waiting` a result is likelier than of `own`."""
    mine = next((one for one in waiting if one.subject == own), None)
    if mine is None:
        return waiting
    return [] if mine.is_taken else [one for one in waiting if one.is_taken]


def _is_taken(biopsy: BiopsyState) -> bool:
    return biopsy.taken is not None


def _is_image(subject: Lesion | PlacedImage, image_id: int) -> bool:
    return isinstance(subject, PlacedImage) and subject.image_id == image_id


def _with_days(
    found: OutcomeSubject, lesion_id: int | None, image_ids: Iterable[int], history: History
) -> OutcomeSubject:
    """Add the biopsies, when the patient was told, and whether a re-excision is to be planned."""
    images = tuple(image_ids)
    lesions = () if lesion_id is None else (lesion_id,)
    image_id = images[0] if lesion_id is None and images else None
    planned = {
        one.assessment.id: one.is_reexcision
        for one in history.worklists.biopsies_of(lesion_id=lesion_id, image_id=image_id)
    }
    wanted = {*planned, *(one.assessment_id for one in history.assessments.biopsies(lesions, images))}
    taken = history.care_steps.of(Step.TAKEN, wanted)
    days = {one.id: one.time.astimezone().date() for one in history.assessments.of_all(lesions, images)}
    unplanned = history.safety_net.unplanned(lesion_id=lesion_id, image_id=image_id)
    result = found.result
    told = {} if result is None else history.care_steps.of(Step.TOLD, (result.id,))
    return replace(
        found,
        biopsies=[
            PlannedBiopsy(
                one,
                days[one],
                history.assessments.day_found(one),
                taken.get(one),
                is_reexcision=planned.get(one, False),
            )
            for one in sorted(wanted)
        ],
        told=None if result is None else told.get(result.id),
        involved=next((one for one in reversed(found.outcomes) if one.id in unplanned), None),
    )
