"""What a person may do with the mouse and the keys on the picture instead of moving it: draw a region, measure."""

from typing import Protocol

from PySide6.QtCore import QPointF, SignalInstance
from PySide6.QtGui import QKeyEvent


class ImageTool(Protocol):
    """Takes the mouse and, before the view does, the keys; every point is in pixels of the upright image."""

    @property
    def left(self) -> SignalInstance:
        """The signal that the tool is put down."""

    def begin(self, point: QPointF) -> None:
        """The button went down here."""

    def drag(self, point: QPointF) -> None:
        """The mouse has moved here with its button down."""

    def end(self, point: QPointF) -> None:
        """The button came up here."""

    def press_key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; tell whether it asked for anything."""
