"""Names of files, patients, lesions and models are shown letter by letter, wherever Qt would read markup or a mnemonic in them.

Left to itself a label, a tool tip or a message box takes `<b>x</b>` for markup, and a name could make it load a file; a button
or a menu takes the & of `R&D-7` for the mark of a key. Every label of the window is a `PlainLabel`, and a name goes through one
of these functions on its way to anything else. Item views, combo boxes and fields show text as it is.
"""

from html import escape

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label that reads no markup; who wants markup says so by `setTextFormat`, and escapes every name in it."""

    def __init__(self, text: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        """Make a label of a text, or an empty one: then the parent may stand in the text's place, as for QLabel."""
        if isinstance(text, str):
            super().__init__(parent)
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(text)
        else:
            super().__init__(text if parent is None else parent)
            self.setTextFormat(Qt.TextFormat.PlainText)


def for_key(text: str) -> str:
    """Return a text as a button, a menu's entry or a tab has to be given it to show it: an & is written twice."""
    return text.replace("&", "&&")


def for_tip(text: str) -> str:
    """Return a text as a tool tip or a message box has to be given it to show it: as escaped markup where it looks like any."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if Qt.mightBeRichText(text) else text


def for_title(text: str) -> str:
    """Return a text as a window's title has to be given it to show it: [*] would stand for unsaved changes."""
    return text.replace("[*]", "[*][*]")
