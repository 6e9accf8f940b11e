"""Exports patients with their images as a folder that another program can read, and LesionLens itself.

What clinicians said is in one table, model answers in another, and neither is in the images, which are copied byte for byte.
"""

import datetime as dt
import errno
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.errors import AppError, ModelError, RecordsError
from desktop.core.exchange import columns, machine_table, table_writing
from desktop.core.exchange.contents import Contents, ImageContents, LesionContents, PatientContents, VisitContents
from desktop.core.exchange.machine_table import MachineAnswer
from desktop.core.imaging.opening import read_file
from desktop.core.inference.contract import Contract
from desktop.core.marking import tr
from desktop.core.private_files import make_folder
from desktop.core.records.audit_acts import Action
from desktop.core.records.entries import Authorship, time_text
from desktop.core.records.exchanged import ImageRow, LesionRow, PatientRow
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore, extension_of
from desktop.core.records.statements import Subject
from desktop.core.records.values import KeptImage
from desktop.core.text_matching import identity
from desktop.core.whole_files import save_file

IMAGES = "images"


@dataclass
class Exported:
    """What was exported, and the images that were left out because they cannot be read, each with the reason."""

    patients: int = 0
    images: int = 0
    answers: int = 0
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Selection:
    """What to export: one patient by pseudonym, or the patients of whom something is of a day or later; else everything.

    Patients are exported whole. Images without a patient are exported with `since`, if they were saved on that day or later,
    and with everything.
    """

    patient: str | None = None
    since: dt.date | None = None


