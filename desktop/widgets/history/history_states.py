"""The history's placeholder: why there are no entries, and what to do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.widgets.common.empty_state import EmptyState


class HistoryStates(QStackedWidget):
    """Shows one placeholder at a time, at first that the history is being read."""

    reload_requested = Signal()
    image_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        reading = EmptyState("history", self.tr("The history is being read"), "")
        self._unavailable = EmptyState("error", self.tr("The history cannot be read"), "", self.tr("Try again"))
        self._unavailable.action_requested.connect(self.reload_requested)
        self._empty = EmptyState(
            "history",
            self.tr("Nothing here yet"),
            self.tr("Every image that you open is kept here with its answer."),
            self.tr("Open image…"),
        )
        self._empty.action_requested.connect(self.image_requested)
        self._empty_bin = EmptyState("bin", self.tr("The bin is empty"), self.tr("From here entries can be restored."))
        self._nothing = EmptyState("search", self.tr("No entry fits"), self.tr("Change the words or the filters."))
        for state in (reading, self._unavailable, self._empty, self._empty_bin, self._nothing):
            self.addWidget(state)

    def show_none(self, *, is_narrowed: bool, is_bin: bool) -> None:
        """Show that there are no entries: none that match, none in the bin, or none at all."""
        if is_narrowed:
            self.setCurrentWidget(self._nothing)
        else:
            self.setCurrentWidget(self._empty_bin if is_bin else self._empty)

    def show_unavailable(self, text: str) -> None:
        """Show why there is no history."""
        self._unavailable.say(text)
        self.setCurrentWidget(self._unavailable)
