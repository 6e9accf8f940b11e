"""Collects what of a history is exported: neither what is in the bin, nor answers that nobody may see or rely on."""

import datetime as dt
from dataclasses import dataclass

from desktop.core.errors import ModelError, RecordsError
from desktop.core.exchange.contents import Contents, ImageContents, LesionContents, PatientContents, VisitContents
from desktop.core.exchange.machine_table import MachineAnswer
from desktop.core.inference.contract import Contract
from desktop.core.marking import tr
from desktop.core.records.entries import Authorship, time_text
from desktop.core.records.exchanged_values import ImageRow, LesionRow, PatientRow, PinRow
from desktop.core.records.history import History
from desktop.core.records.images import extension_of
from desktop.core.records.statements import Subject
from desktop.core.text_matching import identity

IMAGES = "images"
"""The folder of the images."""


@dataclass(frozen=True)
class Selection:
    """What to export: one patient by pseudonym, or the patients of whom something is of a day or later; else everything.

    Patients are exported whole. Images without a patient are exported with `since`, if they were saved on that day or later,
    and with everything.
    """

    patient: str | None = None
    since: dt.date | None = None


class Collected:
    """What a selection has: `contents` for the table, `rows` of the images by their path in the folder, and the `answers`.

    `contracts` are those of the answers' models, by SHA-256; `only_patient` is the id of the patient who was selected.
    """

    def __init__(self, history: History, selection: Selection) -> None:
        """Collect it.

        Raises:
            RecordsError: the patient is not in the history.
        """
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

    def leave_out_unassigned(self) -> int:
        """Take out the images that have no patient, with their answers; return how many there were."""
        files = {image.file for image in self.contents.images}
        self.contents.images = []
        self.rows = {file: row for file, row in self.rows.items() if file not in files}
        self.answers = [one for one in self.answers if one.file not in files]
        return len(files)

    def leave_out_images(self) -> None:
        """Take out the image files and the answers; what was said of images stays."""
        self.rows = {}
        self.answers = []

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
            list(self._history.exchanged.influences(patient_id=row.patient.id).values()),
        )

    def _lesion(self, row: LesionRow) -> LesionContents:
        statements = self._history.exchanged.statements(Subject(lesion_id=row.lesion.id))
        influences = list(self._history.exchanged.influences(lesion_id=row.lesion.id).values())
        return LesionContents(row.lesion, row.key, row.changed, statements, influences)

    def _image(self, row: ImageRow, keys: dict[int, str]) -> ImageContents:
        key = "" if row.lesion_id is None else keys.get(row.lesion_id, "")
        # What was said of an image before it had its lesion counts for the lesion, and is told with it.
        statements = self._history.exchanged.statements(Subject(image_id=row.image_id)) if not key else []
        pins = [
            PinRow(keys[lesion_id], point, written)
            for lesion_id, (point, written) in self._history.exchanged.pins(row.image_id).items()
            if lesion_id in keys
        ]
        return ImageContents(
            file_of(row), row.image.name, row.kind, key, row.day, row.measures, row.written, statements, pins
        )

    def _add_answers(self, rows: list[ImageRow]) -> None:
        self.rows |= {file_of(row): row for row in rows}
        for row in rows:
            for entry in self._history.exchanged.shown_entries(row.image_id):
                sha256 = entry.answer.model_sha256
                if not self._may_leave(sha256):
                    continue
                disclosures = tuple(self._history.exchanged.disclosures(entry.id))
                written = Authorship(entry.initials, time_text(entry.time))
                steps = tuple(self._history.exchanged.answer_steps(entry.id))
                self.answers.append(
                    MachineAnswer(file_of(row), entry.region, entry.answer, written, disclosures, steps)
                )

    def _may_leave(self, model_sha256: str) -> bool:
        """Tell whether a model's answers may leave the program: those of a demonstration model may not."""
        if model_sha256 not in self.contracts:
            try:
                self.contracts[model_sha256] = self._history.contract_of(model_sha256)
            except ModelError:  # damaged: nobody can tell what its answers mean
                return False
        return self.contracts[model_sha256].is_for_patients


def file_of(row: ImageRow) -> str:
    """Return the path of an image in an exported folder."""
    return f"{IMAGES}/{row.image.sha256[:32]}{extension_of(row.image.format)}"
