"""Reads a visit from the history, for its report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.core.records.lesion_facts import read_lesion_facts
from desktop.widgets.report.visit_pairs import VisitPair, numbers_of, read_pairs

if TYPE_CHECKING:
    from desktop.core.imaging.capture import Capture
    from desktop.core.records.care_steps import EnteredStep
    from desktop.core.records.history import History
    from desktop.core.records.influences import Influence
    from desktop.core.records.lesion_facts import LesionFacts
    from desktop.core.records.people import Assessment, Lesion, Outcome, Patient, Pin, PlacedImage, Visit
    from desktop.core.records.plans import Plans
    from desktop.core.records.result_days import Biopsy
    from desktop.core.records.values import Entry, ModelFacts
    from desktop.core.registration.similarity import Similarity
    from desktop.session import visit_sizes
    from desktop.session.visit_sizes import KnownImage
else:
    visit_sizes = Late("desktop.session.visit_sizes")


@dataclass(frozen=True)
class LateAssessment:
    """An assessment that was made on the day of the report's visit or later, for an earlier visit, that of `day`."""

    assessment: Assessment
    day: dt.date


@dataclass(frozen=True)
class LesionAtVisit:
    """A lesion at a visit: its images then, each with one of an earlier day to compare with it, and what was said.

    `images` begins with dermoscopy, the first one first, as *Follow-up* numbers them; for `numbers` see `numbers_of`. `pair` is
    the one of `pairs` to show. `known` is what there is to measure the images of the pairs by, by their SHA-256. `captures` is
    how they were taken, by their SHA-256 too, None where that was not entered. `plans` are those that hold.
    """

    lesion: Lesion
    images: tuple[PlacedImage, ...]
    numbers: Mapping[str, tuple[int, int]]
    pairs: tuple[VisitPair, ...]
    pair: VisitPair
    assessments: tuple[Assessment, ...]
    outcomes: tuple[Outcome, ...]
    biopsies: tuple[Biopsy, ...]
    steps: tuple[EnteredStep, ...]
    known: Mapping[str, KnownImage]
    captures: Mapping[str, Capture | None]
    influences: tuple[Influence, ...]
    late: tuple[LateAssessment, ...]
    plans: Plans

    @property
    def shown(self) -> PlacedImage | None:
        """The image of the visit to show."""
        return self.pair.shown

    @property
    def earlier(self) -> tuple[PlacedImage, dt.date] | None:
        """The earlier image to compare with it, with its day."""
        return self.pair.earlier

    @property
    def alignment(self) -> Similarity | None:
        """Leads from the earlier image to the one shown."""
        return self.pair.alignment

    def showing(self, place: int) -> LesionAtVisit:
        """Return the same with another image to show, by its place among those that a model may answer."""
        wanted = self._answerable[place]
        return replace(self, pair=next(pair for pair in self.pairs if pair.shown is wanted))

    def entries(self) -> list[Entry | None]:
        """Return the newest answer to each image of the visit as a whole; None for one without an answer."""
        newest = [[entry for entry in image.entries if not entry.region] for image in self._answerable]
        return [entries[-1] if entries else None for entries in newest]

    def regions(self) -> list[list[Entry]]:
        """Return the newest answer to each region that was marked in these images."""
        return [
            list({entry.region: entry for entry in image.entries if entry.region}.values())
            for image in self._answerable
        ]

    @property
    def _answerable(self) -> list[PlacedImage]:
        return [image for image in self.images if image.kind != "clinical"]


@dataclass(frozen=True)
class OtherLesion:
    """A lesion with neither image nor assessment of the visit: its outcomes, biopsies, steps and plans that stand, its facts.

    What is planned is among the facts, and not among what was said `late`.
    """

    lesion: Lesion
    outcomes: tuple[Outcome, ...]
    biopsies: tuple[Biopsy, ...]
    steps: tuple[EnteredStep, ...]
    late: tuple[LateAssessment, ...]
    plans: Plans
    facts: LesionFacts


@dataclass(frozen=True)
class OverviewAtVisit:
    """A clinical photograph of the visit without a lesion, with the lesions that are pinned on it and where."""

    image: PlacedImage
    pins: tuple[tuple[Lesion, Pin], ...]


@dataclass(frozen=True)
class VisitSubject:
    """A visit, and all there is to report about it. `others` are the patient's lesions that are not among `lesions`.

    `overviews` are in the order in which they were saved. `left_out` are images without a lesion, with their days, of which a
    report of lesions tells nothing: those of the visit, and earlier ones with an assessment or an outcome. `head` is that of
    the history's seal. `has_other_visits` is whether a lesion was photographed or assessed at another visit of the patient, and
    `later` the day of the newest one of these that came after this visit, None if there is none.
    """

    patient: Patient
    visit: Visit
    lesions: tuple[LesionAtVisit, ...]
    others: tuple[OtherLesion, ...]
    overviews: tuple[OverviewAtVisit, ...]
    left_out: tuple[tuple[PlacedImage, dt.date], ...]
    models: dict[str, ModelFacts]
    head: str
    has_other_visits: bool
    later: dt.date | None = None

    def images(self) -> Iterable[PlacedImage]:
        """Return the images of lesions that the report may show."""
        for one in self.lesions:
            yield from () if one.shown is None else (one.shown,)
            yield from () if one.earlier is None else (one.earlier[0],)


