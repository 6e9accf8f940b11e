"""How far a model is that is tried on the history, and what can be done about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.session.history_trial import TrialState
from desktop.widgets.common.progress_dialog import steps_done
from desktop.widgets.common.wording import count
from desktop.widgets.common.work_bar import WorkBar


class TrialBar(WorkBar):
    """Hidden without a trial."""

    go_on_requested = Signal()
    stop_requested = Signal()
    show_requested = Signal()
    drop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stop = self.add_button(self.tr("Stop"), self.stop_requested)
        self.show_changes = self.add_button(self.tr("Show what changes…"), self.show_requested, is_prominent=True)
        self.go_on = self.add_button(self.tr("Go on"), self.go_on_requested)
        self.drop = self.add_button(self.tr("Give up"), self.drop_requested)
        self.drop.setToolTip(self.tr("End this trial without a decision"))
        self.show_state(TrialState())

    def show_state(self, state: TrialState) -> None:
        """Show how far a trial is."""
        self.setVisible(bool(state.file))
        self.text.setText(self._text(state))
        self.progress.setVisible(state.is_running)
        self.progress.setValue(steps_done((state.done, state.total)))
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
