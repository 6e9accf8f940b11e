"""Labelled images in a CSV, and what more it says of them."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.core.errors import DataError
from desktop.core.labelled_images.labelled import SPLIT_NAMES, FoundImages, LabelledImage
from desktop.core.labelled_images.tables import TableRow, read_table
from desktop.core.labels import Malignancy, label_id
from desktop.core.marking import tr
from desktop.core.own_labels import add_malignancy, malignancy_of
from desktop.core.sentence import Sentence

COLUMNS = (
    "path",
    "label",
    "group",
    "split",
    "source",
    "aspect",
    "age",
    "sex",
    "site",
    "picture",
    "copy",
    "lesion",
    "diagnosis",
    "confirmed_by",
    "skin_tone",
    "malignancy",
)
"""The columns of a table that `lesionlens-train sources` writes; the first two are required."""

ORIGINAL = "original_sha256"
"""A column of a table that the window writes; read besides."""

_READ = (*COLUMNS, ORIGINAL)

_SHA256 = re.compile("[0-9a-f]{64}")

_NAMES_A_GROUP = re.compile("lesion|patient|subject|case|person", re.IGNORECASE)

_NARROWEST = 0.1
"""No camera's frame is ten times as wide as high; such an aspect is a mistake."""


def read_csv(data: Path, also: Mapping[str, str] | None = None, *, skips_unlabelled: bool = False) -> FoundImages:
    """Read a CSV with a row for each image; no image is opened.

    Args:
        data: the table.
        also: other names of columns, with the names that they stand for.
        skips_unlabelled: leave rows without a label out, and remark on them, where it is an error else.

    Raises:
        DataError: the table cannot be read, or names files that do not exist.
        UsageError: the table gives one label two malignancies.
    """
    also = also or {}
    table = read_table(data, ("path", "label"), (*_READ, *also))
    rows = [replace(row, cells=_renamed(data, row.cells, also)) for row in table.rows]
    remarks = _unread([name for name in table.columns if name.casefold() not in also])
    if skips_unlabelled and (unlabelled := sum(not row.cells["label"] for row in rows)):
        rows = [row for row in rows if row.cells["label"]]
        remarks.append(Sentence(tr("Rows without a label, left out: {count}."), {"count": unlabelled}))
    names: dict[str, str] = {}
    images = [_image_of(data, row, names, has_decimal_commas=table.has_decimal_commas) for row in rows]
    malignancies = _malignancies(data, rows)
    absent = [(row.line, image) for row, image in zip(rows, images, strict=True) if not image.path.is_file()]
    if absent:
        line, image = absent[0]
        raise DataError(
            tr(
                "{count} of the {total} files that “{data}” names are not there; the first is “{name}” in line {line}. "
                "Paths count from the CSV's own folder."
            ),
            count=len(absent),
            total=len(images),
            data=data,
            name=image.name,
            line=line,
        )
    return FoundImages(images, names, remarks, malignancies)


def _renamed(data: Path, cells: dict[str, str], also: Mapping[str, str]) -> dict[str, str]:
    for name, meant in also.items():
        if name in cells and meant in cells:
            raise DataError(
                tr("“{data}” has a column “{one}” and a column “{other}”. Keep one."), data=data, one=name, other=meant
            )
    return {also.get(name, name): cell for name, cell in cells.items()}


def _malignancies(data: Path, rows: Sequence[TableRow]) -> dict[str, Malignancy]:
    """Return what the column `malignancy` says of each label, by its id."""
    found: dict[str, Malignancy] = {}
    for row in rows:
        if word := row.cells.get("malignancy"):
            malignancy = malignancy_of(word)
            if malignancy is None:
                raise DataError(
                    tr("“{data}”, line {line}: the malignancy “{value}” is none of {kinds}."),
                    data=data,
                    line=row.line,
                    value=word,
                    kinds=", ".join(Malignancy),
                )
            add_malignancy(found, row.cells["label"], malignancy)
    return found


def _unread(columns: Sequence[str]) -> list[Sentence]:
    """Return remarks on the columns that are not read, and a hint if one of them could serve as `group`."""
    unread = [name for name in columns if name and name.casefold() not in _READ]
    remarks = [Sentence(tr("Columns that are not read: {names}."), {"names": ", ".join(unread)})] if unread else []
    grouping = [name for name in unread if _NAMES_A_GROUP.search(name)]
    if grouping and not {"group", "lesion"} & {name.casefold() for name in columns}:
        remarks.append(
            Sentence(
                tr(
                    "“{column}” is not read: call it group if its images belong together, or they may stand on both sides of "
                    "the split."
                ),
                {"column": grouping[0]},
            )
        )
    return remarks


def _image_of(data: Path, read: TableRow, names: dict[str, str], *, has_decimal_commas: bool) -> LabelledImage:
    line, row = read.line, read.cells

    def text(column: str) -> str:
        return row.get(column, "")

    def number(column: str) -> float | None:
        if not text(column):
            return None
        try:
            value = float(text(column).replace(",", ".") if has_decimal_commas else text(column))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise DataError(
                tr("“{data}”, line {line}: the {column} “{value}” is not a number. Correct it or leave it empty."),
                data=data,
                line=line,
                column=column,
                value=text(column),
            )
        return value

    for column in ("path", "label"):
        if not text(column):
            raise DataError(tr("“{data}”, line {line}: the {column} is empty."), data=data, line=line, column=column)
    split = SPLIT_NAMES.get(text("split").casefold())
    if text("split") and split is None:
        raise DataError(
            tr("“{data}”, line {line}: the split “{value}” is none of train, validation and test."),
            data=data,
            line=line,
            value=text("split"),
        )
    aspect = number("aspect")
    if aspect is not None and not _NARROWEST <= aspect <= 1 / _NARROWEST:
        raise DataError(
            tr(
                "“{data}”, line {line}: the aspect “{value}” is no shape of a frame; give width divided by height, as 1.3333."
            ),
            data=data,
            line=line,
            value=text("aspect"),
        )
    original = text(ORIGINAL).casefold()
    if original and not _SHA256.fullmatch(original):
        raise DataError(
            tr(
                "“{data}”, line {line}: the {column} “{value}” is not 64 hexadecimal digits. Correct it or leave it empty."
            ),
            data=data,
            line=line,
            column=ORIGINAL,
            value=text(ORIGINAL),
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
        original_sha256=original,
    )