def read_visit(history: History, patient_id: int, in_front: str = "") -> VisitSubject | None:
    """Read a visit of a patient, with the lesions that were photographed or assessed then; None if there is no visit.

    Args:
        history: the history.
        patient_id: the patient.
        in_front: the SHA-256 of an image. It is the visit of today, if a lesion was photographed or assessed at it, else that
            of the image; without one, or where that is of no visit of the patient, the newest with anything.
    """
    people = history.people
    visits = people.visits(patient_id)
    if not visits:
        return None
    days = {one.id: one.date for one in visits}
    images = people.images(patient_id)
    all_lesions = people.lesions(patient_id)
    told = {lesion.id: history.assessments.of([lesion.id]) for lesion in all_lesions}
    seen = {one.visit_id for one in images if one.lesion_id in told}
    seen |= {one.visit_id for said in told.values() for one in said if not one.is_plan}
    visit = _chosen(visits, images, seen, in_front)
    lesions, absent = [], []
    for lesion in all_lesions:
        own = [one for one in images if one.lesion_id == lesion.id]
        here = [one for one in own if one.visit_id == visit.id]
        said = told[lesion.id]
        assessments, late = [one for one in said if one.visit_id == visit.id], _late(said, visit, days)
        if not here and all(one.is_plan for one in assessments):
            absent.append((lesion, tuple(one for one in late if not one.assessment.is_plan)))
            continue
        before = [(one, day) for one in own if one.kind == "dermoscopy" and (day := _day(one, days)) < visit.date]
        here.sort(key=lambda one: (one.kind != "dermoscopy", one.image_id))
        pairs = read_pairs(history, here, before)
        measured = [*here, *(pair.earlier[0] for pair in pairs if pair.earlier is not None)]
        lesions.append(
            LesionAtVisit(
                lesion,
                tuple(here),
                numbers_of(here, before),
                pairs,
                pairs[0],
                tuple(assessments),
                tuple(history.assessments.outcomes_of_all((lesion.id,), (one.image_id for one in own))),
                tuple(history.assessments.biopsies((lesion.id,), ())),
                tuple(history.care_steps.about((lesion.id,))),
                {one.image.sha256: visit_sizes.read_known(history, one.image.sha256) for one in measured},
                {one.image.sha256: history.captures.of(one.image.sha256) for one in measured},
                tuple(history.influences.of(lesion.id)),
                late,
                history.worklists.plans_of(lesion_id=lesion.id),
            )
        )
    facts = read_lesion_facts(history, [lesion.id for lesion, _late in absent], images, visits)
    others = tuple(
        OtherLesion(
            lesion,
            tuple(
                history.assessments.outcomes_of_all(
                    (lesion.id,), (one.image_id for one in images if one.lesion_id == lesion.id)
                )
            ),
            tuple(history.assessments.biopsies((lesion.id,), ())),
            tuple(history.care_steps.about((lesion.id,))),
            late,
            history.worklists.plans_of(lesion_id=lesion.id),
            facts[lesion.id],
        )
        for lesion, late in absent
    )
    head = history.seal_head().short
    overviews = _overviews(history, [one for one in images if one.visit_id == visit.id], all_lesions)
    left_out = tuple((one, _day(one, days)) for one in _left_out(history, images, visit))
    told_at = {days[one] for one in seen if one in days and one != visit.id}
    later = max((day for day in told_at if day > visit.date), default=None)
    patient, models = people.patient(patient_id), history.models()
    return VisitSubject(patient, visit, tuple(lesions), others, overviews, left_out, models, head, bool(told_at), later)


def _chosen(
    visits: Sequence[Visit], images: Sequence[PlacedImage], seen: Collection[int | None], in_front: str
) -> Visit:
    """Return today's visit if a lesion was `seen` at it, else that of the image in front, else the newest with an image.

    Where there is no image either it is the newest of all.
    """
    today = dt.datetime.now().astimezone().date()
    own = next((one.visit_id for one in images if one.image.sha256 == in_front), None)
    used = {*seen, *(one.visit_id for one in images if one.lesion_id is None)}
    ranks = (
        lambda one: one.id in seen and one.date == today,
        lambda one: one.id == own,
        lambda one: one.id in used,
    )
    return next((one for rank in ranks for one in visits if rank(one)), visits[0])


def _left_out(history: History, images: Iterable[PlacedImage], visit: Visit) -> list[PlacedImage]:
    loose = [one for one in images if one.lesion_id is None and one.kind != "clinical"]
    ids = [one.image_id for one in loose]
    told = {one.image_id for one in history.assessments.of(image_ids=ids)}
    told |= {one.image_id for one in history.assessments.outcomes_of_all((), ids)}
    return [one for one in loose if one.visit_id == visit.id or one.image_id in told]


def _late(said: Iterable[Assessment], visit: Visit, days: Mapping[int, dt.date]) -> tuple[LateAssessment, ...]:
    """Return what was said for an earlier visit on the day of this one or later: a report that was made then lacks it."""
    found = [(one, days.get(one.visit_id)) for one in said if one.visit_id is not None]
    return tuple(
        LateAssessment(one, day)
        for one, day in found
        if day is not None and day < visit.date <= one.time.astimezone().date()
    )


def _overviews(
    history: History, images: Sequence[PlacedImage], lesions: Sequence[Lesion]
) -> tuple[OverviewAtVisit, ...]:
    found = sorted(
        (one for one in images if one.kind == "clinical" and one.lesion_id is None), key=lambda one: one.image_id
    )
    by_id = {lesion.id: lesion for lesion in lesions}
    pins = history.photograph_pins.of([one.image_id for one in found], by_id)
    return tuple(
        OverviewAtVisit(one, tuple((by_id[pin.lesion_id], pin.point) for pin in pins if pin.image_id == one.image_id))
        for one in found
    )


def _day(image: PlacedImage, days: Mapping[int, dt.date]) -> dt.date:
    found = None if image.visit_id is None else days.get(image.visit_id)
    return found or image.saved_at.astimezone().date()
