"""The preview of the selected entry: its picture, and all that is saved of it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.records.values import Entry
from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.icons import icon
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.theme import SURROUND
from desktop.widgets.common.wording import local_time
from desktop.widgets.history.history_words import EntryWords

_WIDTH = 300
_SIGN = 20
_LEAST = 80
"""Height in points to which the details shrink, then scroll, in a low window."""


class _PreviewPicture(QWidget):
    """An image on neutral grey, as large as possible."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _WIDTH)

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTH // 2, _WIDTH // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMaximumHeight(event.size().width())  # a square: the details follow right below

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), SURROUND)
        if not self.image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            fitted = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, fitted.width(), fitted.height())
            place.moveCenter(QRectF(self.rect()).center())
            painter.drawImage(place, self.image)


class HistoryPreview(QFrame):
    """Shows one entry, or how many are selected."""

    patient_requested = Signal(object)  # Entry: only its patient's are wanted
    lesion_requested = Signal(object)  # Entry

    def __init__(self, words: EntryWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setMinimumWidth(250)
        self._words = words
        self._entry: Entry | None = None
        self._beside: Sequence[Entry | None] = ()
        self._picture = _PreviewPicture(self)
        self._name = ElidedLabel(self)
        self._name.setProperty("strong", True)
        self._sign = PlainLabel(self)
        self._answer = PlainLabel(self)
        self._answer.setProperty("strong", True)
        self._answer.setWordWrap(True)
        headline = QHBoxLayout()
        headline.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        headline.addWidget(self._answer, 1)
        self._flags = self._line()
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(5)
        self._facts.setColumnStretch(1, 1)
        self._values: list[tuple[QLabel, QLabel]] = []
        self._patient = QPushButton(self.tr("Same patient"), self)
        self._patient.clicked.connect(lambda: self.patient_requested.emit(self._entry))
        self._lesion = QPushButton(self.tr("Same lesion"), self)
        self._lesion.clicked.connect(lambda: self.lesion_requested.emit(self._entry))
        owner_row = QHBoxLayout()
        owner_row.addWidget(self._patient)
        owner_row.addWidget(self._lesion)
        self._details = QWidget(self)
        below = QVBoxLayout(self._details)
        below.setContentsMargins(14, 10, 14, 12)
        below.setSpacing(8)
        below.addWidget(self._name)
        below.addLayout(headline)
        below.addWidget(self._flags)
        below.addLayout(self._facts)
        below.addLayout(owner_row)
        self._scroll = ContentScroll(self._details, _LEAST, self)
        self._hint = self._line()
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self._picture, 1)
        layout.addWidget(self._scroll)
        layout.addWidget(self._hint, 1)
        layout.addStretch()
        self.show_number(0)

    @property
    def entry(self) -> Entry | None:
        """The entry that is shown."""
        return self._entry

    @property
    def picture(self) -> QImage:
        """The picture that is shown, null until it is loaded."""
        return self._picture.image

    def show_entry(self, entry: Entry) -> None:
        """Show the details of an entry; its picture follows."""
        if self._entry is None or self._entry.image.sha256 != entry.image.sha256:
            self._picture.image = QImage()
            self._picture.update()
        self._entry = entry
        self._beside = ()
        self._show_answer(entry)

    def show_beside(self, entry_id: int, entries: Sequence[Entry | None]) -> None:
        """Show what an entry says of its lesion together with those of the other images, if it is still shown."""
        if self._entry is not None and self._entry.id == entry_id:
            self._beside = entries
            self._show_answer(self._entry)

    def _show_answer(self, entry: Entry) -> None:
        words = self._words
        self._name.show_text(entry.image.name)
        self._answer.setText(words.lead(entry))
        sign = words.sign(entry)
        self._sign.setVisible(sign is not None)
        if sign is not None:
            self._sign.setPixmap(icon(*sign).pixmap(_SIGN, _SIGN))
        remarks = words.remarks(entry)
        self._flags.setText(remarks)
        self._flags.setVisible(bool(remarks))
        self._show_facts(
            (
                (self.tr("Patient"), words.full_place(entry)),
                (self.tr("Lesion, all images"), words.lesion(self._beside, by_file=True)),
                (self.tr("Malignant sum"), words.of_alone(entry, words.malignant(entry))),
                (self.tr("Adjusted"), words.adjusted(entry)),
                (self.tr("My assessment"), words.assessment(entry)),
                (self.tr("Outcome"), words.outcome(entry)),
                (self.tr("Time"), " · ".join(filter(None, (local_time(entry.time), entry.initials)))),
                (self.tr("Size"), f"{entry.image.width} × {entry.image.height}, {entry.image.format}"),
                (self.tr("Model"), entry.model_name),
                (self.tr("Alert limits"), words.limits(entry)),
            )
        )
        self._patient.setVisible(entry.patient_id is not None)
        self._lesion.setVisible(entry.lesion_id is not None)
        self._show_parts(True)

    def show_picture(self, sha256: str, image: QImage) -> None:
        """Show the picture of an entry, if that is still shown."""
        if self._entry is not None and self._entry.image.sha256 == sha256:
            self._picture.image = image
            self._picture.update()

    def show_number(self, chosen: int) -> None:
        """Show how many entries are selected, if that is not one."""
        self._entry = None
        self._hint.setText(
            self.tr("{count} entries chosen").format(count=chosen)
            if chosen
            else self.tr("Choose an entry to see it here.\nEnter opens it.")
        )
        self._show_parts(False)

    def _show_parts(self, has_entry: bool) -> None:
        self._picture.setVisible(has_entry)
        self._scroll.setVisible(has_entry)
        self._hint.setVisible(not has_entry)

    def _show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        for row, (name, text) in enumerate(facts):
            if row == len(self._values):
                subject, value = self._line(), PlainLabel(self)
                subject.setAlignment(Qt.AlignmentFlag.AlignTop)
                value.setWordWrap(True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._facts.addWidget(subject, row, 0)
                self._facts.addWidget(value, row, 1)
                self._values.append((subject, value))
            for label, words in zip(self._values[row], (name, text), strict=True):
                label.setText(words)
                label.setVisible(bool(text))

    def _line(self) -> QLabel:
        label = PlainLabel(self)
        label.setProperty("muted", True)
        label.setWordWrap(True)
        return label
