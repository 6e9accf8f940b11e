"""The interface of tools that take the mouse and keys from the picture: drawing a region, measuring."""

from typing import Protocol

from PySide6.QtCore import QPointF, SignalInstance
from PySide6.QtGui import QKeyEvent


class ImageTool(Protocol):
    """Takes the mouse, and the keys before the view; all points are in pixels of the upright image."""

    @property
    def left(self) -> SignalInstance:
        """The signal that the tool was deselected."""

    @property
    def awaits_enter(self) -> bool:
        """Whether there is something that Enter would accept now."""

    def begin(self, point: QPointF) -> None:
        """Handle a press of the mouse button."""

    def drag(self, point: QPointF) -> None:
        """Handle a move with the button pressed."""

    def end(self, point: QPointF) -> None:
        """Handle the release of the button."""

    def press_key(self, event: QKeyEvent) -> bool:
        """Handle a key; return whether it was used."""
