"""The panel of the clinician's assessments."""

from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from desktop.widgets.image.image_view import ImageView
from desktop.widgets.visit.assessment_panel import AssessmentPanel, PanelLine


def test_origin_of_an_assessment_stays_small_when_it_is_shown_again(qtbot: QtBot) -> None:
    """The labels are made anew, the second time while the list is visible."""
    view = ImageView()
    panel = AssessmentPanel(view)
    for widget in (view, panel):
        qtbot.addWidget(widget)
    panel.setStyleSheet('QLabel { font-size: 14px } QLabel[small="true"] { font-size: 9px }')
    for _ in range(2):
        panel.show_assessments([PanelLine("Nevus", "by MK")], state="", can_add="", can_have_outcome=True)
        (origin,) = (one for one in panel.findChildren(QLabel) if one.text() == "by MK" and one.isVisible())
        assert origin.fontInfo().pixelSize() == 9


def test_no_line_is_cut_in_half_where_the_assessments_scroll(qtbot: QtBot) -> None:
    view = ImageView()
    panel = AssessmentPanel(view)
    for widget in (view, panel):
        qtbot.addWidget(widget)
    text = "Histopathology of 5 Sep 2026: nodular melanoma, Breslow 1.8 mm, not ulcerated, margins involved, " * 6
    panel.show_assessments([PanelLine(text, "by MK")], state="", can_add="", can_have_outcome=True)
    (content,) = (one for one in panel.findChildren(QLabel) if one.text() == text)
    (scrolled,) = panel.findChildren(QScrollArea)
    line = content.heightForWidth(100_000)
    assert content.heightForWidth(content.width()) > scrolled.height(), "it scrolls"
    assert scrolled.height() % line == 0
    assert scrolled.height() >= 3 * line
    assert scrolled.verticalScrollBar().singleStep() == line
