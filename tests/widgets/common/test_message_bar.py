"""The message bar: an error that is told again keeps its button."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop.core.errors import AppError
from desktop.widgets.common.message_bar import MessageBar

FULL = AppError("The drive is full.")


def shown(bar: MessageBar) -> list[str]:
    return [button.text() for button in bar.findChildren(QPushButton) if button.isVisibleTo(bar)]


def test_error_told_again_without_a_button_keeps_the_one_it_has(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    tried: list[str] = []
    bar.tell(FULL, lambda: tried.append("again"))
    bar.tell(FULL)
    (button,) = bar.findChildren(QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert tried == ["again"]
    bar.tell(FULL)
    assert bar.text() == "The drive is full."
    assert shown(bar) == [], "it was tried, and the bar closed"


def test_error_that_a_closed_dialog_showed_is_told_again_by_the_window(qtbot: QtBot) -> None:
    window, dialog = MessageBar(), QDialog()
    bar = MessageBar(dialog, fallback=window)
    for widget in (window, dialog):
        qtbot.addWidget(widget)
    dialog.show()
    bar.tell(FULL)
    assert window.text() == ""
    dialog.close()
    bar.tell(FULL)
    assert window.text() == "The drive is full."
    window.hide()
    delete(bar)
    bar.tell(FULL)
    assert window.text() == "The drive is full."


def test_another_error_takes_the_button_away(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.tell(FULL, lambda: None)
    bar.tell(AppError("The printer is off."))
    assert bar.text() == "The printer is off."
    assert shown(bar) == []


def test_note_is_withdrawn_when_its_page_is_left_and_what_needs_an_answer_stays(qtbot: QtBot) -> None:
    pages, page = QStackedWidget(), QWidget()
    qtbot.addWidget(pages)
    bar = MessageBar(page)
    QVBoxLayout(page).addWidget(bar)
    pages.addWidget(page)
    pages.addWidget(QWidget())
    pages.show()

    def leave_and_come_back() -> str:
        pages.setCurrentIndex(1)
        pages.setCurrentIndex(0)
        return bar.text()

    bar.say("Saved in “visit.pdf”.", error=False)
    assert bar.isVisible()
    assert leave_and_come_back() == ""
    bar.tell(FULL)
    assert leave_and_come_back() == "The drive is full."
    bar.say("Add to P-0412?", error=False, action=("Add", lambda: None))
    assert leave_and_come_back() == "Add to P-0412?"
    bar.say("Not added.", error=False, is_lasting=True)
    assert leave_and_come_back() == "Not added."


def test_note_that_comes_after_its_page_was_left_is_said_where_the_user_is(qtbot: QtBot) -> None:
    pages = QStackedWidget()
    qtbot.addWidget(pages)
    bars = []
    for _ in range(2):
        page = QWidget()
        bars.append(MessageBar(page))
        QVBoxLayout(page).addWidget(bars[-1])
        pages.addWidget(page)
        bars[-1].pass_notes_to(lambda: bars[pages.currentIndex()])
    pages.show()
    left, front = bars
    left.tell(FULL)
    error = left.newest
    pages.setCurrentIndex(1)
    left.say("Planned: re-excision of P-1041, L1.", error=False)
    assert (left.text(), front.text()) == ("The drive is full.", "Planned: re-excision of P-1041, L1.")
    assert left.is_showing(error)
    assert not left.is_showing(left.newest)
    front.withdraw_note()
    assert front.text() == ""
    left.say("Add to P-0412?", error=False, action=("Add", lambda: None))
    assert (left.text(), front.text()) == ("Add to P-0412?", "")
    left.withdraw_note()
    assert left.text() == "Add to P-0412?"


def test_bar_over_a_page_shows_its_whole_text_and_moves_nothing(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    bar, below = MessageBar(page), QPushButton("P-0412")
    bar.lay_over(page)
    QVBoxLayout(page).addWidget(below)
    page.resize(500, 300)
    page.show()
    place = below.geometry()
    bar.say("Short.", error=False)
    (text,) = (label for label in bar.findChildren(QLabel) if label.text())
    low = text.height()
    bar.say("Planned: re-excision. " * 12, error=False, choice=(("Open P-0412", lambda: None),))
    qtbot.waitUntil(lambda: text.height() > 2 * low)
    for width in (300, 700):
        page.resize(width, 300)
        qtbot.waitUntil(lambda: text.height() >= text.heightForWidth(text.width()))
        assert page.rect().contains(bar.geometry())
        assert bar.width() > 0.9 * width
    page.resize(500, 300)
    assert below.geometry() == place
    bar.hide()
    assert below.geometry() == place
