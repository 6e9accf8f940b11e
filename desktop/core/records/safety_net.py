"""The safety net: what was left undone for a lesion, so that nothing is lost between a plan, an alert and a result.

An item leaves its list when the thing is done, or when somebody records why it need not be done (`care_steps`).
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from desktop.core.diagnoses import is_malignant
from desktop.core.records.adjustment_rows import RAISED_BY_CONTEXT
from desktop.core.records.care_steps import Step, is_done
from desktop.core.records.damage import read_day, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.newest import IN_BIN, JOIN_DETAIL, LEADING_OUTCOME, UNSEEN, is_binned
from desktop.core.records.people import Lesion, Margins, Patient
from desktop.core.records.worklists import Worklists, subjects_of


class Gap(StrEnum):
    """What is missing, in the order in which a lesion would meet it."""

    OVERDUE = "overdue follow-up"
    NO_PLAN = "alert without plan"
    NOT_TAKEN = "biopsy not taken"
    NO_RESULT = "no result"
    NOT_TOLD = "patient not told"
    NO_FIT = "does not fit"


CLOSED_BY = {
    Gap.OVERDUE: Step.PLAN_CLOSED,
    Gap.NO_PLAN: Step.ALERT_CLOSED,
    Gap.NOT_TAKEN: Step.PLAN_CLOSED,
    Gap.NO_RESULT: Step.PLAN_CLOSED,
    Gap.NOT_TOLD: Step.TELLING_CLOSED,
    Gap.NO_FIT: Step.FITS,
}
"""The step with which an item leaves its list although the thing was not done."""


@dataclass(frozen=True)
class OpenItem:
    """One thing that was left undone.

    The lesion is None if it concerns an image alone, which `name` and `image_id` then name, and the patient if that image has
    none. `subject_id` is the id of the row that a step names (`care_steps.SUBJECTS`). `diagnosis`, `label`, `breslow_mm` and
    `margins` are those of the histopathology, and `own_diagnosis` and `own_label` those of the assessment that it does not
    fit, empty if it fits: the one before the model, or with `is_after_model` the last one, if that alone does not fit.
    `alerts` are the ids of the alerts that were shown and are concerned.
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
    breslow_mm: float | None = None
    margins: Margins | None = None


_IS_RAISED = (
    f"(prediction.flags <> '[]' OR prediction.id IN ({RAISED_BY_CONTEXT.format(condition='raised <> ' + repr('[]'))}))"
)
_RAISED = """
    json_group_array(DISTINCT prediction.flags) AS alerts, json_group_array(DISTINCT (
        SELECT raised FROM adjustment WHERE prediction = prediction.id ORDER BY id DESC LIMIT 1)) AS by_context"""

_ANSWERED_ON = "date(prediction.time, 'localtime')"
_VISIT_DAY = "(SELECT date FROM visit_detail WHERE visit = {visit} ORDER BY id DESC LIMIT 1)"

# An alert that blind-first conceals was not shown, and must not be told here. Answers to images of nobody are left out: whole
# folders are sent to the history. A plan that was made at the visit counts, also one from before the alert was seen; so does
# one of the visit at which the model was asked about an image of before.
_ALERTS = f"""
    SELECT max(prediction.id) AS subject, min(prediction.time) AS time, place.lesion AS of_lesion, image.name AS image_name,
           CASE WHEN place.lesion IS NULL THEN image.id END AS of_image, {_RAISED}
    FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}
    WHERE {_IS_RAISED} AND prediction.id NOT IN ({IN_BIN}) AND (place.lesion IS NOT NULL OR place.visit IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM assessment WHERE lesion = place.lesion AND plan <> ''
                        AND (visit IS place.visit OR time > prediction.time
                             OR ({_VISIT_DAY.format(visit="assessment.visit")} = {_ANSWERED_ON}
                                 AND {_VISIT_DAY.format(visit="place.visit")} < {_ANSWERED_ON})))
        AND NOT EXISTS (SELECT 1 FROM assessment WHERE image = prediction.image AND plan <> '')
        AND NOT EXISTS (SELECT 1 FROM outcome WHERE lesion = place.lesion AND time > prediction.time
                        AND {is_binned("outcome")} = 0)
        AND NOT EXISTS (SELECT 1 FROM outcome WHERE image = prediction.image AND {is_binned("outcome")} = 0)
        AND NOT ({UNSEEN})
    GROUP BY of_lesion, place.visit, of_image"""
_OPEN_ALERTS = f"SELECT * FROM ({_ALERTS}) AS alert WHERE {is_done(Step.ALERT_CLOSED, 'alert.subject')} = 0"

# The histopathology that counts of each lesion, the last assessment before it with the one of that visit that was made before
# the model's answer, and the alerts that were shown before it.
_HISTOPATHOLOGY = f"""
    SELECT outcome.*, coalesce(outcome.lesion, place.lesion) AS of_lesion, image.name AS image_name,
           CASE WHEN coalesce(outcome.lesion, place.lesion) IS NULL THEN image.id END AS of_image
    FROM outcome LEFT JOIN image ON image.id = outcome.image {JOIN_DETAIL}
    WHERE outcome.kind = 'histopathology' AND {is_binned("outcome")} = 0"""
_LEADING = f"""
    SELECT * FROM (SELECT *, first_value(id) OVER (PARTITION BY of_lesion, of_image ORDER BY {LEADING_OUTCOME}) AS leading
                   FROM ({_HISTOPATHOLOGY}))
    WHERE id = leading"""
_IMAGES_OF = """
    SELECT place.image FROM image_detail AS place WHERE place.lesion = result.of_lesion
        AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
    UNION ALL SELECT result.of_image"""
