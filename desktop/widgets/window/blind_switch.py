"""The switch for blind-first, which is in the corner of the menu bar, in the menu and in the first steps."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton

from desktop.session.blinding import Blinding
from desktop.widgets.common.message_bar import MessageBar


class BlindSwitch(QObject):
    """Asks for confirmation if switching off would reveal answers that wait for an assessment."""

    def __init__(self, blinding: Blinding, messages: Callable[[], MessageBar], parent: QObject) -> None:
        """`messages` returns the bar of the page in front."""
        super().__init__(parent)
        self._blinding = blinding
        self._messages = messages
        self._shown: list[QAction | QAbstractButton] = []
        blinding.changed.connect(self._show)

    def show_on(self, action: QAction, *buttons: QAbstractButton) -> None:
        """Show the state on a menu entry, which calls `switch` itself, and on switches that call it from now on."""
        self._shown = [action, *buttons]
        for button in buttons:
            button.clicked.connect(self.switch)
        self._show()

    def switch(self, on: bool) -> None:
        """Switch blind-first on, or off after a confirmation if answers are waiting."""
        waiting = self._blinding.waiting
        if on or not waiting:
            self._blinding.switch(on)
        else:
            one = self.tr(
                "1 answer waits for your diagnosis. Without blind-first it can be seen, and that is recorded."
            )
            many = self.tr(
                "{count} answers wait for your diagnosis. Without blind-first they can be seen, and that is recorded."
            )
            text = one if waiting == 1 else many.format(count=waiting)
            action = (self.tr("Switch off"), partial(self._blinding.switch, False))
            self._messages().say(text, error=False, action=action)
        self._show()

    def _show(self) -> None:
        for shown in self._shown:
            shown.setChecked(self._blinding.is_on)
