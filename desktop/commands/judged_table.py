"""The table of a judged folder: what it says of each image beside the answer, and how it is read back to be counted.

All figures are counted from this table, so that whoever has it can count them again.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop.core.errors import RecordsError
from desktop.core.imaging.quality import parse_quality
from desktop.core.judging.collecting import Said, collected
from desktop.core.judging.judged_images import JudgedImages
from desktop.core.judging.lesion_answers import ImageAnswers
from desktop.core.marking import tr
from desktop.core.records.cells import csv_cell, csv_cells, whole_lines
from desktop.core.records.tables import Column, TableRow


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
    said: dict[str, Said] = {}  # by the cell of the file
    try:
        with table.open("rb") as file:
            lines = whole_lines(file)
            names = csv_cells(next(lines))
            for line in lines:
                row = dict(zip(names, csv_cells(line), strict=True))
                if row["status"] == "ok":
                    said[row["file"]] = _said(row, labels)
    except (OSError, ValueError, StopIteration) as error:
        raise RecordsError(tr("“{name}” cannot be read ({detail})."), name=table.name, detail=error) from error
    paths = {image.path: csv_cell(str(image.path)) for image in images.data.images}
    return collected({path: said[cell] for path, cell in paths.items() if cell in said}, images, labels)


def _said(row: Mapping[str, str], labels: Sequence[str]) -> Said:
    with_context = [row.get(f"context_p_{label}", "") for label in labels]
    return Said(
        tuple(float(row[f"p_{label}"]) for label in labels),
        tuple(map(float, with_context)) if all(with_context) else (),
        row["reason"],
        parse_quality(row["quality"]).side if row["quality"] else None,
    )
