"""Shows names of files, patients, lesions and models literally, wherever Qt would interpret markup or mnemonics.

By default, a label, tool tip or message box interprets `<b>x</b>` as markup, and a name could make it load a file; a button or
menu treats the & of `R&D-7` as a mnemonic. Every label of the window is a `PlainLabel`, and a name passes through one of these
functions on its way to anything else. Item views, combo boxes and fields show text literally.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.core.late import Late

if TYPE_CHECKING:
    import html
else:
    html = Late("html")


class PlainLabel(QLabel):
    """A label without markup. Code that needs markup sets `setTextFormat`, and must escape every name in it."""

    def __init__(self, text: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        """Create a label with a text, or an empty one: then the parent may be the first argument, as for QLabel."""
        if isinstance(text, str):
            super().__init__(parent)
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(text)
        else:
            super().__init__(text if parent is None else parent)
            self.setTextFormat(Qt.TextFormat.PlainText)


def for_key(text: str) -> str:
    """Return a text escaped for a button, menu entry or tab: each & is doubled."""
    return text.replace("&", "&&")


def for_tip(text: str) -> str:
    """Return a text escaped for a tool tip or message box: HTML-escaped if it looks like markup."""
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>" if Qt.mightBeRichText(text) else text


def with_links(text: str, targets: Mapping[str, str]) -> str | None:
    """Return a text as HTML in which these words of its first line are links, None if it has none of them.

    Args:
        text: a text without markup.
        targets: of the links, by their words.
    """
    first, *others = text.split("\n")
    longest_first = sorted(map(re.escape, targets), key=len, reverse=True)
    parts = re.split(rf"\b({'|'.join(longest_first)})\b", first) if targets else []
    if len(parts) < 3:
        return None
    linked = [
        f'<a href="{html.escape(targets[part])}">{html.escape(part)}</a>' if place % 2 else html.escape(part)
        for place, part in enumerate(parts)
    ]
    return "<br>".join(["".join(linked), *map(html.escape, others)])


def for_title(text: str) -> str:
    """Return a text escaped for a window title, where [*] would mark unsaved changes."""
    return text.replace("[*]", "[*][*]")
