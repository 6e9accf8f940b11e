"""Which keys are pressed as a shortcut of the window, and not as a key of the view that has the focus."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def is_chord(event: QKeyEvent) -> bool:
    """Return whether Ctrl, Alt or Meta is held with a key.

    Such a key reaches a view if the menu's command for it is disabled, and must then do nothing: Ctrl+Z with nothing to
    undo is no Z. Shift is no chord: + needs it on many keyboards.
    """
    return bool(event.modifiers() & _HELD)
