"""What an outcome is entered for, read from the history: a lesion with its image, its outcomes and its biopsies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.people import Lesion, PlacedImage, worst_first

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import Outcome
    from desktop.core.records.plans import BiopsyState
    from desktop.core.records.specimens import Finding
    from desktop.core.records.values import KeptImage


@dataclass(frozen=True)
class PlannedBiopsy:
    """A biopsy by the assessment that planned it, on the day `planned`.

    `taken` is None where that is not recorded, `finding` the histopathology of its specimen, if there is one (`specimens`). It
    `is_closed` if somebody said why its plan or its histology is not waited for, see `Removal`. For `is_reexcision` see
    `OpenBiopsy`.
    """

    assessment_id: int
    planned: dt.date
    finding: Finding | None
    taken: CareStep | None
    is_reexcision: bool
    is_closed: bool


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

    `outcomes` are those of the lesion and of its images alone, oldest first, and `image` is the one to show. `elsewhere` are
    other lesions of the patient, and images without one, of which a result is likelier: whose histology is open or biopsy is
    planned, if neither is true of its own and it has no histopathology, which most often is corrected then; only those whose
    histology is open, if its own biopsy is planned. `biopsies` are
    those that were taken or are planned, the oldest plan first, and `chosen` is the id of the assessment that planned the one
    whose row was clicked, None if there was none. `told` says by the id of each outcome that the patient was told of it.
    `involved` is the newest finding after which a re-excision is to be planned, None if there is none.
    """

    lesion: Lesion | None
    outcomes: list[Outcome]
    image: KeptImage | None
    pseudonym: str = ""
    elsewhere: list[OpenElsewhere] = field(default_factory=list)
    biopsies: list[PlannedBiopsy] = field(default_factory=list)
    told: dict[int, CareStep] = field(default_factory=dict)
    patient_id: int | None = None
    involved: Outcome | None = None
    chosen: int | None = None

    @property
    def is_planned(self) -> bool:
        """Whether a biopsy is planned that is not recorded as taken, and has no histology."""
        return bool(self._to_take)

    @property
    def is_reexcision_planned(self) -> bool:
        """Whether all that is so planned are re-excisions."""
        return self.is_planned and all(one.is_reexcision for one in self._to_take)

    def is_another_reexcision_planned(self, biopsy: PlannedBiopsy | None) -> bool:
        """Return whether a re-excision is planned that is not this biopsy."""
        mine = None if biopsy is None else biopsy.assessment_id
        return any(one.is_reexcision and not one.is_closed and one.assessment_id != mine for one in self._to_take)

    @property
    def _to_take(self) -> list[PlannedBiopsy]:
        return [one for one in self.biopsies if one.taken is None and one.finding is None]

    @property
    def results(self) -> list[Outcome]:
        """The histopathologies that count, the worst first."""
        return worst_first(one for one in self.outcomes if one.kind == "histopathology")

    @property
    def is_for_open_biopsy(self) -> bool:
        """Whether the biopsy whose row was clicked waits for its finding: what is entered corrects none."""
        return any(one.assessment_id == self.chosen and one.finding is None for one in self.biopsies)

    @property
    def has_days(self) -> bool:
        """Whether there are days of a biopsy or of telling the patient to enter or correct."""
        return bool(self.biopsies or self.results)

    @property
    def has_recorded_days(self) -> bool:
        """Whether such a day is recorded."""
        return any(one.id in self.told for one in self.results) or any(one.taken is not None for one in self.biopsies)

    @property
    def first_taken(self) -> dt.date | None:
        """The day of the first biopsy, if one is recorded."""
        return min((one.taken.day for one in self.biopsies if one.taken is not None), default=None)

    def biopsies_for(self, corrected: Outcome | None, day: dt.date) -> list[PlannedBiopsy]:
        """Return of which biopsies a finding of this day may be: that of the finding which it corrects.

        If it corrects none, those that wait for their finding; not those that were taken later, but for the `chosen` one.
        """
        if corrected is not None:
            return [one for one in self.biopsies if one.finding and one.finding.outcome_id == corrected.id]
        free = [
            one
            for one in self.biopsies
            if one.finding is None and (one.taken is None or one.taken.day <= day or one.assessment_id == self.chosen)
        ]
        return [one for one in free if not one.is_closed] or free


def read_subject(
    lesion_id: int | None, image_id: int | None, sha256: str, history: History, *, plan_id: int | None = None
) -> OutcomeSubject:
    """Read what an outcome is of; the image is that of `sha256`, else the newest, preferably dermoscopy.

    `plan_id` is the id of the assessment that planned the biopsy that was `chosen`.
    """
    if lesion_id is not None:
        lesion = history.people.lesion(lesion_id)
        own = [one for one in history.people.images(lesion.patient_id) if one.lesion_id == lesion_id]
        # stable: the newest of its kind stays last
        own.sort(key=lambda one: (one.image.sha256 == sha256, one.kind == "dermoscopy"))
        waiting = _waiting(lesion.patient_id, history)
        found = OutcomeSubject(
            lesion,
            history.assessments.outcomes_of_all((lesion_id,), (one.image_id for one in own)),
            own[-1].image if own else None,
            history.people.patient(lesion.patient_id).pseudonym,
            patient_id=lesion.patient_id,
            chosen=plan_id,
        )
        found = replace(found, elsewhere=_likelier(lesion, waiting, found))
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
        patient_id=patient_id,
        chosen=plan_id,
    )
    found = replace(found, elsewhere=_likelier(own_image, waiting, found))
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


def _likelier(
    own: Lesion | PlacedImage | None, waiting: list[OpenElsewhere], found: OutcomeSubject
) -> list[OpenElsewhere]:
    """Return of which of the `waiting` a result is likelier than of `own`, of which this was `found`."""
    mine = next((one for one in waiting if one.subject == own), None)
    if mine is None:
        return [] if found.results else waiting
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
    planned = history.worklists.biopsies_of(lesion_id=lesion_id, image_id=image_id)
    again = {one.assessment.id: one.is_reexcision for one in planned}
    again |= {one.assessment_id: one.is_reexcision for one in history.assessments.biopsies(lesions, images)}
    finding_of = history.assessments.specimens(lesions, images if lesion_id is None else ()).finding_of
    taken = history.care_steps.of(Step.TAKEN, again)
    not_closed = {one.assessment.id for one in planned}
    days = {one.id: one.time.astimezone().date() for one in history.assessments.of(lesions, images)}
    unplanned = history.safety_net.unplanned(lesion_id=lesion_id, image_id=image_id)
    return replace(
        found,
        biopsies=[
            PlannedBiopsy(
                one,
                days[one],
                finding_of.get(one),
                taken.get(one),
                is_reexcision=again[one],
                is_closed=one not in not_closed,
            )
            for one in sorted(again)
        ],
        told=history.care_steps.of(Step.TOLD, (one.id for one in found.outcomes)),
        involved=next((one for one in reversed(found.outcomes) if one.id in unplanned), None),
    )
