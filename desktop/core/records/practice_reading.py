"""Reads what own figures are counted from: the model's answers to dermatoscope images, and what was said of their lesions.

Whole tables are read at once, each with one query: there may be 50,000 answers.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from desktop.core.records.after_biopsy import FIRST_BIOPSIES
from desktop.core.records.assessments import read_assessment, read_outcome
from desktop.core.records.damage import read_day, read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import IMAGE_COLUMNS, JOIN_PLACE, read_kept_image
from desktop.core.records.filtering import read_facts
from desktop.core.records.made_elsewhere import is_made_elsewhere
from desktop.core.records.newest import (
    CORRECTED,
    IN_BIN,
    IS_LAST_COPY,
    JOIN_DETAIL,
    LEADING_OUTCOME,
    WITH_SUBJECT,
    is_binned,
    is_view,
    patient_of,
)
from desktop.core.records.people_rows import LESIONS, PATIENTS
from desktop.core.records.tried_answers import ANSWERED_IMAGES, GIVEN_BY, TRIED_BY

if TYPE_CHECKING:
    from desktop.core.records.people import Assessment, Outcome
    from desktop.core.records.tried_answers import Answerer
    from desktop.core.records.values import KeptImage

_DERMOSCOPY = "coalesce(place.kind, 'dermoscopy') = 'dermoscopy'"

_ANSWERED = f"""
    {{table}}.image, {{table}}.model, {{table}}.time, {{table}}.flags, {{table}}.abstention, {{table}}.malignant_probability,
    {{table}}.novelty, iif(json_valid({{table}}.quality), {{table}}.quality ->> 'sharpness', NULL) AS sharpness,
    image.name, image.sha256, place.lesion, place.visit, {patient_of("place")} AS patient"""
_GIVEN = f"""
    SELECT {_ANSWERED.format(table="prediction")},
           (SELECT raised FROM adjustment WHERE prediction = prediction.id ORDER BY id DESC LIMIT 1) AS by_context
    FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}
    WHERE prediction.id IN ({{ids}}) AND {_DERMOSCOPY}"""

# Of several answers of a model to an image the first counts: it is the one that was seen.
_ANSWERS = f"""
    {_GIVEN.format(ids=f"SELECT min(id) FROM prediction WHERE region = '' AND id NOT IN ({IN_BIN}) GROUP BY image, model")}
    ORDER BY prediction.id"""
_ANSWERS_BY = f"""
    {_GIVEN.format(ids=f"SELECT id FROM ({GIVEN_BY})")}
    UNION ALL
    SELECT {_ANSWERED.format(table="tried_answer")}, by_context
    FROM tried_answer JOIN image ON image.id = tried_answer.image {JOIN_DETAIL}
    WHERE {TRIED_BY} AND image.id IN ({ANSWERED_IMAGES}) AND image.id NOT IN (SELECT image FROM ({GIVEN_BY}))
        AND {_DERMOSCOPY}"""
_ASSESSMENTS = f"""
    SELECT said.*, coalesce(said.visit, place.visit) AS of_visit, {is_made_elsewhere("said")} AS made_elsewhere
    FROM ({WITH_SUBJECT.format(table="assessment")} WHERE {IS_LAST_COPY}) AS said LEFT JOIN image_detail AS place
        ON place.id = (SELECT max(id) FROM image_detail WHERE image = said.image)
    WHERE {is_view("said")} OR said.change IS NOT NULL ORDER BY said.id"""
_OUTCOMES = f"""
    SELECT * FROM ({WITH_SUBJECT.format(table="outcome")}) AS outcome WHERE {is_binned("outcome")} = 0
    ORDER BY {LEADING_OUTCOME}"""
# Whoever entered a finding that was wrong knew it all the same.
_KNOWN = f"""
    SELECT of_lesion, of_image, min(time) AS time FROM ({WITH_SUBJECT.format(table="outcome")}) AS outcome
    WHERE kind = 'histopathology' AND ({is_binned("outcome")} = 0 OR '{CORRECTED}' = (
        SELECT reason FROM binning WHERE subject = 'outcome' AND subject_id = outcome.id ORDER BY id DESC LIMIT 1))
    GROUP BY of_lesion, of_image"""
_DERMOSCOPIES = f"""
    SELECT place.image, place.lesion, place.visit FROM image {JOIN_DETAIL}
    WHERE place.lesion IS NOT NULL AND place.visit IS NOT NULL AND {_DERMOSCOPY} ORDER BY place.image"""
_VISITS = """
    SELECT visit, date FROM visit_detail AS detail WHERE id = (SELECT max(id) FROM visit_detail WHERE visit = detail.visit)"""

_MODELS = """
    SELECT sha256, name, contract FROM model JOIN (SELECT model, max(id) AS newest FROM prediction GROUP BY model)
    ON model = sha256 ORDER BY newest DESC"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What has one vote: a lesion, or an image that has none."""

    lesion_id: int | None = None
    image_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A model's first answer to a dermatoscope image.

    `alerts` are the ids of what the image raised, alone or with what is known of the patient. `withheld` is the reason why the
    answer was withheld, empty if it was given. `malignant` is the sum over the malignant labels, `novelty` and `sharpness` are
    None where they were not measured.
    """

    subject: Subject
    visit_id: int | None
    patient_id: int | None
    image_id: int
    sha256: str
    model: str
    time: dt.datetime
    alerts: frozenset[str]
    withheld: str
    malignant: float | None
    novelty: float | None
    sharpness: float | None


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """Whose a lesion or image is, and what it is called. `site` is the id of a place of the body map."""

    patient_id: int | None
    patient: str
    name: str
    site: str


@dataclass(frozen=True)
class ModelRow:
    """A model of the history: the ids of what it raises, with their labels, and its name."""

    sha256: str
    name: str
    contract: str
    raises: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class PracticeRows:
    """Everything that is counted, oldest first; nothing of what is in the bin.

    `visits` has the day of each visit, `assessments` those of each lesion and visit, `outcomes` the leading one first, and
    `dermoscopies` the visits of which a lesion has a dermatoscope image, whether or not a model answered it. Of the `models`
    that of the newest answer is the first. `known` has the time at which the first histology was entered, also one that was
    wrong and is corrected or withdrawn since. `biopsied` has the day of the first biopsy: when it was taken, else its finding.
    `concealed` are the lesions and images whose answers blind-first conceals while it is on.
    """

    answers: tuple[AnswerRow, ...]
    subjects: dict[Subject, SubjectRow]
    visits: dict[int, dt.date]
    assessments: dict[Subject, dict[int | None, list[Assessment]]]
    outcomes: dict[Subject, list[Outcome]]
    known: dict[Subject, dt.datetime]
    dermoscopies: dict[Subject, set[int]]
    models: tuple[ModelRow, ...]
    biopsied: dict[Subject, dt.date]
    concealed: frozenset[Subject]


@dataclass(frozen=True)
class RawRows:
    """What was read of the history, which `assembled` makes the values of: that takes longer, and no connection."""

    answers: list[sqlite3.Row]
    patients: list[sqlite3.Row]
    lesions: list[sqlite3.Row]
    assessments: list[sqlite3.Row]
    outcomes: list[sqlite3.Row]
    biopsies: list[sqlite3.Row]
    known: list[sqlite3.Row]
    dermoscopies: list[sqlite3.Row]
    visits: list[sqlite3.Row]
    models: list[sqlite3.Row]


def read_raw(database: Database, answerers: Sequence[Answerer] = ()) -> RawRows:
    """Read the whole history, with the answers that were given; or with those of these models, given or tried."""
    answers = [row for one in answerers for row in database.read(_ANSWERS_BY, one.values)]
    return RawRows(
        answers if answerers else database.read(_ANSWERS),
        *map(database.read, (PATIENTS, LESIONS, _ASSESSMENTS, _OUTCOMES, FIRST_BIOPSIES, _KNOWN)),
        *map(database.read, (_DERMOSCOPIES, _VISITS, _MODELS)),
    )


def assembled(raw: RawRows, concealed: frozenset[str] = frozenset()) -> PracticeRows:
    """Put together what was read; `concealed` are the SHA-256 of images whose answers must not be shown now."""
    patients = {row["id"]: (row["pseudonym"], row["is_binned"]) for row in raw.patients}
    subjects = {
        Subject(row["id"]): SubjectRow(row["patient"], patients[row["patient"]][0], row["name"], row["site"])
        for row in raw.lesions
        if not row["is_binned"] and not patients[row["patient"]][1]
    }
    answers = []
    hidden = set()
    for row in raw.answers:
        subject = Subject(row["lesion"]) if row["lesion"] is not None else Subject(image_id=row["image"])
        pseudonym, is_gone = patients.get(row["patient"], ("", 0))
        if subject.lesion_id is None and not is_gone:
            subjects[subject] = SubjectRow(row["patient"], pseudonym, row["name"], "")
        if subject in subjects:
            answers.append(_answer(row, subject))
            if row["sha256"] in concealed:
                hidden.add(subject)
    assessments: dict[Subject, dict[int | None, list[Assessment]]] = {}
    for row in raw.assessments:
        subject = _subject(row)
        if subject in subjects:
            by_visit = assessments.setdefault(subject, {})
            by_visit.setdefault(row["of_visit"], []).append(read_assessment(row))
    outcomes: dict[Subject, list[Outcome]] = {}
    for row in raw.outcomes:
        if (subject := _subject(row)) in subjects:
            outcomes.setdefault(subject, []).append(read_outcome(row))
    dermoscopies: dict[Subject, set[int]] = {}
    for row in raw.dermoscopies:
        if (subject := Subject(row["lesion"])) in subjects:
            dermoscopies.setdefault(subject, set()).add(row["visit"])
    return PracticeRows(
        tuple(answers),
        subjects,
        {row["visit"]: read_day(row["date"]) for row in raw.visits},
        assessments,
        outcomes,
        {_subject(row): read_time(row["time"]) for row in raw.known},
        dermoscopies,
        tuple(model_row(row["sha256"], row["name"], row["contract"]) for row in raw.models),
        {_subject(row): read_day(row["day"]) for row in raw.biopsies},
        frozenset(hidden),
    )


def read_images(database: Database, folder: Path, hashes: Iterable[str]) -> list[KeptImage]:
    """Return the images with one of these SHA-256; `folder` is the data folder."""
    query = (
        f"SELECT {IMAGE_COLUMNS} FROM image {JOIN_PLACE} WHERE image.sha256 IN (SELECT value FROM json_each(?))"
        " ORDER BY image.id"
    )
    return [read_kept_image(row, folder) for row in database.read(query, (as_list(hashes),))]


def _subject(row: sqlite3.Row) -> Subject:
    return Subject(row["of_lesion"], row["of_image"])


def _answer(row: sqlite3.Row, subject: Subject) -> AnswerRow:
    return AnswerRow(
        subject=subject,
        visit_id=row["visit"],
        patient_id=row["patient"],
        image_id=row["image"],
        sha256=row["sha256"],
        model=row["model"],
        time=read_time(row["time"]),
        alerts=_ids(row["flags"]) | _ids(row["by_context"] or "[]"),
        withheld=row["abstention"] or "",
        malignant=row["malignant_probability"],
        novelty=row["novelty"],
        sharpness=row["sharpness"],
    )


@cache
def _ids(text: str) -> frozenset[str]:
    """Read ids of alerts; there are few different texts. A damaged one has none."""
    try:
        return frozenset(msgspec.json.decode(text, type=list[str]))
    except msgspec.MsgspecError:
        return frozenset()


def model_row(sha256: str, name: str, contract: str) -> ModelRow:
    """Return a model by its contract's JSON."""
    return ModelRow(sha256, name, contract, read_facts(contract).raisable)
