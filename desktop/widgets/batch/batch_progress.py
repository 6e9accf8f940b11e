"""The progress of a batch, and a button to cancel it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from desktop.widgets.common.icons import labelled
from desktop.widgets.common.kept_room import keep_room
from desktop.widgets.common.plain_text import PlainLabel


class BatchProgress(QWidget):
    """A bar and one line of text; the height stays the same without the bar."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_running = False
        """Whether a run is under way."""
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(260)
        self._words = PlainLabel(self)
        self._words.setProperty("muted", True)
        self._cancel = labelled("cancel", self.tr("Cancel"), self)
        self._cancel.clicked.connect(self._request_cancel)
        keep_room(self._cancel, True)  # so that the rows below do not jump when a run ends
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._bar)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self._cancel)
        self._show_running(False)

    def begin(self) -> None:
        """Show that a run of yet unknown length is under way."""
        self._bar.setRange(0, 0)
        self._show_running(True)

    def advance(self, done: int, total: int, elapsed: float) -> None:
        """Show how many files are done; `elapsed` is in seconds."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        rate = done / elapsed if elapsed > 0 else 0.0
        words = self.tr("{done} of {total}").format(done=done, total=total)
        if rate and done < total:
            words += self.tr(", {rate:.0f} images a second, about {left} left").format(
                rate=rate, left=_duration((total - done) / rate)
            )
        self._words.setText(words)

    def end(self, words: str) -> None:
        """Show the result of the run."""
        self._show_running(False)
        self._words.setText(words)

    def _show_running(self, running: bool) -> None:
        self.is_running = running
        self._bar.setVisible(running)
        self._cancel.setVisible(running)
        self._cancel.setEnabled(running)

    def _request_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._words.setText(self.tr("is being cancelled…"))
        self.cancel_requested.emit()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
