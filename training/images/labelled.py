"""What is known of a labelled image, and of all the images of one data folder or CSV."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from desktop.core.inference.contract import Label

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

SPLIT_NAMES: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}
"""How folders and CSVs may call them."""


@dataclass(frozen=True)
class LabelledImage:
    """One image of the data: where it lies, what it shows, and what else the data say of it.

    `name` is the path as the data give it, `split` None where they give none. `aspect` is width by height of the frame
    before it was squashed, `age` is in years. Images of one `picture` are copies of it, and `copy` says which one each is.
    Images of one `group` or one `lesion` belong together. `diagnosis` is what the source calls it, `confirmed_by` how that is
    known (`histopathology`, `follow_up` and so on), `skin_tone` stands on the source's own scale.
    """

    path: Path
    name: str
    label: str
    split: Split | None = None
    group: str = ""
    source: str = ""
    aspect: float | None = None
    age: float | None = None
    sex: str = ""
    site: str = ""
    picture: str = ""
    copy: str = ""
    lesion: str = ""
    diagnosis: str = ""
    confirmed_by: str = ""
    skin_tone: str = ""


@dataclass(frozen=True)
class FoundImages:
    """The images of a folder or CSV, the name of each label as it is written there, and what was passed over."""

    images: list[LabelledImage]
    names: dict[str, str]
    remarks: list[str]


@dataclass(frozen=True)
class Catalogue:
    """The labelled images of one data folder or CSV, sorted by name; `labels` in the order of the model's outputs.

    `remarks` are sentences on what was passed over, and on what cannot be learned.
    """

    labels: tuple[Label, ...]
    images: tuple[LabelledImage, ...]
    remarks: tuple[str, ...] = ()
