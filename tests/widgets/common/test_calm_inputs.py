"""The mouse wheel changes nothing that the user did not mean, and a day can be typed over."""

import datetime as dt
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDateEdit, QDoubleSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.common.calm_inputs import ChoiceBox, DayEdit
from desktop.widgets.common.diagnosis_choice import OtherDiagnosis, StatisticsChoice
from desktop.widgets.common.number_field import NumberField

DESKTOP = Path(__file__).parents[3] / "desktop"


def turn_wheel(widget: QWidget) -> bool:
    """Turn the wheel over a widget; return whether it used it, so that its page does not scroll."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def value(widget: QWidget) -> object:
    if isinstance(widget, QComboBox):
        return widget.currentIndex(), widget.currentText()
    return widget.date() if isinstance(widget, QDateEdit) else widget.value()  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [ChoiceBox, DayEdit, NumberField, OtherDiagnosis, StatisticsChoice])
def test_the_wheel_scrolls_the_page_and_changes_no_field(qtbot: QtBot, kind: type[QWidget]) -> None:
    field = kind()
    qtbot.addWidget(field)
    if isinstance(field, ChoiceBox):
        field.addItems(["one", "two", "three"])
    if isinstance(field, QComboBox):
        field.setCurrentIndex(1)
    if isinstance(field, QDoubleSpinBox):
        field.setValue(5)
    field.show()
    field.setFocus()
    before = value(field)
    assert not turn_wheel(field)
    assert value(field) == before


def test_no_field_is_made_that_the_wheel_changes() -> None:
    made = re.compile(
        r"\b(QComboBox|QDateEdit|QSpinBox|QDoubleSpinBox|QTimeEdit|QDateTimeEdit)\(|\((QComboBox|QDateEdit)\):"
    )
    found = [
        f"{file.name}: {match[0]}"
        for file in sorted(DESKTOP.rglob("*.py"))
        for match in made.finditer(file.read_text(encoding="utf-8"))
        if file.name != "calm_inputs.py"
    ]
    assert found == []


@pytest.fixture
def day_edit(qtbot: QtBot) -> DayEdit:
    field = DayEdit(QDate(2026, 11, 28))
    qtbot.addWidget(field)
    field.setLocale(QLocale("en_GB"))
    field.setCalendarPopup(True)
    field.setDisplayFormat("d MMM yyyy")
    field.setMaximumDate(QDate(2026, 11, 28))
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    return field


def click_into(qtbot: QtBot, field: DayEdit, text: str) -> None:
    """Click behind the first letter of a part of what the field shows."""
    shown = field.lineEdit()
    wanted, middle = shown.text().index(text) + 1, shown.height() // 2
    place = next(QPoint(x, middle) for x in range(shown.width()) if shown.cursorPositionAt(QPoint(x, middle)) == wanted)
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize(
    ("part", "typed", "day"),
    [("28", "01", QDate(2026, 11, 1)), ("Nov", "Jan", QDate(2026, 1, 28)), ("2026", "2025", QDate(2025, 11, 28))],
)
def test_typing_replaces_the_part_of_a_day_that_was_clicked(
    qtbot: QtBot, day_edit: DayEdit, part: str, typed: str, day: QDate
) -> None:
    click_into(qtbot, day_edit, part)
    qtbot.keyClicks(day_edit, typed)
    assert day_edit.date() == day


def test_home_and_end_select_the_day_and_the_year(qtbot: QtBot, day_edit: DayEdit) -> None:
    click_into(qtbot, day_edit, "Nov")
    qtbot.keyClick(day_edit, Qt.Key.Key_Home)
    qtbot.keyClicks(day_edit, "01")
    qtbot.keyClick(day_edit, Qt.Key.Key_End)
    qtbot.keyClicks(day_edit, "2025")
    assert day_edit.date() == QDate(2025, 11, 1)


def test_tab_selects_the_part_that_follows(qtbot: QtBot, day_edit: DayEdit) -> None:
    click_into(qtbot, day_edit, "28")
    qtbot.keyClick(day_edit, Qt.Key.Key_Tab)
    qtbot.keyClicks(day_edit, "Jan")
    assert day_edit.date() == QDate(2026, 1, 28)


def test_what_was_selected_with_the_mouse_stays_selected(qtbot: QtBot, day_edit: DayEdit) -> None:
    day_edit.selectAll()
    qtbot.mouseRelease(day_edit.lineEdit(), Qt.MouseButton.LeftButton)
    assert day_edit.lineEdit().selectedText() == "28 Nov 2026"


def test_a_day_of_last_month_is_typed_whole_late_in_the_month_too(qtbot: QtBot, day_edit: DayEdit) -> None:
    day_edit.setMaximumDate(QDate(2026, 9, 3))
    day_edit.clearFocus()
    day_edit.setFocus()
    qtbot.keyClick(day_edit, Qt.Key.Key_Home)
    qtbot.keyClicks(day_edit, "25 Aug 2026")
    assert day_edit.day() == dt.date(2026, 8, 25)
    qtbot.keyClick(day_edit, Qt.Key.Key_Return)
    assert day_edit.date() == QDate(2026, 8, 25)


@pytest.mark.parametrize("leaves_by_enter", [True, False])
def test_a_day_beyond_the_limit_becomes_the_limit_once_the_field_is_left(
    qtbot: QtBot, day_edit: DayEdit, leaves_by_enter: bool
) -> None:
    qtbot.keyClick(day_edit, Qt.Key.Key_Home)
    qtbot.keyClicks(day_edit, "30")
    assert day_edit.text() == "30 Nov 2026"
    assert day_edit.day() == dt.date(2026, 11, 28)
    if leaves_by_enter:
        qtbot.keyClick(day_edit, Qt.Key.Key_Return)
    else:
        day_edit.clearFocus()
    assert day_edit.text() == "28 Nov 2026"


def test_the_calendar_of_a_day_ends_at_its_limit(qtbot: QtBot, day_edit: DayEdit) -> None:
    qtbot.mousePress(day_edit, Qt.MouseButton.LeftButton, pos=QPoint(day_edit.width() - 6, day_edit.height() // 2))
    qtbot.waitUntil(lambda: day_edit.calendarWidget().isVisible())
    assert day_edit.calendarWidget().maximumDate() == QDate(2026, 11, 28)
    day_edit.calendarWidget().window().close()
