"""The card of how a model was adopted."""

import dataclasses

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.records.model_decisions import Decision, ModelDecision
from desktop.widgets.model.adoption_card import adoption_card
from tests.core.records.history_contents import MODEL, START

ADOPTED = ModelDecision(
    Decision.ADOPTED,
    "c" * 64,
    "New model",
    MODEL,
    "Old model",
    "fewer alarms",
    {"kinds": {"melanoma": {"n": 12, "old": 11, "new": 10}}},
    "AB",
    START,
)


def texts(qtbot: QtBot, adopted: ModelDecision) -> str:
    parent = QWidget()
    qtbot.addWidget(parent)
    card = adoption_card(adopted, parent)
    card.setParent(parent)
    return "\n".join(label.text() for label in card.findChildren(QLabel))


def test_the_card_says_by_whom_why_and_what_was_known(qtbot: QtBot) -> None:
    shown = texts(qtbot, ADOPTED)
    for text in ("by AB", "Old model", "fewer alarms", "12; alerts: old 11, new 10", "not shown to be better"):
        assert text in shown


@pytest.mark.parametrize(
    "figures",
    [{}, {"kinds": []}, {"kinds": {"melanoma": {"n": 12}}}, {"kinds": {"melanoma": {"n": "x", "old": 1, "new": 1}}}],
)
def test_damaged_figures_are_left_out(qtbot: QtBot, figures: dict[str, object]) -> None:
    shown = texts(qtbot, dataclasses.replace(ADOPTED, figures=figures))
    assert "fewer alarms" in shown
    assert "alerts: old" not in shown
