"""What of the history may be exported to train a model, in which split, and what was.

Only images of lesions with histology, or benign by follow-up, of patients who agreed, and none from after the biopsy: those
of a dermatoscope, and the clinical photographs that somebody chose one by one. A lesion that was exported for testing once is
never exported for training: its patient's other lesions go with it. Patients who were never exported are split by their name,
which is made of their id and a salt that the history keeps.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import hashlib
import hmac
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.records.after_biopsy import first_biopsies, is_after_biopsy, read_visit_day
from desktop.core.records.damage import read_day
from desktop.core.records.database import Database
from desktop.core.records.entries import IMAGE_COLUMNS, IS_BINNED, JOIN_PLACE, Authorship, read_kept_image
from desktop.core.records.newest import JOIN_DETAIL, LEADING_OUTCOME, is_binned
from desktop.core.records.people import Outcome
from desktop.core.records.people_rows import AGE_OF_PLACE, read_age_of_place
from desktop.core.records.training_plan import Confirmation, LeftOut, Photograph, TrainingImage, TrainingPlan

_TEST_SHARE = 0.34
"""Of the patients, whose lesions a new model is judged on."""

_NAME_DIGITS = 16

_CONFIRMED = f"""
    SELECT {IMAGE_COLUMNS}, place.kind, place.lesion, detail.patient, detail.site, detail.name AS lesion_name,
        (SELECT pseudonym FROM patient_detail WHERE patient = detail.patient ORDER BY id DESC LIMIT 1) AS pseudonym,
        (SELECT sex FROM patient_detail WHERE patient = detail.patient ORDER BY id DESC LIMIT 1) AS sex,
        {AGE_OF_PLACE.format(patient="detail.patient")},
        (SELECT allowed FROM training_use WHERE patient = detail.patient ORDER BY id DESC LIMIT 1) AS allowed,
        outcome.label, outcome.diagnosis, outcome.date
    FROM image {JOIN_PLACE} {JOIN_DETAIL}
    JOIN lesion ON lesion.id = place.lesion
    JOIN lesion_detail AS detail ON detail.id = (SELECT max(id) FROM lesion_detail WHERE lesion = lesion.id)
    JOIN patient ON patient.id = detail.patient
    LEFT JOIN outcome ON outcome.id = (
        SELECT outcome.id FROM outcome
        WHERE outcome.lesion = lesion.id AND outcome.kind = 'histopathology' AND {is_binned("outcome")} = 0
        ORDER BY {LEADING_OUTCOME} LIMIT 1)
    WHERE {is_binned("lesion")} = 0 AND {is_binned("patient")} = 0
        AND (NOT EXISTS (SELECT 1 FROM prediction WHERE prediction.image = image.id)
            OR EXISTS (SELECT 1 FROM prediction WHERE prediction.image = image.id AND {IS_BINNED} = 0))
    ORDER BY image.id"""


_PROVED_ALONE = f"""
    SELECT count(*) AS images FROM image {JOIN_DETAIL}
    WHERE place.lesion IS NULL AND EXISTS (
        SELECT 1 FROM outcome WHERE image = image.id AND kind = 'histopathology' AND {is_binned("outcome")} = 0)"""


class TrainingExports:
    """The part of `History` for exports to train a model, with the same thread, errors and transactions."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.training_exports`."""
        self._database = database
        self._folder = folder
        self._now = now

    def plan(
        self,
        labels: Sequence[str],
        model: str,
        made: str,
        followed: Mapping[int, Outcome] | None = None,
        chosen: Collection[str] = (),
    ) -> TrainingPlan:
        """Return what an export will hold; nothing is written.

        Args:
            labels: those of the model that is to be improved.
            model: its SHA-256.
            made: the day of the model, as its file gives it: lesions proved later are those on which it may be judged. If it is
                no day, there are none.
            followed: the outcomes of the lesions that are benign by follow-up, by their ids. A model is never judged on them.
            chosen: the clinical photographs that are to go out too, by their SHA-256.
        """
        made_on = _day(made)
        salt = self._salt()
        tested = self._tested_patients()
        biopsies = first_biopsies(self._database)
        images: list[TrainingImage] = []
        photographs: list[Photograph] = []
        reasons: dict[int, LeftOut] = {}
        late = 0
        for row in self._database.read(_CONFIRMED):
            said = _confirmed(row, followed or {})
            reason = _reason(said, row["allowed"], labels)
            if reason is not None or said is None:
                reasons.setdefault(row["lesion"], reason or LeftOut.NOT_PROVED)
                continue
            day = read_visit_day(row)
            if is_after_biopsy(day, biopsies.get((row["lesion"], None))):
                late += 1
                continue
            image = read_kept_image(row, self._folder)
            is_photograph = row["kind"] in {"clinical", "other"}
            if is_photograph:
                photographs.append(Photograph(image, row["pseudonym"], row["lesion_name"], day))
            if is_photograph and image.sha256 not in chosen:
                reasons.setdefault(row["lesion"], LeftOut.NO_DERMOSCOPY)
                continue
            patient = _name("patient", row["patient"], salt)
            images.append(
                TrainingImage(
                    image=image,
                    label=said.label,
                    diagnosis=said.diagnosis,
                    patient=patient,
                    lesion=_name("lesion", row["lesion"], salt),
                    lesion_id=row["lesion"],
                    split="test" if row["patient"] in tested or _is_drawn(patient) else "train",
                    is_new=said.by == "histopathology" and said.date > made_on,
                    age_band=read_age_of_place(row),
                    sex=row["sex"],
                    site=row["site"],
                    confirmed_by=said.by,
                    is_photograph=is_photograph,
                )
            )
        kept = {one.lesion_id for one in images}
        left_out = Counter(reason for lesion, reason in reasons.items() if lesion not in kept)
        left_out[LeftOut.PHOTOGRAPH] = len(photographs) - sum(one.is_photograph for one in images)
        left_out[LeftOut.AFTER_BIOPSY] = late
        left_out[LeftOut.NO_LESION] = self._database.read(_PROVED_ALONE)[0]["images"]
        query = "SELECT count(*) AS looks FROM training_export WHERE model = ?"
        looks = self._database.read(query, (model,))[0]["looks"]
        return TrainingPlan(model, salt, looks + 1, tuple(images), dict(+left_out), tuple(photographs))

    def lesions_named(self, names: Collection[str]) -> list[int]:
        """Return the lesions that were exported under one of these names, by their ids."""
        salt = self._salt()
        exported = self._database.read_ids("SELECT DISTINCT lesion FROM training_split ORDER BY lesion")
        return [lesion for lesion in exported if _name("lesion", lesion, salt) in names]

    def note(self, plan: TrainingPlan, lesions: Collection[int], *, by: str) -> None:
        """Write that a plan was carried out for these lesions, by their ids: the look counts, and their splits stay."""
        written = Authorship.by(by, self._now)
        splits = {one.lesion_id: one.split for one in plan.images if one.lesion_id in lesions}
        with self._database.writing() as connection:
            export = connection.execute(
                "INSERT INTO training_export (model, salt, initials, time) VALUES (?, ?, ?, ?) RETURNING id",
                (plan.model, plan.salt, *written.values),
            ).fetchone()["id"]
            connection.executemany(
                "INSERT INTO training_split (export, lesion, split, initials, time) VALUES (?, ?, ?, ?, ?)",
                [(export, lesion, split, *written.values) for lesion, split in splits.items()],
            )

    def _salt(self) -> str:
        """Return the salt of the first export, a new one before there is any."""
        for row in self._database.read("SELECT salt FROM training_export ORDER BY id LIMIT 1"):
            return str(row["salt"])
        return secrets.token_hex(32)

    def _tested_patients(self) -> set[int]:
        """Return the patients who have a lesion that was exported for testing."""
        rows = self._database.read(
            "SELECT DISTINCT (SELECT patient FROM lesion_detail WHERE lesion = training_split.lesion"
            " ORDER BY id DESC LIMIT 1) AS patient FROM training_split WHERE split = 'test'"
        )
        return {row["patient"] for row in rows}


