"""Whether the two compared images were taken alike, so that their colours can be compared."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from desktop.core.imaging.capture import Capture
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.theme import restyle
from desktop.widgets.image import compare_words


class LightPanel(QFrame):
    """Hidden while there are no two images."""

    change_requested = Signal()
    """How the images were taken is to be entered or corrected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = PlainLabel(self)
        self.text.setWordWrap(True)
        self.change = QToolButton(self)
        self.change.setObjectName("choice")
        self.change.setText(self.tr("Light…"))
        self.change.setToolTip(self.tr("Enter or correct device, plate and light of both images"))
        self.change.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.change.clicked.connect(self.change_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 4)
        row.addWidget(self.text, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_captures(self, older: Capture, newer: Capture) -> None:
        """Show how two images were taken, and what must not be compared if that differs or is not known."""
        reason = compare_words.why_no_colours(older, newer)
        is_known = older.is_known and newer.is_known
        self.text.setText(reason or compare_words.capture_text(newer))
        self.text.setToolTip(
            "" if is_known else self.tr("The device, plate or light of at least one image is not known.")
        )
        self.text.setProperty("muted", not reason)
        self.text.setProperty("strong", bool(reason))
        restyle(self.text)
        self.show()
