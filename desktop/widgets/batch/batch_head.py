"""The head of a batch: this run, earlier runs, and actions for its rows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.icons import labelled
from desktop.widgets.common.plain_text import for_tip

_RUNS = 230
"""Width of the box of earlier runs in points; long folder names fit in its popup, and the title needs the room."""


class BatchHead(QWidget):
    """Contains the controls, which the page connects."""

    run_requested = Signal(int)
    """The id of an earlier run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(self.tr("Batch"), self)
        self._title.setObjectName("title")
        self.runs = ChoiceBox(self)
        self.runs.setFixedWidth(_RUNS)
        self.runs.view().setMinimumWidth(2 * _RUNS)
        self.runs.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.runs.setAccessibleName(self.tr("Earlier runs"))
        self.runs.hide()
        self.runs.activated.connect(self._choose_run)
        self.folder = labelled("folder", self.tr("Choose folder…"), self)
        self.send = labelled("send-to-history", self.tr("To the history"), self)
        self.export = labelled("export", self.tr("Save table…"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._title, 1)
        for widget in (self.runs, self.folder, self.send, self.export):
            row.addWidget(widget)

    def entitle(self, title: str, place: str) -> None:
        """Show the run's title; its tool tip is `place`, the full folder."""
        self._title.show_text(title)
        self._title.setToolTip(for_tip(place or title))

    def list_runs(self, runs: list[tuple[int, str]]) -> None:
        """Offer the saved runs, by id and title."""
        self.runs.blockSignals(True)
        self.runs.clear()
        self.runs.addItem(self.tr("Earlier runs"), None)
        for run, title in runs:
            self.runs.addItem(title, run)
        self.runs.setVisible(bool(runs))
        self.runs.blockSignals(False)

    def _choose_run(self, position: int) -> None:
        run = self.runs.itemData(position)
        if run is not None:
            self.run_requested.emit(run)