def export_folder(
    history: History,
    store: ImageStore,
    selection: Selection,
    target: Path,
    *,
    by: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Exported:
    """Export patients into a new folder; the audit log gets the act first.

    Left out are patients, lesions, images and answers in the bin, answers that blind-first conceals, and those of a
    demonstration model.

    Args:
        history: the history, which no other program uses.
        store: its images.
        selection: what to export.
        target: the folder, which must not be there yet.
        by: the initials of whoever exports.
        progress: called with the number of images done, and of all.

    Raises:
        RecordsError: the patient is not there, the folder is, the disk is full or cannot be written.
    """
    if target.exists():
        raise RecordsError(tr("“{folder}” is there already. Move it away, or choose another place."), folder=target)
    found = _Found(history, selection)
    act = history.audit.note(
        Action.HISTORY_EXPORTED,
        {"format": "csv", "patients": len(found.contents.patients), "images": len(found.rows)},
        patient_id=found.only_patient,
        by=by,
    )
    partial = target.with_name(f"{target.name}.partial")
    is_done = False
    try:
        shutil.rmtree(partial, ignore_errors=True)
        make_folder(partial / IMAGES)
        exported = _write(found, store, partial, progress)
        partial.rename(target)
        is_done = True
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise RecordsError(
                tr("The disk is full: “{folder}” was not written. Free some space, then try again."), folder=target
            ) from error
        raise RecordsError(
            tr("“{folder}” cannot be written ({detail}). Choose another place."),
            folder=target,
            detail=error.strerror or error,
        ) from error
    finally:
        if not is_done:
            shutil.rmtree(partial, ignore_errors=True)
            history.audit.note(Action.FAILED, {"act": Action.HISTORY_EXPORTED, "row": act, "stopped": False}, by=by)
    return exported


class _Found:
    """What is exported: `contents` for the table, `rows` of the images by their path in the folder, and the `answers`."""

    def __init__(self, history: History, selection: Selection) -> None:
        self.contents = Contents()
        self.rows: dict[str, ImageRow] = {}
        self.answers: list[MachineAnswer] = []
        self.contracts: dict[str, Contract] = {}
        self.only_patient: int | None = None
        self._history = history
        since = "" if selection.since is None else selection.since.isoformat()
        images = history.exchanged.images()
        for row in history.exchanged.patients():
            is_wanted = selection.patient is None or identity(selection.patient) == identity(row.patient.pseudonym)
            if row.patient.is_binned or not is_wanted:
                continue
            patient = self._patient(row, images.get(row.patient.id, []))
            if not since or any(day >= since for day in patient.days):
                self.contents.patients.append(patient)
                self.only_patient = row.patient.id if selection.patient is not None else None
                self._add_answers(images.get(row.patient.id, []))
        if selection.patient is not None and not self.contents.patients:
            raise RecordsError(tr("There is no patient “{pseudonym}” in this history."), pseudonym=selection.patient)
        if selection.patient is None:
            unassigned = [one for one in images.get(None, []) if one.written.time >= since]
            self.contents.images = [self._image(one, {}) for one in unassigned]
            self._add_answers(unassigned)

    def _patient(self, row: PatientRow, images: list[ImageRow]) -> PatientContents:
        lesions = [one for one in self._history.exchanged.lesions(row.patient.id) if not one.lesion.is_binned]
        keys = {one.lesion.id: one.key for one in lesions}
        return PatientContents(
            row.patient,
            row.made,
            row.changed,
            [
                VisitContents(visit.date.isoformat(), visit.age_band, changed)
                for visit, changed in self._history.exchanged.visits(row.patient.id)
            ],
            [self._lesion(one) for one in lesions],
            [self._image(one, keys) for one in images],
        )

    def _lesion(self, row: LesionRow) -> LesionContents:
        statements = self._history.exchanged.statements(Subject(lesion_id=row.lesion.id))
        return LesionContents(row.lesion, row.key, row.changed, statements)

    def _image(self, row: ImageRow, keys: dict[int, str]) -> ImageContents:
        key = "" if row.lesion_id is None else keys.get(row.lesion_id, "")
        statements = self._history.exchanged.statements(Subject(image_id=row.image_id)) if not key else []
        return ImageContents(_file(row), row.image.name, row.kind, key, row.day, row.scale, row.written, statements)

    def _add_answers(self, rows: list[ImageRow]) -> None:
        self.rows |= {_file(row): row for row in rows}
        for row in rows:
            for entry in self._history.exchanged.shown_entries(row.image_id):
                sha256 = entry.answer.model_sha256
                if not self._may_leave(sha256):
                    continue
                disclosures = tuple(self._history.exchanged.disclosures(entry.id))
                written = Authorship(entry.initials, time_text(entry.time))
                steps = tuple(self._history.exchanged.alert_steps(entry.id))
                self.answers.append(MachineAnswer(_file(row), entry.region, entry.answer, written, disclosures, steps))

    def _may_leave(self, model_sha256: str) -> bool:
        """Tell whether a model's answers may leave the program: those of a demonstration model may not."""
        if model_sha256 not in self.contracts:
            try:
                self.contracts[model_sha256] = self._history.contract_of(model_sha256)
            except ModelError:  # damaged: nobody can tell what its answers mean
                return False
        return self.contracts[model_sha256].is_for_patients


def _file(row: ImageRow) -> str:
    return f"{IMAGES}/{row.image.sha256[:32]}{extension_of(row.image.format)}"


def _bytes_of(image: KeptImage, store: ImageStore) -> bytes:
    """Return the bytes of an image.

    Raises:
        AppError: it cannot be read, or is not what was saved.
    """
    if image.stored:
        return store.read(image.sha256)
    data = read_file(image.path)
    if hashlib.sha256(data).hexdigest() != image.sha256:
        raise RecordsError(tr("“{name}” was changed since it was saved."), name=image.name)
    return data


def _write(found: _Found, store: ImageStore, folder: Path, progress: Callable[[int, int], None]) -> Exported:
    exported = Exported(patients=len(found.contents.patients))
    left_out = set()
    for done, (file, row) in enumerate(found.rows.items(), 1):
        try:
            data = _bytes_of(row.image, store)
        except AppError as error:
            exported.unreadable.append(f"{row.image.name}: {error}")
            left_out.add(file)
        else:
            (folder / file).write_bytes(data)
            exported.images += 1
        progress(done, len(found.rows))
    found.contents.without_images(left_out)
    save_file(folder / columns.TABLE, table_writing.table_text(found.contents).encode())
    answers = [one for one in found.answers if one.file not in left_out]
    exported.answers = len(answers)
    if answers:
        save_file(folder / machine_table.TABLE, machine_table.table_text(answers, found.contracts).encode())
        make_folder(folder / machine_table.MODELS)
        for sha256 in {one.answer.model_sha256 for one in answers}:
            contract = found.contracts[sha256].to_json()
            save_file(folder / machine_table.MODELS / f"{sha256}.json", contract.encode())
    return exported
