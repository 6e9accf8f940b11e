"""Which histopathology is of which removal: a biopsy, an excision or a re-excision, each by the assessment that planned it.

A removal has one specimen, and a specimen one finding, with all that it corrects. A finding is of the removal that was named
with it (`CareSteps.record`), else of the oldest that waited when it was entered: of those that were taken by the day of the
finding first, then of those that were planned, last of those whose result nobody waited for. What is recorded, closed or taken
back later moves no finding, but it is of none that turns out to have been taken after its day. It is of none that was planned
after it was entered. A finding beyond these is of a removal that nobody recorded, and has no day of one.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

from desktop.core.frozen import frozen
from desktop.core.records.damage import read_day
from desktop.core.records.database import Database, as_list
from desktop.core.records.newest import (
    IS_CORRECTED_BY,
    IS_LAST_COPY,
    OF_ANY,
    OF_SUBJECT,
    WITH_SUBJECT,
    is_last_outcome,
    is_view,
    visit_of,
)
from desktop.core.records.people import EXCISION

_SUBJECT = tuple[int | None, int | None]
"""The id of a lesion, or of an image without one."""

_TAKEN = "biopsy taken"
_CLOSED = "plan closed"


def first_entered(outcome: str, subject: str) -> str:
    """Return the expression of the id of the first finding of an outcome's specimen: that which it corrects, else its own.

    `outcome` is its row, and `subject` a row of `WITH_SUBJECT` with the same subject. A correction may be corrected again.
    An import may have written both again: the first copy of what was corrected was withdrawn by the import last.
    """
    return f"""
    (WITH RECURSIVE chain(id, time, initials) AS (
        SELECT {outcome}.id, {outcome}.time, {outcome}.initials
        UNION SELECT older.id, older.time, older.initials FROM chain
        JOIN outcome AS older ON older.id < chain.id AND older.id IN ({OF_SUBJECT.format(table="outcome", subject=subject)})
        JOIN binning AS act ON {IS_CORRECTED_BY.format(older="older", newer="chain")})
     SELECT min(id) FROM chain)"""


def _day_of(step: str) -> str:
    return f"""
        (SELECT day FROM care_step WHERE assessment = plan.id AND step = '{step}' ORDER BY id DESC LIMIT 1)"""


# Another plan at the same visit cancels an excision; at a later visit only another excision does. None cancels one that was
# taken: its specimen is at the laboratory.
_REMOVALS = f"""
    SELECT plan.*, {is_view("plan")} AS has_diagnosis, {_day_of(_CLOSED)} IS NOT NULL AS is_closed FROM (
        SELECT plan.*, {_day_of(_TAKEN)} AS taken, {visit_of("plan")} AS of_visit
        FROM ({WITH_SUBJECT.format(table="assessment")}
              WHERE assessment.plan = '{EXCISION}' AND {IS_LAST_COPY} AND ({{among}})) AS plan) AS plan
    WHERE plan.taken IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM assessment WHERE id IN ({OF_SUBJECT.format(table="assessment", subject="plan")}) AND +id > plan.id
            AND (assessment.plan = '{EXCISION}' OR (assessment.plan <> '' AND {visit_of()} IS plan.of_visit)))
    ORDER BY plan.id"""
_EVERY_REMOVAL = _REMOVALS.format(among="TRUE")
_IS_OF = """
    (of_lesion IN (SELECT value FROM json_each(:lesions)) OR of_image IN (SELECT value FROM json_each(:images)))"""
_REMOVALS_OF = _REMOVALS.format(among=f"assessment.id IN ({OF_ANY.format(table='assessment')}) AND {_IS_OF}")

_FINDINGS = f"""
    SELECT result.*, first.time AS first_time, first.initials AS first_initials FROM (
        SELECT result.*, {first_entered("result", "result")} AS first
        FROM (SELECT outcome.*, act.binned, act.time AS binned_at FROM ({WITH_SUBJECT.format(table="outcome")}
              WHERE outcome.kind = 'histopathology' AND outcome.id IN ({OF_ANY.format(table="outcome")}) AND {_IS_OF}
                AND {is_last_outcome()}) AS outcome
              LEFT JOIN binning AS act
              ON act.id = (SELECT max(id) FROM binning WHERE subject = 'outcome' AND subject_id = outcome.id)) AS result
        ) AS result JOIN outcome AS first ON first.id = result.first
    ORDER BY result.first, result.id"""

_STEPS = f"""
    SELECT assessment, step, day, time, initials FROM care_step
    WHERE assessment IN (SELECT value FROM json_each(?)) AND step IN ('{_TAKEN}', '{_CLOSED}') ORDER BY id"""


@frozen
class Removal:
    """A biopsy, excision or re-excision of a lesion, or of an image without one, by the assessment that planned it.

    `taken` is None while that is not recorded. It `is_closed` if somebody said why its plan, or its result, is not waited for.
    """

    assessment_id: int
    lesion_id: int | None
    taken: dt.date | None
    is_closed: bool


@frozen
class Finding:
    """The histopathology that stands of a removal: the id of its outcome, and its day."""

    outcome_id: int
    day: dt.date


@frozen
class Specimens:
    """The `removals` of lesions and of images without one, the oldest plan first, and their findings.

    `removal_of` has the removal of each histopathology, by its id, with those that were corrected or withdrawn; `finding_of`
    the histopathology that stands of each removal, by the id of its assessment. Those without are in neither.
    """

    removals: tuple[Removal, ...] = ()
    removal_of: dict[int, Removal] = field(default_factory=dict)
    finding_of: dict[int, Finding] = field(default_factory=dict)

    @property
    def waiting(self) -> list[Removal]:
        """The removals that wait for being taken or for their finding."""
        return [one for one in self.removals if not one.is_closed and one.assessment_id not in self.finding_of]


@frozen
class _Step:
    """What was said at a time: a biopsy was taken on a day, or its plan is closed. Without a day that was taken back."""

    name: str
    day: dt.date | None
    time: str
    initials: str


@frozen
class _Plan:
    """A removal with what tells which findings may be of it; the times are as they are stored."""

    removal: Removal
    visit_id: int | None
    has_diagnosis: bool
    outcomes_before: int | None
    time: str
    steps: tuple[_Step, ...]

    def known_at(self, time: str) -> Removal:
        """Return the removal as it was known at a time."""
        days = {step.name: step.day for step in self.steps if step.time <= time}
        return replace(self.removal, taken=days.get(_TAKEN), is_closed=days.get(_CLOSED) is not None)

    def is_named_with(self, specimen: "_Specimen") -> bool:
        """Return whether the biopsy was said to be taken in the same act in which a specimen's first finding was entered."""
        act = (_TAKEN, specimen.time, specimen.initials)
        return any((step.name, step.time, step.initials) == act and step.day is not None for step in self.steps)

    def is_before(self, specimen: "_Specimen") -> bool:
        """Return whether it was planned before a specimen's first finding was entered.

        Row ids are compared, not times: the clock may have been wrong. Plans of older versions lack `outcomes_before`.
        """
        if self.outcomes_before is None:
            return specimen.time > self.time
        return specimen.first_id > self.outcomes_before


