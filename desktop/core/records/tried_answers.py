"""What a model would have said of the images of the history, kept apart from the answers that were given."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import (
    ANSWER_COLUMNS,
    IMAGE_COLUMNS,
    JOIN_PLACE,
    Authorship,
    answer_values,
    points_text,
    read_kept_image,
    write_model,
)
from desktop.core.records.newest import IN_BIN, JOIN_DETAIL, patient_of
from desktop.core.records.people_rows import AGE_OF_PLACE, read_age_of_place
from desktop.core.records.values import KeptImage, StoredAnswer

if TYPE_CHECKING:
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.contract import Contract

ANSWERED_IMAGES = f"SELECT image FROM prediction WHERE region = '' AND id NOT IN ({IN_BIN})"
"""The ids of the images of which any model said something that is not in the bin."""

_BY = "model = :model AND preprocessing = :preprocessing AND working_points = :points"

# Where the model can know something of the patient, an answer of which that was not asked is not the whole answer.
GIVEN_BY = f"""
    SELECT min(id) AS id, image FROM prediction
    WHERE region = '' AND {_BY} AND id NOT IN ({IN_BIN})
        AND (:has_context = 0 OR id IN (SELECT prediction FROM adjustment))
    GROUP BY image"""
"""The first answer of a model (`Answerer.values`) to each image that it answered, which is the one that was seen."""

TRIED_BY = _BY.replace("model =", "tried_answer.model =")
"""The condition that a row of `tried_answer` is of such a model."""

_ELIGIBLE = f"""
    FROM image {JOIN_PLACE} {JOIN_DETAIL}
    WHERE image.id IN ({ANSWERED_IMAGES}) AND coalesce(place.kind, 'dermoscopy') = 'dermoscopy'"""
_MISSING = f"""
    SELECT {IMAGE_COLUMNS},
           (SELECT sex FROM patient_detail WHERE patient = {patient_of("place")} ORDER BY id DESC LIMIT 1) AS sex,
           {AGE_OF_PLACE.format(patient=patient_of("place"))},
           (SELECT site FROM lesion_detail WHERE lesion = place.lesion ORDER BY id DESC LIMIT 1) AS site
    {_ELIGIBLE} AND image.id NOT IN (SELECT image FROM ({GIVEN_BY}))
        AND image.id NOT IN (SELECT image FROM tried_answer WHERE {TRIED_BY})
    ORDER BY image.id DESC"""


@dataclass(frozen=True)
class Answerer:
    """A model at its working points, with a contract that says whether it can know something of the patient."""

    model_sha256: str
    preprocessing_version: int
    working_points: WorkingPoints
    contract: Contract

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of `GIVEN_BY` and `TRIED_BY`."""
        return {
            "model": self.model_sha256,
            "preprocessing": self.preprocessing_version,
            "points": points_text(self.working_points),
            "has_context": int(self.contract.context is not None),
        }


@dataclass(frozen=True)
class Unanswered:
    """An image without an answer of a model, with what is known of its patient and lesion, empty where it is not."""

    image: KeptImage
    sex: str
    age_band: str
    site: str


@dataclass(frozen=True)
class TriedAnswer:
    """What a model would say of an image, and the ids of the alerts that only what is known of the patient raises."""

    sha256: str
    answer: StoredAnswer
    by_context: tuple[str, ...]


class TriedAnswers:
    """A part of `History`, with the same thread, errors and transactions."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.tried_answers`."""
        self._database = database
        self._folder = folder
        self._now = now

    def images(self) -> int:
        """Return how many images there are to answer: the dermoscopy of the history that has an answer."""
        (count,) = self._database.read_ids(f"SELECT count(*) {_ELIGIBLE}")
        return count

    def missing(self, answerer: Answerer) -> list[Unanswered]:
        """Return the images that a model has not answered, the newest first."""
        return [
            Unanswered(read_kept_image(row, self._folder), row["sex"] or "", read_age_of_place(row), row["site"] or "")
            for row in self._database.read(_MISSING, answerer.values)
        ]

    def keep(self, answers: Iterable[TriedAnswer], contracts: Mapping[str, Contract], *, by: str) -> None:
        """Keep answers; nothing is kept of an image that is not in the history, or twice.

        Args:
            answers: of one or several models.
            contracts: of these models, by SHA-256.
            by: initials.
        """
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            for sha256, contract in contracts.items():
                write_model(connection, sha256, contract, written)
            for one in answers:
                connection.execute(
                    f"INSERT OR IGNORE INTO tried_answer (image, model, preprocessing, {ANSWER_COLUMNS}, by_context,"
                    f" app_version, working_points, initials, time) SELECT id, {', '.join('?' * 16)} FROM image"
                    " WHERE sha256 = ?",
                    (
                        *(one.answer.model_sha256, one.answer.preprocessing_version, *answer_values(one.answer)),
                        msgspec.json.encode(one.by_context).decode(),
                        *(one.answer.app_version, points_text(one.answer.working_points)),
                        *written.values,
                        one.sha256,
                    ),
                )

    def list_again(self, model_sha256: str, alerts: Mapping[int, Iterable[str]], *, by: str) -> int:
        """Put lesions on the list *Look again*, each once for a model; return how many are new there.

        Args:
            model_sha256: the model that alone alerts on them.
            alerts: by the id of an image of each lesion, the ids of the alerts that it raises.
            by: initials.
        """
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            query = f"SELECT image.id FROM image {JOIN_DETAIL} WHERE image.id IN (SELECT value FROM json_each(?))"
            query += (
                " AND NOT EXISTS (SELECT 1 FROM look_again JOIN image_detail AS other ON other.id ="
                " (SELECT max(id) FROM image_detail WHERE image = look_again.image)"
                " WHERE look_again.model = ? AND (look_again.image = image.id OR other.lesion = place.lesion))"
            )
            new = connection.execute(query, (as_list(alerts), model_sha256)).fetchall()
            for row in new:
                connection.execute(
                    "INSERT INTO look_again (image, model, alerts, initials, time) VALUES (?, ?, ?, ?, ?)",
                    (
                        row["id"],
                        model_sha256,
                        msgspec.json.encode(sorted(alerts[row["id"]])).decode(),
                        *written.values,
                    ),
                )
        return len(new)
