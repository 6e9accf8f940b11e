"""A day can be typed over part by part or whole: it is taken as it stands, or refused with a sentence."""

import datetime as dt

import pytest
from PySide6.QtCore import QDate, QEvent, QLocale, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.visit.optional_day import OptionalDay


@pytest.fixture
def day_edit(qtbot: QtBot) -> DayEdit:
    field = DayEdit(QDate(2026, 11, 28))
    qtbot.addWidget(field)
    field.setLocale(QLocale("en_GB"))
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


@pytest.mark.parametrize(
    ("start", "part", "key", "days"),
    [
        ("2026-11-01", "1", Qt.Key.Key_Down, ["2026-10-31", "2026-10-30"]),
        ("2026-10-31", "31", Qt.Key.Key_Up, ["2026-11-01", "2026-11-02"]),
        ("2026-01-31", "Jan", Qt.Key.Key_Down, ["2025-12-31", "2025-11-30"]),
        ("2024-02-29", "2024", Qt.Key.Key_Down, ["2023-02-28", "2022-02-28"]),
        ("2026-11-27", "27", Qt.Key.Key_Up, ["2026-11-28", "2026-11-28"]),  # the last day that the field takes
        ("2026-11-27", "2026", Qt.Key.Key_Up, ["2026-11-28", "2026-11-28"]),
    ],
)
def test_arrow_keys_go_over_the_end_of_a_month_and_a_year(
    qtbot: QtBot, day_edit: DayEdit, start: str, part: str, key: Qt.Key, days: list[str]
) -> None:
    day_edit.show_day(dt.date.fromisoformat(start))
    click_into(qtbot, day_edit, part)
    found = []
    for _ in days:
        qtbot.keyClick(day_edit, key)
        found.append(day_edit.day().isoformat())
    assert found == days


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


LEAVE = pytest.mark.parametrize("leaves_by_enter", [True, False])


def leave(qtbot: QtBot, field: DayEdit, *, by_enter: bool) -> None:
    if by_enter:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    else:
        field.clearFocus()


@LEAVE
def test_a_day_beyond_the_limit_is_refused_and_stays_in_the_field(
    qtbot: QtBot, day_edit: DayEdit, leaves_by_enter: bool
) -> None:
    qtbot.keyClick(day_edit, Qt.Key.Key_Home)
    qtbot.keyClicks(day_edit, "30")
    leave(qtbot, day_edit, by_enter=leaves_by_enter)
    assert day_edit.text() == "30 Nov 2026"
    assert day_edit.refusal() == "30 Nov 2026 is too late. The last day here is 28 Nov 2026."
    assert day_edit.day() == dt.date(2026, 11, 28)


DAY_FIRST, MONTH_FIRST, YEAR_FIRST = QLocale("en_GB"), QLocale("en_US"), QLocale("sv_SE")


@LEAVE
@pytest.mark.parametrize("start", [Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_A])
@pytest.mark.parametrize(
    ("locale", "typed", "day"),
    [
        (DAY_FIRST, "1.8.2026", "2026-08-01"),
        (DAY_FIRST, "01.08.2026", "2026-08-01"),
        (DAY_FIRST, "2026-08-01", "2026-08-01"),
        (DAY_FIRST, "1/8/2026", "2026-08-01"),
        (DAY_FIRST, "1 Aug 2026", "2026-08-01"),
        (DAY_FIRST, "1 August 2026", "2026-08-01"),
        (DAY_FIRST, "31 Aug 2026", "2026-08-31"),
        (DAY_FIRST, "13/8/2026", "2026-08-13"),
        (DAY_FIRST, "8/13/2026", None),
        (DAY_FIRST, "1.8.26", None),
        (DAY_FIRST, "1082026", None),
        (DAY_FIRST, "29 Feb 2026", None),
        (DAY_FIRST, "1 Ma 2026", None),
        (DAY_FIRST, "1st Aug 2026", None),
        (MONTH_FIRST, "1/8/2026", "2026-01-08"),
        (MONTH_FIRST, "13/8/2026", None),
        (MONTH_FIRST, "1.8.2026", "2026-08-01"),
        (MONTH_FIRST, "Aug 1, 2026", "2026-08-01"),
        (MONTH_FIRST, "1 Aug 2026", "2026-08-01"),
        (YEAR_FIRST, "1/8/2026", None),
        (YEAR_FIRST, "2026-08-01", "2026-08-01"),
        (QLocale("de_DE"), "1. August 2026", "2026-08-01"),
        (QLocale("de_DE"), "1. März 2026", "2026-03-01"),
        (QLocale("de_DE"), "1/8/2026", "2026-08-01"),
    ],
)
def test_a_typed_day_is_taken_as_it_stands_or_refused(
    qtbot: QtBot,
    day_edit: DayEdit,
    locale: QLocale,
    typed: str,
    day: str | None,
    start: Qt.Key,
    leaves_by_enter: bool,
) -> None:
    day_edit.setLocale(locale)
    all_of_it = start == Qt.Key.Key_A
    qtbot.keyClick(
        day_edit, start, Qt.KeyboardModifier.ControlModifier if all_of_it else Qt.KeyboardModifier.NoModifier
    )
    for letter in typed:  # QTest types no letter with an accent
        QApplication.sendEvent(day_edit, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))
    leave(qtbot, day_edit, by_enter=leaves_by_enter)
    if day is None:
        assert day_edit.refusal().startswith(f"“{day_edit.text()}” is not a day. Type it like 28 ")
        assert typed in day_edit.text()
        assert day_edit.day() == dt.date(2026, 11, 28)
    else:
        assert not day_edit.refusal()
        assert day_edit.day() == dt.date.fromisoformat(day)
        assert day_edit.text() == locale.toString(day_edit.date(), "d MMM yyyy")


