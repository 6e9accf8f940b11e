"""The table of a judged folder: what it says of each image beside the answer, and how it is read back to be counted.

All figures are counted from this table, so that whoever has it can count them again.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from desktop.core.errors import RecordsError
from desktop.core.judging.judged_images import JudgedImages
from desktop.core.judging.lesion_answers import ImageAnswers
from desktop.core.marking import tr
from desktop.core.records.cells import csv_cell, csv_cells, whole_lines
from desktop.core.records.tables import Column, TableRow

_PROVED = frozenset({"histopathology", "histology", "biopsy"})
"""Words of `confirmed_by` that mean histology."""


def columns_of(images: JudgedImages) -> tuple[Column, ...]:
    """Return the columns beside those of every table: what was given, and why an image does not count."""
    places = {str(image.path): place for place, image in enumerate(images.data.images)}

    def of(texts: Sequence[str]) -> Mapping[str, str]:
        return {path: texts[place] for path, place in places.items()}

    known = images.data.images
    given = {
        "given_label": of([image.label for image in known]),
        "given_lesion": of([image.lesion or image.group for image in known]),
        "given_patient": of([image.group for image in known]),
        "confirmed_by": of([image.confirmed_by for image in known]),
        "counts_as": of(images.data.truth),
        "left_out": of([reason.value if reason else "" for reason in images.left_out]),
    }
    return tuple(_column(name, texts) for name, texts in given.items())


def _column(name: str, texts: Mapping[str, str]) -> Column:
    def value(row: TableRow) -> str | None:
        return texts.get(row.file)

    return Column(name, value)


def read_answers(table: Path, images: JudgedImages, labels: Sequence[str]) -> ImageAnswers:
    """Return the answers to the images that count, as the table has them; those that have none are left out.

    Raises:
        RecordsError: the table cannot be read.
    """
    rows: dict[str, dict[str, str]] = {}  # by the cell of the file
    try:
        with table.open("rb") as file:
            lines = whole_lines(file)
            names = csv_cells(next(lines))
            for line in lines:
                row = dict(zip(names, csv_cells(line), strict=True))
                if row["status"] == "ok":
                    rows[row["file"]] = row
    except (OSError, ValueError, StopIteration) as error:
        raise RecordsError(tr("“{name}” cannot be read ({detail})."), name=table.name, detail=error) from error
    counted = [
        (place, found)
        for place, (image, reason) in enumerate(zip(images.data.images, images.left_out, strict=True))
        if reason is None and (found := rows.get(csv_cell(str(image.path)))) is not None
    ]
    places = [place for place, _ in counted]

    def figures(prefix: str) -> list[list[float]]:
        return [[float(row.get(f"{prefix}{label}") or "nan") for label in labels] for _, row in counted]

    return ImageAnswers(
        names=tuple(images.data.images[place].name for place in places),
        truth=tuple(images.data.truth[place] for place in places),
        lesions=images.lesions[places],
        patients=images.patients[places],
        proved=np.array([images.data.images[place].confirmed_by.casefold() in _PROVED for place in places], bool),
        probabilities=np.array(figures("p_"), np.float64).reshape(-1, len(labels)),
        with_context=np.array(figures("context_p_"), np.float64).reshape(-1, len(labels)),
        withheld=tuple(row["reason"] for _, row in counted),
    )
