"""The safety net: what was left undone for a lesion, so that nothing is lost between a plan, an alert and a result.

An item leaves its list when the thing is done, or when somebody records why it need not be done (`care_steps`).
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

import msgspec

from desktop.core.diagnoses import NO_RESIDUAL_TUMOUR, is_malignant
from desktop.core.records.care_steps import Step
from desktop.core.records.damage import NO_TIME, read_day, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.involved_margins import INVOLVED
from desktop.core.records.look_again import TO_LOOK_AT
from desktop.core.records.people import Lesion, Margins, Patient
from desktop.core.records.shown_alerts import OPEN_ALERTS, alert_ids
from desktop.core.records.unassessed import UNASSESSED, first_day
from desktop.core.records.unsettled_results import ALERTS_BEFORE, TOLD_BEFORE, UNSETTLED
from desktop.core.records.worklists import Worklists, subjects_of


class Gap(StrEnum):
    """What is missing, in the order in which a lesion would meet it."""

    OVERDUE = "overdue follow-up"
    NOT_ASSESSED = "image not assessed"
    NO_PLAN = "alert without plan"
    NOT_TAKEN = "biopsy not taken"
    NO_RESULT = "no result"
    NOT_TOLD = "patient not told"
    MARGINS = "margins involved"
    NO_FIT = "does not fit"
    LOOK_AGAIN = "look again"


CLOSED_BY = {
    Gap.OVERDUE: Step.PLAN_CLOSED,
    Gap.NOT_ASSESSED: Step.ASSESSMENT_CLOSED,
    Gap.NO_PLAN: Step.ALERT_CLOSED,
    Gap.NOT_TAKEN: Step.PLAN_CLOSED,
    Gap.NO_RESULT: Step.PLAN_CLOSED,
    Gap.NOT_TOLD: Step.TELLING_CLOSED,
    Gap.MARGINS: Step.REEXCISION_CLOSED,
    Gap.NO_FIT: Step.FITS,
    Gap.LOOK_AGAIN: Step.LOOKED_AGAIN,
}
"""The step with which an item leaves its list although the thing was not done."""


@dataclass(frozen=True)
class OpenItem:
    """One thing that was left undone.

    The lesion is None if it concerns an image alone, which `name` and `image_id` then name, and the patient if that image has
    none. `subject_id` is the id of the row that a step names (`care_steps.SUBJECTS`). Of images that were not assessed,
    `image_id` is the newest one of the lesion and visit, and `others` has the rows of the rest.

    `diagnosis`, `label`, `breslow_mm` and `margins` are those of the histopathology, and `own_diagnosis` and `own_label` those
    of the assessment that it does not fit, empty if it fits: the one before the model, or with `is_after_model` the last one,
    if that alone does not fit; with `is_made_elsewhere` an import brought the last one. `alerts` are the ids of the alerts that
    were shown and are concerned; of a lesion to look at again those that only `model` raises, the name of a model that was
    tried on the history. `last_visit` is the patient's. `reexcision` is the note of its plan, None if what was planned is no
    re-excision. `found` is the day of the histopathology, and `told_before` that on which the patient was told of a finding
    that it corrects, None if of none: the patient then lacks the correction since it was entered. `saved` is when that was
    saved which lists it.
    """

    gap: Gap
    since: dt.date
    lesion: Lesion | None
    patient: Patient | None
    name: str
    image_id: int | None
    subject_id: int
    diagnosis: str = ""
    label: str | None = None
    own_diagnosis: str = ""
    own_label: str | None = None
    alerts: tuple[str, ...] = ()
    is_after_model: bool = False
    is_made_elsewhere: bool = False
    breslow_mm: float | None = None
    margins: Margins | None = None
    others: tuple[int, ...] = ()
    model: str = ""
    last_visit: dt.date | None = None
    reexcision: str | None = None
    found: dt.date | None = None
    told_before: dt.date | None = None
    saved: dt.datetime = field(default=NO_TIME, compare=False)

    @property
    def subject_ids(self) -> tuple[int, ...]:
        """The ids of all rows that are closed with it."""
        return (self.subject_id, *self.others)


_TAKEN = f"""
    SELECT assessment, time FROM care_step WHERE assessment IN (SELECT value FROM json_each(?)) AND step = '{Step.TAKEN}'
    ORDER BY id"""  # noqa: S608 - a constant

_Subject = tuple[Lesion | None, Patient | None, str]


class SafetyNet:
    """A part of `History`, with the same thread and errors. Lesions and patients in the bin are in no list."""

    def __init__(self, database: Database, worklists: Worklists) -> None:
        """Use `History.safety_net`."""
        self._database = database
        self._worklists = worklists

    def items(self, today: dt.date) -> list[OpenItem]:
        """Return everything that was left undone until `today`, a day of the clinic's clock; the oldest first.

        Of one day, that comes first which was saved first.
        """
        found = [
            *(*self._overdue(today), *self._unassessed(today), *self._alerts()),
            *(*self._biopsies(), *self._results(), *self._margins(), *self._to_look_at()),
        ]
        return sorted(found, key=lambda item: (item.since, item.saved))

    def unplanned(self, *, lesion_id: int | None, image_id: int | None = None) -> list[int]:
        """Return the outcomes of a lesion, or of an image without one, after which a re-excision is to be planned."""
        query = f"SELECT * FROM ({INVOLVED}) WHERE of_lesion IS ? AND of_image IS ? ORDER BY id"  # noqa: S608 - constants
        return [row["subject"] for row in self._database.read(query, (lesion_id, image_id)) if _is_suspect(row)]

    def _overdue(self, today: dt.date) -> Iterator[OpenItem]:
        for plan in self._worklists.due(today - dt.timedelta(days=1)):
            subject = (plan.lesion, plan.patient, plan.name)
            made = plan.assessment
            yield OpenItem(Gap.OVERDUE, plan.date, *subject, made.image_id, made.id, saved=made.time)

    def _unassessed(self, today: dt.date) -> Iterator[OpenItem]:
        rows = self._database.read(UNASSESSED, (first_day(today).isoformat(),))
        for row, subject in subjects_of(self._database, rows):
            ids = msgspec.json.decode(row["subjects"], type=list[int])
            newest, others = max(ids), tuple(sorted(ids)[:-1])
            saved = read_time(row["time"])
            day = read_day(row["day"])
            yield OpenItem(Gap.NOT_ASSESSED, day, *subject, row["image"], newest, others=others, saved=saved)

    def _biopsies(self) -> Iterator[OpenItem]:
        biopsies = self._worklists.open_biopsies()
        steps = self._database.read(_TAKEN, (as_list(one.assessment.id for one in biopsies if one.taken is not None),))
        taken_at = {row["assessment"]: read_time(row["time"]) for row in steps}
        for biopsy in biopsies:
            plan = biopsy.assessment
            subject = (biopsy.lesion, biopsy.patient, biopsy.name, plan.image_id, plan.id)
            note = plan.note if biopsy.is_reexcision else None
            if biopsy.taken is None:
                since = plan.time.astimezone().date()
                yield OpenItem(Gap.NOT_TAKEN, since, *subject, reexcision=note, saved=plan.time)
            else:
                yield OpenItem(Gap.NO_RESULT, biopsy.taken, *subject, reexcision=note, saved=taken_at[plan.id])

    def _alerts(self) -> Iterator[OpenItem]:
        for row, subject in subjects_of(self._database, self._database.read(OPEN_ALERTS)):
            saved = read_time(row["time"])
            yield OpenItem(
                *(Gap.NO_PLAN, saved.astimezone().date(), *subject, row["of_image"], row["subject"]),
                alerts=alert_ids(row),
                saved=saved,
            )

    def _to_look_at(self) -> Iterator[OpenItem]:
        for row, subject in subjects_of(self._database, self._database.read(TO_LOOK_AT)):
            saved = read_time(row["time"])
            yield OpenItem(
                Gap.LOOK_AGAIN,
                saved.astimezone().date(),
                *subject,
                row["of_image"],
                row["subject"],
                alerts=alert_ids(row),
                model=row["model_name"],
                last_visit=None if row["last_visit"] is None else read_day(row["last_visit"]),
                saved=saved,
            )

    def _results(self) -> Iterator[OpenItem]:
        found = list(subjects_of(self._database, self._database.read(UNSETTLED)))
        open_ids = as_list(row["subject"] for row, _ in found if not row["fits"])
        alerts = {row["subject"]: alert_ids(row) for row in self._database.read(ALERTS_BEFORE, (open_ids,))}
        not_told = as_list(row["subject"] for row, _ in found if not row["is_told"])
        told = {row["subject"]: row["day"] for row in self._database.read(TOLD_BEFORE, (not_told,)) if row["day"]}
        for row, subject in found:
            is_bad = is_malignant(row["diagnosis"], row["label"])
            result = _of_result(Gap.NOT_TOLD, row, subject)
            is_nothing = row["subject"] != row["leading"] and row["diagnosis"] == NO_RESIDUAL_TUMOUR
            if is_bad is not False and not row["is_told"] and not is_nothing:  # nobody knows that it is harmless
                yield _not_told(result, read_time(row["time"]), told.get(row["subject"]))
            if is_bad is None or row["fits"]:
                continue
            own = next((which for which in ("blind", "last") if _is_other(row, which, is_bad=is_bad)), None)
            is_elsewhere = own == "last" and bool(row["is_last_elsewhere"])
            if own is not None:
                yield replace(
                    result,
                    gap=Gap.NO_FIT,
                    own_diagnosis=row[f"{own}_diagnosis"],
                    own_label=row[f"{own}_label"],
                    alerts=() if is_bad else alerts.get(row["subject"], ()),
                    is_after_model=own == "last" and not is_elsewhere and row["blind_diagnosis"] is not None,
                    is_made_elsewhere=is_elsewhere,
                )
            elif not is_bad and row["subject"] in alerts:
                yield replace(result, gap=Gap.NO_FIT, alerts=alerts[row["subject"]])

    def _margins(self) -> Iterator[OpenItem]:
        for row, subject in subjects_of(self._database, self._database.read(INVOLVED)):
            if _is_suspect(row):
                yield _of_result(Gap.MARGINS, row, subject)


def _is_suspect(row: sqlite3.Row) -> bool:
    """Return whether a finding is malignant, or does not say that it is harmless."""
    return is_malignant(row["diagnosis"], row["label"]) is not False


def _not_told(result: OpenItem, entered: dt.datetime, told_before: str | None) -> OpenItem:
    """Return a finding of which the patient was not told, with the day on which they were told of one that it corrects."""
    if told_before is None:
        return result
    told = read_day(told_before)
    return replace(result, since=max(entered.astimezone().date(), told), told_before=told)


def _of_result(gap: Gap, row: sqlite3.Row, subject: _Subject) -> OpenItem:
    found = read_day(row["date"])
    return OpenItem(
        *(gap, found, *subject, row["of_image"], row["subject"]),
        found=found,
        diagnosis=row["diagnosis"],
        label=row["label"],
        breslow_mm=row["breslow_mm"],
        margins=row["margins"],
        saved=read_time(row["time"]),
    )


def _is_other(row: sqlite3.Row, which: str, *, is_bad: bool) -> bool:
    """Return whether an assessment of a row, `blind` or `last`, is there and is known to be of the other side."""
    diagnosis = row[f"{which}_diagnosis"]
    return diagnosis is not None and is_malignant(diagnosis, row[f"{which}_label"]) is (not is_bad)
