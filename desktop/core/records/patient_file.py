"""One patient's visits, lesions and images, and the state of each lesion, read in one go."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.patient_context import band_in_year, bands_of_year

if TYPE_CHECKING:
    from desktop.core.records import lesion_facts
    from desktop.core.records.history import History
    from desktop.core.records.people import Lesion, MovedImage, Patient, PlacedImage, Visit
else:
    lesion_facts = Late("desktop.core.records.lesion_facts")  # the window imports this module while it is completed

_SAME_AGE = dt.timedelta(days=365)
"""How long the age band of an earlier visit is reused; a ten-year band is then wrong for at most one visit in ten."""


class LesionState(Enum):
    """The state of a lesion at this visit."""

    OPEN = "open"
    """New, or photographed at this visit and not assessed."""
    DONE = "done"
    """Assessed at this visit."""
    PLANNED = "planned"
    """A biopsy or excision is planned and not recorded as taken."""
    WAITING = "waiting"
    """A biopsy or excision was taken and has no histopathology yet."""
    EARLIER = "earlier"
    """It has nothing of this visit."""


@frozen
class PatientFile:
    """One patient's part of the history; visits newest first, images oldest first.

    `earlier` are the SHA-256 of images of earlier visits whose answers wait, under blind-first, for today's assessment of their
    lesion (`awaiting`), and `unanswered` those of such lesions that no model has answered. `facts` are what people say of each
    lesion, by its id. `assessed` are the lesions with an assessment at this visit that was not made elsewhere, and `seen` those
    whose answers of this visit were looked at, by their ids. `removed` are the photographs that were removed from the overview,
    `image_facts` what people say of images without a lesion, by their ids.
    """

    patient: Patient
    visits: tuple[Visit, ...] = ()
    lesions: tuple[Lesion, ...] = ()
    images: tuple[PlacedImage, ...] = ()
    states: dict[int, LesionState] = field(default_factory=dict)
    moved: tuple[MovedImage, ...] = ()
    earlier: frozenset[str] = frozenset()
    facts: dict[int, lesion_facts.LesionFacts] = field(default_factory=dict)
    assessed: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    removed: tuple[PlacedImage, ...] = ()
    unanswered: frozenset[str] = frozenset()
    image_facts: dict[int, lesion_facts.LesionFacts] = field(default_factory=dict)

    def image_of(self, sha256: str) -> PlacedImage | None:
        """Return the image with this SHA-256, None if there is none."""
        return next((image for image in self.images if image.image.sha256 == sha256), None)

    def lesion_of(self, image: PlacedImage) -> Lesion | None:
        """Return the lesion of an image, None if it has none."""
        return next((lesion for lesion in self.lesions if lesion.id == image.lesion_id), None)

    def date_of(self, image: PlacedImage) -> dt.date:
        """Return the day of an image's visit, or the day on which it was saved if it has none."""
        found = next((visit.date for visit in self.visits if visit.id == image.visit_id), None)
        return found or image.saved_at.astimezone().date()

    def age_band_on(self, day: dt.date) -> str:
        """Return the age band on a day; empty if unknown."""
        return age_band_on(self.visits, day, self.patient.birth_year)


@frozen
class Whereabouts:
    """An image's place in the history: `patient` is None if it is unassigned, `image_id` is None if it is not saved."""

    sha256: str
    image_id: int | None
    patient: Patient | None
    lesion: Lesion | None