@dataclass(frozen=True)
class _Confirmed:
    """What a lesion turned out to be: by histology, or by a follow-up that showed it to be benign."""

    label: str
    diagnosis: str
    date: dt.date
    by: Confirmation


def _confirmed(row: sqlite3.Row, followed: Mapping[int, Outcome]) -> _Confirmed | None:
    if row["date"] is not None:
        return _Confirmed(row["label"] or "", row["diagnosis"], read_day(row["date"]), "histopathology")
    outcome = followed.get(row["lesion"])
    return None if outcome is None else _Confirmed(outcome.label or "", outcome.diagnosis, outcome.date, "follow_up")


def _reason(said: _Confirmed | None, allowed: str | None, labels: Sequence[str]) -> LeftOut | None:
    if said is None:
        return LeftOut.NOT_PROVED
    if said.label not in labels:
        return LeftOut.NO_LABEL
    if allowed is None:
        return LeftOut.NOT_ASKED
    return None if allowed == "yes" else LeftOut.REFUSED


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.max


def _name(kind: str, number: int, salt: str) -> str:
    made = hmac.new(salt.encode(), f"{kind} {number}".encode(), hashlib.sha256)
    return made.hexdigest()[:_NAME_DIGITS]


def _is_drawn(patient: str) -> bool:
    """Tell whether a patient's lesions are for testing; their name is as good as random."""
    share: float = int(patient, 16) / 16**_NAME_DIGITS
    return share < _TEST_SHARE