def test_a_refused_text_can_be_corrected_typed_anew_or_left_for_the_calendar(qtbot: QtBot, day_edit: DayEdit) -> None:
    qtbot.keyClick(day_edit, Qt.Key.Key_Home)
    qtbot.keyClicks(day_edit, "1.8.20266")
    assert day_edit.refusal()
    qtbot.keyClick(day_edit, Qt.Key.Key_Backspace)
    assert day_edit.day() == dt.date(2026, 8, 1)
    qtbot.keyClicks(day_edit, "6")
    day_edit.clearFocus()
    day_edit.setFocus()
    qtbot.keyClicks(day_edit, "2 Jul 2026")
    assert (day_edit.day(), day_edit.refusal()) == (dt.date(2026, 7, 2), "")
    qtbot.keyClicks(day_edit, "?")
    click_into(qtbot, day_edit, "Jul")
    assert (day_edit.text(), day_edit.refusal()) == ("28 Nov 2026", "")


def refuse(qtbot: QtBot, field: DayEdit) -> None:
    """Type what is no day, leave the field, and come back: all of it is selected."""
    qtbot.keyClick(field, Qt.Key.Key_Home)
    qtbot.keyClicks(field, "1.13.2026")
    field.clearFocus()
    field.setFocus()
    assert field.lineEdit().selectedText() == "1.13.2026"


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_a_key_that_removes_what_is_selected_shows_the_day_from_before(
    qtbot: QtBot, day_edit: DayEdit, key: Qt.Key
) -> None:
    refuse(qtbot, day_edit)
    qtbot.keyClick(day_edit, key)
    assert (day_edit.text(), day_edit.refusal()) == ("28 Nov 2026", "")


def test_what_is_cut_can_be_pasted_and_nothing_is_cut_that_is_not_selected(qtbot: QtBot, day_edit: DayEdit) -> None:
    refuse(qtbot, day_edit)
    qtbot.keyClick(day_edit, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert (day_edit.text(), day_edit.refusal()) == ("28 Nov 2026", "")
    assert QApplication.clipboard().text() == "1.13.2026"
    qtbot.keyClicks(day_edit, "1.8.2026")
    qtbot.keyClick(day_edit, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert day_edit.text() == "1.8.2026"


def test_a_pasted_day_is_read_as_a_typed_one(qtbot: QtBot, day_edit: DayEdit) -> None:
    QApplication.clipboard().setText("1.8.2026")
    qtbot.keyClick(day_edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert day_edit.day() == dt.date(2026, 8, 1)


def test_a_refused_text_stays_when_its_field_is_hidden_and_shown(qtbot: QtBot, day_edit: DayEdit) -> None:
    qtbot.keyClick(day_edit, Qt.Key.Key_Home)
    qtbot.keyClicks(day_edit, "1.13.2026")
    day_edit.hide()
    day_edit.show()
    assert day_edit.text() == "1.13.2026"


def test_a_day_that_is_left_out_refuses_nothing(qtbot: QtBot) -> None:
    field = OptionalDay("on")
    qtbot.addWidget(field)
    field.is_given.setChecked(True)
    qtbot.keyClicks(field.date, "soon")
    assert field.refusal()
    field.is_given.setChecked(False)
    assert not field.refusal()


def test_the_calendar_of_a_day_ends_at_its_limit(qtbot: QtBot, day_edit: DayEdit) -> None:
    qtbot.mousePress(day_edit, Qt.MouseButton.LeftButton, pos=QPoint(day_edit.width() - 6, day_edit.height() // 2))
    qtbot.waitUntil(lambda: day_edit.calendarWidget().isVisible())
    assert day_edit.calendarWidget().maximumDate() == QDate(2026, 11, 28)
    day_edit.calendarWidget().window().close()
