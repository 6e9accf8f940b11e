"""The status strip: what was saved last, and the offer to undo it, each fact once."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.widgets.window.status_strip import StatusStrip

CHANGE = "P-1, L2 back: biopsy taken"


@pytest.fixture
def strip(qtbot: QtBot) -> Iterator[StatusStrip]:
    made = StatusStrip()
    qtbot.addWidget(made)
    made.resize(1600, 38)
    made.show()
    yield made
    made.hide()


def offer(strip: StatusStrip) -> QPushButton:
    (button,) = (one for one in strip.findChildren(QPushButton) if one.isVisible())
    return button


def test_offer_does_not_repeat_what_the_line_says_was_saved(strip: StatusStrip) -> None:
    strip.offer_undo(CHANGE, is_enabled=True)
    strip.say_saved(CHANGE)
    assert (strip._line, offer(strip).text()) == (f"Saved: {CHANGE}", "Undo")
    assert offer(strip).toolTip() == f"Undo: {CHANGE}"


def test_offer_names_a_change_that_the_line_does_not(strip: StatusStrip) -> None:
    strip.offer_undo(CHANGE, is_enabled=True)
    strip.say("Answer saved 10:42")
    assert offer(strip).text() == f"Undo: {CHANGE}"
    strip.say_undone(CHANGE)
    strip.offer_undo("new patient P-1", is_enabled=True)
    assert (strip._line, offer(strip).text()) == (f"Undone: {CHANGE}", "Undo: new patient P-1")


@pytest.mark.parametrize("offered", ["placing of one.png with P-1, L2 back", ""])
def test_line_does_not_name_what_was_saved_before_the_change_that_is_offered(strip: StatusStrip, offered: str) -> None:
    strip.offer_undo(CHANGE, is_enabled=False)
    strip.say_saved(CHANGE)
    strip.offer_undo(CHANGE, is_enabled=True)
    assert strip._line == f"Saved: {CHANGE}"
    strip.offer_undo(offered, is_enabled=True)
    assert strip._line == ""
