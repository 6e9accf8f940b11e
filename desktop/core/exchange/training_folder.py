"""Writes what may be trained with as a folder: pictures without metadata, and the table that `lesionlens-train` reads.

Patients and lesions have names of ours, ages are the middle of their ten years, and there are no days. Writing inside a picture
stays, and nobody but a person can see to that.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop.core.body_places import without_side
from desktop.core.errors import RecordsError
from desktop.core.exchange.anatomic_sites import anatomic_site
from desktop.core.labelled_images.training_export import MANIFEST, PIXELS, TABLE, TrainingExport
from desktop.core.marking import tr
from desktop.core.patient_context import SEXES
from desktop.core.private_files import private
from desktop.core.records.cells import csv_cell, csv_line
from desktop.core.records.new_folder import new_folder, write_picture
from desktop.core.records.training_plan import TrainingImage, TrainingPlan
from desktop.core.records.values import KeptImage

_COLUMNS = (
    *("path", "label", "diagnosis", "confirmed_by", "group", "lesion", "split"),
    *("source", "age", "sex", "site", "original_sha256"),
)
_SOURCE, _PHOTOGRAPH = "LesionLens", "LesionLens clinical photograph"

UNREADABLE = "unreadable image"
"""A reason beside those of `training_plan.LeftOut`."""


@dataclass(frozen=True)
class WrittenExport:
    """What was written for `folder`, with the ids of the `lesions`, and how many images, readable or not.

    It waits beside `folder` until `name_folder` gives it its name, or `discard` deletes it.
    """

    folder: Path
    lesions: frozenset[int]
    images: int
    unreadable: int

    @property
    def waiting(self) -> Path:
        """Where it lies until it has its name."""
        return self.folder.with_name(f"{self.folder.name}.waiting")

    def name_folder(self) -> None:
        """Give the folder its name; to be called in the transaction that notes the export, so that both are there or neither.

        Raises:
            RecordsError: it cannot be renamed.
        """
        try:
            self.waiting.rename(self.folder)
        except OSError as error:
            raise RecordsError(
                tr("“{folder}” cannot be written ({detail}). Choose another place."),
                folder=self.folder,
                detail=error.strerror or error,
            ) from error

    def discard(self) -> None:
        """Delete what waits."""
        shutil.rmtree(self.waiting, ignore_errors=True)


def write_training_folder(
    plan: TrainingPlan,
    target: Path,
    read: Callable[[KeptImage], bytes],
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> WrittenExport:
    """Write the folder beside its place; nothing is left of it if this raises.

    Args:
        plan: what it will hold.
        target: the folder, which must not be there yet.
        read: returns the bytes of a kept image, or raises `AppError`.
        advance: called with the number of images done, and of all; it may raise to stop.

    Raises:
        RecordsError: the folder is there already, no image can be read, the disk is full or cannot be written.
    """
    written: dict[str, TrainingImage] = {}
    with new_folder(target) as partial:
        with open(partial / TABLE, "w", encoding="utf-8", newline="", opener=private) as table:
            table.write(csv_line(_COLUMNS))
            for number, one in enumerate(plan.images, 1):
                name = f"{number:05}.png"
                if write_picture(one.image, partial / name, read, PIXELS):
                    written[name] = one
                    table.write(csv_line(csv_cell(cell) for cell in _row(one, name)))
                advance(number, len(plan.images))
        if not written:
            raise RecordsError(tr("None of the images can be read: they were moved, changed or damaged."))
        with open(partial / MANIFEST, "wb", opener=private) as file:
            file.write(_manifest(plan, written).to_json())
        lesions = frozenset(one.lesion_id for one in written.values())
        made = WrittenExport(target, lesions, len(written), len(plan.images) - len(written))
        made.discard()
        partial.rename(made.waiting)
    return made


def _manifest(plan: TrainingPlan, written: Mapping[str, TrainingImage]) -> TrainingExport:
    """Describe what was written, by the names of the files."""
    images = written.values()
    left_out = {reason.value: count for reason, count in plan.left_out.items()}
    if unreadable := len(plan.images) - len(written):
        left_out[UNREADABLE] = unreadable
    return TrainingExport(
        version=1,
        history=hashlib.sha256(plan.salt.encode()).hexdigest(),
        model_sha256=plan.model,
        look=plan.look,
        lesions=len({one.lesion for one in images}),
        images=len(images),
        judged=tuple(sorted({one.lesion for one in images if one.split == "test" and one.is_new})),
        left_out=left_out,
        followed=len({one.lesion for one in images if one.confirmed_by == "follow_up"}),
        photographs=tuple(name for name, one in written.items() if one.is_photograph),
    )


def _row(one: TrainingImage, name: str) -> tuple[str, ...]:
    """Return a row. That of a photograph says nothing of how it was confirmed: alerts are set by proved dermoscopy alone."""
    source, confirmed_by = (_PHOTOGRAPH, "") if one.is_photograph else (_SOURCE, one.confirmed_by)
    return (
        *(name, one.label, one.diagnosis, confirmed_by, one.patient, one.lesion, one.split),
        *(source, _age(one.age_band), one.sex if one.sex in SEXES else "", _site(one.site), one.image.sha256),
    )


def _age(band: str) -> str:
    """Return the middle of ten years; empty where the age is not known."""
    first = band.rstrip("+").split("-")[0]
    return str(int(first) + 5) if first.isdecimal() else ""


def _site(site: str) -> str:
    """Return a place of the body map without its side; what somebody wrote in other words is left out."""
    return "" if anatomic_site(site) is None else without_side(site)
