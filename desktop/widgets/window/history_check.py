"""Help > Check the history: compares it with its seal, and names what is not as it was written."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.session.history_check import check_history
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Task, Tasks
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.progress_dialog import STEPS, steps_done
from desktop.widgets.common.wording import count, local_day, sentence, translated

if TYPE_CHECKING:
    from desktop.core.records.check_results import Checked

_WIDTH, _HEIGHT = 620, 400


class HistoryCheckDialog(QDialog):
    """A button that begins the check, how far it is, and what it found."""

    def __init__(self, tasks: Tasks, history_service: HistoryService, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._task: Task | None = None
        self.setWindowTitle(self.tr("Check the history"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        told = PlainLabel(
            self.tr(
                "Compares every row of the history with its seal, and names what was changed, deleted or added by another "
                "program. It only reads."
            ),
            self,
        )
        told.setWordWrap(True)
        self.with_images = QCheckBox(self.tr("Read the stored images too (takes longer)"), self)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.verdict = PlainLabel(self)
        self.verdict.setWordWrap(True)
        self.verdict.setProperty("strong", True)
        self.found = QPlainTextEdit(self)
        self.found.setReadOnly(True)
        self.found.setAccessibleName(self.tr("What was found"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.check_button = buttons.addButton(self.tr("Check"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setEnabled(False)
        self.check_button.setDefault(True)
        self.check_button.clicked.connect(self._begin_or_stop)
        self.copy_button.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (told, self.with_images, self.bar, self.verdict, self.found, buttons):
            layout.addWidget(widget)
        self.resize(_WIDTH, _HEIGHT)

    def _begin_or_stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            return
        self.check_button.setText(self.tr("Stop"))
        self.copy_button.setEnabled(False)
        self.verdict.clear()
        self.found.clear()
        self._task = check_history(
            self._tasks,
            self._history_service.folder,
            self._show,
            self._fail,
            lambda step: self.bar.setValue(steps_done(step)),
            with_images=self.with_images.isChecked(),
            key=self._history_service.key,
        )

    def _show(self, checked: Checked | None) -> None:
        self._end(self.tr("Stopped.") if checked is None else self._verdict(checked))
        if checked is not None:
            self.found.setPlainText("\n".join(self._lines(checked)))
            self.copy_button.setEnabled(True)

    def _fail(self, error: AppError) -> None:
        self._end(sentence(error))

    def _end(self, verdict: str) -> None:
        self._task = None
        self.bar.setValue(0)
        self.check_button.setText(self.tr("Check"))
        self.verdict.setText(verdict)

    def _verdict(self, checked: Checked) -> str:
        if checked.is_whole:
            return self.tr("The history is whole: everything is as LesionLens wrote it since {day}.").format(
                day=_day(checked.since)
            )
        return self.tr(
            "The history is not as LesionLens wrote it. Copy the list below, and restore a backup from before the change."
        )

    def _lines(self, checked: Checked) -> list[str]:
        """Return what was found, what is wrong first."""
        whole = self._history_service.folder.name
        lines = [
            f"{fault.rows or whole}: {translated(fault.kind.value)}{fault.detail and f' ({fault.detail})'}"
            for fault in checked.faults
        ]
        lines += [
            self.tr("{rows}: erased on {day}").format(rows=rows.rows, day=_day(rows.time)) for rows in checked.erased
        ]
        lines += [self.tr("A backup was restored on {day}.").format(day=_day(time)) for time in checked.restored]
        lines.append(self.tr("Rows checked: {count}.").format(count=count(checked.rows)))
        if checked.images is not None:
            lines.append(self.tr("Stored images read: {count}.").format(count=count(checked.images)))
        lines.append(
            self.tr(
                "Head of the seal: {head}\nKeep it elsewhere. It alone shows whether the whole history was replaced by an old "
                "copy or by one made anew."
            ).format(head=checked.head)
        )
        return lines

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.verdict.text()}\n{self.found.toPlainText()}\n")

    def done(self, result: int) -> None:
        """Close the dialog, and stop the check: nobody sees its outcome."""
        if self._task is not None:
            self._task.abandon()
        super().done(result)


def _day(time: str) -> str:
    try:
        return local_day(datetime.fromisoformat(time).astimezone().date())
    except ValueError:  # of a link that was altered
        return time
