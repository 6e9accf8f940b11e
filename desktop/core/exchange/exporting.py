"""Exports patients with their images as a folder that another program can read.

What clinicians said and model answers are apart, and neither is in the images.
"""

import errno
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError, RecordsError
from desktop.core.exchange.collecting import Collected, Selection
from desktop.core.exchange.deidentifying import deidentify, pixels_alone
from desktop.core.exchange.fhir_folder import FhirFolder
from desktop.core.exchange.fhir_reports import VisitPdf
from desktop.core.exchange.folder_formats import ExportFormat, FolderWriter, TableFolder
from desktop.core.exchange.gdt_folder import Connection
from desktop.core.exchange.gdt_results import GdtResults
from desktop.core.exchange.identifiers import Identifiers
from desktop.core.exchange.pseudonym_table import PATIENT, PseudonymFile
from desktop.core.imaging.dicom_identity import PixelNotes, read_pixel_notes
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.private_files import make_folder
from desktop.core.records.audit_acts import Action
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore

if TYPE_CHECKING:
    from desktop.core.exchange import dicom_folder
else:
    dicom_folder = Late("desktop.core.exchange.dicom_folder")


_CONNECTION = Connection(Path())


@dataclass
class Exported:
    """What was exported, and the images that were left out because they cannot be read, each with the reason.

    `unassigned` counts the images without a patient, which some formats have no place for. `warnings` say of which
    images the files themselves say that the patient may be known by them; in a de-identified export alone.
    """

    patients: int = 0
    images: int = 0
    answers: int = 0
    unassigned: int = 0
    unreadable: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def export_folder(
    history: History,
    store: ImageStore,
    selection: Selection,
    target: Path,
    *,
    form: ExportFormat = ExportFormat.CSV,
    is_deidentified: bool = False,
    pseudonyms: PseudonymFile | None = None,
    connection: Connection = _CONNECTION,
    pdf: VisitPdf | None = None,
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
        form: what to write.
        is_deidentified: whether names, days and free text are taken out, and images are written anew; see `deidentify`.
        pseudonyms: where to write who became who in a de-identified export; None writes it nowhere.
        connection: the ids and fields of GDT results.
        pdf: the report of a visit, for a FHIR export of one patient that is not de-identified.
        by: the initials of whoever exports.
        progress: called with the number of images done, and of all.

    Raises:
        RecordsError: the patient is not there, the folder or the table is, or lies where it must not, the disk is full or
            cannot be written.
    """
    if pdf is not None and (is_deidentified or selection.patient is None):
        raise ValueError("a report names its patient")
    if target.exists():
        raise RecordsError(tr("“{folder}” is there already. Move it away, or choose another place."), folder=target)
    partial = target.with_name(f"{target.name}.partial")
    if pseudonyms is not None:
        for folder in (target, partial):
            pseudonyms.check(folder)
    found = Collected(history, selection)
    unassigned = 0 if form.has_unassigned else found.leave_out_unassigned()
    act = history.audit.note(
        Action.HISTORY_EXPORTED,
        {
            "format": form.value,
            "patients": len(found.contents.patients),
            "images": len(found.rows) if form.has_images else 0,
            "de-identified": is_deidentified,
            "pseudonym table": pseudonyms is not None,
        },
        patient_id=found.only_patient,
        by=by,
    )
    identifiers = Identifiers.drawn() if is_deidentified else Identifiers.of_history(history.origin())
    replaced = deidentify(found) if is_deidentified else []
    if not form.has_images:
        found.leave_out_images()
    is_done = False
    try:
        shutil.rmtree(partial, ignore_errors=True)
        make_folder(partial)
        writer = _writer(form, partial, found, identifiers, connection, pdf, is_deidentified=is_deidentified)
        exported, written = _write(found, store, writer, is_deidentified=is_deidentified, progress=progress)
        exported.unassigned = unassigned
        if pseudonyms is not None:
            pseudonyms.write(
                one if one.what == PATIENT else replace(one, new=written[one.new])
                for one in replaced
                if one.what == PATIENT or one.new in written
            )
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
            if pseudonyms is not None:
                pseudonyms.path.unlink(missing_ok=True)
            history.audit.note(Action.FAILED, {"act": Action.HISTORY_EXPORTED, "row": act, "stopped": False}, by=by)
    return exported


def _writer(
    form: ExportFormat,
    folder: Path,
    found: Collected,
    identifiers: Identifiers,
    connection: Connection,
    pdf: VisitPdf | None,
    *,
    is_deidentified: bool,
) -> FolderWriter:
    match form:
        case ExportFormat.CSV:
            return TableFolder(folder)
        case ExportFormat.FHIR:
            return FhirFolder(folder, identifiers, pdf)
        case ExportFormat.DICOM:
            return dicom_folder.DicomFolder(folder, found, identifiers, is_deidentified=is_deidentified)
        case ExportFormat.GDT:
            return GdtResults(folder, connection)


def _write(
    found: Collected,
    store: ImageStore,
    writer: FolderWriter,
    *,
    is_deidentified: bool,
    progress: Callable[[int, int], None],
) -> tuple[Exported, dict[str, str]]:
    """Write what was collected; return with the count where each image lies."""
    exported = Exported(patients=len(found.contents.patients))
    written: dict[str, str] = {}
    for done, (file, row) in enumerate(found.rows.items(), 1):
        try:
            original = store.read_kept(row.image)
            data = pixels_alone(original, row.image.name) if is_deidentified else original
            written[file] = writer.add_image(file, data, row, original)
            if is_deidentified:
                exported.warnings += _warnings(written[file], read_pixel_notes(original, row.image.name))
        except AppError as error:
            exported.unreadable.append(f"{row.image.name}: {error}")
        else:
            exported.images += 1
        progress(done, len(found.rows))
    found.contents.without_images(found.rows.keys() - written.keys())
    answers = [one for one in found.answers if one.file in written]
    exported.answers = len(answers)
    writer.finish(found, answers)
    return exported, written


def _warnings(file: str, notes: PixelNotes) -> list[str]:
    found = []
    if notes.burned_in == "YES":
        found.append(tr("{file}: the original says that text in its pixels names the patient."))
    if notes.recognizable == "YES":
        found.append(tr("{file}: the original says that the patient can be recognised in it."))
    return [sentence.format(file=file) for sentence in found]
