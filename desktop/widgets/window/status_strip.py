"""The status strip: what was saved, what is under way, and the permanent notice."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.widgets.common.plain_text import PlainLabel, for_key, for_tip
from desktop.widgets.common.wording import DISCLAIMER, translated

_WIDEST_OFFER = 0.22
"""Part of the window's width that the name of what can be undone may take: the notice beside it is never cut off."""

_TWO_LINES = 0.56
"""Part of the notice's width that it needs on two lines."""

_WIDEST_UNDONE = 200
"""Width of the name of what was undone in pixels, at most, for the same reason."""


class StatusStrip(QFrame):
    """Left: what was saved last, with undo. Middle: the batch. Right: what this program is not for."""

    undo_requested = Signal()
    inbox_requested = Signal()
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self._saved = PlainLabel(self)
        self._saved.hide()
        self._undone = ""
        self._unsaved = QPushButton(self)
        self._unsaved.clicked.connect(self.save_requested)
        self._unsaved.hide()
        self._undo = QPushButton(self)
        self._undo.clicked.connect(self.undo_requested)
        self._undo.hide()
        self._offer = ""
        self._inbox = QPushButton(self)
        self._inbox.clicked.connect(self.inbox_requested)
        self._inbox.hide()
        self._watching = PlainLabel(self)
        self._watching.setProperty("muted", True)
        self._batch = PlainLabel(self)
        self._batch.setProperty("muted", True)
        disclaimer = PlainLabel(translated(DISCLAIMER), self)
        disclaimer.setProperty("muted", True)
        disclaimer.setWordWrap(True)  # on two lines beside much else: it is never cut off
        disclaimer.ensurePolished()
        disclaimer.setMinimumWidth(round(disclaimer.fontMetrics().horizontalAdvance(disclaimer.text()) * _TWO_LINES))
        disclaimer.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 2, 14, 2)
        layout.addWidget(self._saved)
        layout.addWidget(self._unsaved)
        layout.addWidget(self._undo)
        layout.addStretch(1)
        layout.addWidget(self._batch)
        layout.addWidget(self._watching)
        layout.addWidget(self._inbox)
        layout.addStretch(1)
        layout.addWidget(disclaimer, 4)
        self.setFixedHeight(38)

    def say(self, text: str) -> None:
        """Show the last action."""
        self._undone = ""
        self._saved.setText(text)
        self._saved.setToolTip("")
        self._saved.setVisible(bool(text))

    def say_undone(self, text: str) -> None:
        """Show that the change called `text` was undone; if that is empty, take back what was shown by this function."""
        if text:
            line = self.tr("Undone: {text}").format(text=text)
            elided = self._saved.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, _WIDEST_UNDONE)
            self.say(elided)
            self._saved.setToolTip(for_tip(line) if elided != line else "")
            self._undone = text
        elif self._undone:
            self.say("")

    def show_unsaved(self, count: int) -> None:
        """Show how many answers are not saved."""
        one, many = self.tr("1 answer not saved: try again"), self.tr("{count} answers not saved: try again")
        self._unsaved.setText(one if count == 1 else many.format(count=count))
        self._unsaved.setVisible(count > 0)

    def offer_undo(self, text: str, *, is_enabled: bool) -> None:
        """Offer to undo the change called `text`, disabled while a change is being written; hidden if `text` is empty."""
        self._offer = self.tr("Undo: {text}").format(text=text)
        self._undo.setVisible(bool(text))
        self._undo.setEnabled(is_enabled)
        self._elide_offer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide_offer()

    def _elide_offer(self) -> None:
        widest = round(self.width() * _WIDEST_OFFER)
        elided = self._undo.fontMetrics().elidedText(self._offer, Qt.TextElideMode.ElideRight, widest)
        self._undo.setText(for_key(elided))
        self._undo.setToolTip(for_tip(self._offer) if elided != self._offer else "")

    def show_inbox(self, count: int, folder: str) -> None:
        """Show how many new images wait, and the watched folder, but no names or pictures."""
        one, many = self.tr("1 new image ready: open it"), self.tr("{count} new images ready: open them")
        self._inbox.setText(one if count == 1 else many.format(count=count))
        self._inbox.setVisible(count > 0)
        self._watching.setText(self.tr("Watching “{folder}”").format(folder=folder) if folder and not count else "")

    def show_batch(self, text: str) -> None:
        """Show the progress of the batch."""
        self._batch.setText(text)
