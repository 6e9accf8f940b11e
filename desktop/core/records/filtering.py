"""Selects and sorts the entries that match a filter.

Each condition is a set of ids, computed once, or a test of the row itself: every key typed searches tens of thousands of
entries.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec

from desktop.core.inference.judgement import Abstention
from desktop.core.records.adjustment_rows import RAISED_BY_CONTEXT
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import time_text
from desktop.core.records.newest import (
    IN_BIN,
    IS_VIEW,
    JOIN_DETAIL,
    LEADING_OUTCOME,
    OF_PLACE,
    PLACED,
    UNSEEN,
    is_binned,
    patient_of,
)
from desktop.core.records.values import EntryFilter, ModelFacts, Order
from desktop.core.text_matching import DOTTED_I, folded

_LISTED = "SELECT value FROM json_each(?)"

_NEWEST = "place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)"

_OF_LESIONS = f"SELECT image FROM image_detail AS place WHERE lesion IN ({{lesions}}) AND {_NEWEST}"

_OF_PATIENTS = f"""
    SELECT image FROM image_detail AS place WHERE {_NEWEST} AND lesion IN (
        SELECT lesion FROM lesion_detail AS detail WHERE patient IN ({{patients}})
        AND id = (SELECT max(id) FROM lesion_detail WHERE lesion = detail.lesion))
    UNION ALL SELECT image FROM image_detail AS place WHERE {_NEWEST} AND lesion IS NULL
        AND (SELECT patient FROM visit_detail WHERE visit = place.visit ORDER BY id DESC LIMIT 1) IN ({{patients}})"""

_BESIDE = f"""
    SELECT beside.image FROM assessment JOIN image_detail AS place ON place.image = assessment.image
    JOIN image_detail AS beside ON beside.lesion = place.lesion AND beside.visit = place.visit
    WHERE {{said}} AND {_NEWEST} AND beside.id = (SELECT max(id) FROM image_detail WHERE image = beside.image)"""
"""The images of the same lesion and visit as one that was assessed alone."""

_WITH_ASSESSMENT = f"""
    SELECT image FROM assessment WHERE image IS NOT NULL AND {IS_VIEW}
    UNION ALL SELECT image FROM (SELECT image, max(id), lesion, visit FROM image_detail GROUP BY image) AS place
    WHERE EXISTS (SELECT 1 FROM assessment WHERE lesion = place.lesion AND visit = place.visit AND {IS_VIEW})
    UNION ALL {_BESIDE.format(said=IS_VIEW)}"""

_WITH_OUTCOME = f"""
    SELECT image FROM outcome WHERE image IS NOT NULL AND {is_binned("outcome")} = 0
    UNION ALL SELECT place.image FROM outcome JOIN image_detail AS place USING (lesion)
    WHERE {_NEWEST} AND {is_binned("outcome")} = 0"""

# First the images that have ever been called so, then those of them whose newest assessment or leading outcome says it.
_ASSESSED_AS = f"""
    SELECT image.id FROM {PLACED} WHERE image.id IN (
        SELECT image FROM assessment WHERE ? IN (diagnosis, label)
        UNION SELECT detail.image FROM assessment JOIN image_detail AS detail USING (lesion, visit)
        WHERE ? IN (diagnosis, label)
        UNION {_BESIDE.format(said="? IN (diagnosis, label)")})
    AND (SELECT ? IN (diagnosis, coalesce(label, diagnosis)) FROM assessment
         WHERE {OF_PLACE} AND {IS_VIEW} ORDER BY id DESC LIMIT 1)"""

_CAME_OUT_AS = f"""
    SELECT image.id FROM {PLACED} WHERE image.id IN (
        SELECT image FROM outcome WHERE ? IN (diagnosis, label)
        UNION SELECT detail.image FROM outcome JOIN image_detail AS detail USING (lesion)
        WHERE ? IN (diagnosis, label))
    AND (SELECT ? IN (diagnosis, coalesce(label, diagnosis)) FROM outcome
         WHERE (image = image.id OR lesion = place.lesion) AND {is_binned("outcome")} = 0
         ORDER BY {LEADING_OUTCOME} LIMIT 1)"""

# As a condition, this is worked out for the rows that are left by the conditions before it.
_SEEN = f"""
    ((SELECT NOT {UNSEEN} FROM (SELECT prediction.image AS id) AS image {JOIN_DETAIL})
     AND prediction.image NOT IN (SELECT id FROM image WHERE sha256 IN ({_LISTED})))"""

_NAME = "(SELECT searched_name FROM image WHERE id = prediction.image)"

_PSEUDONYM = f"""
    (SELECT pseudonym FROM patient_detail WHERE patient = (
        SELECT {patient_of("place")} FROM (SELECT prediction.image AS id) AS image {JOIN_DETAIL})
     ORDER BY id DESC LIMIT 1)"""

_WITHHELD = ", ".join(f"'{reason}'" for reason in Abstention if reason.hides_figures)

_ORDERS = {
    Order.NAME: _NAME,
    Order.LABEL: "CASE WHEN prediction.abstention IS NULL THEN prediction.top END",
    Order.PROBABILITY: "CASE WHEN prediction.abstention IS NULL THEN prediction.top_probability END",
    Order.MALIGNANT: f"""
        CASE WHEN coalesce(prediction.abstention, '') NOT IN ({_WITHHELD}) THEN prediction.malignant_probability END""",
    Order.PATIENT: _PSEUDONYM,
}
"""What is shown in a column sorts it: what the model withheld has no place among the others and comes last."""

_OF_ANSWER = (Order.LABEL, Order.PROBABILITY, Order.MALIGNANT)


def find_ids(database: Database, wanted: EntryFilter, *, limit: int | None = None, offset: int = 0) -> list[int]:
    """Return the ids of the entries that match a filter, in its order: at most `limit`, after skipping `offset`."""
    conditions = Conditions(wanted, database.read)
    order, *sorted_by = _order_of(wanted)
    return database.read_ids(
        f"SELECT id FROM prediction WHERE {conditions.where} ORDER BY {order} LIMIT ? OFFSET ?",
        (*conditions.values, *sorted_by, -1 if limit is None else limit, offset),
    )


def count_ids(database: Database, wanted: EntryFilter) -> int:
    """Return how many entries match a filter."""
    conditions = Conditions(wanted, database.read)
    return database.read_ids(f"SELECT count(*) FROM prediction WHERE {conditions.where}", conditions.values)[0]


def _order_of(wanted: EntryFilter) -> tuple[str, ...]:
    """Return the ORDER BY of a filter, and the values in it."""
    way = "DESC" if wanted.is_descending else "ASC"
    if wanted.order is Order.TIME:
        return (f"prediction.id {way}",)
    by, values = _ORDERS[wanted.order], []
    if wanted.is_blind and wanted.order in _OF_ANSWER:
        by, values = f"CASE WHEN {_SEEN} THEN {by} END", [as_list(sorted(wanted.hidden))]
    return f"{by} {way} NULLS LAST, prediction.id DESC", *values


class Conditions:
    """The conditions of a filter, each with its values."""

    def __init__(self, wanted: EntryFilter, read: Callable[..., list[sqlite3.Row]]) -> None:
        """Prepare a filter's conditions; `read` reads from the history."""
        self._read = read
        self._clauses: list[str] = []
        self.values: list[Any] = []
        self._add(f"prediction.id {_in(wanted.binned)} ({IN_BIN})")
        if wanted.since is not None:
            self._add("prediction.time >= ?", time_text(wanted.since))
        if wanted.until is not None:
            self._add("prediction.time < ?", time_text(wanted.until))
        if wanted.patient_id is not None:
            self._add_images(_OF_PATIENTS.format(patients="?"), *[wanted.patient_id] * 2)
        if wanted.lesion_id is not None:
            self._add_images(_OF_LESIONS.format(lesions="?"), wanted.lesion_id)
        self._add_assessments(wanted)
        if wanted.label is not None:
            self._add("prediction.top = ?", wanted.label)
        if wanted.flag is not None:
            flag = msgspec.json.encode(wanted.flag).decode()
            by_context = RAISED_BY_CONTEXT.format(condition="instr(raised, ?)")
            self._add(f"(instr(prediction.flags, ?) OR prediction.id IN ({by_context}))", flag, flag)
        if wanted.is_flagged is not None:
            by_context = RAISED_BY_CONTEXT.format(condition="raised <> '[]'")
            is_raised = f"(prediction.flags <> '[]' OR prediction.id IN ({by_context}))"
            self._add(is_raised if wanted.is_flagged else f"NOT {is_raised}")
        if wanted.is_blind and any(part is not None for part in (wanted.label, wanted.flag, wanted.is_flagged)):
            self._add(_SEEN, as_list(sorted(wanted.hidden)))
        for word in folded(wanted.text).split():
            self._add_word(word, wanted)

    @property
    def where(self) -> str:
        """The WHERE of the filter, over `prediction`."""
        return " AND ".join(self._clauses)

    def _add(self, clause: str, *values: object) -> None:
        self._clauses.append(clause)
        self.values += values

    def _add_images(self, images: str, *values: object, has: bool = True) -> None:
        self._add(f"prediction.image {_in(has)} ({images})", *values)

    def _add_assessments(self, wanted: EntryFilter) -> None:
        if wanted.has_assessment is not None:
            self._add_images(_WITH_ASSESSMENT, has=wanted.has_assessment)
        if wanted.assessment is not None:
            self._add_images(_ASSESSED_AS, *[wanted.assessment] * 4)
        if wanted.has_outcome is not None:
            self._add_images(_WITH_OUTCOME, has=wanted.has_outcome)
        if wanted.outcome is not None:
            self._add_images(_CAME_OUT_AS, *[wanted.outcome] * 3)

    def _add_word(self, word: str, wanted: EntryFilter) -> None:
        # The plus keeps SQLite at one way through all entries: a way by index for each clause is slow where many are found.
        # What older versions wrote has the dot of a Turkish İ left over, which is not searched for any more.
        name = f"replace(searched_name, '{DOTTED_I}', 'i')"
        clauses, values = [f"+prediction.image IN (SELECT id FROM image WHERE instr({name}, ?))"], [word]
        labels = {label for label, name in label_names(self._read) if word in folded(label) or word in folded(name)}
        if labels:
            seen = f" AND {_SEEN}" if wanted.is_blind else ""
            clauses.append(f"(+prediction.top IN ({_LISTED}){seen})")
            values += [as_list(sorted(labels)), *([as_list(sorted(wanted.hidden))] if wanted.is_blind else [])]
        lesions = self._called(word, "lesion", "name")
        if lesions:
            clauses.append(f"+prediction.image IN ({_OF_LESIONS.format(lesions=_LISTED)})")
            values.append(as_list(lesions))
        patients = self._called(word, "patient", "pseudonym")
        if patients:
            clauses.append(f"+prediction.image IN ({_OF_PATIENTS.format(patients=_LISTED)})")
            values += [as_list(patients)] * 2
        self._add(f"({' OR '.join(clauses)})", *values)

    def _called(self, word: str, table: str, column: str) -> list[int]:
        """Return the ids of the lesions or patients whose newest name contains a word."""
        names = [row[0] for row in self._read(f"SELECT DISTINCT {column} FROM {table}_detail")]
        found = [name for name in names if word in folded(name)]
        if not found:
            return []
        rows = self._read(
            f"SELECT {table} FROM {table}_detail AS detail WHERE {column} IN ({_LISTED})"
            f" AND id = (SELECT max(id) FROM {table}_detail WHERE {table} = detail.{table})",
            (as_list(found),),
        )
        return [row[0] for row in rows]


