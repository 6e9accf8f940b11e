"""Labels corrected by hand in a table, as `lesionlens-train suspects` writes it for that."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core.errors import DataError
from desktop.core.image_copies.groups import joined
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.labelled_images.tables import TableRow, read_table
from desktop.core.labels import label_id
from training.images.catalogue import Catalogue

PATH, LABEL, CORRECTED = "path", "label", "corrected"

LEAVE_OUT = "-"
"""What stands in place of a corrected label if the image is to be left out."""


@dataclass(frozen=True)
class _Correction:
    """A row that corrects the image called `name` to `label`, which is `LEAVE_OUT` where it is left out."""

    name: str
    line: int
    label: str


def with_corrections(catalogue: Catalogue, table: Path) -> Catalogue:
    """Return the catalogue with the labels of a table's column `corrected`; rows where it is empty change nothing.

    A correction holds for all images of the same lesion or picture, which can have but one diagnosis, and for those of whose
    lesion or picture one of these is. Rows without a correction that get one so are counted in the remark.

    Raises:
        DataError: the table cannot be read, contradicts itself or the data, or names an image or label that the data do not
            have.
    """
    places = {image.name: place for place, image in enumerate(catalogue.images)}
    known = {label.id for label in catalogue.labels}
    together = _together(catalogue.images)
    wanted: dict[int, _Correction] = {}
    confirmed = set()
    for row in read_table(table, (PATH, CORRECTED), (PATH, LABEL, CORRECTED)).rows:
        if not row.cells[CORRECTED]:
            confirmed.add(row.cells[PATH])
            continue
        place = _place_of(table, row, places)
        image = catalogue.images[place]
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
        made = _Correction(image.name, row.line, label)
        if (earlier := wanted.setdefault(together[place], made)).label != label:
            raise DataError(
                "“{table}”, lines {earlier} and {line}: “{other}” and “{path}” are of one lesion or picture, and corrected to "
                "different labels. Give both the same.",
                table=table,
                earlier=earlier.line,
                line=row.line,
                other=earlier.name,
                path=image.name,
            )
    return _applied(catalogue, [wanted.get(group) for group in together], confirmed, table)


def _place_of(table: Path, row: TableRow, places: Mapping[str, int]) -> int:
    name = row.cells[PATH]
    if name not in places:
        raise DataError(
            "“{table}”, line {line}: the data hold no image “{path}”. Give --corrections with the data that it was made of.",
            table=table,
            line=row.line,
            path=name,
        )
    return places[name]


def _together(images: Sequence[LabelledImage]) -> tuple[int, ...]:
    """Number the images by what a correction holds for: those of one lesion or picture, however they hang together."""
    first: dict[tuple[str, str], int] = {}
    keys = [((PATH, image.name), ("lesion", image.lesion), ("picture", image.picture)) for image in images]
    pairs = [
        (first.setdefault((kind, value), place), place)
        for place, shared in enumerate(keys)
        for kind, value in shared
        if value
    ]
    return joined(len(images), pairs)


def _applied(
    catalogue: Catalogue, wanted: Sequence[_Correction | None], confirmed: Collection[str], table: Path
) -> Catalogue:
    images: list[LabelledImage] = []
    counts: Counter[str] = Counter()
    for image, correction in zip(catalogue.images, wanted, strict=True):
        label = image.label if correction is None else correction.label
        counts["left out" if label == LEAVE_OUT else "corrected"] += label != image.label
        counts["confirmed"] += label != image.label and image.name in confirmed
        if label != LEAVE_OUT:
            images.append(replace(image, label=label))
    remark = f"By “{table.name}”, labels corrected: {counts['corrected']}, images left out: {counts['left out']}."
    if counts["confirmed"]:
        remark += f" Rows without a correction that have that of their lesion or picture: {counts['confirmed']}."
    carried = {image.label for image in images}
    labels = tuple(label for label in catalogue.labels if label.id in carried)
    if gone := [label.name for label in catalogue.labels if label.id not in carried]:
        remark += f" No image is left with: {', '.join(gone)}."
    return Catalogue(labels, tuple(images), (*catalogue.remarks, remark))
