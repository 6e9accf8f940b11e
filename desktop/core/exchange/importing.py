"""Imports a folder into a history, one that LesionLens exported or one of another program: images with a table, or DICOM."""

import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError, RecordsError
from desktop.core.exchange.columns import TABLE
from desktop.core.exchange.conflicts import Conflicts, OnConflict
from desktop.core.exchange.contents import Contents
from desktop.core.exchange.machine_table import MachineAnswer, read_machine_table
from desktop.core.exchange.merging import Added, Merging
from desktop.core.exchange.own_objects import OwnObjects
from desktop.core.exchange.table_reading import read_table
from desktop.core.imaging.opening import read_file, read_header
from desktop.core.inference.contract import Contract
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.place_words import is_place
from desktop.core.records.audit_acts import Action, Detail
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.made_elsewhere import MADE_ELSEWHERE
from desktop.core.records.values import KeptImage

if TYPE_CHECKING:
    from desktop.core.exchange import dicom_reading
else:
    dicom_reading = Late("desktop.core.exchange.dicom_reading")


@dataclass
class Imported:
    """What was imported.

    `unreadable` are the images that cannot be read, each with the reason, `conflicts` those that were decided. `unknown_places`
    are the words that name no place of the body map, with the number of the folder's lesions that have them.
    """

    added: Added
    unreadable: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    unknown_places: Counter[str] = field(default_factory=Counter)


def import_folder(
    history: History,
    store: ImageStore,
    folder: Path,
    *,
    on_conflict: OnConflict | None = None,
    by: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Imported:
    """Import what a folder has and the history does not, all of it or, if that fails, nothing.

    Args:
        history: the history, which no other program uses.
        store: its images.
        folder: the folder with the table, or with DICOM files.
        on_conflict: what to do where the two contradict each other.
        by: the initials of whoever imports.
        progress: called with the number of images read, and of all.

    Raises:
        ConflictError: the two contradict each other, and `on_conflict` is None.
        RecordsError: the table cannot be understood, the DICOM files are of this very history, or the history or an image
            not be written.
    """
    contents, left_out = _read(history, folder)
    unknown_places = Counter(
        lesion.lesion.site
        for patient in contents.patients
        for lesion in patient.lesions
        if lesion.lesion.site and not is_place(lesion.lesion.site)
    )
    answers, contracts = read_machine_table(folder)
    with ExitStack() as unless_done:
        added: list[str] = []
        unless_done.callback(lambda: store.remove(added))
        files, unreadable = _take_images(history, store, folder, contents, added, progress)
        conflicts = Conflicts(on_conflict)
        with history.together():
            merging = Merging(history.exchanged, history.people, files, conflicts, by)
            for patient in contents.patients:
                merging.merge_patient(patient)
            for image in contents.images:
                merging.merge_image(image, None, {}, image.name)
            conflicts.check()
            merging.added.answers = _add_answers(history, files, answers, contracts)
            detail: dict[str, Detail] = {
                "patients": merging.added.patients,
                "images": merging.added.images,
                "findings": merging.added.findings,
                "answers": merging.added.answers,
                "conflicts": len(conflicts.found),
                "unknown places": unknown_places.total(),
                MADE_ELSEWHERE: " ".join(map(str, merging.made_elsewhere)),
            }
            history.audit.note(Action.HISTORY_IMPORTED, detail, by=by)
        unless_done.pop_all()
    left = [image.sha256 for image in files.values() if history.people.image_id_of(image.sha256) is None]
    store.remove(left)  # of what a conflict left out
    return Imported(merging.added, [*left_out, *unreadable], conflicts.found, unknown_places)


def _read(history: History, folder: Path) -> tuple[Contents, list[str]]:
    """Return what a folder has, by its table or, where it has none, its DICOM files, with what cannot be read of it."""
    files = [] if (folder / TABLE).exists() else dicom_reading.dicom_files(folder)
    if not files:
        return read_table(folder), []
    keys = [one.key for row in history.exchanged.patients() for one in history.exchanged.lesions(row.patient.id)]
    read = dicom_reading.read_dicom_folder(
        folder, files, OwnObjects.of(history), {key.rsplit("|", 1)[1]: key for key in keys}
    )
    return read.contents, read.left_out


def _take_images(
    history: History,
    store: ImageStore,
    folder: Path,
    contents: Contents,
    added: list[str],
    progress: Callable[[int, int], None],
) -> tuple[dict[str, KeptImage], list[str]]:
    """Copy a folder's images into the store; return them by their path in the folder, and those that cannot be read.

    `added` gets the SHA-256 of those that the history did not have.
    """
    images = contents.all_images
    known = {row.image.sha256: row.image for rows in history.exchanged.images().values() for row in rows}
    files: dict[str, KeptImage] = {}
    unreadable = []
    for done, image in enumerate(images, 1):
        path = folder / image.file
        try:
            if not path.resolve().is_relative_to(folder.resolve()):
                raise RecordsError(tr("“{name}” is not in the folder."), name=image.file)
            data = read_file(path)
            header = read_header(data, path.name)
        except AppError as error:
            unreadable.append(str(error))
        else:
            sha256 = hashlib.sha256(data).hexdigest()
            if sha256 not in known:
                if history.people.image_id_of(sha256) is None:
                    added.append(sha256)
                path = store.add(data, header.format)
                known[sha256] = KeptImage.of(sha256, len(data), header, path, name=image.name, stored=True)
            files[image.file] = known[sha256]
        progress(done, len(images))
    return files, unreadable


def _add_answers(
    history: History, files: dict[str, KeptImage], answers: list[MachineAnswer], contracts: dict[str, Contract]
) -> int:
    """Add the answers to images that the history has now; return how many were added."""
    number = 0
    for one in answers:
        image = files.get(one.file)
        if image is None or history.people.image_id_of(image.sha256) is None:
            continue
        contract = contracts[one.answer.model_sha256]
        entry_id, was_added = history.exchanged.add_answer(image, one.answer, contract, one.region, one.written)
        number += was_added
        known = history.exchanged.disclosures(entry_id)
        for disclosure in one.disclosures:
            if disclosure not in known:
                history.exchanged.add_disclosure(entry_id, disclosure)
        here = history.exchanged.answer_steps(entry_id)
        for step in one.steps:
            latest = max((other.written.time for other in here if other.step == step.step), default="")
            if step.written.time > latest:  # the newest row counts: an older one would take back what was done since
                history.exchanged.add_answer_step(entry_id, step)
    return number
