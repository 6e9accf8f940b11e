"""Labels corrected by hand in a table, as `lesionlens-train suspects` writes it for that."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from desktop.core.errors import DataError
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.labelled_images.tables import TableRow, read_table
from desktop.core.labels import label_id
from training.images.catalogue import Catalogue

PATH, LABEL, CORRECTED = "path", "label", "corrected"

LEAVE_OUT = "-"
"""What stands in place of a corrected label if the image is to be left out."""


def with_corrections(catalogue: Catalogue, table: Path) -> Catalogue:
    """Return the catalogue with the labels of a table's column `corrected`; rows where it is empty change nothing.

    A correction holds for all images of the same lesion or picture, which can have but one diagnosis.

    Raises:
        DataError: the table cannot be read, contradicts itself or the data, or names an image or label that the data do not
            have.
    """
    names = {image.name: image for image in catalogue.images}
    known = {label.id for label in catalogue.labels}
    wanted: dict[tuple[str, str], str] = {}
    for row in read_table(table, (PATH, CORRECTED), (PATH, LABEL, CORRECTED)).rows:
        if not row.cells[CORRECTED]:
            continue
        image = _image_of(table, row, names)
        label = row.cells[CORRECTED] if row.cells[CORRECTED] == LEAVE_OUT else label_id(row.cells[CORRECTED])
        if label != LEAVE_OUT and label not in known:
            raise DataError(
                "“{table}”, line {line}: the corrected label “{value}” is none of the data's: {known}. Give one of them, or "
                "{leave_out} to leave the image out.",
                table=table,
                line=row.line,
                value=row.cells[CORRECTED],
                known=", ".join(one.name for one in catalogue.labels),
                leave_out=LEAVE_OUT,
            )
        if row.cells.get(LABEL) and image.label not in {label, label_id(row.cells[LABEL])}:
            raise DataError(
                "“{table}”, line {line}: “{path}” is labelled “{given}” there and “{found}” in the data. Correct either.",
                table=table,
                line=row.line,
                path=image.name,
                given=row.cells[LABEL],
                found=image.label,
            )
        for same in _joined_by(image):
            if wanted.setdefault(same, label) != label:
                raise DataError(
                    "“{table}”, line {line}: “{path}” and another image of its lesion or picture are corrected to "
                    "different labels. Give both the same.",
                    table=table,
                    line=row.line,
                    path=image.name,
                )
    return _applied(catalogue, wanted, table)


def _image_of(table: Path, row: TableRow, names: dict[str, LabelledImage]) -> LabelledImage:
    name = row.cells[PATH]
    if name not in names:
        raise DataError(
            "“{table}”, line {line}: the data hold no image “{path}”. Give --corrections with the data that it was made of.",
            table=table,
            line=row.line,
            path=name,
        )
    return names[name]


def _joined_by(image: LabelledImage) -> list[tuple[str, str]]:
    """Return what an image shares with the others that a correction of it holds for: its name, lesion and picture."""
    shared = ((PATH, image.name), ("lesion", image.lesion), ("picture", image.picture))
    return [(kind, value) for kind, value in shared if value]


def _applied(catalogue: Catalogue, wanted: dict[tuple[str, str], str], table: Path) -> Catalogue:
    images: list[LabelledImage] = []
    counts: Counter[str] = Counter()
    for image in catalogue.images:
        label = next((wanted[same] for same in _joined_by(image) if same in wanted), image.label)
        counts["left out" if label == LEAVE_OUT else "corrected"] += label != image.label
        if label != LEAVE_OUT:
            images.append(replace(image, label=label))
    remark = f"By “{table.name}”, {counts['corrected']} labels are corrected and {counts['left out']} images left out."
    carried = {image.label for image in images}
    labels = tuple(label for label in catalogue.labels if label.id in carried)
    return Catalogue(labels, tuple(images), (*catalogue.remarks, remark))
