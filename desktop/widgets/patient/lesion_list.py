"""The lesions of the open patient with site and state, and a button for a new one; images can be dropped on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QListWidgetItem, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.core.late import Late
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common import body_places
from desktop.widgets.common.context_menu import context_menu
from desktop.widgets.common.icons import icon, with_room
from desktop.widgets.common.patient_words import lesion_name, move_text
from desktop.widgets.common.plain_text import for_key, for_tip
from desktop.widgets.patient.folded_lesion import FoldedLesionDelegate
from desktop.widgets.patient.lesion_rows import LESION_ID, UNPLACED, LesionRows
from desktop.widgets.patient.lesion_sign import sign_of
from desktop.widgets.patient.new_lesion_button import NewLesionButton

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion
    from desktop.widgets.common.body import body_marks
    from desktop.widgets.patient.body import body_map
else:
    body_map = Late("desktop.widgets.patient.body.body_map")
    body_marks = Late("desktop.widgets.common.body.body_marks")

WIDTH = 216
FOLDED = 84
FOLDS_BELOW = 1366
"""Width of the window, in points, below which the list folds: name over place, the state as an icon."""

_ROW = 46
"""Height of a row of two lines, in points."""
_BESIDE = 44
"""Width beside a row's text in points: its icon and the edges."""


