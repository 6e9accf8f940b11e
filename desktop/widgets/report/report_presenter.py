"""Creates the report of the open image, shows it, and saves or prints it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from desktop.core.late import Late
from desktop.core.records.audit_acts import Action
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.system.settings import CLINIC, Settings
from desktop.widgets.answer.result_panel import ResultPanel
from desktop.widgets.answer.shown_answer import result_text
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.report.report_output import ReportedOn, ReportOutput, time_of_making

if TYPE_CHECKING:
    from PySide6 import QtPrintSupport

    from desktop.core.records import plans as recorded_plans
    from desktop.widgets.report import page, report_dialog, report_words
    from desktop.widgets.report.report_words import ReportOwner, ReportSubject
else:
    QtPrintSupport = Late("PySide6.QtPrintSupport")
    recorded_plans = Late("desktop.core.records.plans")
    page = Late("desktop.widgets.report.page")
    report_dialog = Late("desktop.widgets.report.report_dialog")
    report_words = Late("desktop.widgets.report.report_words")

Overlay = Callable[[], "tuple[QImage, str] | None"]
"""Returns a picture of the shown overlay and its caption, None if none is shown."""


class ReportPresenter(QObject):
    """Reads the image's patient from the history itself: a report must never carry another patient's name."""

    def __init__(
        self,
        window: QWidget,
        settings: Settings,
        open_image: OpenImage,
        blinding: Blinding,
        history_service: HistoryService,
        panel: ResultPanel,
        messages: Callable[[], MessageBar],
        overlay: Overlay,
        audit: AuditTrail,
        output: ReportOutput,
    ) -> None:
        super().__init__(window)
        self._audit = audit
        self._output = output
        self._window = window
        self._settings = settings
        self._open_image = open_image
        self._blinding = blinding
        self._history_service = history_service
        self._panel = panel
        self._messages = messages
        self._overlay = overlay

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {
            "report": self.show,
            "copy result": self.copy_result,
        }

    def show(self) -> None:
        """Show the report of the open image."""
        picture = self._open_image.picture
        if picture is None:
            self._messages().say(self.tr("Open an image first: a report is of one image."), error=False)
            return
        self._history_service.ask(
            lambda history: (report_words.read_owner(history, picture.sha256), history.seal_head().short),
            partial(self._open, picture.sha256),
            lambda error: self._messages().tell(error),
        )

    def copy_result(self) -> None:
        """Copy the answer as shown to the clipboard, as text."""
        shown, picture = self._panel.shown(), self._open_image.picture
        if shown is None:
            self._messages().say(self.tr("There is no answer to copy."), error=False)
            return
        nameless = report_words.without_patient(shown, self._panel.known_of_patient)
        QGuiApplication.clipboard().setText(result_text(nameless, self._panel.band))
        self._audit.note(Action.COPIED, {"what": "result"}, sha256=None if picture is None else picture.sha256)
        self._messages().say(self.tr("The result is on the clipboard, as text without patient data."), error=False)

    def _open(self, sha256: str, read: tuple[ReportOwner | None, str]) -> None:
        subject = self._subject(sha256, *read)
        if subject is None:  # another image was opened meanwhile
            return
        dialog = report_dialog.ReportDialog(
            lambda choices: report_words.compose(subject, choices, time_of_making()),
            tuple(self._settings.get(CLINIC)),
            has_patient=not subject.picture.is_sample,
            has_overlay=subject.overlay is not None,
            later=self._messages(),
            parent=self._window,
        )
        of = ReportedOn(sha256=sha256)
        dialog.clinic_changed.connect(lambda lines: self._settings.put(CLINIC, list(lines)))
        dialog.save_requested.connect(
            lambda made: self._output.save(made, of, report_words.file_name(subject, time_of_making()), dialog.messages)
        )
        dialog.print_requested.connect(lambda made: self._output.print(made, of, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _subject(self, sha256: str, owner: ReportOwner | None, head: str) -> ReportSubject | None:
        picture, answer = self._open_image.picture, self._open_image.answer
        if picture is None or picture.sha256 != sha256:
            return None
        status = self._blinding.image_status
        is_concealed = self._blinding.conceals(sha256)
        shown = None if is_concealed else self._panel.shown()
        return report_words.ReportSubject(
            picture=picture,
            owner=owner,
            assessments=() if status is None else status.of_this_visit,
            plans=recorded_plans.NO_PLANS if status is None else status.plans,
            outcomes=() if status is None else status.outcomes,
            answer=None if shown is None else answer,
            shown=shown,
            is_concealed=is_concealed,
            band=self._panel.band,
            head=head,
            biopsies=() if status is None else status.biopsies,
            steps=() if status is None else status.steps,
            overlay=None if shown is None else self._overlay(),
            image_name=self._panel.image_name,
            known_of_patient=self._panel.known_of_patient,
        )
