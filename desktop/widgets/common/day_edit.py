"""A field for a day, which takes a typed day as it stands or refuses it: no part of it is dropped or put elsewhere."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate, QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QShowEvent,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import QDateEdit, QToolTip, QWidget

from desktop.widgets.common.day_text import parts_of, read_day, replace_parts

_SECTIONS = (QDateEdit.Section.DaySection, QDateEdit.Section.MonthSection, QDateEdit.Section.YearSection)
"""The parts of a day as the field shows them."""

_STEPS = dict(zip(_SECTIONS, (QDate.addDays, QDate.addMonths, QDate.addYears), strict=True))
"""What an arrow key adds. Qt's own steps end with the month and the year: on the 1st, Down does nothing."""

_MOVING = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
}
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class DayEdit(QDateEdit):
    """A click, Home and End select day, month or year; what is typed replaces that part, or the whole day if it is one.

    Qt's own reading takes "1.8.2026" typed over 29 Nov for 18 Nov: it drops each key that does not fit the part it is at. So
    the keys are collected here and read together. While `refusal` is not empty the field shows what was typed, and its day is
    that from before: do not store it.
    """

    input_changed = Signal()
    """Another day was entered, or another text is refused, or none any more."""

    _typed = ""
    """What was typed since a part was selected; empty if the field shows its day. Qt validates before `__init__` is done."""

    def __init__(self, date: QDate | None = None, parent: QWidget | None = None) -> None:
        super().__init__(QDate.currentDate() if date is None else date, parent)
        self.setCalendarPopup(True)
        self.setDisplayFormat("d MMM yyyy")
        self.setProperty("refused", False)
        self._first: int | None = None
        """The part that is typed over, by its place in `_SECTIONS`; None for the whole day."""
        self._before = self.date()
        self._refusal = ""
        self.lineEdit().installEventFilter(self)
        self._told = self._before, ""
        """Day and refusal when `input_changed` was sent last."""
        self.dateChanged.connect(lambda _date: self._announce())

    def day(self) -> dt.date:
        """Return the day."""
        date = self.date()
        return dt.date(date.year(), date.month(), date.day())

    def show_day(self, day: dt.date) -> None:
        """Enter a day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def refusal(self) -> str:
        """Return why the text is refused, in one sentence; empty if it is accepted."""
        return self._refusal

    def setDate(self, date: QDate) -> None:
        self._typed = ""
        super().setDate(date)
        self._refuse("")

    def stepBy(self, steps: int) -> None:
        section = self.currentSection()
        add = _STEPS.get(section, QDate.addDays)
        self.setDate(add(self.date(), steps))
        self.setSelectedSection(section)

    def stepEnabled(self) -> QDateEdit.StepEnabledFlag:
        enabled = QDateEdit.StepEnabledFlag.StepNone
        if self.date() > self.minimumDate():
            enabled |= QDateEdit.StepEnabledFlag.StepDownEnabled
        if self.date() < self.maximumDate():
            enabled |= QDateEdit.StepEnabledFlag.StepUpEnabled
        return enabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        if self._typed:  # else Qt shows 28 Feb in place of 29 Feb 2026
            return QValidator.State.Acceptable, text, position
        state, text, position = super().validate(text, position)
        return state, text, position

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            self._end_typing()
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._select_section()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._end_typing()  # the calendar opens
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_typed()
        if self._typed:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if not self._refusal:
            self._end_typing()
        super().focusOutEvent(event)  # shows the day
        self._show_typed()
        self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)  # shows the day
        self._show_typed()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        if self._typed and (self._refusal or self._first is None or len(parts_of(self._typed) or ()) > 1):
            return QWidget.focusNextPrevChild(self, forwards)
        self._end_typing()
        return super().focusNextPrevChild(forwards)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString():
            self._type(event.commitString())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text, is_command = event.text(), bool(event.modifiers() & _COMMANDS)
        if event.matches(QKeySequence.StandardKey.Paste):
            self.selectAll()
            self._type(QGuiApplication.clipboard().text().strip())
        elif event.matches(QKeySequence.StandardKey.Cut):  # before Delete: Shift and Delete cut too
            # A part of the day is only copied: without it there would be none.
            self.lineEdit().copy()
            if self._is_all_selected():
                self._read("")
        elif event.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self._read("" if self._is_all_selected() else self._typed[:-1])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._refusal:
            self._tell()
        elif text and text.isprintable() and not is_command:
            self._type(text)
        else:
            if event.key() in _MOVING or event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._end_typing()
            super().keyPressEvent(event)
            if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
                self._select_section()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _type(self, text: str) -> None:
        if self._is_all_selected():
            self._typed, self._first = "", None
        elif not self._typed:
            self._first = _SECTIONS.index(self.currentSection())
        if not self._typed:
            self._before = self.date()
        if self._typed or parts_of(text) != []:  # a separator alone begins nothing
            self._read(self._typed + text)

    def _is_all_selected(self) -> bool:
        return self.lineEdit().selectedText() == self.text()

    def _read(self, typed: str) -> None:
        """Take what was typed so far as the day that it means, or refuse it."""
        if not typed:
            self.setDate(self._before if self._typed else self.date())
            return
        self._typed = typed
        found = read_day(typed, self.locale())
        if found is None and self._first is not None:
            found = replace_parts(typed, self._before, self._first, self.locale())
        refusal = self._why_not(found)
        self._refusal = refusal  # before the signal of another day
        super().setDate(self._before if refusal or found is None else found)
        self._show_typed()
        self._refuse(refusal)

    def _why_not(self, found: QDate | None) -> str:
        def shown(date: QDate) -> str:
            return self.locale().toString(date, self.displayFormat())

        if found is None:
            text = self.tr("“{typed}” is not a day. Type it like {example}.")
            return text.format(typed=self._text(), example=shown(self._before))
        if found > self.maximumDate():
            return self.tr("{day} is too late. The last day here is {last}.").format(
                day=shown(found), last=shown(self.maximumDate())
            )
        if found < self.minimumDate():
            return self.tr("{day} is too early. The first day here is {first}.").format(
                day=shown(found), first=shown(self.minimumDate())
            )
        return ""

    def _refuse(self, refusal: str) -> None:
        self._refusal = refusal
        if self.property("refused") != bool(refusal):
            self.setProperty("refused", bool(refusal))
            self.style().polish(self)
        self._announce()

    def _announce(self) -> None:
        now = self.date(), self._refusal
        if now != self._told:
            self._told = now
            self.input_changed.emit()

    def _tell(self) -> None:
        """Say at the field why its text is refused: not every form has a line for that."""
        if self._refusal:
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self._refusal, self)

    def _text(self) -> str:
        """Return what the field shows while a day is typed: the typed part in its place, or the typed text alone."""
        if self._first is None or len(parts_of(self._typed) or ()) != 1:
            return self._typed
        parts = [self.locale().toString(self._before, form) for form in ("d", "MMM", "yyyy")]
        parts[self._first] = self._typed
        return " ".join(parts)

    def _show_typed(self) -> None:
        if not self._typed:
            return
        shown, text = self.lineEdit(), self._text()
        with QSignalBlocker(shown):  # else Qt reads it
            shown.setText(text)
            shown.setCursorPosition(text.rindex(self._typed) + len(self._typed))

    def _end_typing(self) -> None:
        """Show the day again; a text that was refused is gone."""
        if self._typed:
            self.setDate(self.date())

    def _select_section(self) -> None:
        """Select the part with the cursor, unless the user selected something."""
        if not self.lineEdit().hasSelectedText():
            self.setSelectedSection(self.currentSection())
