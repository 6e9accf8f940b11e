"""A change that was made and can be taken back."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand


class Change(QUndoCommand):
    """Pushed onto the undo stack once the change is safe on the disk; done again only by a redo."""

    def __init__(self, text: str, again: Callable[[], None], take_back: Callable[[], None]) -> None:
        super().__init__(text)
        self._again = again
        self._take_back = take_back
        self._is_new = True

    def redo(self) -> None:
        if self._is_new:
            self._is_new = False
        else:
            self._again()

    def undo(self) -> None:
        self._take_back()
