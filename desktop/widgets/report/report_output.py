"""Saves and prints a report; either is logged first, and not done if that fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject, Qt, QTemporaryDir
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError, SaveError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.records.audit_acts import Action
from desktop.core.whole_files import save_file
from desktop.session.audit_trail import AuditTrail
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.message_bar import MessageBar

if TYPE_CHECKING:
    from PySide6 import QtPrintSupport

    from desktop.system import step_task
    from desktop.widgets.common import progress_dialog
    from desktop.widgets.common.progress_dialog import ProgressDialog
    from desktop.widgets.report import page
    from desktop.widgets.report.page import AnyReport
    from desktop.widgets.report.report_dialog import ReportDialog
else:
    QtPrintSupport = Late("PySide6.QtPrintSupport")
    step_task = Late("desktop.system.step_task")
    progress_dialog = Late("desktop.widgets.common.progress_dialog")
    page = Late("desktop.widgets.report.page")


Fail = Callable[["AppError | None"], None]
"""Logs that an act failed, and tells the error; with None that the user stopped it."""


def time_of_making() -> dt.datetime:
    """Return the time of a report that is made now: when it is saved, not when its dialog, where text is typed, was opened."""
    return dt.datetime.now(dt.UTC)


@frozen
class ReportedOn:
    """What a report is of, for the log: one image, which is logged with its patient, or a patient's visit."""

    sha256: str | None = None
    patient_id: int | None = None


class ReportOutput(QObject):
    """The same for all reports. Each is logged with what it holds."""

    def __init__(self, tasks: Tasks, files: FileDialogs, audit: AuditTrail, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tasks = tasks
        self._files = files
        self._audit = audit
        self._temporary: QTemporaryDir | None = None

    def save(self, made: AnyReport, of: ReportedOn, name: str, messages: MessageBar) -> None:
        """Ask for a file, proposing `name`, and write the report to it as PDF."""
        target = self._files.choose_report(name)
        if target is None:
            return

        def say() -> None:
            messages.say(self.tr("Saved in “{file}”.").format(file=target), error=False)

        self._write(Action.REPORT_SAVED, made, of, target, say, messages)

    def print(self, made: AnyReport, of: ReportedOn, dialog: ReportDialog) -> None:
        """Ask for a printer, and print the report."""
        if not QtPrintSupport.QPrinterInfo.availablePrinterNames():
            self._print_elsewhere(made, of, dialog.messages)
            return
        printer = QtPrintSupport.QPrinter(QtPrintSupport.QPrinter.PrinterMode.HighResolution)
        printer.setFullPage(True)
        printer.setPageLayout(page.page_layout())
        printer.setDocName(made.title)

        def begin(progress: ProgressDialog, fail: Fail) -> None:
            def take(is_taken: bool | None) -> None:
                if is_taken is False:
                    fail(SaveError(tr("The printer did not take the report. Save it as PDF and print that.")))
                else:
                    progress.end(lambda _taken: None, lambda: fail(None))(is_taken)

            steps = page.print_in_steps(made, printer, printer.resolution(), printer.abort)
            progress.follow(lambda tell: step_task.StepTask(steps, take, fail, tell, progress))

        if QtPrintSupport.QPrintDialog(printer, dialog).exec():
            self._attempt(Action.REPORT_PRINTED, made, of, begin, dialog.messages)

    def _attempt(
        self,
        action: Action,
        made: AnyReport,
        of: ReportedOn,
        begin: Callable[[ProgressDialog, Fail], None],
        messages: MessageBar,
    ) -> None:
        """Log an act and begin it, with a dialog for its progress; `begin` gets that and the function that logs a failure."""
        # Of the window and not of the report's dialog, which may be closed before the report is saved.
        progress = progress_dialog.ProgressDialog(self.tr("The report is being laid out…"), messages, self._window)
        progress.setWindowModality(Qt.WindowModality.ApplicationModal)
        detail = {"patient data": bool(made.patient), **made.held}
        self._audit.attempt(
            action, detail, partial(begin, progress), progress.fail, patient_id=of.patient_id, sha256=of.sha256
        )

    def _write(
        self,
        action: Action,
        made: AnyReport,
        of: ReportedOn,
        target: Path,
        done: Callable[[], None],
        messages: MessageBar,
    ) -> None:
        def begin(progress: ProgressDialog, fail: Fail) -> None:
            end = progress.end(lambda _saved: done(), lambda: fail(None))

            def save(content: bytes | None) -> None:
                if content is None:
                    end(None)
                else:
                    self._tasks.run(
                        Lane.IMAGES, lambda _task: save_file(target, content), lambda _none: end(True), fail
                    )

            progress.follow(lambda tell: step_task.StepTask(page.pdf_in_steps(made), save, fail, tell, progress))

        self._attempt(action, made, of, begin, messages)

    def _print_elsewhere(self, made: AnyReport, of: ReportedOn, messages: MessageBar) -> None:
        """Open the pages in the system's PDF viewer for printing: some installations find no printers themselves."""
        if self._temporary is None:  # it is deleted, with its content, when LesionLens ends
            self._temporary = QTemporaryDir()
        file = Path(self._temporary.filePath("lesionlens-report.pdf"))

        def show() -> None:
            if QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(file))):
                text = self.tr("No printer was found from here: the report is open in your PDF viewer, print it there.")
            else:
                text = self.tr("No printer was found. Save the report as PDF and print that.")
            messages.say(text, error=False)

        self._write(Action.REPORT_PRINTED, made, of, file, show, messages)
