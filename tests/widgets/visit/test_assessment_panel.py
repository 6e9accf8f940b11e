"""The panel of the clinician's assessments."""

from PySide6.QtWidgets import QLabel
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
