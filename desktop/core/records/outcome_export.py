"""Exports the lesions that histology proved, with their images, as a folder that `lesionlens-train recalibrate` reads.

Images from after the biopsy stay out. The others are written anew as they are decoded for a model: upright, without the file's
metadata, and with just the detail from which that model's input is made, so that it sees the same in them as in the originals.
Patients and lesions get numbers.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.private_files import private
from desktop.core.records.after_biopsy import first_biopsies, is_after_biopsy, read_visit_day
from desktop.core.records.cells import csv_cell, csv_line
from desktop.core.records.database import Database
from desktop.core.records.entries import IMAGE_COLUMNS, IS_BINNED, JOIN_PLACE, read_kept_image
from desktop.core.records.new_folder import new_folder, write_picture
from desktop.core.records.newest import JOIN_DETAIL, LEADING_OUTCOME, is_binned, patient_of, visit_day
from desktop.core.records.values import KeptImage

TABLE = "lesions.csv"
"""The table's file name in the folder."""

_COLUMNS = ("path", "label", "diagnosis", "confirmed_by", "group", "lesion", "source", "original_sha256")
_SOURCE = "LesionLens"

_PROVED = f"""
    SELECT {IMAGE_COLUMNS}, image.id AS image, place.lesion AS lesion, patient.id AS patient,
        outcome.label AS label, outcome.diagnosis AS diagnosis,
        {visit_day("place.visit")} AS visit_date
    FROM image {JOIN_PLACE} {JOIN_DETAIL}
    JOIN outcome ON outcome.id = (
        SELECT outcome.id FROM outcome
        WHERE (outcome.lesion = place.lesion OR (place.lesion IS NULL AND outcome.image = image.id))
            AND outcome.kind = 'histopathology' AND {is_binned("outcome")} = 0
        ORDER BY {LEADING_OUTCOME} LIMIT 1)
    LEFT JOIN lesion ON lesion.id = place.lesion LEFT JOIN patient ON patient.id = {patient_of("place")}
    WHERE coalesce(place.kind, 'dermoscopy') = 'dermoscopy' AND {is_binned("lesion")} = 0 AND {is_binned("patient")} = 0
        AND EXISTS (SELECT 1 FROM prediction WHERE prediction.image = image.id AND {IS_BINNED} = 0)
    ORDER BY image.id"""


@dataclass(frozen=True)
class ProvedImage:
    """A dermoscopy image whose lesion histology proved to have a label of the model; patient and lesion are numbers of ours.

    `lesion_id` is the lesion's id in the history, None for an image without one.
    """

    image: KeptImage
    label: str
    diagnosis: str
    patient: int
    lesion: int
    lesion_id: int | None


@dataclass(frozen=True)
class ProvedImages:
    """The images to export, how many proved lesions have no label of the model, and how many images are from after a biopsy."""

    images: tuple[ProvedImage, ...]
    unlabelled: int
    late: int

    @property
    def lesions(self) -> int:
        """The number of lesions."""
        return len({one.lesion for one in self.images})

    def lesions_of(self, label: str) -> int:
        """Return the number of lesions that have this label."""
        return len({one.lesion for one in self.images if one.label == label})


@dataclass(frozen=True)
class Exported:
    """What was written: the `table`, how many images of how many lesions, and how many images could not be read."""

    table: Path
    images: int
    lesions: int
    unreadable: int


def proved_images(database: Database, folder: Path, labels: Sequence[str]) -> ProvedImages:
    """Find the dermoscopy images of lesions whose newest histology has one of these labels.

    An image without a lesion counts as one of its own. What is in the bin does not count, nor an image of a visit after the
    biopsy. `folder` is the data folder.
    """
    biopsies = first_biopsies(database)
    patients: dict[object, int] = {}
    lesions: dict[object, int] = {}
    unlabelled = set()
    images = []
    late = 0
    for row in database.read(_PROVED):
        own = ("image", row["image"])
        lesion = own if row["lesion"] is None else row["lesion"]
        if row["label"] not in labels:
            unlabelled.add(lesion)
            continue
        biopsied = biopsies.get((row["lesion"], row["image"] if row["lesion"] is None else None))
        if is_after_biopsy(read_visit_day(row), biopsied):
            late += 1
            continue
        patient = own if row["patient"] is None else row["patient"]
        images.append(
            ProvedImage(
                read_kept_image(row, folder),
                row["label"],
                row["diagnosis"],
                patients.setdefault(patient, len(patients) + 1),
                lesions.setdefault(lesion, len(lesions) + 1),
                row["lesion"],
            )
        )
    return ProvedImages(tuple(images), len(unlabelled), late)


def export_images(
    found: ProvedImages,
    target: Path,
    read: Callable[[KeptImage], bytes],
    *,
    at_least: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Exported | None:
    """Write the images and their table into a new folder; return None if it was stopped, and then nothing is left of it.

    Images that are missing, damaged or not to be decoded are left out.

    Args:
        found: the images.
        target: the folder, which must not be there yet.
        read: returns the bytes of a kept image, or raises `AppError`.
        at_least: the pixels that both sides of a JPEG keep, see `decode_checked`.
        progress: called with the number of images done, and of all.
        is_stopped: asked before each image.

    Raises:
        RecordsError: the folder is there already, no image can be read, the disk is full or cannot be written.
    """
    written: list[ProvedImage] = []
    with new_folder(target) as partial:
        with open(partial / TABLE, "w", encoding="utf-8", newline="", opener=private) as table:
            table.write(csv_line(_COLUMNS))
            for number, one in enumerate(found.images, 1):
                if is_stopped():
                    return None
                name = f"{number:05}.png"
                if write_picture(one.image, partial / name, read, at_least):
                    written.append(one)
                    table.write(csv_line(csv_cell(cell) for cell in _row(one, name)))
                progress(number, len(found.images))
        if not written:
            raise RecordsError(tr("None of the images can be read: they were moved, changed or damaged."))
        partial.rename(target)
    lesions = len({one.lesion for one in written})
    return Exported(target / TABLE, len(written), lesions, len(found.images) - len(written))


def _row(one: ProvedImage, name: str) -> tuple[str, ...]:
    numbers = f"patient {one.patient}", f"lesion {one.lesion}"
    return (name, one.label, one.diagnosis, "histopathology", *numbers, _SOURCE, one.image.sha256)
