"""The panel of the clinician's assessments."""

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.draft import Draft
from desktop.core.records.people import FOLLOW_UP
from desktop.core.records.plans import PlannedFollowUp
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.visit.assessment_form import AssessmentForm
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


def test_other_assessments_are_shown_from_their_beginning(qtbot: QtBot) -> None:
    view = ImageView()
    panel = AssessmentPanel(view)
    for widget in (view, panel):
        qtbot.addWidget(widget)
    first, other = (
        [PanelLine(f"{name} of {day} Sep 2026", "by MK") for day in range(1, 20)] for name in ("Nevus", "Wart")
    )
    panel.show()
    bar = panel.findChildren(QScrollArea)[0].verticalScrollBar()
    for lines, place in ((first, 0), (first, 40), (other, 0)):
        panel.show_assessments(lines, state="", can_add="", can_have_outcome=True)
        qtbot.waitUntil(lambda: bar.maximum() > 40)
        assert bar.value() == place
        bar.setValue(40)


def test_the_assessments_have_more_room_in_a_higher_window(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    panel = AssessmentPanel(ImageView(page), page)
    page.resize(420, 500)
    page.show()
    lines = [PanelLine("Atypical nevus, plan: follow-up on 29 Nov 2026", "before the model, by MK")] * 4
    panel.show_assessments(lines, state="", can_add="", can_have_outcome=True)
    (scrolled,) = panel.findChildren(QScrollArea)
    low = scrolled.height()
    page.resize(420, 1400)
    qtbot.waitUntil(lambda: scrolled.height() > low)
    assert scrolled.verticalScrollBar().maximum() == 0
    page.resize(420, 500)
    qtbot.waitUntil(lambda: scrolled.height() == low)


def test_the_form_is_whole_when_it_comes_back_with_a_line_less(qtbot: QtBot) -> None:
    """The follow-up that it asked about has ended with the assessment."""
    beside = QWidget()
    qtbot.addWidget(beside)
    view = ImageView(beside)
    panel = AssessmentPanel(view, beside)
    column = QVBoxLayout(beside)
    column.addWidget(view, 1)
    column.addWidget(panel)
    beside.resize(420, 720)
    beside.show()
    today = dt.datetime.now().astimezone().date()
    panel.planned = PlannedFollowUp(today, today - dt.timedelta(days=61), 1)
    panel.ask(Draft("nevus", "nevus", plan=FOLLOW_UP, plan_date=today + dt.timedelta(days=90)), blind=True)
    QApplication.processEvents()
    panel.planned = None
    panel.show_assessments([PanelLine("Nevus", "by MK")], state="", can_add="Add", can_have_outcome=True)
    QApplication.processEvents()
    add = next(one for one in panel.findChildren(QPushButton) if one.text() == "Add")
    qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    form = panel.findChild(AssessmentForm)
    assert form is not None
    assert form.note.visibleRegion().boundingRect() == form.note.rect()
