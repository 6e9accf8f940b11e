"""The switches of the View menu, which are saved for the next start."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from desktop.system.settings import BY_SIZE, ORDER_BY_APPEARANCE, SEEN_FRAME, Settings
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.visit.visit_page import VisitPage


class ViewOptions(QObject):
    """The frame around what the model saw, the order of the labels, a second one of the contact sheet, and the full screen."""

    def __init__(self, window: QMainWindow, visit_page: VisitPage, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._visit_page = visit_page
        self._settings = settings
        self._actions: dict[str, QAction] = {}
        visit_page.head.seen_frame_toggled.connect(self._keep_seen_frame)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {
            "seen frame": self._visit_page.head.show_seen_frame,
            "by size": self._order_by_size,
            "by appearance": self._offer_order,
            "full": lambda full: self._window.showFullScreen() if full else self._window.showNormal(),
        }

    def begin(self, actions: dict[str, QAction]) -> None:
        """Show and apply the switches of the last start."""
        self._actions = actions
        self._visit_page.head.show_seen_frame(self._settings.get(SEEN_FRAME))
        self._actions["seen frame"].setChecked(self._settings.get(SEEN_FRAME))
        self._order_by_size(self._settings.get(BY_SIZE))
        self._actions["by appearance"].setChecked(self._settings.get(ORDER_BY_APPEARANCE))
        self._window.installEventFilter(self)

    def _keep_seen_frame(self, wanted: bool) -> None:
        self._settings.put(SEEN_FRAME, wanted)
        if self._actions:
            self._actions["seen frame"].setChecked(wanted)

    def _order_by_size(self, wanted: bool) -> None:
        self._settings.put(BY_SIZE, wanted)
        self._actions["by size"].setChecked(wanted)
        self._visit_page.result_panel.order_by_size(wanted)

    def _offer_order(self, wanted: bool) -> None:
        """Offer the order by appearance on the contact sheet from now on, once it was read that nobody has tested it."""
        question = self.tr(
            "On request, lesions that look least like the patient's others to the model come first on the contact sheet;"
            " nobody has tested whether this helps to find a melanoma. Offer this order?"
        )
        is_wanted = wanted and is_confirmed(self._window, question)
        self._settings.put(ORDER_BY_APPEARANCE, is_wanted)
        self._actions["by appearance"].setChecked(is_wanted)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowStateChange:
            is_full = bool(self._window.windowState() & Qt.WindowState.WindowFullScreen)
            self._actions["full"].setChecked(is_full)
        return False
