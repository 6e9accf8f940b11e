"""The clinician's diagnosis: nine by key, and a longer list that is searched as one types."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QButtonGroup, QComboBox, QCompleter, QGridLayout, QLabel, QRadioButton, QWidget

from desktop.core.diagnoses import BY_KEY, OTHERS, diagnosis_name, diagnosis_of
from desktop.widgets.wording import translated

_SEARCHED = Qt.ItemDataRole.UserRole + 1
_OTHER = len(BY_KEY)


class _Search(QCompleter):
    """Finds a diagnosis by any part of its name or of what else it is called; what stands in the field is its name."""

    def __init__(self, table: QStandardItemModel, parent: QWidget) -> None:
        super().__init__(table, parent)
        self.setCompletionRole(_SEARCHED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(10)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.DisplayRole) or "")


class OtherDiagnosis(QComboBox):
    """The longer list; what is not on it may be typed."""

    finished = Signal()
    """The user has pressed Enter or Esc in it."""

    def __init__(self, parent: QWidget | None = None, *, with_all: bool = False) -> None:
        """Make the list; `with_all` is with the nine, where they have no keys."""
        super().__init__(parent)
        self._names = {term.id: translated(term.name) for term in (*BY_KEY, *OTHERS)}
        table = QStandardItemModel(self)
        for term in (*BY_KEY, *OTHERS) if with_all else OTHERS:
            item = QStandardItem(self._names[term.id])
            item.setData(f"{self._names[term.id]}, {translated(term.also)}" if term.also else item.text(), _SEARCHED)
            table.appendRow(item)
        self.setModel(table)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self.setCompleter(_Search(table, self))
        self.setCurrentIndex(-1)
        self.setAccessibleName(self.tr("Another diagnosis: type to search, or type your own"))
        edit = self.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self.tr("Search or type") if with_all else self.tr("Other: search or type"))

    def diagnosis(self) -> str:
        """Return what is kept of what stands in the field."""
        return diagnosis_of(self.currentText(), self._names)

    def show_diagnosis(self, diagnosis: str) -> None:
        """Show a diagnosis as it is kept."""
        self.setEditText(translated(diagnosis_name(diagnosis)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            self.finished.emit()
        else:
            super().keyPressEvent(event)


class DiagnosisChoice(QWidget):
    """One row a diagnosis, each before its key."""

    changed = Signal()
    finished = Signal()
    """The search of the longer list has ended: the keys are the image's again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate([*(translated(term.name) for term in BY_KEY), ""]):
            key = QLabel(str((row + 1) % 10), self)
            key.setProperty("muted", True)
            button = QRadioButton(name, self)
            button.setAccessibleName(name or self.tr("Another diagnosis"))
            self._group.addButton(button, row)
            grid.addWidget(key, row, 0)
            grid.addWidget(button, row, 1, 1, 1 if row == _OTHER else 2)
        self.other = OtherDiagnosis(self)
        grid.addWidget(self.other, _OTHER, 2)
        grid.setColumnStretch(1, 0)
        grid.setColumnStretch(2, 1)
        self._group.idClicked.connect(self._tell)
        self.other.editTextChanged.connect(self._take_other)
        self.other.finished.connect(self.finished)

    @property
    def is_other(self) -> bool:
        """Whether the diagnosis is one of the longer list, or typed."""
        return self._group.checkedId() == _OTHER

    def diagnosis(self) -> str:
        """Return what is chosen as it is kept; empty where nothing is."""
        chosen = self._group.checkedId()
        if chosen == _OTHER:
            return self.other.diagnosis()
        return BY_KEY[chosen].id if chosen >= 0 else ""

    def show_diagnosis(self, diagnosis: str) -> None:
        """Show what is chosen, or that nothing is."""
        by_key = next((row for row, term in enumerate(BY_KEY) if term.id == diagnosis), -1)
        self.other.blockSignals(True)
        self.other.show_diagnosis("" if by_key >= 0 else diagnosis)
        self.other.blockSignals(False)
        self._check(by_key if by_key >= 0 or not diagnosis else _OTHER)

    def choose_by_key(self, digit: int) -> None:
        """Choose the diagnosis of a key, 1 to 9; 0 goes to the longer list."""
        if digit:
            self._check(digit - 1)
        else:
            self._check(_OTHER)
            self.other.setFocus(Qt.FocusReason.ShortcutFocusReason)
            edit = self.other.lineEdit()
            if edit is not None:
                edit.selectAll()
        self.changed.emit()

    def _check(self, row: int) -> None:
        self._group.setExclusive(False)  # an exclusive group cannot be without a choice
        for place, button in enumerate(self._group.buttons()):
            button.setChecked(place == row)
        self._group.setExclusive(True)

    def _take_other(self, text: str) -> None:
        if text:
            self._check(_OTHER)
        self.changed.emit()

    def _tell(self, row: int) -> None:
        if row == _OTHER:
            self.other.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
