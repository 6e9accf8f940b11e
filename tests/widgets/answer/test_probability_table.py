"""The table of probabilities with labels of a clinic's own."""

from pytestqt.qtbot import QtBot

from desktop.core.inference.contract import Label
from desktop.core.labels import Malignancy
from desktop.widgets.answer.probability_table import ProbabilityTable
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.plain_text import PlainLabel
from tests.making import NINE, contract


def test_a_long_name_is_elided_and_whole_in_its_tip(qtbot: QtBot) -> None:
    name = "Atypical intraepidermal melanocytic proliferation of a chronically sun-damaged forearm " * 2
    usual, wide = (
        ProbabilityTable(contract(labels=labels)) for labels in (NINE, (*NINE, Label("own", name, Malignancy.UNKNOWN)))
    )
    for table in (usual, wide):
        qtbot.addWidget(table)
    assert wide.minimumSizeHint().width() <= usual.minimumSizeHint().width() + 120
    unlimited = usual.maximumWidth()
    assert all(one.maximumWidth() == unlimited for one in usual.findChildren(ElidedLabel)), "no usual name is elided"
    (label,) = (one for one in wide.findChildren(PlainLabel) if one.text() == name)
    wide.resize(wide.minimumSizeHint())
    assert label.width() < label.fontMetrics().horizontalAdvance(name)
    assert name.split(maxsplit=1)[0] in label.toolTip()
    assert "forearm" in label.toolTip()
