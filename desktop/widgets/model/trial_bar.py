"""How far a model is that is tried on the history, and what can be done about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from desktop.session.history_trial import TrialState
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.progress_dialog import STEPS, steps_done
from desktop.widgets.common.wording import count

_WIDTH = 180


class TrialBar(QFrame):
    """Hidden without a trial."""

    go_on_requested = Signal()
    stop_requested = Signal()
    show_requested = Signal()
    drop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.text = PlainLabel(self)
        self.text.setWordWrap(True)
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)  # it is not high enough for text
        self._progress.setRange(0, STEPS)
        self._progress.setFixedWidth(_WIDTH)
        self.stop = self._button(self.tr("Stop"), self.stop_requested)
        self.go_on = self._button(self.tr("Go on"), self.go_on_requested)
        self.show_changes = self._button(self.tr("Show what changes…"), self.show_requested)
        self.show_changes.setProperty("prominent", True)
        self.drop = self._button(self.tr("Give up"), self.drop_requested)
        self.drop.setToolTip(self.tr("End this trial without a decision"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 8)
        layout.setSpacing(10)
        layout.addWidget(self.text, 1)
        layout.addWidget(self._progress)
        for button in (self.stop, self.show_changes, self.go_on, self.drop):
            layout.addWidget(button)
        self.show_state(TrialState())

    def show_state(self, state: TrialState) -> None:
        """Show how far a trial is."""
        self.setVisible(bool(state.file))
        self.text.setText(self._text(state))
        self._progress.setVisible(state.is_running)
        self._progress.setValue(steps_done((state.done, state.total)))
        self.stop.setVisible(state.is_running)
        self.go_on.setVisible(not state.is_running and not state.is_answered)
        self.show_changes.setVisible(state.is_answered)
        self.drop.setVisible(not state.is_running)

    def _text(self, state: TrialState) -> str:
        if state.is_answered:
            return self.tr("“{file}” was tried on the history.").format(file=state.file)
        if not state.is_running:
            return self.tr("“{file}” is to be tried on the history. What it has answered is kept.").format(
                file=state.file
            )
        if state.done < state.total:
            text = self.tr("“{file}” is tried on the history: {done} of {total} answers.")
            return text.format(file=state.file, done=count(state.done), total=count(state.total))
        return self.tr("“{file}” is tried on the history…").format(file=state.file)

    def _button(self, text: str, requested: object) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(requested)
        return button
