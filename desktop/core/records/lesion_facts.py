"""What people say of each lesion of a patient, in one value: the last assessment and outcome, and what is still to be done.

The same of each image without a lesion.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.records.people import worst_first

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import Assessment, Outcome, PlacedImage, Visit
    from desktop.core.records.plans import BiopsyState


@frozen
class OpenHistology:
    """A biopsy that was taken on a day, and has no histology; for `is_reexcision` see `OpenBiopsy`."""

    day: dt.date
    is_reexcision: bool


@dataclass(frozen=True)
class LesionFacts:
    """The facts of one lesion, or of an image without one.

    Nothing of what a model says is among them, so that they may be shown under blind-first.

    `assessment` is the newest one with a diagnosis, `assessed` the day on which it was made, and `of_visit` that of its visit,
    where it is another day. `outcome` is the one that counts (`people.leading`), and `other_specimen` the newest histopathology
    beside it. `follow_up` is the day of the planned follow-up, to come or due. Of the biopsies and excisions without
    histopathology, `biopsy` is the day on which a plan was entered that is not recorded as taken, of several the first, and
    `taken` are those that were taken, the oldest first; `closed` are those that were taken and whose result is not waited for.
    `reexcision` is the note of the plan if what is planned is a re-excision (see `OpenBiopsy`).
    """

    assessment: Assessment | None = None
    assessed: dt.date | None = None
    outcome: Outcome | None = None
    other_specimen: Outcome | None = None
    follow_up: dt.date | None = None
    biopsy: dt.date | None = None
    taken: tuple[OpenHistology, ...] = ()
    of_visit: dt.date | None = None
    reexcision: str | None = None
    closed: tuple[OpenHistology, ...] = ()


def read_lesion_facts(
    history: History, lesion_ids: Collection[int], images: Iterable[PlacedImage], visits: Iterable[Visit]
) -> dict[int, LesionFacts]:
    """Return the facts of a patient's lesions by id. What was said of one of the `images` counts for its lesion."""
    days = {visit.id: visit.date for visit in visits}
    lesion_of = {image.image_id: image.lesion_id for image in images if image.lesion_id is not None}
    said: dict[int, list[Assessment]] = {}
    for assessment in history.assessments.of(lesion_ids):
        said.setdefault(assessment.lesion_id or 0, []).append(assessment)
    found: dict[int, list[Outcome]] = {}
    for outcome in history.assessments.outcomes_of_all(lesion_ids, lesion_of):
        found.setdefault(_lesion(outcome, lesion_of), []).append(outcome)
    follow_ups = history.worklists.follow_ups_of(lesion_ids)
    biopsies: dict[int, list[BiopsyState]] = {}
    for biopsy in history.worklists.without_finding(lesion_ids):
        if biopsy.lesion_id is not None:
            biopsies.setdefault(biopsy.lesion_id, []).append(biopsy)
    return {
        one: _facts(said.get(one, ()), found.get(one, ()), follow_ups.get(one), biopsies.get(one, ()), days)
        for one in lesion_ids
    }


def read_image_facts(history: History, images: Iterable[PlacedImage]) -> dict[int, LesionFacts]:
    """Return the facts of those of the `images` without a lesion of which something was entered, by the id of the image."""
    ids = [image.image_id for image in images if image.lesion_id is None]
    said: dict[int, list[Assessment]] = {}
    for assessment in history.assessments.of(image_ids=ids):
        said.setdefault(assessment.image_id or 0, []).append(assessment)
    found: dict[int, list[Outcome]] = {}
    for outcome in history.assessments.outcomes_of_all((), ids):
        found.setdefault(outcome.image_id or 0, []).append(outcome)
    biopsies: dict[int, list[BiopsyState]] = {}
    for biopsy in history.worklists.without_finding((), ids):
        biopsies.setdefault(biopsy.image_id or 0, []).append(biopsy)
    facts = {}
    for one in ids:
        if one in said or one in found:
            plan = history.worklists.follow_up_of(None, one)
            follow_up = None if plan is None else plan.day
            facts[one] = _facts(said.get(one, ()), found.get(one, ()), follow_up, biopsies.get(one, ()), {})
    return facts


def _facts(
    said: Sequence[Assessment],
    found: Iterable[Outcome],
    follow_up: dt.date | None,
    biopsies: Sequence[BiopsyState],
    days: Mapping[int, dt.date],
) -> LesionFacts:
    """Return the facts of one lesion or image; `days` are those of the visits."""
    newest = next((one for one in reversed(said) if not one.is_plan), None)
    plan = next((one for one in biopsies if one.taken is None and not one.is_closed), None)
    assessed = None if newest is None else newest.time.astimezone().date()
    of_visit = None if newest is None else _day(newest, days)
    return LesionFacts(
        newest,
        assessed,
        *_specimens(found),
        follow_up,
        None if plan is None else plan.assessment.time.astimezone().date(),
        _taken(biopsies, is_closed=False),
        reexcision=plan.assessment.note if plan is not None and plan.is_reexcision else None,
        of_visit=None if of_visit == assessed else of_visit,
        closed=_taken(biopsies, is_closed=True),
    )


def _taken(biopsies: Iterable[BiopsyState], *, is_closed: bool) -> tuple[OpenHistology, ...]:
    """Return those that were taken, and are closed or not, the oldest first."""
    found = [
        OpenHistology(one.taken, one.is_reexcision)
        for one in biopsies
        if one.taken is not None and one.is_closed is is_closed
    ]
    return tuple(sorted(found, key=lambda one: one.day))


def _specimens(outcomes: Iterable[Outcome]) -> tuple[Outcome | None, Outcome | None]:
    """Return the outcome that counts of a lesion, and the newest histopathology beside it."""
    found = worst_first(outcomes)
    others = [one for one in found[1:] if one.kind == "histopathology"]
    return next(iter(found), None), max(others, key=lambda one: (one.date, one.id), default=None)


def _day(assessment: Assessment, days: Mapping[int, dt.date]) -> dt.date:
    """Return the day of an assessment's visit, or the one on which it was written."""
    day = None if assessment.visit_id is None else days.get(assessment.visit_id)
    return day or assessment.time.astimezone().date()


def _lesion(said: Outcome, lesion_of: Mapping[int, int]) -> int:
    """Return the id of the lesion that an outcome is about; of an image's, the lesion of the image."""
    return lesion_of[said.image_id] if said.lesion_id is None and said.image_id is not None else said.lesion_id or 0