_RESULTS = f"""
    SELECT result.*, result.id AS subject,
           {is_done(Step.TOLD, "result.id")} OR {is_done(Step.TELLING_CLOSED, "result.id")} AS is_told,
           {is_done(Step.FITS, "result.id")} AS fits,
           (SELECT max(id) FROM assessment
            WHERE (lesion = result.of_lesion OR image IN ({_IMAGES_OF})) AND diagnosis <> '' AND time < result.time) AS last
    FROM ({_LEADING}) AS result"""
_UNSETTLED = f"""
    SELECT result.*, last.diagnosis AS last_diagnosis, last.label AS last_label,
           blind.diagnosis AS blind_diagnosis, blind.label AS blind_label
    FROM ({_RESULTS}) AS result LEFT JOIN assessment AS last ON last.id = result.last
    LEFT JOIN assessment AS blind ON blind.id = (
        SELECT max(id) FROM assessment
        WHERE (lesion = last.lesion OR image = last.image) AND visit IS last.visit AND id < last.id
            AND before_model AND diagnosis <> '')
    WHERE NOT is_told OR NOT fits"""
_ALERTS_BEFORE = f"""
    SELECT result.id AS subject, {_RAISED} FROM ({_LEADING}) AS result
    JOIN prediction ON prediction.image IN ({_IMAGES_OF}) AND prediction.time < result.time
    JOIN image ON image.id = prediction.image {JOIN_DETAIL}
    WHERE result.id IN (SELECT value FROM json_each(?)) AND {_IS_RAISED} AND prediction.id NOT IN ({IN_BIN})
        AND NOT ({UNSEEN})
    GROUP BY result.id"""

_Subject = tuple[Lesion | None, Patient | None, str]


class SafetyNet:
    """A part of `History`, with the same thread and errors. Lesions and patients in the bin are in no list."""

    def __init__(self, database: Database, worklists: Worklists) -> None:
        """Use `History.safety_net`."""
        self._database = database
        self._worklists = worklists

    def items(self, today: dt.date) -> list[OpenItem]:
        """Return everything that was left undone until `today`, a day of the clinic's clock; the oldest first."""
        found = [*self._overdue(today), *self._alerts(), *self._biopsies(), *self._results()]
        return sorted(found, key=lambda item: item.since)

    def _overdue(self, today: dt.date) -> Iterator[OpenItem]:
        for plan in self._worklists.due(today - dt.timedelta(days=1)):
            subject = (plan.lesion, plan.patient, plan.name)
            yield OpenItem(Gap.OVERDUE, plan.date, *subject, plan.assessment.image_id, plan.assessment.id)

    def _biopsies(self) -> Iterator[OpenItem]:
        for biopsy in self._worklists.open_biopsies():
            plan = biopsy.assessment
            subject = (biopsy.lesion, biopsy.patient, biopsy.name, plan.image_id, plan.id)
            if biopsy.taken is None:
                yield OpenItem(Gap.NOT_TAKEN, plan.time.astimezone().date(), *subject)
            else:
                yield OpenItem(Gap.NO_RESULT, biopsy.taken, *subject)

    def _alerts(self) -> Iterator[OpenItem]:
        for row, subject in subjects_of(self._database, self._database.read(_OPEN_ALERTS)):
            since = read_time(row["time"]).astimezone().date()
            yield OpenItem(Gap.NO_PLAN, since, *subject, row["of_image"], row["subject"], alerts=_alert_ids(row))

    def _results(self) -> Iterator[OpenItem]:
        found = list(subjects_of(self._database, self._database.read(_UNSETTLED)))
        open_ids = as_list(row["subject"] for row, _ in found if not row["fits"])
        alerts = {row["subject"]: _alert_ids(row) for row in self._database.read(_ALERTS_BEFORE, (open_ids,))}
        for row, subject in found:
            is_bad = is_malignant(row["diagnosis"], row["label"])
            place = (read_day(row["date"]), *subject, row["of_image"], row["subject"])
            result = OpenItem(
                Gap.NOT_TOLD,
                *place,
                diagnosis=row["diagnosis"],
                label=row["label"],
                breslow_mm=row["breslow_mm"],
                margins=row["margins"],
            )
            if is_bad is not False and not row["is_told"]:  # nobody knows that it is harmless
                yield result
            if is_bad is None or row["fits"]:
                continue
            own = next((which for which in ("blind", "last") if _is_other(row, which, is_bad=is_bad)), None)
            if own is not None:
                yield replace(
                    result,
                    gap=Gap.NO_FIT,
                    own_diagnosis=row[f"{own}_diagnosis"],
                    own_label=row[f"{own}_label"],
                    alerts=() if is_bad else alerts.get(row["subject"], ()),
                    is_after_model=own == "last" and row["blind_diagnosis"] is not None,
                )
            elif not is_bad and row["subject"] in alerts:
                yield replace(result, gap=Gap.NO_FIT, alerts=alerts[row["subject"]])


def _is_other(row: sqlite3.Row, which: str, *, is_bad: bool) -> bool:
    """Return whether an assessment of a row, `blind` or `last`, is there and is known to be of the other side."""
    diagnosis = row[f"{which}_diagnosis"]
    return diagnosis is not None and is_malignant(diagnosis, row[f"{which}_label"]) is (not is_bad)


def _alert_ids(row: sqlite3.Row) -> tuple[str, ...]:
    """Return the alerts of a row, each once; one that cannot be read is left out."""
    texts = [
        text for column in ("alerts", "by_context") for text in msgspec.json.decode(row[column], type=list[str | None])
    ]
    found: dict[str, None] = {}
    for text in filter(None, texts):
        try:
            found |= dict.fromkeys(msgspec.json.decode(text, type=list[str]))
        except msgspec.MsgspecError:  # a damaged row
            continue
    return tuple(found)
