"""How far a new model is that is made of exported lesions, and what can be done about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.session.training_run import TrainingState
from desktop.widgets.common.progress_dialog import steps_done
from desktop.widgets.common.work_bar import WorkBar
from desktop.widgets.practice import training_run_words as words


class TrainingBar(WorkBar):
    """Hidden without a training."""

    go_on_requested = Signal()
    stop_requested = Signal()
    show_requested = Signal()
    drop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stop = self.add_button(self.tr("Stop"), self.stop_requested)
        self.show_page = self.add_button(self.tr("Show the page…"), self.show_requested, is_prominent=True)
        self.go_on = self.add_button(self.tr("Go on"), self.go_on_requested)
        self.drop = self.add_button(self.tr("Close"), self.drop_requested)
        self.drop.setToolTip(self.tr("Show this no longer; the folder stays as it is"))
        self.show_state(TrainingState())

    def show_state(self, state: TrainingState) -> None:
        """Show how far a training is."""
        is_there = state.command is not None
        self.setVisible(is_there)
        if state.command is not None:
            self.text.setText(words.state_text(state, state.command))
            self.show_detail(words.detail_text(state, state.command))
        step = state.step
        self.progress.setVisible(state.is_running)
        self.progress.setValue(0 if step is None else steps_done((step.done, step.total)))
        self.stop.setVisible(state.is_running)
        self.stop.setEnabled(not state.is_stopping)
        self.go_on.setVisible(is_there and not state.is_running and not state.is_done)
        self.show_page.setVisible(state.is_done)
        self.drop.setVisible(is_there and not state.is_running)
