"""The status strip: what was saved, what is under way, and the permanent notice."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.widgets.common.plain_text import PlainLabel, for_key, for_tip
from desktop.widgets.common.wording import DISCLAIMER, numbered, translated

_WIDEST_OFFER = 0.22
"""Part of the window's width that the name of what can be undone may take in any case; more where there is room."""

_TWO_LINES = 0.56
"""Part of the notice's width that it needs on two lines."""

_MARGIN = 14

_BUTTON_EDGES = 40
"""Width in pixels of a button beside its text, generously."""

_MOMENT = 200
"""Milliseconds after which a write is shown: most end before, and would flicker."""

_LEAST_SAID = 120
"""Width in pixels that the last action has at least."""


class StatusStrip(QFrame):
    """Left: what was saved last, with undo. Middle: the batch. Right: what this program is not for."""

    undo_requested = Signal()
    new_lesion_requested = Signal()
    """The images that were placed last belong to a new lesion."""
    inbox_requested = Signal()
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self._saved = PlainLabel(self)
        self._saved.hide()
        self._writing = PlainLabel(self.tr("Saving…"), self)
        self._writing.hide()
        self._is_writing = False
        self._writing_for = QTimer(self)
        self._writing_for.setSingleShot(True)
        self._writing_for.timeout.connect(self._show_whether_writing)
        self._line = ""
        self._undone = ""
        self._saved_change = ""
        """The name of the change that the last action says was saved."""
        self._new_lesion = QPushButton(self.tr("New lesion"), self)
        self._new_lesion.setToolTip(self.tr("Make a new lesion for what was placed last"))
        self._new_lesion.clicked.connect(self.new_lesion_requested)
        self._new_lesion.hide()
        self._unsaved = QPushButton(self)
        self._unsaved.clicked.connect(self.save_requested)
        self._unsaved.hide()
        self._undo = QPushButton(self)
        # Disabled while it undoes, it would hand the focus on, and the next keys, to whatever button comes next.
        self._undo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._undo.clicked.connect(self.undo_requested)
        self._undo.hide()
        self._change = ""
        """The name of the change that can be undone."""
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
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 2, _MARGIN, 2)
        layout.addWidget(self._writing)
        layout.addWidget(self._saved)
        layout.addWidget(self._new_lesion)
        layout.addWidget(self._unsaved)
        layout.addWidget(self._undo)
        layout.addStretch(1)
        layout.addWidget(self._batch)
        layout.addWidget(self._watching)
        layout.addWidget(self._inbox)
        layout.addStretch(1)
        layout.addWidget(disclaimer, 4)
        self._disclaimer = disclaimer
        self.setFixedHeight(38)

    @property
    def says_placed(self) -> bool:
        """Whether the last action is shown with an offer of a new lesion."""
        return not self._new_lesion.isHidden()

    def say(self, text: str) -> None:
        """Show the last action."""
        self._say(text)

    def say_saved(self, change: str) -> None:
        """Show that a change was saved; the offer to undo it does not repeat its name."""
        self._say(self.tr("Saved: {text}").format(text=change), change=change)

    def say_placed(self, text: str) -> None:
        """Show where images were placed, with an offer to place them with a new lesion."""
        self._say(text, has_lesion_offer=True)

    def _say(self, text: str, *, has_lesion_offer: bool = False, change: str = "") -> None:
        self._undone, self._saved_change = "", change
        self._line = text
        self._saved.setVisible(bool(text))
        self._new_lesion.setVisible(has_lesion_offer)
        self._elide()

    def say_undone(self, text: str) -> None:
        """Show that the change called `text` was undone; if that is empty, take back what was shown by this function."""
        if text:
            self.say(self.tr("Undone: {text}").format(text=text))
            self._undone = text
        elif self._undone:
            self.say("")

    def show_unsaved(self, answers: int, changes: int) -> None:
        """Show how many answers and changes are not saved."""
        one, many = self.tr("1 change not saved: try again"), self.tr("{count} changes not saved: try again")
        if not changes:
            one, many = self.tr("1 answer not saved: try again"), self.tr("{count} answers not saved: try again")
        elif answers:
            many = self.tr("{count} changes and answers not saved: try again")
        number = answers + changes
        self._unsaved.setText(numbered(number, one, many))
        self._unsaved.setVisible(number > 0)
        self._elide()

    def show_writing(self, is_writing: bool) -> None:
        """Show that a change is being written, if that takes a moment, in the place of the last action."""
        if is_writing and not self._is_writing:
            self._writing_for.start(_MOMENT)
        elif not is_writing:
            self._writing_for.stop()
        self._is_writing = is_writing
        if not is_writing:
            self._show_whether_writing()

    def _show_whether_writing(self) -> None:
        self._writing.setVisible(self._is_writing)
        self._saved.setVisible(bool(self._line) and not self._is_writing)

    def offer_undo(self, text: str, *, is_enabled: bool) -> None:
        """Offer to undo the change called `text`, disabled while a change is being written; hidden if `text` is empty.

        Once that is another change, what was saved before is no longer said: beside it the offer would be misread.
        """
        if self._saved_change and text not in {self._change, self._saved_change}:
            self.say("")
        self._change = text
        self._undo.setVisible(bool(text))
        self._undo.setEnabled(is_enabled)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        """Elide the offer and the last action to the width that there is: the offer first, down to its part of the width."""
        others = (self._unsaved, self._new_lesion, self._batch, self._watching, self._inbox)
        taken = [one.sizeHint().width() for one in others if not one.isHidden()]
        taken.append(self._disclaimer.minimumWidth())
        gaps = 2 * _MARGIN + self._row.spacing() * (len(taken) + 4)
        free = self.width() - sum(taken) - gaps
        whole = self.tr("Undo: {text}").format(text=self._change)
        is_named = self.says_placed or self._saved_change == self._change  # beside it
        offer = self.tr("Undo") if is_named else whole
        line_width = self._saved.fontMetrics().horizontalAdvance(self._line)
        widest = max(round(self.width() * _WIDEST_OFFER), free - line_width - _BUTTON_EDGES)
        elided = self._undo.fontMetrics().elidedText(offer, Qt.TextElideMode.ElideRight, widest)
        self._undo.setText(for_key(elided))
        self._undo.setToolTip(for_tip(whole) if elided != whole else "")
        if not self._undo.isHidden():
            free -= self._undo.sizeHint().width()
        line = self._saved.fontMetrics().elidedText(self._line, Qt.TextElideMode.ElideRight, max(_LEAST_SAID, free))
        self._saved.setText(line)
        self._saved.setToolTip(for_tip(self._line) if line != self._line else "")

    def show_inbox(self, count: int, folder: str) -> None:
        """Show how many new images wait, and the watched folder, but no names or pictures."""
        one, many = self.tr("1 new image ready: open it"), self.tr("{count} new images ready: open them")
        self._inbox.setText(one if count == 1 else many.format(count=count))
        self._inbox.setVisible(count > 0)
        self._watching.setText(self.tr("Watching “{folder}”").format(folder=folder) if folder and not count else "")
        self._elide()

    def show_batch(self, text: str) -> None:
        """Show the progress of the batch."""
        self._batch.setText(text)
        self._elide()
