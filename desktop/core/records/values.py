"""The values that the history stores and returns."""

from __future__ import annotations

import os
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from desktop.core.frozen import frozen
from desktop.core.imaging.quality import parse_quality
from desktop.core.inference.adjusted import NOT_ADJUSTED, Adjusted
from desktop.core.inference.judgement import Abstention
from desktop.core.late import Late

if TYPE_CHECKING:
    from desktop.core.imaging.opening import ImageHeader
    from desktop.core.inference import classifier
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.classifier import Prediction
    from desktop.core.inference.judgement import Judgement
else:
    classifier = Late("desktop.core.inference.classifier")


@frozen
class KeptImage:
    """An image file: `name` as the user knows it, `path` where it lies, in the image store (`stored`) or linked there."""

    sha256: str
    name: str
    format: str
    width: int
    height: int
    byte_size: int
    path: Path
    stored: bool

    @classmethod
    def of(cls, sha256: str, byte_size: int, header: ImageHeader, path: Path, *, name: str, stored: bool) -> Self:
        """Describe an image file from what was found out about it."""
        return cls(sha256, shown(name), header.format, header.width, header.height, byte_size, path, stored)


@frozen
class StoredAnswer:
    """One model's answer to one image, as given at the time.

    `probabilities` has the order of the model's labels. `flags` are ids of the contract's flags that were raised. `quality`
    is the JSON of what was measured of the model's input (`Quality`), None where it was not. `working_points` are those at
    which the alerts were raised or not; empty for a model without alerts.
    """

    probabilities: dict[str, float]
    top: str
    top_probability: float
    malignant_probability: float | None
    flags: tuple[str, ...]
    abstention: Abstention | None
    kind_uncertain: bool
    quality: str | None
    novelty: float | None
    model_sha256: str
    preprocessing_version: int
    app_version: str
    working_points: WorkingPoints = field(default_factory=dict)

    @classmethod
    def of(cls, prediction: Prediction, judgement: Judgement, labels: tuple[str, ...], app_version: str) -> Self:
        """Put together what was said; `labels` are the contract's label ids."""
        return cls(
            probabilities=dict(zip(labels, prediction.probabilities, strict=True)),
            top=judgement.top,
            top_probability=judgement.top_probability,
            malignant_probability=judgement.malignant_probability,
            flags=tuple(raised.flag.id for raised in judgement.flags),
            abstention=judgement.abstention,
            kind_uncertain=judgement.kind_uncertain,
            quality=None if prediction.quality is None else prediction.quality.to_json(),
            novelty=prediction.novelty,
            model_sha256=prediction.model_sha256,
            preprocessing_version=prediction.preprocessing_version,
            app_version=app_version,
            working_points=judgement.working_points,
        )

    @classmethod
    def damaged(cls, model_sha256: str, preprocessing_version: int, app_version: str) -> Self:
        """Return the placeholder of an unreadable answer, which is empty."""
        return cls(
            probabilities={},
            top="",
            top_probability=0.0,
            malignant_probability=None,
            flags=(),
            abstention=Abstention.QUALITY,
            kind_uncertain=False,
            quality=None,
            novelty=None,
            model_sha256=model_sha256,
            preprocessing_version=preprocessing_version,
            app_version=app_version,
        )

    @property
    def is_damaged(self) -> bool:
        """Whether the answer can no longer be read."""
        return not self.probabilities

    def is_of(self, model_sha256: str, working_points: WorkingPoints) -> bool:
        """Return whether a model gave the answer at these working points."""
        return self.model_sha256 == model_sha256 and self.working_points == working_points

    @property
    def prediction(self) -> Prediction:
        """The prediction itself, to be judged again by its model's contract."""
        return classifier.Prediction(
            tuple(self.probabilities.values()),
            self.novelty,
            self.model_sha256,
            self.preprocessing_version,
            None if self.quality is None else parse_quality(self.quality),
        )


