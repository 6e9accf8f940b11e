"""All lesions of a visit side by side in the order of the body, for the eye that looks for the one unlike the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.body_places import places
from desktop.widgets.common.content_scroll import ContentScroll, on_screen
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import PlainLabel, for_title
from desktop.widgets.common.theme import SURROUND
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import local_day

if TYPE_CHECKING:
    from desktop.core.records.values import KeptImage

_SIDE = 200
"""The longer side of the largest image, in points."""
_GAP = 12
_LINES = 2
"""Lines of a lesion's name below its image."""


@dataclass(frozen=True)
class SheetImage:
    """The newest dermatoscope image of a lesion at this visit. `mm_per_pixel` is None where it is not known."""

    name: str
    image: KeptImage
    mm_per_pixel: float | None = None


def sheet_images(open_patient: OpenPatient) -> list[SheetImage]:
    """Return one image of each lesion that was photographed today, from head to foot; without a place come last."""
    order = {place: number for number, place in enumerate(places())}
    today, found = open_patient.date, []
    for lesion in sorted(open_patient.lesions, key=lambda one: order.get(one.site, len(order))):
        images = [
            image
            for image in open_patient.images_of(lesion.id)
            if image.kind == "dermoscopy" and open_patient.date_of(image) == today
        ]
        if images:
            found.append(SheetImage(lesion_name(lesion), images[-1].image))
    return found


def has_one_scale(images: Sequence[SheetImage]) -> bool:
    """Return whether the scale of every image is known, so that all can be shown at the same one."""
    return all(one.mm_per_pixel is not None for one in images)


def drawn_sizes(images: Sequence[SheetImage]) -> list[QSize]:
    """Return the size in points at which each image is drawn: at one scale if all are known, else each as large as fits."""
    if not has_one_scale(images):
        box = QSize(_SIDE, _SIDE)
        return [
            QSize(one.image.width, one.image.height).scaled(box, Qt.AspectRatioMode.KeepAspectRatio) for one in images
        ]
    longest = max((_longer_side_mm(one) for one in images), default=1.0)
    sizes = []
    for one in images:
        share = _SIDE * _longer_side_mm(one) / longest / max(one.image.width, one.image.height)
        sizes.append(QSize(round(share * one.image.width), round(share * one.image.height)))
    return sizes


def _longer_side_mm(one: SheetImage) -> float:
    return (one.mm_per_pixel or 0.0) * max(one.image.width, one.image.height)


class ContactSheet(QDialog):
    """Shows images and names alone: nothing of an answer, an assessment or an outcome."""

    def __init__(
        self, open_patient: OpenPatient, images: Sequence[SheetImage], thumbnails: Thumbnails, parent: QWidget
    ) -> None:
        super().__init__(parent)
        pseudonym = "" if open_patient.patient is None else open_patient.patient.pseudonym
        title = self.tr("{patient}: lesions of {day}").format(patient=pseudonym, day=local_day(open_patient.date))
        self.setWindowTitle(for_title(title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        self.view = SheetView(images, thumbnails, self)
        self.note = PlainLabel(self._about(images), self)
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self.note)
        layout.addWidget(ContentScroll(self.view, 200, self), 1)
        layout.addWidget(buttons)
        self.resize(on_screen(self, QSize(4 * (_SIDE + _GAP) + 60, 680)))

    def _about(self, images: Sequence[SheetImage]) -> str:
        if not images:
            return self.tr("No lesion has a dermatoscope image of this visit yet.")
        if has_one_scale(images):
            return self.tr("From head to foot, all at the same scale.")
        return self.tr("From head to foot. Not every image has a scale: sizes cannot be compared.")


class SheetView(QWidget):
    """The images in rows, each above the name of its lesion."""

    def __init__(self, images: Sequence[SheetImage], thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = images
        self._thumbnails = thumbnails
        self._sizes = drawn_sizes(images)
        self.setAccessibleName(self.tr("Lesions of the visit"))
        self.setAccessibleDescription(", ".join(one.name for one in images))
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        thumbnails.arrived.connect(lambda _sha256: self.update())

    def cell(self, number: int) -> QRect:
        """Return the place of an image with its name."""
        row, column = divmod(number, self._columns(self.width()))
        return QRect(column * (_SIDE + _GAP), row * (self._height() + _GAP), _SIDE, self._height())

    def sizeHint(self) -> QSize:
        return QSize(4 * (_SIDE + _GAP), self.heightForWidth(4 * (_SIDE + _GAP)))

    def minimumSizeHint(self) -> QSize:
        return QSize(_SIDE, self._height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._images) // self._columns(width))
        return max(rows, 1) * (self._height() + _GAP)

    def _columns(self, width: int) -> int:
        return max((width + _GAP) // (_SIDE + _GAP), 1)

    def _height(self) -> int:
        return _SIDE + 4 + _LINES * self.fontMetrics().lineSpacing()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QGuiApplication.palette().color(QPalette.ColorRole.Text))
        for number, (one, size) in enumerate(zip(self._images, self._sizes, strict=True)):
            cell = self.cell(number)
            if not cell.intersects(event.rect()):
                continue
            frame = QRect(cell.left(), cell.top(), _SIDE, _SIDE)
            painter.fillRect(frame, SURROUND)
            picture = self._thumbnails.picture(one.image.sha256, one.image.path)
            if picture is not None:
                place = QRect(frame.topLeft(), size)
                place.moveCenter(frame.center())
                painter.drawPixmap(place, picture)
            words = QRect(cell.left(), frame.bottom() + 4, _SIDE, cell.bottom() - frame.bottom() - 3)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap), one.name)
