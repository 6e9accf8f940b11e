"""What an export for training will hold: its images, what is left out, and the photographs that may be chosen."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from desktop.core.records.values import KeptImage

TrainingSplit = Literal["train", "test"]
Confirmation = Literal["histopathology", "follow_up"]
"""How a diagnosis was confirmed, as the tables of training images name it."""


class LeftOut(StrEnum):
    """Why a lesion is not exported, the first reason that applies; or an image of one, or that has none."""

    NOT_PROVED = "neither histology nor benign by follow-up"
    NO_LABEL = "outcome none of the model's diagnoses"
    NOT_ASKED = "use for training not asked"
    REFUSED = "use for training refused"
    NO_DERMOSCOPY = "no dermatoscope image"
    PHOTOGRAPH = "clinical photograph"
    AFTER_BIOPSY = "image after the biopsy"
    NO_LESION = "image without a lesion"


@dataclass(frozen=True)
class TrainingImage:
    """An image to export. `patient` and `lesion` are names of ours, which say nothing to anybody without the history.

    `is_new` is whether the histology is later than the model that is to be improved. `site` is as entered. `is_photograph` is
    whether it is a clinical photograph, not dermoscopy.
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
    confirmed_by: Confirmation = "histopathology"
    is_photograph: bool = False


@dataclass(frozen=True)
class Photograph:
    """A clinical photograph that may be chosen: of whom and of which lesion, and its day, None if that is not known."""

    image: KeptImage
    patient: str
    lesion: str
    day: dt.date | None


@dataclass(frozen=True)
class TrainingPlan:
    """What an export will hold, for a model by its SHA-256; `look` counts the exports for it, with this one.

    `left_out` counts lesions by reason, and images for the last three. `photographs` are all that may be chosen.
    """

    model: str
    salt: str
    look: int
    images: tuple[TrainingImage, ...]
    left_out: dict[LeftOut, int]
    photographs: tuple[Photograph, ...] = ()

    def lesions_of(
        self, split: TrainingSplit, label: str | None = None, confirmed_by: Confirmation | None = None
    ) -> int:
        """Return the number of lesions in a split, of a label and confirmed in a way if these are given."""
        return len(
            {
                one.lesion
                for one in self.images
                if one.split == split and label in {None, one.label} and confirmed_by in {None, one.confirmed_by}
            }
        )