@frozen
class ModelFacts:
    """Facts about a model that accompany its saved answers: its groups of labels by name, what it raises, whom it is for.

    `raisable` are the labels of each alert, or of each flag of a model without alerts, by its id. `found` says, by alert id
    and working point, how many of how many lesions the alert found; `prior` is the share of each label that its probabilities
    assume. `side_needed` is how many pixels across it looks at, 0 where that is not known.
    """

    groups: tuple[tuple[str, tuple[str, ...]], ...]
    has_alerts: bool
    is_for_patients: bool
    raisable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    found: dict[tuple[str, float], tuple[int, int]] = field(default_factory=dict)
    prior: dict[str, float] = field(default_factory=dict)
    side_needed: int = 0


@frozen
class Entry:
    """A prediction kept in the history. `time` is in UTC; `region` is empty where the whole image was classified.

    `patient` is the pseudonym, `lesion` the name and `lesion_site` the site, empty where the image has none. `assessment`
    is the newest diagnosis that the clinician gave its lesion at that visit, or the image itself, `change` whether the lesion
    had changed then; `outcome` the leading one
    of its lesion or of the image itself. `is_concealed` is whether blind-first conceals the answer while it is on: see
    `Disclosures.is_concealed`.
    `is_damaged` is whether a part of it cannot be read, its time or a text, or its answer (`StoredAnswer.is_damaged`).
    `adjusted` are the figures for the patient and the practice that stood beside the answer last.
    """

    id: int
    time: datetime
    initials: str
    image: KeptImage
    region: str
    model_name: str
    answer: StoredAnswer
    is_binned: bool
    patient_id: int | None = None
    patient: str = ""
    lesion_id: int | None = None
    lesion: str = ""
    visit_id: int | None = None
    assessment: str = ""
    change: str = ""
    outcome: str = ""
    is_concealed: bool = False
    is_damaged: bool = False
    adjusted: Adjusted = NOT_ADJUSTED
    lesion_site: str = ""

    @property
    def flags(self) -> tuple[str, ...]:
        """The ids of the alerts or flags that the image alone raised, then those that only the patient's context raised."""
        return (*self.answer.flags, *self.adjusted.raised)


class Order(StrEnum):
    """The sort key of entries; among equals the newer one comes first."""

    TIME = "time"
    NAME = "name"
    LABEL = "label"
    PROBABILITY = "probability"
    MALIGNANT = "malignant"
    PATIENT = "patient"


@frozen
class EntryFilter:
    """The entries wanted, and their order; a field left out does not narrow the selection.

    Every word of `text` must be found in the image's name, in the most probable label's id or name, in the patient's
    pseudonym or in the lesion's name. `label` is the id of the most probable label, `flag` that of a flag. `since` is
    included, `until` is not; both know their time zone. `assessment` and `outcome` are a diagnosis, or the label that it
    was mapped to. With `is_blind` nothing that derives from an answer which blind-first conceals finds or sorts an entry;
    `hidden` are the SHA-256 of images whose answers it conceals besides, until today's assessment.
    """

    text: str = ""
    label: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    binned: bool = False
    flag: str | None = None
    is_flagged: bool | None = None
    patient_id: int | None = None
    lesion_id: int | None = None
    has_assessment: bool | None = None
    assessment: str | None = None
    has_outcome: bool | None = None
    outcome: str | None = None
    is_blind: bool = False
    hidden: frozenset[str] = frozenset()
    order: Order = Order.TIME
    is_descending: bool = True


@frozen
class SavedEntry:
    """The result of saving a prediction: its entry and its time, whether it was known, and whether it was in the bin."""

    entry_id: int
    time: datetime
    was_known: bool
    was_binned: bool


@frozen
class StoredRun:
    """One classification of a folder. `state` is "open" while it runs, and stays so if the program was killed."""

    id: int
    time: datetime
    initials: str
    folder: Path
    files: int
    model_sha256: str
    model_name: str
    app_version: str
    working_points: WorkingPoints
    state: str
    ended: datetime | None
    ok: int
    failed: int


@frozen
class BatchRow:
    """The result of one file of a run; `entry_id` is its entry once it is in the history (and not in the bin)."""

    id: int
    path: Path
    message: str
    sha256: str | None
    answer: StoredAnswer | None
    entry_id: int | None


def shown(name: str) -> str:
    """Return a file's name as text; bytes that are not valid Unicode become replacement characters."""
    return os.fsencode(name).decode("utf-8", "replace")