class LesionList(QFrame):
    """Hidden while no patient is open, and while the patient's page shows the same lesions as cards."""

    page_requested = Signal()
    """Show the patient's page."""
    place_requested = Signal()
    """Place the chosen lesion on the body map."""
    rename_requested = Signal()
    lesion_clicked = Signal()
    """A lesion was clicked, be it chosen already or only now."""
    new_requested = Signal()
    follow_up_requested = Signal()
    """Show the images of the chosen lesion through the years."""
    files_dropped_beside = Signal(object)
    """The paths, dropped beside the lesions."""
    files_dropped = Signal(object, object)
    """A lesion's id (None for a new one), and the paths."""
    images_dropped = Signal(object, object)
    """A lesion's id (None for a new one), and the keys of images of the strip."""

    def __init__(self, open_patient: OpenPatient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesions")
        self._open_patient = open_patient
        self._is_folded = False
        self._is_aside = False
        self.page = QPushButton(icon("grid"), "", self)
        self.page.setProperty("plain", True)
        self.page.setToolTip(self.tr("All lesions of the patient (Ctrl+Home)"))
        self.page.setAccessibleName(self.tr("All lesions of the patient"))
        self.page.clicked.connect(self.page_requested)
        self._place = QPushButton(icon("body"), "", self)
        self._place.setIconSize(QSize(22, 22))
        self._place.setToolTip(self.tr("Place the chosen lesion on the body map (Ctrl+B)"))
        self._place.setAccessibleName(self.tr("Place the chosen lesion on the body map"))
        self._place.clicked.connect(self.place_requested)
        self.rows = LesionRows(self)
        self.rows.setAccessibleName(self.tr("Lesions"))
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.currentItemChanged.connect(self._choose)
        self.rows.itemClicked.connect(lambda _item: self.lesion_clicked.emit())
        self.rows.itemDoubleClicked.connect(lambda _item: self.place_requested.emit())
        self.rows.menu_requested.connect(self._show_menu)
        follow_up = QShortcut(QKeySequence("C"), self.rows)
        follow_up.setContext(Qt.ShortcutContext.WidgetShortcut)
        follow_up.activated.connect(self.follow_up_requested)
        self.rows.files_dropped.connect(self.files_dropped)
        self.rows.files_dropped_beside.connect(self.files_dropped_beside)
        self.rows.images_dropped.connect(self.images_dropped)
        self._whole, self._folded = self.rows.itemDelegate(), FoldedLesionDelegate(self.rows)
        self.moved = QPushButton(icon("moved"), "", self)
        self.moved.setProperty("plain", True)
        self.moved.setAccessibleName(self.tr("Images that were moved to or from this patient"))
        self.moved.setToolTip(self.moved.accessibleName())
        self.moved.setMenu(QMenu(self.moved))
        self.new = NewLesionButton(self)
        self.new.clicked.connect(self.new_requested)
        self.new.files_dropped.connect(lambda paths: self.files_dropped.emit(None, paths))
        self.new.images_dropped.connect(lambda keys: self.images_dropped.emit(None, keys))
        self._column = layout = QVBoxLayout(self)
        layout.setSpacing(6)
        layout.addWidget(self.page)
        layout.addWidget(self._place)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.moved)
        layout.addWidget(self.new)
        open_patient.patient_changed.connect(self._show)
        open_patient.lesion_changed.connect(self._show)
        open_patient.images_changed.connect(self._show)
        self.fold(False)
        self._show()

    @cached_property
    def map(self) -> body_map.BodyMap:
        """The lesions on the body map, created for the first patient."""
        made = body_map.BodyMap(overview=True, is_small=True, parent=self)
        made.setFixedHeight(190)
        made.setToolTip(self.tr("Place the chosen lesion (Ctrl+B)"))
        made.place_chosen.connect(lambda _place: self.place_requested.emit())
        made.mark_clicked.connect(self._open_patient.choose)
        self._column.insertWidget(self._column.indexOf(self._place), made)
        return made

    def fold(self, wanted: bool) -> None:
        """Show only names, places and icons of the states, for narrow windows."""
        self._is_folded = wanted
        self.setFixedWidth(FOLDED if wanted else WIDTH)
        self._column.setContentsMargins(*((4, 8, 4, 8) if wanted else (8, 8, 8, 8)))
        self.rows.setItemDelegate(self._folded if wanted else self._whole)
        self.page.setText("" if wanted else with_room(self.tr("All lesions")))
        self._place.setVisible(wanted)
        self.rows.setIconSize(QSize(18, 18) if wanted else QSize(20, 20))
        self.new.fold(wanted)
        self._show()

    def stand_aside(self, wanted: bool) -> None:
        """Hide the list while the patient's page is shown."""
        self._is_aside = wanted
        self._show()

    def _show(self) -> None:
        self.setVisible(self._open_patient.patient is not None and not self._is_aside)
        chosen = self._open_patient.lesion
        self.rows.blockSignals(True)
        self.rows.clear()
        for lesion in self._open_patient.lesions:
            facts = self._open_patient.facts_of(lesion)
            sign = sign_of(self._open_patient.state_of(lesion), facts, self._open_patient.date)
            name, images = lesion_name(lesion), self._count(len(self._open_patient.images_of(lesion.id)))
            place = body_places.place_name(lesion.site)
            text = f"{lesion.name}\n{place}".strip() if self._is_folded else "\n".join((name, *sign.lines))
            self._add(lesion.id, sign.icon, text, (name, *sign.whole, images))
            if chosen is not None and lesion.id == chosen.id:
                self.rows.setCurrentRow(self.rows.count() - 1)
        loose = len(self._open_patient.waiting)
        if loose:
            name = self.tr("Without a lesion")
            images = self._count(loose)
            text = self.tr("No\nlesion") if self._is_folded else f"{name}\n{images}"
            self._add(UNPLACED, "question", text, (name, images))
            if chosen is None:
                self.rows.setCurrentRow(self.rows.count() - 1)
        self.rows.blockSignals(False)
        if self._open_patient.patient is not None:
            self.map.setVisible(not self._is_folded)
            self.map.mark(body_marks.marks_of(self._open_patient.lesions), None if chosen is None else chosen.id)
        self._place.setEnabled(chosen is not None)
        self._show_moved()

    def _show_moved(self) -> None:
        patient_file = self._open_patient.patient_file
        moves = patient_file.moved if patient_file is not None else ()
        self.moved.setVisible(bool(moves))
        self.moved.setText("" if self._is_folded else with_room(self.tr("Moved: {n}").format(n=len(moves))))
        self.moved.menu().clear()
        for move in moves:
            self.moved.menu().addAction(for_key(move_text(move))).setEnabled(False)

    def _count(self, images: int) -> str:
        if images == 0:
            return self.tr("no image")
        return self.tr("1 image") if images == 1 else self.tr("{count} images").format(count=images)

    def _add(self, lesion_id: int, picture: str, text: str, whole: Sequence[str]) -> None:
        item = QListWidgetItem(icon(picture), text)
        item.setData(LESION_ID, lesion_id)
        item.setToolTip(for_tip("\n".join(whole)))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(whole))
        if not self._is_folded:
            item.setSizeHint(QSize(0, self._height(text)))
        self.rows.addItem(item)

    def _height(self, text: str) -> int:
        """Return the height of a row that shows all lines of its text, wrapped ones too."""
        metrics, wrapped = self.rows.fontMetrics(), int(Qt.TextFlag.TextWordWrap.value)
        used = metrics.boundingRect(QRect(0, 0, WIDTH - _BESIDE, 1000), wrapped, text).height()
        return max(_ROW + used - 2 * metrics.lineSpacing(), _ROW)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            lesion_id = item.data(LESION_ID)
            self._open_patient.choose(None if lesion_id == UNPLACED else lesion_id)

    def _show_menu(self, event: QContextMenuEvent) -> None:
        if self._open_patient.lesion is not None:
            self.make_menu(self._open_patient.lesion).exec(event.globalPos())

    def make_menu(self, lesion: Lesion) -> QMenu:
        """Return the menu of the chosen lesion."""
        menu = context_menu(self)
        name = lesion_name(lesion)
        menu.addAction(for_key(self.tr("Place {name} on the body map…").format(name=name)), self.place_requested.emit)
        menu.addAction(
            for_key(self.tr("{name} through the years (C)").format(name=name)), self.follow_up_requested.emit
        )
        menu.addAction(for_key(self.tr("Rename {name}…").format(name=name)), self.rename_requested.emit)
        return menu