def read_patient_file(history: History, patient_id: int, today: dt.date) -> PatientFile | None:
    """Read what the history has of a patient; None if they were erased or are in the bin."""
    try:
        patient = history.people.patient(patient_id)
    except KeyError:
        return None
    if patient.is_binned:
        return None
    visits = tuple(history.people.visits(patient_id))
    lesions = tuple(history.people.lesions(patient_id))
    images = tuple(history.people.images(patient_id))
    here = next((visit.id for visit in visits if visit.date == today), None)
    assessed = frozenset(
        one.lesion_id
        for one in history.assessments.of(lesion.id for lesion in lesions)
        if one.lesion_id is not None and here is not None
        if one.visit_id == here and not one.is_plan and one.before_model is not None
    )
    seen = frozenset(lesion.id for lesion in lesions if _is_seen(history, lesion, images, here))
    facts = lesion_facts.read_lesion_facts(history, [lesion.id for lesion in lesions], images, visits)
    states = {lesion.id: _state(lesion, images, here) for lesion in lesions}
    states |= dict.fromkeys(assessed, LesionState.DONE)
    states |= {lesion_id: LesionState.PLANNED for lesion_id, one in facts.items() if one.biopsy is not None}
    states |= {lesion_id: LesionState.WAITING for lesion_id, one in facts.items() if one.taken}
    own = {one.image.sha256 for one in images}
    earlier = history.disclosures.awaiting(today, patient_id) & own
    unanswered = history.disclosures.unanswered_of_awaiting(today, patient_id) & own
    moved = tuple(history.people.moved(patient_id))
    removed = tuple(history.people.images(patient_id, are_removed=True))
    return PatientFile(
        *(patient, visits, lesions, images, states, moved, earlier, facts, assessed, seen, removed, unanswered),
        lesion_facts.read_image_facts(history, images),
    )


def _is_seen(history: History, lesion: Lesion, images: tuple[PlacedImage, ...], visit_id: int | None) -> bool:
    """Tell whether what the model says of a lesion at a visit was looked at."""
    present = [one for one in images if one.lesion_id == lesion.id and one.visit_id == visit_id and one.entries]
    return bool(present) and not any(history.disclosures.is_concealed(one.image_id) for one in present)


def _state(lesion: Lesion, images: tuple[PlacedImage, ...], visit_id: int | None) -> LesionState:
    own = [image for image in images if image.lesion_id == lesion.id]
    if not own or any(image.visit_id == visit_id for image in own):
        return LesionState.OPEN
    return LesionState.EARLIER


def whereabouts(history: History, sha256: str) -> Whereabouts:
    """Find the patient of an image."""
    image_id = history.people.image_id_of(sha256)
    if image_id is None:
        return Whereabouts(sha256, None, None, None)
    placement = history.people.placement(image_id)
    patient_id = history.people.owner(image_id)
    if patient_id is None:
        return Whereabouts(sha256, image_id, None, None)
    lesion = None if placement.lesion_id is None else history.people.lesion(placement.lesion_id)
    return Whereabouts(sha256, image_id, history.people.patient(patient_id), lesion)


def visit_on(history: History, patient_id: int, day: dt.date, by: str) -> Visit:
    """Return a patient's visit of a day; begin one if there is none.

    It takes over the age band of a visit within the year before, unless the age follows from the birth year.
    """
    visits = tuple(history.people.visits(patient_id))
    is_new = all(visit.date != day for visit in visits)
    follows = is_new and history.people.patient(patient_id).birth_year is not None
    return history.people.begin_visit(patient_id, day, "" if follows else recorded_age(visits, day), by=by)


def last_age(visits: tuple[Visit, ...]) -> tuple[str, dt.date] | None:
    """Return the age band that was entered last, with its day, by the visits, newest first; None where none ever was."""
    return next(((visit.age_band, visit.date) for visit in visits if visit.age_band), None)


def age_band_on(visits: tuple[Visit, ...], day: dt.date, birth_year: int | None) -> str:
    """Return the age band on a day: by the birth year, else as recorded at the visits, newest first."""
    if birth_year is None:
        return recorded_age(visits, day)
    recorded = next((visit.age_band for visit in visits if visit.date == day), "")
    return band_in_year(birth_year, day.year, recorded)


def ages_that_contradict(visits: tuple[Visit, ...], birth_year: int) -> list[Visit]:
    """Return the visits at which an age band was recorded that the birth year rules out, in their order."""
    return [one for one in visits if one.age_band and one.age_band not in bands_of_year(birth_year, one.date.year)]


def recorded_age(visits: tuple[Visit, ...], day: dt.date) -> str:
    """Return the age band that was recorded on a day, or at a visit within the year before, by the visits, newest first."""
    for visit in visits:
        if visit.date == day:
            return visit.age_band
    earlier = (visit for visit in visits if visit.date < day and day - visit.date <= _SAME_AGE)
    return next((visit.age_band for visit in earlier if visit.age_band), "")