@frozen
class _Specimen:
    """A finding with all that it corrects, by the id and time of the first of them.

    `finding` is None if none stands, and `until` is when the last one was withdrawn then.
    """

    first_id: int
    time: str
    initials: str
    ids: tuple[int, ...]
    day: dt.date
    finding: Finding | None
    until: str

    def stood(self, time: str) -> bool:
        """Return whether it stood at a time, or stands now."""
        return self.finding is not None or self.until > time


def read_specimens(database: Database, lesion_ids: Iterable[int], image_ids: Iterable[int]) -> Specimens:
    """Return the specimens of lesions, and of images without one."""
    rows = database.read(_REMOVALS_OF, {"lesions": as_list(lesion_ids), "images": as_list(image_ids)})
    return _match(database, rows)


def read_all_specimens(database: Database) -> Specimens:
    """Return the specimens of the whole history."""
    return _match(database, database.read(_EVERY_REMOVAL))


def _match(database: Database, rows: Sequence[sqlite3.Row]) -> Specimens:
    steps: dict[int, list[_Step]] = {}
    for row in database.read(_STEPS, (as_list(row["id"] for row in rows),)):
        day = None if row["day"] is None else read_day(row["day"])
        steps.setdefault(row["assessment"], []).append(_Step(row["step"], day, row["time"], row["initials"]))
    plans: dict[_SUBJECT, list[_Plan]] = {}
    for row in rows:
        plan = _read_plan(row, steps.get(row["id"], ()))
        plans.setdefault((row["of_lesion"], row["of_image"]), []).append(plan)
    specimens = _read_findings(database, plans)
    removal_of: dict[int, Removal] = {}
    finding_of: dict[int, Finding] = {}
    removals: list[Removal] = []
    for subject, own in plans.items():
        found = specimens.get(subject, [])
        known = list(_without_repeats(own, found))
        removals += [one.removal for one in known]
        for specimen, removal in _pairs(known, found):
            removal_of.update(dict.fromkeys(specimen.ids, removal))
            if specimen.finding is not None:
                finding_of[removal.assessment_id] = specimen.finding
    return Specimens(tuple(sorted(removals, key=lambda one: one.assessment_id)), removal_of, finding_of)


