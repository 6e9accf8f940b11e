"""A labelled image with its metadata, and what was found in one data folder or CSV."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from desktop.core.labels import Malignancy
from desktop.core.sentence import Sentence

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
"""The names of the splits that folders and CSVs may use."""


@dataclass(frozen=True)
class LabelledImage:
    """One image of the data: its file, its label and its metadata.

    `name` is the path as the data give it; `split` is None if they give none. `aspect` is width / height of the frame before
    it was squashed; `age` is in years. Images of one `picture` are copies of it, and `copy` says which kind of copy each is.
    Images of one `group` or one `lesion` belong together. `diagnosis` is in the source's own words, `confirmed_by` says how it
    is known (`histopathology`, `follow_up` and so on), and `skin_tone` is on the source's own scale. `original_sha256` is the
    SHA-256 of the image of which the file is a copy.
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
    original_sha256: str = ""


@dataclass(frozen=True)
class FoundImages:
    """The images of a folder or CSV, the name of each label as written there, and remarks on what was skipped.

    `passed_over` counts images of kinds that are not opened.
    """

    images: list[LabelledImage]
    names: dict[str, str]
    remarks: list[Sentence]
    malignancies: dict[str, Malignancy] = field(default_factory=dict)
    """Of labels, by their ids, where the data give it."""
    passed_over: int = 0
