"""The page of the open patient: their lesions as cards, and the body map with the same lesions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.late import Late
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.icons import labelled
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import numbered
from desktop.widgets.patient.new_lesion_button import NewLesionButton

if TYPE_CHECKING:
    from desktop.widgets.common import body_places
    from desktop.widgets.common.body import body_marks
    from desktop.widgets.patient import lesion_cards, overview_strip
    from desktop.widgets.patient.body import body_map, zoom_buttons
else:
    body_map = Late("desktop.widgets.patient.body.body_map")
    body_places = Late("desktop.widgets.common.body_places")
    body_marks = Late("desktop.widgets.common.body.body_marks")
    zoom_buttons = Late("desktop.widgets.patient.body.zoom_buttons")
    lesion_cards = Late("desktop.widgets.patient.lesion_cards")
    overview_strip = Late("desktop.widgets.patient.overview_strip")

_NAMED = 3
"""The most lesions that the line below the map names."""

_CARDS, _MAP = 16, 9
"""Shares of the width."""


class PatientPage(QWidget):
    """Shown while no lesion of the patient is chosen and no image is open. A card and its place highlight each other.

    Its contents are created when it is first shown.
    """

    lesion_requested = Signal(int)
    """The id of a lesion whose newest image is to be opened; `UNPLACED` for the images that have none."""
    follow_up_requested = Signal(int)
    """The id of a lesion whose images through the years are to be shown."""
    photograph_requested = Signal(str)
    """The SHA-256 of an overview photograph that is to be shown with its pins."""
    photograph_return_requested = Signal(object)
    """The PlacedImage of a removed photograph that is to be put back."""
    photographs_requested = Signal()
    """Overview photographs are to be added."""
    new_requested = Signal()
    sheet_requested = Signal()
    """The contact sheet of the visit is wanted."""
    files_dropped_beside = Signal(object)
    """The paths, dropped beside the lesions."""
    files_dropped = Signal(object, object)
    """A lesion's id (None for a new one), and the paths."""
    images_dropped = Signal(object, object)
    """A lesion's id (None for a new one), and the keys of images of the strip."""

    def __init__(self, open_patient: OpenPatient, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._thumbnails = thumbnails
        self._is_created = False
        for changed in (open_patient.patient_changed, open_patient.lesion_changed, open_patient.images_changed):
            changed.connect(self._show)

    def _create(self) -> None:
        self._is_created = True
        self._title = PlainLabel(self)
        self._title.setObjectName("heading")
        self._note = ElidedLabel(self, is_optional=True)
        self._note.setProperty("muted", True)
        self.new = NewLesionButton(self)
        self.new.fold(False)
        sheet = labelled("grid", self.tr("Contact sheet"), self)
        sheet.setToolTip(self.tr("One image of each lesion of this visit, from head to foot, without assessments"))
        sheet.clicked.connect(self.sheet_requested)
        self.cards = lesion_cards.LesionCards(self._open_patient, self._thumbnails, self)
        self.cards.lesion_requested.connect(self.lesion_requested)
        self.cards.follow_up_requested.connect(self.follow_up_requested)
        self.cards.lesion_pointed.connect(self._mark)
        self.cards.zoom_requested.connect(self._zoom_to)
        self.cards.files_dropped.connect(self.files_dropped)
        self.cards.files_dropped_beside.connect(self.files_dropped_beside)
        self.cards.images_dropped.connect(self.images_dropped)
        self.new.clicked.connect(self.new_requested)
        self.new.files_dropped.connect(lambda paths: self.files_dropped.emit(None, paths))
        self.new.images_dropped.connect(lambda keys: self.images_dropped.emit(None, keys))
        self.map = body_map.BodyMap(overview=True, parent=self)
        self.map.mark_hovered.connect(self._point)
        self.map.mark_clicked.connect(self.lesion_requested)
        self.map.place_hovered.connect(self._name)
        self._sides = ElidedLabel(self, is_optional=True)
        self._sides.setProperty("muted", True)
        self._name("")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(sheet)
        head.addWidget(self.new)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.cards, _CARDS)
        self.overviews = overview_strip.OverviewStrip(self._open_patient, self._thumbnails, self)
        self.overviews.photograph_requested.connect(self.photograph_requested)
        self.overviews.add_requested.connect(self.photographs_requested)
        self.overviews.return_requested.connect(self.photograph_return_requested)
        below = QHBoxLayout()
        below.addWidget(self._sides, 1)
        below.addWidget(zoom_buttons.ZoomButtons(self.map, self))
        beside = QVBoxLayout()
        beside.setSpacing(6)
        beside.addWidget(self.map, 1)
        beside.addLayout(below)
        beside.addWidget(self.overviews)
        body.addLayout(beside, _MAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(body, 1)
        self.setFocusProxy(self.cards)

    def _show(self) -> None:
        patient, lesions = self._open_patient.patient, self._open_patient.lesions
        if patient is None or not self.isVisible():  # filled when it is shown
            return
        count = numbered(len(lesions), self.tr("1 lesion"), self.tr("{count} lesions"))
        self._title.setText(self.tr("{patient}: {count}").format(patient=patient.pseudonym, count=count))
        self._note.show_text(self.tr("Click a lesion to open its newest image, or drop new images on it."))
        self.cards.show_lesions()
        self.overviews.show_photographs()
        self._mark(self.cards.pointed)
        self._name("")

    def _mark(self, lesion_id: int | None) -> None:
        """Mark every lesion on the map; the one with this id is highlighted."""
        self.map.mark(body_marks.marks_of(self._open_patient.lesions), lesion_id)

    def _point(self, lesion_id: int | None) -> None:
        """Highlight the card of the pin under the pointer; without one, that of the keys again."""
        self.cards.point_at(lesion_id)
        self._mark(self.cards.pointed)

    def _name(self, place: str) -> None:
        """Name the place under the pointer; without one, say what the signs mean and which lesions the map lacks."""
        name = body_places.place_name(place)
        missing = body_marks.unmarked(self._open_patient.lesions)
        if name:
            text = self.tr("{place}: click to enlarge").format(place=name[:1].upper() + name[1:])
        elif missing:  # alone, since a line that does not fit is hidden
            named = ", ".join(one.name for one in missing[:_NAMED])
            text = (
                self.tr("Not on the map: {lesions}")
                if len(missing) <= _NAMED
                else self.tr("Not on the map: {lesions} and {n} more")
            )
            text = text.format(lesions=named, n=len(missing) - _NAMED)
        else:
            text = self.tr("Dot: the exact point. Ring: only the place.")
        self._sides.show_text(text)

    def _zoom_to(self, lesion_id: int) -> None:
        """Enlarge the place of a lesion, or show the whole map again."""
        lesion = next((one for one in self._open_patient.lesions if one.id == lesion_id), None)
        if self.map.is_zoomed or lesion is None or not lesion.site:
            self.map.fit()
        else:
            self.map.zoom_to(lesion.site, None if lesion.pin is None else body_marks.from_pin(lesion.pin))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_created and self.map.is_zoomed:
            self.map.fit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        if not self._is_created:
            self._create()
        super().showEvent(event)
        self._show()