def label_names(read: Callable[..., list[sqlite3.Row]]) -> list[tuple[str, str]]:
    """Return id and name of every label of every model that is known."""
    # Straight from the JSON: contracts that a later version no longer reads as a whole still name their labels.
    # A damaged one names none.
    labels = "json_each(iif(json_valid(contract), contract, '{}'), '$.labels')"
    query = f"SELECT value ->> 'id' AS id, value ->> 'name' AS name FROM model, {labels}"
    return [(row["id"], row["name"]) for row in read(query)]


def read_facts(contract: str) -> ModelFacts:
    """Return the facts about a model that accompany its answers, straight from its contract's JSON."""
    try:
        read = msgspec.json.decode(contract)
        groups = tuple((group["name"], tuple(group["labels"])) for group in read.get("groups", ()))
        is_for_patients = read.get("intended_use") != "demonstration"
        alerts = read.get("alerts", ())
        raisable = {one["id"]: tuple(one["labels"]) for one in alerts or read.get("flags", ())}
        found = {
            (alert["id"], point["aim"]): (point["found"], point["positives"])
            for alert in alerts
            for point in alert["curve"]
        }
        prior = msgspec.convert(read.get("calibration_mix") or {}, dict[str, float])
        size = msgspec.convert(read.get("input_size", 0), int)
        return ModelFacts(
            groups,
            has_alerts=bool(alerts),
            is_for_patients=is_for_patients,
            raisable=raisable,
            found=found,
            prior=prior,
            side_needed=min(size, msgspec.convert(read.get("effective_resolution") or size, int)),
        )
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError):
        return ModelFacts((), has_alerts=False, is_for_patients=False)


def _in(has: bool) -> str:
    return "IN" if has else "NOT IN"
