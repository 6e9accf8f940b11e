"""Export of the open patient for a record system: draws the report of the newest visit, asks where, and tells the outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.progress_dialog import ProgressDialog
from desktop.widgets.common.wording import count, numbered

if TYPE_CHECKING:
    from desktop.core.exchange import fhir_reports
    from desktop.core.exchange.exporting import Exported
    from desktop.core.exchange.fhir_reports import VisitPdf
    from desktop.core.records.people import Patient
    from desktop.session import patient_export
    from desktop.system import step_task
    from desktop.widgets.report import page, report_words, visit_pictures, visit_subject, visit_words
    from desktop.widgets.report.visit_content import VisitReport
    from desktop.widgets.report.visit_pictures import LoadedVisit
    from desktop.widgets.report.visit_subject import VisitSubject
else:
    fhir_reports = Late("desktop.core.exchange.fhir_reports")
    patient_export = Late("desktop.session.patient_export")
    step_task = Late("desktop.system.step_task")
    page = Late("desktop.widgets.report.page")
    report_words = Late("desktop.widgets.report.report_words")
    visit_pictures = Late("desktop.widgets.report.visit_pictures")
    visit_subject = Late("desktop.widgets.report.visit_subject")
    visit_words = Late("desktop.widgets.report.visit_words")


class PatientExportPresenter(QObject):
    """The action of the menu entry. The report has nothing of a model; without an assessment there is none."""

    def __init__(
        self,
        tasks: Tasks,
        settings: Settings,
        history_service: HistoryService,
        open_patient: OpenPatient,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._settings = settings
        self._history_service = history_service
        self._open_patient = open_patient
        self._messages = messages
        self._window = window

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the action of the menu entry, by id."""
        return {"export patient": self.export}

    def export(self) -> None:
        """Ask whether and where to write the open patient."""
        patient = self._open_patient.patient
        if patient is None:
            self._messages().say(self.tr("Open the patient who is to be exported."), error=False)
            return
        text = self.tr(
            "“{patient}” will be written into a folder as bundles of HL7 FHIR R4B, for a record system: images, assessments, "
            "outcomes, and the report of the newest visit as PDF if a lesion was assessed at it. The model's answers are in a "
            "bundle of their own, “Machine, unverified”. The files are not encrypted.\n\nChoose where to write it?"
        ).format(patient=patient.pseudonym)
        if not is_confirmed(self._window, text):
            return
        chosen = QtWidgets.QFileDialog.getExistingDirectory(
            self._window, self.tr("Where to write the patient"), self._settings.get(keys.EXPORT_FOLDER)
        )
        if chosen:
            self._settings.put(keys.EXPORT_FOLDER, chosen)
            now = dt.datetime.now().astimezone()
            target = Path(chosen) / self.tr("LesionLens FHIR {time}").format(time=f"{now:%Y-%m-%d %H%M%S}")
            self._history_service.ask(
                lambda history: visit_subject.read_visit(history, patient.id),
                partial(self._load, patient, target),
                self._messages().tell,
            )

    def _load(self, patient: Patient, target: Path, subject: VisitSubject | None) -> None:
        """Load the images for the report, if there is one to draw."""
        if subject is None or all(one.is_plan for lesion in subject.lesions for one in lesion.assessments):
            self._write(patient, target, None)
            return
        images, read = list(subject.images()), self._history_service.read_image
        self._tasks.run(
            Lane.IMAGES,
            lambda _task: visit_pictures.load_pictures(images, read),
            partial(self._draw, patient, target, subject),
            self._messages().tell,
        )

    def _draw(self, patient: Patient, target: Path, subject: VisitSubject, loaded: LoadedVisit) -> None:
        progress = ProgressDialog(self.tr("The report is being drawn…"), self._messages(), self._window)
        made = dt.datetime.now(dt.UTC)

        def write(content: bytes) -> None:
            self._write(patient, target, fhir_reports.VisitPdf(subject.visit.date, content, made))

        steps = page.pdf_in_steps(self.report(subject, loaded, made))
        progress.follow(lambda tell: step_task.StepTask(steps, progress.end(write), progress.fail, tell, progress))

    def report(self, subject: VisitSubject, loaded: LoadedVisit, made: dt.datetime) -> VisitReport:
        """Return the report of a visit, with nothing of a model."""
        choices = report_words.ReportOptions(
            clinic=tuple(self._settings.get(keys.CLINIC)),
            visit=report_words.VisitChoices(
                frozenset(one.lesion.id for one in subject.lesions), with_overviews=False, with_model=False
            ),
        )
        return visit_words.compose_visit(subject, loaded, None, "", choices, made)

    def _write(self, patient: Patient, target: Path, pdf: VisitPdf | None) -> None:
        messages = self._messages()
        patient_export.export_patient(
            self._history_service,
            patient,
            pdf,
            target,
            partial(self._say, target, has_report=pdf is not None),
            messages.tell,
        )

    def _say(self, target: Path, exported: Exported, *, has_report: bool) -> None:
        text = self.tr("Written to “{folder}”: images {images}, answers of the model {answers}, {report}.").format(
            folder=target,
            images=count(exported.images),
            answers=count(exported.answers),
            report=self.tr("with the report of the newest visit")
            if has_report
            else self.tr("without a report, because no lesion was assessed at the newest visit"),
        )
        if exported.unreadable:
            text += " " + numbered(
                len(exported.unreadable),
                self.tr("1 image is missing or damaged, and was left out."),
                self.tr("{count} images are missing or damaged, and were left out."),
            )
        self._messages().say(text, error=False)
