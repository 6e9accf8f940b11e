"""The lesions of the open patient as cards: newest image, name and place, findings, what is due; and the images of none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidgetItem, QWidget

from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.key_chords import is_chord
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import numbered
from desktop.widgets.patient.lesion_card import CARD, CardDelegate, CardView, LesionCard, card_height, whole_height
from desktop.widgets.patient.lesion_rows import LESION_ID, UNPLACED
from desktop.widgets.visit.lesion_words import LesionLine, card_lines, day_text, image_lines

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, PlacedImage

_LEAST_WIDTH = 330
_BAR = 18
"""Width left for the scroll bar, be it there or not: the cards must not change their width with it."""


class LesionCards(CardView):
    """Arrow keys go from card to card; Enter or a click opens a lesion's newest image, C its film; Z enlarges its place."""

    lesion_requested = Signal(int)
    """The id of a lesion; `UNPLACED` for the images that have none."""
    follow_up_requested = Signal(int)
    """The id of a lesion whose images through the years are to be shown."""
    zoom_requested = Signal(int)
    """The id of a lesion whose place on the map is to be enlarged, or no longer."""
    lesion_pointed = Signal(object)
    """The id of the lesion under the pointer, else of the one that the keys are at, else None."""

    def __init__(self, open_patient: OpenPatient, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._last: int | None = None
        """The lesion that was chosen last: the keys begin there."""
        self.setAccessibleName(self.tr("Lesions of the patient"))
        self.setObjectName("lesionCards")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(CardDelegate(thumbnails, self))
        self.itemClicked.connect(lambda item: self.lesion_requested.emit(item.data(LESION_ID)))
        self.itemEntered.connect(lambda item: self._point(item.data(LESION_ID)))
        self.currentItemChanged.connect(lambda _now, _before: self._point(self._at_keys()))
        open_patient.lesion_changed.connect(self._follow_lesion)
        thumbnails.arrived.connect(lambda _sha256: self.viewport().update())

    def card(self, row: int) -> LesionCard:
        """Return what a card shows."""
        found: LesionCard = self.item(row).data(CARD)
        return found

    def show_lesions(self) -> None:
        """Show the lesions of the open patient; the keys stay where they are, or begin at the lesion that one comes from."""
        self.viewport().setAcceptDrops(True)  # cards that do not move take none otherwise; 12 ms at the start
        came_from, self._last = self._last, None
        at = self._at_keys() if came_from is None else came_from
        self.blockSignals(True)
        self.clear()
        cards = {lesion.id: self._card_of(lesion) for lesion in self._open_patient.lesions}
        if self._open_patient.waiting:
            cards[UNPLACED] = self._card_of_unplaced()
        for lesion_id, card in cards.items():
            item = QListWidgetItem(card.name)
            item.setData(LESION_ID, lesion_id)
            item.setData(CARD, card)
            whole = (card.name, *(line.text for line in card.lines if line.text), card.images)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(whole))
            item.setToolTip(for_tip("\n".join(whole)))
            self.addItem(item)
            if lesion_id == at:
                self.setCurrentItem(item)
        self.blockSignals(False)
        if came_from is not None:
            self.pointed = self._at_keys()
        self._fit()

    def point_at(self, lesion_id: int | None) -> None:
        """Highlight a card, that of a pin, and bring it into view; None for the one that the keys are at."""
        self.pointed = self._at_keys() if lesion_id is None else lesion_id
        for row in range(self.count()):
            if self.item(row).data(LESION_ID) == lesion_id:
                self.scrollToItem(self.item(row))
        self.viewport().update()

    def _follow_lesion(self) -> None:
        if self._open_patient.lesion is not None:
            self._last = self._open_patient.lesion.id

    def _card_of(self, lesion: Lesion) -> LesionCard:
        facts, today = self._open_patient.facts_of(lesion), self._open_patient.date
        images = self._open_patient.images_of(lesion.id)
        return self._card(lesion_name(lesion), images, tuple(card_lines(facts, today)))

    def _card_of_unplaced(self) -> LesionCard:
        images = self._open_patient.waiting
        facts = [("" if len(images) == 1 else one.image.name, self._open_patient.facts_of_image(one)) for one in images]
        known = [(name, found) for name, found in facts if found is not None]
        text = self.tr("Open one, then choose its lesion, or press N for a new one.")
        lines = image_lines(known, self._open_patient.date)
        return self._card(self.tr("Without a lesion"), images, (*lines, LesionLine(text)))

    def _card(self, name: str, images: list[PlacedImage], lines: tuple[LesionLine, ...]) -> LesionCard:
        dermoscopy = [image for image in images if image.kind == "dermoscopy"]
        newest = self._newest(dermoscopy or images)
        return LesionCard(name, None if newest is None else newest.image, lines, self._images(images))

    def _newest(self, images: list[PlacedImage]) -> PlacedImage | None:
        return max(images, key=lambda image: (self._open_patient.date_of(image), image.image_id), default=None)

    def _images(self, images: list[PlacedImage]) -> str:
        newest = self._newest(images)
        if newest is None:
            return self.tr("No image")
        day = day_text(self._open_patient.date_of(newest))
        return numbered(len(images), self.tr("1 image, {day}"), self.tr("{count} images, newest {day}"), day=day)

    def _at_keys(self) -> int | None:
        item = self.currentItem()
        lesion_id: int | None = None if item is None else item.data(LESION_ID)
        return lesion_id

    def _point(self, lesion_id: int | None) -> None:
        if lesion_id != self.pointed:
            self.pointed = lesion_id
            self.viewport().update()
            self.lesion_pointed.emit(lesion_id)

    def _fit(self) -> None:
        """Give the cards the width of whole columns, and the height of the fullest one, as far as all are seen then."""
        room = self.width() - _BAR
        columns = max(room // _LEAST_WIDTH, 1)
        width, height = max(room // columns, 120), card_height(QFontMetrics(self.font()))
        rows = -(-self.count() // columns)
        if rows and (most := self.viewport().height() // rows) > height:
            height = max(height, min(most, self._whole_height(width)))
        size = QSize(width, height)
        if size != self.gridSize():
            self.setGridSize(size)

    def _whole_height(self, width: int) -> int:
        strong = QFont(self.font())
        strong.setBold(True)
        metrics = QFontMetrics(self.font()), QFontMetrics(strong)
        return max(whole_height(self.card(row), *metrics, width) for row in range(self.count()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, lesion_id = None if is_chord(event) else event.key(), self._at_keys()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and lesion_id is not None:
            self.lesion_requested.emit(lesion_id)
        elif key == Qt.Key.Key_C and lesion_id not in {None, UNPLACED}:
            self.follow_up_requested.emit(lesion_id)
        elif key == Qt.Key.Key_Z and lesion_id not in {None, UNPLACED}:
            self.zoom_requested.emit(lesion_id)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(self._at_keys())
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show no menu: the actions of a lesion are in its own view."""
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
