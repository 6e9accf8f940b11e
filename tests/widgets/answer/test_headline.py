"""The headline of an answer is never cut: the height of its lines follows the text at once."""

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.answer.answer_lead import AnswerLead
from desktop.widgets.answer.headline import Headline
from desktop.widgets.answer.result_panel import ResultPanel
from desktop.widgets.common.plain_text import PlainLabel

BEFORE = "Choose a diagnosis below and commit it. What the model says is shown after that."
AFTER = (
    "That rules nothing out. In testing 6 of 100 biopsied melanomas raised no melanoma alert, and 5 of 100 biopsied skin "
    "cancers (melanomas too) raised no skin cancer alert; those that nobody suspected were not tested. "
    "These also were not tested."
)


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("height", [800, 650])
def test_a_longer_text_has_its_height_in_the_turn_in_which_the_form_gives_way_to_it(qtbot: QtBot, height: int) -> None:
    """`height` leaves the panel room for a headline of constant height in every state, or does not at first."""
    window = QWidget()
    qtbot.addWidget(window)
    panel, form = ResultPanel(window), QWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(panel, 1)
    column.addWidget(form)
    form.setFixedHeight(300)
    window.resize(400, height)
    (lead,), (box,) = panel.findChildren(AnswerLead), panel.findChildren(Headline)
    panel.show_blind()
    window.show()
    qtbot.waitExposed(window)
    for _turn in range(20):  # until nothing is posted any more: what is would lay the text out as well
        QApplication.processEvents()
    for text, left in ((AFTER, 150), (BEFORE, 300), (AFTER, 150)):
        form.setFixedHeight(left)
        lead.say("note", "No alert raised", text)
        QApplication.processEvents()
        (label,) = (one for one in box.findChildren(PlainLabel) if one.text() == text)
        assert label.height() >= label.heightForWidth(label.width())
        assert box.rect().contains(label.geometry())