def _pairs(plans: Sequence[_Plan], specimens: Sequence[_Specimen]) -> list[tuple[_Specimen, Removal]]:
    """Return the specimens of one lesion or image with their removals, as far as there is one, in the order of their entry.

    So a later finding never moves an earlier one. Nor does a withdrawal: what was entered while the other finding stood is of
    another specimen.
    """
    named = {
        one: next((plan.removal for plan in reversed(plans) if plan.is_named_with(one)), None) for one in specimens
    }
    found: list[tuple[_Specimen, Removal]] = []
    for specimen in specimens:
        used = {removal for one, removal in named.items() if one.finding is not None}
        used |= {removal for one, removal in found if one.stood(specimen.time)}
        free = [one for one in plans if one.is_before(specimen) and one.removal not in used]
        removal = named[specimen] or _likeliest(free, specimen)
        if removal is not None:
            found.append((specimen, removal))
    return found


def _likeliest(plans: Sequence[_Plan], specimen: _Specimen) -> Removal | None:
    """Return which of these removals a finding is of, by what was known when it was entered; None if of none of them."""
    now = {one.removal.assessment_id: one.removal for one in plans}
    possible = [
        one.known_at(specimen.time) for one in plans if one.removal.taken is None or one.removal.taken <= specimen.day
    ]
    taken = [one for one in possible if one.taken is not None and one.taken <= specimen.day]
    taken.sort(key=lambda one: (one.taken, one.assessment_id))
    awaited = [one for one in taken if not one.is_closed]
    planned = [one for one in possible if one not in taken and not one.is_closed]
    return next((now[one.assessment_id] for one in (*awaited, *planned, *taken)), None)


def _without_repeats(plans: Sequence[_Plan], specimens: Sequence[_Specimen]) -> Iterator[_Plan]:
    """Leave out a plan that repeats one of the same lesion and visit whose biopsy was taken.

    The assessment after the model's answer repeats that before it. A plan that follows a finding of the biopsy is another one,
    and so is a plan alone, which nobody enters but for a re-excision.
    """
    for plan in plans:
        repeated = [
            one
            for one in plans
            if one.removal.taken is not None
            and one.removal.assessment_id < plan.removal.assessment_id
            and one.visit_id == plan.visit_id
            and plan.removal.lesion_id is not None
            and plan.visit_id is not None
        ]
        is_another = any(
            specimen.finding is not None and one.is_before(specimen) and not plan.is_before(specimen)
            for specimen in specimens
            for one in repeated
        )
        if not repeated or plan.removal.taken is not None or not plan.has_diagnosis or is_another:
            yield plan


def _read_plan(row: sqlite3.Row, steps: Iterable[_Step]) -> _Plan:
    taken = None if row["taken"] is None else read_day(row["taken"])
    removal = Removal(row["id"], row["of_lesion"], taken, bool(row["is_closed"]))
    return _Plan(
        removal, row["of_visit"], bool(row["has_diagnosis"]), row["outcomes_before"], row["time"], tuple(steps)
    )


def _read_findings(database: Database, subjects: Iterable[_SUBJECT]) -> dict[_SUBJECT, list[_Specimen]]:
    """Return the specimens of lesions and images by these, in the order in which their first findings were entered."""
    wanted = list(subjects)
    lesions = as_list(lesion for lesion, _image in wanted if lesion is not None)
    images = as_list(image for _lesion, image in wanted if image is not None)
    rows = database.read(_FINDINGS, {"lesions": lesions, "images": images})
    chains: dict[tuple[_SUBJECT, int], list[sqlite3.Row]] = {}
    for row in rows:
        chains.setdefault(((row["of_lesion"], row["of_image"]), row["first"]), []).append(row)
    found: dict[_SUBJECT, list[_Specimen]] = {}
    for (subject, first_id), chain in chains.items():
        standing = next((row for row in reversed(chain) if not row["binned"]), None)
        newest = chain[-1] if standing is None else standing
        day = read_day(newest["date"])
        specimen = _Specimen(
            first_id,
            newest["first_time"],
            newest["first_initials"],
            tuple(row["id"] for row in chain),
            day,
            None if standing is None else Finding(standing["id"], day),
            newest["binned_at"] or "",
        )
        found.setdefault(subject, []).append(specimen)
    return found
