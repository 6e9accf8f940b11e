"""The choice of a diagnosis: nine by key, and a longer list that is searched while typing."""

from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QButtonGroup, QComboBox, QCompleter, QGridLayout, QLineEdit, QRadioButton, QWidget

from desktop.core.diagnoses import (
    BY_KEY,
    COLLISION,
    NO_RESIDUAL_TUMOUR,
    OTHER_BENIGN,
    OTHER_MALIGNANT,
    OTHERS,
    UNCERTAIN_POTENTIAL,
    Term,
    TypedDiagnosis,
    counts_as,
    diagnosis_name,
    read_diagnosis,
)
from desktop.core.labels import KNOWN_LABELS
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import translated

_SEARCHED = Qt.ItemDataRole.UserRole + 1
_OTHER = len(BY_KEY)
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
_PLAIN = {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}


def _translated_terms() -> tuple[Term, ...]:
    return tuple(
        replace(term, name=translated(term.name), also=translated(term.also) if term.also else "")
        for term in (*BY_KEY, *OTHERS)
    )


class _DiagnosisCompleter(QCompleter):
    """Completes a diagnosis from any part of its name or synonyms; the field then holds its name."""

    def __init__(self, table: QStandardItemModel, parent: QWidget) -> None:
        super().__init__(table, parent)
        self.setCompletionRole(_SEARCHED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(10)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.DisplayRole) or "")


class _Field(QLineEdit):
    """Leaves Enter to the list, unless a row of the search is selected: then Enter takes that row, as in Qt."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            return
        completer = self.completer()
        popup = completer.popup() if completer is not None else None
        if popup is not None and popup.isVisible() and popup.currentIndex().isValid():
            event.ignore()
        else:
            event.accept()
            self.entered.emit()


class OtherDiagnosis(ChoiceBox):
    """The longer list, in which other diagnoses may be typed."""

    finished = Signal()
    """A diagnosis was entered, or Esc was pressed."""

    def __init__(self, parent: QWidget | None = None, *, with_all: bool = False) -> None:
        """Create the list; `with_all` is for outcomes: with the nine, which have no keys there, and with no residual tumour."""
        super().__init__(parent)
        self._terms = _translated_terms()
        table = QStandardItemModel(self)
        seen = [term for term in self._terms[len(BY_KEY) :] if term.id != NO_RESIDUAL_TUMOUR]
        for term in self._terms if with_all else seen:
            item = QStandardItem(term.name)
            item.setData(f"{term.name}, {term.also}" if term.also else term.name, _SEARCHED)
            table.appendRow(item)
        self.setModel(table)
        self.setEditable(True)
        self.field = _Field(self)
        self.field.entered.connect(self._enter)
        self.setLineEdit(self.field)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(20)  # as wide as its place, whatever the longest diagnosis
        self._search = _DiagnosisCompleter(table, self)
        self.setCompleter(self._search)
        self.setCurrentIndex(-1)
        self.setAccessibleName(self.tr("Another diagnosis: type to search, or type your own"))
        self.field.setPlaceholderText(self.tr("Search or type") if with_all else self.tr("Other: search or type"))

    def diagnosis(self) -> str:
        """Return the diagnosis to save; empty while the text is only part of a word in the list."""
        return self._reading().diagnosis

    def advice(self) -> str:
        """Return a hint about what is missing in the field, empty if nothing is."""
        begun = len(self._reading().begun)
        if begun:
            return (
                self.tr("Several diagnoses have this in their name: choose one.")
                if begun > 1
                else self.tr("Enter completes it.")
            )
        return self.tr("Of a collision the worse lesion counts.") if self.diagnosis() == COLLISION else ""

    def show_diagnosis(self, diagnosis: str) -> None:
        """Show a saved diagnosis."""
        self.setEditText(translated(diagnosis_name(diagnosis)))

    def _reading(self) -> TypedDiagnosis:
        return read_diagnosis(self.currentText(), self._terms)

    def _enter(self) -> None:
        """Take the diagnosis that the text names, or the only one offered; if several match, take none and keep the focus."""
        reading = self._reading()
        if len(reading.begun) > 1:
            self._search.complete()
            return
        diagnosis = reading.diagnosis or "".join(reading.begun)
        if diagnosis:
            self.show_diagnosis(diagnosis)
        popup = self._search.popup()
        if popup is not None:
            popup.hide()
        self.finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.finished.emit()
        elif event.key() in _MOVES and event.modifiers() in _PLAIN:
            self._search.setCompletionPrefix(self.currentText())
            self._search.complete()  # a combo box would go through the whole list, and replace what was typed
        else:
            super().keyPressEvent(event)


class StatisticsChoice(ChoiceBox):
    """The label of a diagnosis for statistics: the list's proposal until the user chooses another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItem(self.tr("none chosen"), None)
        for label in KNOWN_LABELS:
            self.addItem(translated(label.name), label.id)
        self.addItem(self.tr("Malignant, none of these"), OTHER_MALIGNANT)
        self.addItem(self.tr("Uncertain malignant potential"), UNCERTAIN_POTENTIAL)
        self.addItem(self.tr("Benign, none of these"), OTHER_BENIGN)
        self.setAccessibleName(self.tr("For statistics, this diagnosis is"))
        self._terms = _translated_terms()
        self._is_proposed = False

    def propose_for(self, diagnosis: str) -> None:
        """Show the proposal for a diagnosis, or clear it if there is none."""
        proposed = counts_as(diagnosis, self._terms)
        if proposed is not None or self._is_proposed:
            self.show_label(proposed, diagnosis)

    def show_label(self, label: str | None, diagnosis: str) -> None:
        """Show the label that was chosen for a diagnosis."""
        self._is_proposed = label is not None and label == counts_as(diagnosis, self._terms)
        self.setCurrentIndex(max(self.findData(label), 0))

    def preset(self, label: str | None, diagnosis: str) -> None:
        """Show the recorded label of a diagnosis until another diagnosis takes its place."""
        self.show_label(label, diagnosis)
        self._is_proposed = label is not None

    def label(self) -> str | None:
        """Return the label, `OTHER_MALIGNANT`, `UNCERTAIN_POTENTIAL`, `OTHER_BENIGN`, or None."""
        chosen: str | None = self.currentData()
        return chosen


class DiagnosisChoice(QWidget):
    """One row per diagnosis, after its key."""

    changed = Signal()
    finished = Signal()
    """The search in the longer list has ended: the image gets the keys again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate([*(translated(term.name) for term in BY_KEY), ""]):
            key = PlainLabel(str((row + 1) % 10), self)
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
        """Whether the diagnosis is from the longer list, or typed."""
        return self._group.checkedId() == _OTHER

    def diagnosis(self) -> str:
        """Return the chosen diagnosis as saved, empty if there is none."""
        chosen = self._group.checkedId()
        if chosen == _OTHER:
            return self.other.diagnosis()
        return BY_KEY[chosen].id if chosen >= 0 else ""

    def show_diagnosis(self, diagnosis: str) -> None:
        """Show a diagnosis, or none."""
        by_key = next((row for row, term in enumerate(BY_KEY) if term.id == diagnosis), -1)
        self.other.blockSignals(True)
        self.other.show_diagnosis("" if by_key >= 0 else diagnosis)
        self.other.blockSignals(False)
        self._check(by_key if by_key >= 0 or not diagnosis else _OTHER)

    def choose_by_key(self, digit: int) -> None:
        """Choose the diagnosis of a key from 1 to 9; 0 moves to the longer list."""
        if digit:
            self._check(digit - 1)
        else:
            self._check(_OTHER)
            self.other.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.other.field.selectAll()
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
