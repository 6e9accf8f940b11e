"""A change that can be taken back."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand


class Change(QUndoCommand):
    """Done when it is pushed onto the undo stack, and again at each redo."""

    def __init__(self, text: str, do: Callable[[], None], take_back: Callable[[], None]) -> None:
        super().__init__(text)
        self._do = do
        self._take_back = take_back

    def redo(self) -> None:
        self._do()

    def undo(self) -> None:
        self._take_back()
