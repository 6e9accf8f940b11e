"""What images there are and what each one shows, read from class folders or from a CSV."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from desktop.core.errors import DataError
from desktop.core.imaging.frames import frames_of
from desktop.core.imaging.opening import EXTENSIONS
from desktop.core.inference.contract import Label
from desktop.core.labels import BY_ID, Malignancy, label_id

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

_SPLIT_NAMES: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}

_NARROWEST = 0.1
"""No camera's frame is ten times as wide as high; such an aspect is a slip."""

_FORMS = "DIR/Train/<class>/ with DIR/Test/<class>/, DIR/<class>/, or a CSV with the columns path and label"


@dataclass(frozen=True)
class LabelledImage:
    """One image of the data: where it lies, what it shows, and what else the data say of it.

    `name` is the path as the data give it, `split` None where they give none. `aspect` is width by height of the frame
    before it was squashed, `age` is in years. Images of one `picture` are copies of it, and `copy` says which one each is.
    `lesion` is the lesion's id, `diagnosis` the source's own words, `confirmed_by` how it is known (`histopathology`,
    `follow_up` and so on), `skin_tone` the source's own scale.
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
class Catalogue:
    """The labelled images of one data folder or CSV, sorted by name; `labels` in the order of the model's outputs.

    `left_aside` counts the files in class folders whose extension is none of an image's.
    """

    labels: tuple[Label, ...]
    images: tuple[LabelledImage, ...]
    left_aside: int = 0


def read_catalogue(data: Path, *, labels_from_folders: bool = False) -> Catalogue:
    """Read what `data` (a folder or a CSV) says of its images; no image is opened yet.

    Args:
        data: `Train/<class>/*` with `Test/<class>/*`, `<class>/*`, or a CSV.
        labels_from_folders: take class names that the app does not know as labels of unknown malignancy.

    Raises:
        DataError: there is nothing to train on, or it cannot be understood; the sentence says which.
    """
    if data.is_dir():
        found, names, left_aside = _read_folders(data)
    elif data.is_file():
        found, names, left_aside = *_read_csv(data), 0
    else:
        raise DataError("“{data}” is neither a folder nor a CSV file. Give {forms}.", data=data, forms=_FORMS)
    if not found:
        raise DataError("“{data}” holds no images with a label. Expected is {forms}.", data=data, forms=_FORMS)
    unknown = sorted(name for label, name in names.items() if label not in BY_ID)
    if unknown and not labels_from_folders:
        raise DataError(
            "{names} not among the labels that LesionLens knows. Rename, or give --labels-from-folders to train on "
            "labels of your own.",
            names=_listed(unknown),
        )
    if len(names) < 2:
        raise DataError(
            "All images of “{data}” carry the one label “{name}”; a model needs at least two. Add another class.",
            data=data,
            name=next(iter(names.values())),
        )
    labels = tuple(_label(label, names[label]) for label in sorted(names))
    return Catalogue(labels, tuple(sorted(found, key=lambda image: image.name)), left_aside)


def _label(label: str, name: str) -> Label:
    known = BY_ID.get(label)
    return Label(known.id, known.name, known.malignancy) if known else Label(label, name, Malignancy.UNKNOWN)


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names[:3]]
    if len(names) > len(quoted):
        quoted.append(f"{len(names) - len(quoted)} more")
    if len(quoted) == 1:
        return f"The class name {quoted[0]} is"
    return f"The class names {', '.join(quoted[:-1])} and {quoted[-1]} are"


def _subfolders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _read_folders(data: Path) -> tuple[list[LabelledImage], dict[str, str], int]:
    folders = _subfolders(data)
    by_split = [(split, folder) for folder in folders if (split := _SPLIT_NAMES.get(folder.name.casefold()))]
    classes: Iterable[tuple[Split | None, Path]]
    if any(split == "train" for split, _ in by_split):
        classes = [(split, folder) for split, parent in by_split for folder in _subfolders(parent)]
    else:
        classes = [(None, folder) for folder in folders]
    images: list[LabelledImage] = []
    names: dict[str, str] = {}
    left_aside = 0
    for split, folder in classes:
        label = label_id(folder.name)
        for path in frames_of(_files(folder)):
            if path.suffix.casefold() not in EXTENSIONS:
                left_aside += 1
                continue
            names.setdefault(label, folder.name)
            images.append(LabelledImage(path, path.relative_to(data).as_posix(), label, split))
    return images, names, left_aside


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a class, subfolders included; what the system hides is no part of the data."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _read_csv(data: Path) -> tuple[list[LabelledImage], dict[str, str]]:
    try:
        with data.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = {name.strip().casefold(): name for name in reader.fieldnames or ()}
            missing = [name for name in ("path", "label") if name not in columns]
            if missing:
                raise DataError(
                    "“{data}” has no column {missing}. Its first line must name the columns path and label (optional: "
                    "group, split, source, aspect, age, sex, site, picture, copy).",
                    data=data,
                    missing=" and no column ".join(f"“{name}”" for name in missing),
                )
            cells = [
                (reader.line_num, {name: (row[column] or "").strip() for name, column in columns.items()})
                for row in reader
            ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError("“{data}” is no CSV in UTF-8 ({detail}). Save it as one.", data=data, detail=error) from error
    names: dict[str, str] = {}
    images = [_image_of(data, line, row, names) for line, row in cells]
    absent = [(line, image) for (line, _), image in zip(cells, images, strict=True) if not image.path.is_file()]
    if absent:
        line, image = absent[0]
        raise DataError(
            "{count} of the {total} files that “{data}” names are not there; the first is “{name}” in line {line}. "
            "Paths count from the CSV's own folder.",
            count=len(absent),
            total=len(images),
            data=data,
            name=image.name,
            line=line,
        )
    return images, names


def _image_of(data: Path, line: int, row: dict[str, str], names: dict[str, str]) -> LabelledImage:
    def text(column: str) -> str:
        return row.get(column, "")

    def number(column: str) -> float | None:
        try:
            return float(text(column)) if text(column) else None
        except ValueError as error:
            raise DataError(
                "“{data}”, line {line}: the {column} “{value}” is not a number. Correct it or leave it empty.",
                data=data,
                line=line,
                column=column,
                value=text(column),
            ) from error

    for column in ("path", "label"):
        if not text(column):
            raise DataError("“{data}”, line {line}: the {column} is empty.", data=data, line=line, column=column)
    split = _SPLIT_NAMES.get(text("split").casefold())
    if text("split") and split is None:
        raise DataError(
            "“{data}”, line {line}: the split “{value}” is none of train, validation and test.",
            data=data,
            line=line,
            value=text("split"),
        )
    aspect = number("aspect")
    if aspect is not None and not _NARROWEST <= aspect <= 1 / _NARROWEST:
        raise DataError(
            "“{data}”, line {line}: the aspect “{value}” is no shape of a frame; give width divided by height, as 1.3333.",
            data=data,
            line=line,
            value=text("aspect"),
        )
    label = label_id(text("label"))
    names.setdefault(label, text("label"))
    return LabelledImage(
        path=data.parent / text("path"),
        name=text("path"),
        label=label,
        split=split,
        group=text("group"),
        source=text("source"),
        aspect=aspect,
        age=number("age"),
        sex=text("sex"),
        site=text("site"),
        picture=text("picture"),
        copy=text("copy"),
        lesion=text("lesion"),
        diagnosis=text("diagnosis"),
        confirmed_by=text("confirmed_by"),
        skin_tone=text("skin_tone"),
    )
