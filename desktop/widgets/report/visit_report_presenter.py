"""Creates the report of a visit of the open patient, shows it, and saves or prints it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.system.settings import CLINIC, Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.report.report_output import ReportedOn, ReportOutput, time_of_making

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.values import Entry, ModelFacts
    from desktop.session import captures
    from desktop.widgets.report import (
        report_dialog,
        visit_answers,
        visit_options,
        visit_pictures,
        visit_subject,
        visit_words,
    )
    from desktop.widgets.report.visit_answers import VisitAnswers
    from desktop.widgets.report.visit_pictures import LoadedVisit
    from desktop.widgets.report.visit_subject import VisitSubject
else:
    captures = Late("desktop.session.captures")
    report_dialog = Late("desktop.widgets.report.report_dialog")
    visit_answers = Late("desktop.widgets.report.visit_answers")
    visit_options = Late("desktop.widgets.report.visit_options")
    visit_pictures = Late("desktop.widgets.report.visit_pictures")
    visit_subject = Late("desktop.widgets.report.visit_subject")
    visit_words = Late("desktop.widgets.report.visit_words")


class VisitReportPresenter(QObject):
    """Reads all from the history itself, and nothing of what blind-first conceals."""

    def __init__(
        self,
        window: QWidget,
        tasks: Tasks,
        settings: Settings,
        open_image: OpenImage,
        open_patient: OpenPatient,
        history_service: HistoryService,
        output: ReportOutput,
        messages: Callable[[], MessageBar],
        know_models: Callable[[dict[str, ModelFacts]], None],
        answer_text: Callable[[Entry], str],
        lesion_text: Callable[[Sequence[Entry | None]], str],
        conceals: Callable[[Entry], bool],
        classifier: Callable[[], Classifier | None],
        band: Callable[[], str],
    ) -> None:
        """`answer_text` returns a saved answer in one line, for which `know_models` gets what it needs to know.

        `lesion_text` returns what the answers to several images of a lesion say of it, see `EntryWords.lesion`. `conceals` is
        whether blind-first conceals a saved answer. `classifier` returns the model in use,
        `band` that of a demonstration model.
        """
        super().__init__(window)
        self._window = window
        self._tasks = tasks
        self._settings = settings
        self._open_image = open_image
        self._open_patient = open_patient
        self._history_service = history_service
        self._output = output
        self._messages = messages
        self._know_models = know_models
        self._answer_text = answer_text
        self._lesion_text = lesion_text
        self._conceals = conceals
        self._classifier = classifier
        self._band = band
        self._is_being_made = False

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"visit report": self.show}

    def show(self) -> None:
        """Show the report of the visit of the image in front, or of the open patient's newest one.

        The pointer is busy until its images are loaded.
        """
        patient, picture = self._open_patient.patient, self._open_image.picture
        if patient is None:
            self._messages().say(self.tr("Choose a patient first: this report is of one visit."), error=False)
            return
        if self._is_being_made:
            return
        self._is_being_made = True
        self._window.setCursor(Qt.CursorShape.BusyCursor)
        in_front = "" if picture is None else picture.sha256
        self._history_service.ask(
            lambda history: visit_subject.read_visit(history, patient.id, in_front), self._take, self._fail
        )

    def _take(self, subject: VisitSubject | None) -> None:
        if subject is None or not subject.lesions:
            self._end()
            self._messages().say(visit_words.nothing_to_report_text(subject), error=False)
            return
        classifier, read = self._classifier(), self._history_service.read_image
        led = visit_words.led_by_answers(subject, self._answers())
        devices = captures.known_devices(self._settings)
        self._tasks.run(
            Lane.IMAGES,
            lambda _task: visit_pictures.load_visit(led, read, classifier, devices),
            partial(self._open, led),
            self._fail,
        )

    def _answers(self) -> VisitAnswers:
        return visit_answers.VisitAnswers(self._answer_text, self._lesion_text, self._conceals, self._classifier())

    def _end(self) -> None:
        self._is_being_made = False
        self._window.unsetCursor()

    def _fail(self, error: AppError) -> None:
        self._end()
        self._messages().tell(error)

    def _open(self, subject: VisitSubject, loaded: LoadedVisit) -> None:
        self._end()
        patient = self._open_patient.patient
        if patient is None or patient.id != subject.patient.id:  # another patient was chosen meanwhile
            return
        self._know_models(subject.models)
        answers = self._answers()
        options = visit_options.VisitOptions(
            [(one.lesion.id, lesion_name(one.lesion)) for one in subject.lesions],
            has_overviews=bool(subject.overviews),
            has_others=bool(visit_words.other_parts(subject.others, time_of_making(), with_number=False)),
        )
        dialog = report_dialog.ReportDialog(
            lambda choices: visit_words.compose_visit(
                subject, loaded, answers, self._band(), choices, time_of_making()
            ),
            tuple(self._settings.get(CLINIC)),
            has_patient=True,
            has_overlay=False,
            later=self._messages(),
            visit=options,
            parent=self._window,
        )
        of = ReportedOn(patient_id=subject.patient.id)
        dialog.clinic_changed.connect(lambda lines: self._settings.put(CLINIC, list(lines)))
        dialog.save_requested.connect(
            lambda made: self._output.save(made, of, visit_words.visit_file_name(time_of_making()), dialog.messages)
        )
        dialog.print_requested.connect(lambda made: self._output.print(made, of, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        if loaded.failures:
            dialog.messages.say("\n".join(loaded.failures))
