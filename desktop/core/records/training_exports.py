"""What of the history may be exported to train a model, in which split, and what was.

Only dermatoscope images of lesions with histology, of patients who agreed, and none from after the biopsy. A lesion that was
exported for testing once is never exported for training: its patient's other lesions go with it. Patients who were never
exported are split by their name, which is made of their id and a salt that the history keeps.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from desktop.core.records.after_biopsy import first_biopsies, is_after_biopsy, read_visit_day
from desktop.core.records.damage import read_day
from desktop.core.records.database import Database
from desktop.core.records.entries import IMAGE_COLUMNS, IS_BINNED, JOIN_PLACE, Authorship, read_kept_image
from desktop.core.records.newest import JOIN_DETAIL, LEADING_OUTCOME, is_binned
from desktop.core.records.people_rows import AGE_OF_PLACE, read_age_of_place
from desktop.core.records.values import KeptImage

TrainingSplit = Literal["train", "test"]

_TEST_SHARE = 0.34
"""Of the patients, whose lesions a new model is judged on."""

_NAME_DIGITS = 16

_CONFIRMED = f"""
    SELECT {IMAGE_COLUMNS}, place.kind, place.lesion, detail.patient, detail.site,
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


class LeftOut(StrEnum):
    """Why a lesion is not exported, the first reason that applies; or an image of one, or that has none."""

    NOT_PROVED = "no histology"
    NO_LABEL = "histology none of the model's diagnoses"
    NOT_ASKED = "use for training not asked"
    REFUSED = "use for training refused"
    NO_DERMOSCOPY = "no dermatoscope image"
    PHOTOGRAPH = "clinical photograph"
    AFTER_BIOPSY = "image after the biopsy"
    NO_LESION = "image without a lesion"


@dataclass(frozen=True)
class TrainingImage:
    """An image to export. `patient` and `lesion` are names of ours, which say nothing to anybody without the history.

    `is_new` is whether the histology is later than the model that is to be improved. `site` is as entered.
    """

    image: KeptImage
    label: str
    diagnosis: str
    patient: str
    lesion: str
    lesion_id: int
    split: TrainingSplit
    is_new: bool
    age_band: str
    sex: str
    site: str


@dataclass(frozen=True)
class TrainingPlan:
    """What an export will hold, for a model by its SHA-256; `look` counts the exports for it, with this one.

    `left_out` counts lesions by reason, and images for the last three.
    """

    model: str
    salt: str
    look: int
    images: tuple[TrainingImage, ...]
    left_out: dict[LeftOut, int]

    def lesions_of(self, split: TrainingSplit, label: str | None = None) -> int:
        """Return the number of lesions in a split, of a label if one is given."""
        return len({one.lesion for one in self.images if one.split == split and label in {None, one.label}})


class TrainingExports:
    """The part of `History` for exports to train a model, with the same thread, errors and transactions."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.training_exports`."""
        self._database = database
        self._folder = folder
        self._now = now

    def plan(self, labels: Sequence[str], model: str, made: str) -> TrainingPlan:
        """Return what an export will hold; nothing is written.

        Args:
            labels: those of the model that is to be improved.
            model: its SHA-256.
            made: the day of the model, as its file gives it: lesions proved later are those on which it may be judged. If it is
                no day, there are none.
        """
        made_on = _day(made)
        salt = self._salt()
        tested = self._tested_patients()
        images: list[TrainingImage] = []
        reasons: dict[int, LeftOut] = {}
        photographs = late = 0
        biopsies = first_biopsies(self._database)
        for row in self._database.read(_CONFIRMED):
            reason = _reason(row["label"], row["date"], row["allowed"], labels)
            is_photograph = row["kind"] in {"clinical", "other"}
            if reason is not None or is_photograph:
                photographs += reason is None and is_photograph
                reasons.setdefault(row["lesion"], reason or LeftOut.NO_DERMOSCOPY)
                continue
            if is_after_biopsy(read_visit_day(row), biopsies.get((row["lesion"], None))):
                late += 1
                continue
            patient = _name("patient", row["patient"], salt)
            images.append(
                TrainingImage(
                    image=read_kept_image(row, self._folder),
                    label=row["label"],
                    diagnosis=row["diagnosis"],
                    patient=patient,
                    lesion=_name("lesion", row["lesion"], salt),
                    lesion_id=row["lesion"],
                    split="test" if row["patient"] in tested or _is_drawn(patient) else "train",
                    is_new=read_day(row["date"]) > made_on,
                    age_band=read_age_of_place(row),
                    sex=row["sex"],
                    site=row["site"],
                )
            )
        kept = {one.lesion_id for one in images}
        left_out = Counter(reason for lesion, reason in reasons.items() if lesion not in kept)
        left_out[LeftOut.PHOTOGRAPH] = photographs
        left_out[LeftOut.AFTER_BIOPSY] = late
        left_out[LeftOut.NO_LESION] = self._database.read(_PROVED_ALONE)[0]["images"]
        query = "SELECT count(*) AS looks FROM training_export WHERE model = ?"
        looks = self._database.read(query, (model,))[0]["looks"]
        return TrainingPlan(model, salt, looks + 1, tuple(images), dict(+left_out))

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


def _reason(label: str | None, date: str | None, allowed: str | None, labels: Sequence[str]) -> LeftOut | None:
    if date is None:
        return LeftOut.NOT_PROVED
    if label not in labels:
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
