"""The images of the history that look most like one to a model, with what was said of them by people; nothing of any answer."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from desktop.core.diagnoses import counts_as, is_malignant
from desktop.core.inference import similarity
from desktop.core.inference.similarity import VectorKind
from desktop.core.labels import MELANOMA
from desktop.core.late import Late
from desktop.core.records.assessments import Assessments
from desktop.core.records.database import Database, as_list
from desktop.core.records.disclosures import Disclosures
from desktop.core.records.embeddings import Embeddings, Vectors
from desktop.core.records.entries import ENTRIES, read_entry
from desktop.core.records.newest import IN_BIN, PLACED, is_binned, patient_of
from desktop.core.records.people import Assessment, Outcome, leading
from desktop.core.records.values import Entry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

SHOWN = 5
"""How many of the nearest are found; the nearest proven melanoma is added to them."""

_AT_A_TIME = 32
"""Images whose rows are read together: few are left out, so that the nearest are nearly always among the first."""

_LISTED = "SELECT value FROM json_each(?)"
_IN_NO_BIN = f"""
    coalesce((SELECT binned FROM binning WHERE subject = 'lesion' AND subject_id = place.lesion
              ORDER BY id DESC LIMIT 1), 0) = 0
    AND coalesce((SELECT binned FROM binning WHERE subject = 'patient' AND subject_id = {patient_of("place")}
                  ORDER BY id DESC LIMIT 1), 0) = 0"""
_CASES = f"""
    {ENTRIES} WHERE prediction.id IN (
        SELECT max(id) FROM prediction WHERE image IN ({_LISTED}) AND region = '' AND id NOT IN ({IN_BIN}) GROUP BY image)
    AND coalesce(place.kind, 'dermoscopy') = 'dermoscopy' AND {_IN_NO_BIN}"""
_PATIENT = f"SELECT {patient_of('place')} AS patient FROM {PLACED} WHERE image.sha256 = ?"
_PROVED = f"kind = 'histopathology' AND {is_binned('outcome')} = 0"
_CALLED = f"SELECT DISTINCT diagnosis, label FROM outcome WHERE {_PROVED}"
_PROVED_IMAGES = f"""
    WITH called AS (SELECT value ->> 0 AS diagnosis, value ->> 1 AS label FROM json_each(?)),
         melanoma AS (SELECT lesion, image FROM outcome JOIN called
                      ON called.diagnosis = outcome.diagnosis AND called.label IS outcome.label WHERE {_PROVED})
    SELECT image FROM melanoma WHERE image IS NOT NULL
    UNION SELECT place.image FROM melanoma JOIN image_detail AS place USING (lesion)
    WHERE place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)"""


@dataclass(frozen=True)
class LookAlike:
    """An image that looks like another one; of its `entry` nothing may be shown that the model answered.

    `assessment` is the newest one with a diagnosis, of the lesion at that visit or of the image itself, `outcome` the one
    that counts. `is_near` is whether it is within the limit.
    """

    entry: Entry
    assessment: Assessment | None
    outcome: Outcome | None
    is_near: bool

    @property
    def is_proved(self) -> bool:
        """Whether histopathology says what it is."""
        return self.outcome is not None and self.outcome.kind == "histopathology"

    @property
    def is_malignant(self) -> bool:
        """Whether the outcome is malignant, or where there is none the assessment."""
        said = self.outcome or self.assessment
        return said is not None and is_malignant(said.diagnosis, said.label) is True

    @property
    def is_proved_melanoma(self) -> bool:
        """Whether histopathology says melanoma."""
        return (
            self.outcome is not None
            and self.is_proved
            and (self.outcome.label or counts_as(self.outcome.diagnosis)) == MELANOMA
        )


class LookAlikes:
    """A part of `History`, with the same thread and errors."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        embeddings: Embeddings,
        assessments: Assessments,
        disclosures: Disclosures,
    ) -> None:
        """Use `History.look_alikes`."""
        self._database = database
        self._folder = folder
        self._embeddings = embeddings
        self._assessments = assessments
        self._disclosures = disclosures

    def nearest(
        self, sha256: str, kind: VectorKind, limit: float, *, today: dt.date, is_blind: bool
    ) -> tuple[LookAlike, ...]:
        """Return what looks most like an image of the history that has a vector, the malignant ones first.

        These are the `SHOWN` nearest within the limit, and the nearest melanoma that histopathology proved, however near it
        is. Nothing is returned where no image is within the limit. The same patient is left out, and so is what nobody said
        anything of.

        Args:
            sha256: the image.
            kind: of the vectors.
            limit: the largest distance that is near.
            today: the day of the visit.
            is_blind: whether images with a concealed answer are left out: their lesions wait for an assessment.
        """
        own = self._embeddings.of(sha256, kind)
        if own is None:
            return ()
        vectors = self._embeddings.all_of(kind)
        far = similarity.distances(vectors.vectors, own)
        hidden = self._disclosures.awaiting(today) if is_blind else frozenset[str]()
        eligible = _Eligible(sha256, self._patient_of(sha256), is_blind, hidden)
        near = np.flatnonzero(far <= limit)
        found = _first(self._cases(vectors, near[np.argsort(far[near], kind="stable")], far, limit, eligible), SHOWN)
        if not found:
            return ()
        if not any(one.is_proved_melanoma for one in found):
            melanomas = np.flatnonzero(np.isin(vectors.image_ids, self._proved_melanomas()))
            ordered = melanomas[np.argsort(far[melanomas], kind="stable")]
            cases = self._cases(vectors, ordered, far, limit, eligible)
            found += _first((one for one in cases if one.is_proved_melanoma), 1)
        return tuple(sorted(found, key=lambda one: not one.is_malignant))

    def _cases(
        self,
        vectors: Vectors,
        places: NDArray[np.int64],
        far: NDArray[np.float32],
        limit: float,
        eligible: _Eligible,
    ) -> Iterator[LookAlike]:
        """Yield what may be shown of these images, in their order."""
        for start in range(0, len(places), _AT_A_TIME):
            here = places[start : start + _AT_A_TIME]
            ids = vectors.image_ids[here].tolist()
            rows = {row["image"]: row for row in self._database.read(_CASES, (as_list(ids),))}
            for place, image_id in zip(here.tolist(), ids, strict=True):
                entry = read_entry(rows[image_id], self._folder) if image_id in rows else None
                if entry is not None and eligible.is_met_by(entry):
                    yield self._case(entry, image_id, is_near=bool(far[place] <= limit))

    def _case(self, entry: Entry, image_id: int, *, is_near: bool) -> LookAlike:
        lesions = () if entry.lesion_id is None else (entry.lesion_id,)
        assessments = [
            one
            for one in self._assessments.of(lesions, [image_id])
            if not one.is_plan
            and (one.image_id == image_id or (entry.visit_id is not None and one.visit_id == entry.visit_id))
        ]
        outcomes = self._assessments.outcomes(lesion_id=entry.lesion_id, image_id=image_id)
        return LookAlike(entry, assessments[-1] if assessments else None, leading(outcomes), is_near)

    def _patient_of(self, sha256: str) -> int | None:
        rows = self._database.read(_PATIENT, (sha256,))
        return rows[0]["patient"] if rows else None

    def _proved_melanomas(self) -> list[int]:
        called = [
            (row["diagnosis"], row["label"])
            for row in self._database.read(_CALLED)
            if (row["label"] or counts_as(row["diagnosis"])) == MELANOMA
        ]
        return self._database.read_ids(_PROVED_IMAGES, (msgspec.json.encode(called).decode(),))


@dataclass(frozen=True)
class _Eligible:
    """Which entries may be shown beside an image."""

    sha256: str
    patient_id: int | None
    is_blind: bool
    hidden: frozenset[str]

    def is_met_by(self, entry: Entry) -> bool:
        is_same = self.patient_id is not None and entry.patient_id == self.patient_id
        is_hidden = self.is_blind and (entry.is_concealed or entry.image.sha256 in self.hidden)
        is_told = bool(entry.assessment or entry.outcome)
        return is_told and not is_same and not is_hidden and entry.image.sha256 != self.sha256


def _first(cases: Iterator[LookAlike], count: int) -> list[LookAlike]:
    return [case for case, _ in zip(cases, range(count), strict=False)]
