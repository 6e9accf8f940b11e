"""Finds patients as the user types, the most recent visit first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.text_matching import identity
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Task
from desktop.widgets.common.icons import icon
from desktop.widgets.common.patient_words import sex_name
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import local_day

if TYPE_CHECKING:
    import datetime as dt

    from desktop.core.records.history import History
    from desktop.core.records.people import Patient

    _Found = tuple[Patient, dt.date | None]
    """A patient with the date of their last visit."""

_MOST = 30
_ROW = 32
_ROLE = Qt.ItemDataRole.UserRole


class PatientSearch(QWidget):
    """A field and a list, in which a row is current once it is the only one, an exact match, or chosen by the user.

    Enter and a double click take the current row, and a single click does where no more is asked of the user. Where there
    is none, Enter says what to do; a new patient is made by Enter pressed twice, since the text may be a typing error.
    `chosen` emits a Patient, `made` the pseudonym of one who does not exist yet.
    """

    chosen = Signal(object)
    made = Signal(str)
    current_changed = Signal(object)
    """The Patient of the current row, or None."""
    found = Signal()
    """The list matches the text."""
    failed = Signal(object)  # AppError

    def __init__(
        self, history_service: HistoryService, *, may_make: bool, takes_click: bool, parent: QWidget | None = None
    ) -> None:
        """Search patients.

        Args:
            history_service: reads them.
            may_make: whether a patient who does not exist yet is offered.
            takes_click: whether a single click takes a row, since a patient is all that is asked.
            parent: the dialog.
        """
        super().__init__(parent)
        self._history_service = history_service
        self._may_make = may_make
        self._query: Task | None = None
        self._shown: str | None = None
        """The text to which the list belongs, None until one was read."""
        self._waits = False
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Pseudonym, e.g. P-0412"))
        self.field.setAccessibleName(self.tr("Search a patient by pseudonym"))
        self.field.setMaxLength(40)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self._take)
        self.field.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Patients"))
        self.list.setIconSize(QSize(18, 18))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._tell)
        if takes_click:
            self.list.itemClicked.connect(self._tell)
        self.list.currentItemChanged.connect(self._tell_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.note = PlainLabel(self)
        self.note.setProperty("small", True)
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(2 * self.note.fontMetrics().lineSpacing())  # nothing moves when it says something
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        self.setFocusProxy(self.field)
        self._find("")

    def _find(self, text: str) -> None:
        if self._query is not None:
            self._query.abandon()
        self._waits = False  # Enter was pressed for another text
        if self._shown is None:
            self._say_reading()
        self._query = self._history_service.ask(partial(_read, text), partial(self._show, text), self._tell_failed)
        self.destroyed.connect(self._query.abandon)  # once closed, it cannot show the result

    def _say_reading(self) -> None:
        self.note.setText(self.tr("Reading the history…"))

    def _show(self, text: str, found: list[_Found]) -> None:
        self._query, self._shown = None, text
        self.note.clear()
        wanted = " ".join(text.split())
        self.list.clear()
        for patient, last_visit in found:
            visited = (
                self.tr("last visit {day}").format(day=local_day(last_visit))
                if last_visit is not None
                else self.tr("no visit yet")
            )
            words = "   ·   ".join((patient.pseudonym, sex_name(patient.sex), visited))
            item = QListWidgetItem(icon("person"), f"\u2002{words}")
            item.setData(_ROLE, patient)
            self._add(item)
        names = [identity(patient.pseudonym) for patient, _day in found]
        exact = names.index(identity(wanted)) if wanted and identity(wanted) in names else None
        if self._may_make and wanted and exact is None:
            item = QListWidgetItem(icon("person-add"), "\u2002" + self.tr("New patient “{name}”").format(name=wanted))
            item.setData(_ROLE, wanted)
            self._add(item)
        if exact is not None:
            self.list.setCurrentRow(exact)
        elif wanted and len(found) == 1 and self.list.count() == 1:  # of several, Enter would open whoever is first
            self.list.setCurrentRow(0)
        self.found.emit()
        if self._waits:
            self._waits = False
            self._take()

    def _add(self, item: QListWidgetItem) -> None:
        item.setSizeHint(QSize(0, _ROW))
        self.list.addItem(item)

    def _take(self) -> None:
        """Take the current row; if the list is still of an earlier text, or could not be read, once the new list is there."""
        if self._shown != self.field.text():
            if self._query is None:
                self._find(self.field.text())
            self._waits = True
            self._say_reading()
        elif self.list.currentItem() is not None:
            self._tell(self.list.currentItem())
        elif self.list.count() == 1 and isinstance(self.list.item(0).data(_ROLE), str):
            self.list.setCurrentRow(0)
            text = self.tr("There is no patient “{name}”. Enter in the search field once more makes a new one.")
            self.note.setText(text.format(name=self.list.item(0).data(_ROLE)))
        elif self.list.count():
            self.note.setText(self.tr("Several rows: mark one with the arrow keys, then Enter."))
        elif self.field.text().strip():
            self.note.setText(self.tr("There is no patient “{name}”.").format(name=self.field.text().strip()))

    def _tell(self, item: QListWidgetItem) -> None:
        subject = item.data(_ROLE)
        if not isinstance(subject, str):
            self.chosen.emit(subject)
        elif self._shown == self.field.text():
            self.made.emit(subject)
        else:  # offered for an earlier text; whether there is a patient of the present one is not known yet
            self._take()

    def _tell_current(self, item: QListWidgetItem | None) -> None:
        subject = None if item is None else item.data(_ROLE)
        self.current_changed.emit(None if isinstance(subject, str) else subject)

    def _tell_failed(self, error: AppError) -> None:
        self._query = None
        self._waits = False
        self.note.setText(self.tr("The patients could not be read. Enter tries again."))
        self.failed.emit(error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list with Up and Down while the field has focus."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if steps is not None:
                row = self.list.currentRow() + steps
                if 0 <= row < self.list.count():
                    self.list.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)


def _read(text: str, history: History) -> list[_Found]:
    patients = history.people.find_patients(text, _MOST)
    days = history.people.last_visits(patient.id for patient in patients)
    return [(patient, days.get(patient.id)) for patient in patients]
