"""The head of the form of an outcome: patient, lesion and picture. Histology for the wrong lesion would be harmful."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.widgets.common.kept_room import keep_room
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.thumbnails import LARGE, Thumbnails

if TYPE_CHECKING:
    from desktop.core.records.values import KeptImage


class OutcomeHeading(QWidget):
    """Shows the name at once; the remark and the picture once they are known. Below the name stands what is `recorded`."""

    def __init__(self, subject: str, recorded: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        about = PlainLabel(subject, self)
        about.setObjectName("heading")
        about.setWordWrap(True)
        self._remark = PlainLabel(self)
        self._remark.setWordWrap(True)
        self._caution = PlainLabel(self)
        self._caution.setProperty("strong", True)
        self._caution.setWordWrap(True)
        self._caution.hide()
        self._picture = PlainLabel(self)
        self._picture.setFixedSize(LARGE, LARGE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(self.tr("Picture of the lesion"))
        keep_room(self._picture, True)  # nothing moves when the picture arrives
        self._picture.hide()
        self._image: KeptImage | None = None
        self._thumbnails: Thumbnails | None = None
        words = QVBoxLayout()
        words.addWidget(about)
        words.addWidget(self._remark)
        words.addWidget(self._caution)
        words.addWidget(recorded)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_lesion(self, remark: str, image: KeptImage | None, thumbnails: Thumbnails) -> None:
        """Show what the name lacks, and a picture of the lesion once that is loaded."""
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        self._image, self._thumbnails = image, thumbnails
        thumbnails.arrived.connect(self._show_picture)
        self._show_picture()

    def caution(self, text: str) -> None:
        """Show a sentence about what may be wrong with the finding, or (empty) none."""
        self._caution.setText(text)
        self._caution.setVisible(bool(text))

    def _show_picture(self) -> None:
        image, thumbnails = self._image, self._thumbnails
        pixmap = None if image is None or thumbnails is None else thumbnails.picture(image.sha256, image.path)
        if pixmap is not None:
            self._picture.setPixmap(pixmap)
            self._picture.show()
