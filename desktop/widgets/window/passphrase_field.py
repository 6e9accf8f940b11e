"""The field for a passphrase or a recovery key. Qt never has the text: it holds a blank for each character."""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QSignalBlocker, Qt
from PySide6.QtGui import QFontMetricsF, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from desktop.core.encryption.passphrase import Passphrase

_BLANK = "\u2001"
"""As wide as the widest letter, and used nowhere: Unicode has another for the same."""

_MOST = 1024
"""Characters."""

_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.MetaModifier,
)
"""Modifiers with which a key is no letter. Control with Alt is AltGr on Windows."""

_HINTS = (
    Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
)
"""Keyboards on the screen neither learn nor alter what is typed."""


class PassphraseField(QLineEdit):
    """Keeps what is typed in memory of its own, which `taken` and `forget` overwrite.

    Qt copies the text of a line edit with every key, and overwrites none of the copies. Here it is given blanks in place of
    characters; only what is pasted or dropped reaches it, and comes from elsewhere in this computer's memory anyway.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes = memoryview(bytearray(4 * _MOST)).cast("I")
        self._count = 0
        self._coming = ""
        self.setMaxLength(_MOST)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.textChanged.connect(self._follow)

    def show_characters(self, is_shown: bool) -> None:
        """Show what is typed, or a dot for each character."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)
        self.setInputMethodHints(self.inputMethodHints() | _HINTS)  # which the other mode takes away

    def passphrase(self) -> Passphrase:
        """Return what was typed."""
        return Passphrase.taken("".join(self._characters()))

    def taken(self) -> Passphrase:
        """Return what was typed, and forget it."""
        made = self.passphrase()
        self.forget()
        return made

    def forget(self) -> None:
        """Overwrite what was typed, and be empty."""
        self._keep(0, self._count, "")
        self._show_blanks(0)

    def _characters(self) -> Iterator[str]:
        return (chr(code) for code in self._codes[: self._count])

    def _follow(self, text: str) -> None:
        """Keep what has come into the field or gone from it; the cursor is behind what has come, or where it was."""
        coming, self._coming = self._coming, ""
        pasted = text.replace(_BLANK, "")
        added = coming or pasted
        start = text.index(pasted[0]) if pasted else self.cursorPosition() - len(coming)
        gone = self._count + len(added) - len(text)
        if gone < 0 or start + gone > self._count:
            # Nothing is known of these blanks: they were pasted, or a deletion was undone.
            self._show_blanks(min(self.cursorPosition(), self._count))
            return
        self._keep(start, gone, added)
        if pasted:
            self._show_blanks(start + len(pasted))

    def _keep(self, start: int, gone: int, added: str) -> None:
        """Replace characters by others."""
        count = self._count - gone + len(added)
        codes = self._codes
        codes[start + len(added) : count] = codes[start + gone : self._count]
        for place, character in enumerate(added, start):
            codes[place] = ord(character)
        for place in range(count, self._count):
            codes[place] = 0
        self._count = count

    def _show_blanks(self, cursor: int) -> None:
        with QSignalBlocker(self):
            self.setText(_BLANK * self._count)
        self.setCursorPosition(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give Qt a blank for each character that is typed."""
        text = event.text().replace(_BLANK, "")
        if not text or not text.isprintable() or event.modifiers() in _COMMANDS:
            super().keyPressEvent(event)
            return
        self._coming = text
        super().keyPressEvent(
            QKeyEvent(event.type(), event.key(), event.modifiers(), _BLANK * len(text), event.isAutoRepeat())
        )
        self._coming = ""

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Likewise for what an input method has composed."""
        text = event.commitString().replace(_BLANK, "")
        if not text:
            super().inputMethodEvent(event)
            return
        self._coming = text
        event.setCommitString(_BLANK * len(text), event.replacementStart(), event.replacementLength())
        super().inputMethodEvent(event)
        self._coming = ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the characters, if they are to be shown, in the blanks."""
        super().paintEvent(event)
        if self.echoMode() != QLineEdit.EchoMode.Normal:
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(_BLANK)
        cursor = self.cursorRect()
        left = cursor.center().x() - self.cursorPosition() * width
        base = cursor.top() + metrics.ascent()
        painter = QPainter(self)
        painter.setClipRect(self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self))
        selected = range(self.selectionStart(), self.selectionEnd())
        for place, character in enumerate(self._characters()):
            painter.setPen((option.palette.highlightedText() if place in selected else option.palette.text()).color())
            painter.drawText(
                QPointF(left + place * width + (width - metrics.horizontalAdvance(character)) / 2, base), character
            )
        painter.end()
