"""The window fits 1024 x 560 points, which is 1920 x 1080 at 175 %; in a smaller one everything can be scrolled to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.core.records.history import History
from desktop.widgets.answer.headline import Headline
from desktop.widgets.common.content_scroll import ContentScroll, PageScroll
from desktop.widgets.common.wording import DISCLAIMER, translated
from desktop.widgets.window.rail import WORKSPACES
from tests.alerts import ALWAYS, melanoma_alert
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient, three
from tests.widgets.patient.test_patient_page import make_lesions, page_of


def pages(desk: Desk) -> PageScroll:
    return next(
        one for one in desk.parts.window.findChildren(PageScroll) if one.widget() is desk.parts.window.workspaces
    )


def test_every_workspace_fits_the_smallest_window_and_scrolls_in_a_smaller_one(desk: Desk, tmp_path: Path) -> None:
    window = desk.parts.window
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    for workspace in WORKSPACES:
        window.show_workspace(workspace.id)
        desk.rest()
    window.history.rows.selectRow(0)  # the preview of an entry takes more room than none
    desk.rest()
    window.resize(1024, 560)
    scroll = pages(desk)
    for workspace in WORKSPACES:
        window.show_workspace(workspace.id)
        desk.rest()
        across, down = scroll.horizontalScrollBar(), scroll.verticalScrollBar()
        assert (across.maximum(), down.maximum()) == (0, 0), workspace.id
    window.show_workspace("history")
    window.resize(window.minimumSize())
    desk.wait(lambda: scroll.horizontalScrollBar().maximum() > 0)
    assert (window.width(), window.height()) <= (960, 540), "1920 x 1080 at 200 %"
    window.show_workspace("visit")
    panel = window.visit_page.result_panel

    def is_reached() -> bool:
        scroll.horizontalScrollBar().setValue(scroll.horizontalScrollBar().maximum())
        return panel.mapTo(scroll.viewport(), panel.rect().topRight()).x() <= scroll.viewport().width()

    desk.wait(is_reached)


def is_whole(part: QWidget) -> bool:
    """Whether a widget lies wholly inside the window and everything that contains it, so that nothing cuts it off."""
    around = part.parentWidget()
    while around is not None:
        if not around.rect().contains(QRect(part.mapTo(around, part.rect().topLeft()), part.size())):
            return False
        around = around.parentWidget()
    return part.isVisible()


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("size", [(1280, 800), (1024, 560)])
def test_strip_and_alert_are_whole_beside_several_images_of_a_lesion(
    make_desk: Callable[..., Desk], tmp_path: Path, size: tuple[int, int]
) -> None:
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(ALWAYS),))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    bring(desk, *three(tmp_path))
    window = desk.parts.window
    window.resize(*size)
    visit, summary = window.visit_page, window.patients.summary
    desk.wait(lambda: summary.isVisible() and visit.result_panel.shown() is not None)
    desk.settle()
    (alert,) = visit.result_panel.findChildren(Headline)
    assert alert.content[1] == "Melanoma alert"
    shown = (visit.strip, visit.tools, summary, alert, visit.assessment_panel)
    assert [type(part).__name__ for part in shown if not is_whole(part)] == []
    desk.qtbot.keyClick(visit.view, Qt.Key.Key_5)  # the form takes the place of the figures, never of the strip
    desk.settle()
    assert [type(part).__name__ for part in shown if not is_whole(part)] == []
    assert pages(desk).verticalScrollBar().maximum() == 0
    for _ in range(2):  # the plan is a follow-up, whose row is the widest
        desk.qtbot.keyClick(visit.view, Qt.Key.Key_Period)
    desk.settle()
    form = visit.assessment_panel.findChildren(ContentScroll)[0]
    assert form.widget().width() <= form.viewport().width(), "no field is cut off at the side"


@pytest.mark.usefixtures("themed")
def test_an_image_needs_no_more_width_once_the_page_of_its_patient_was_seen(desk: Desk, tmp_path: Path) -> None:
    first, _second = make_lesions(desk, tmp_path, "left scapula", "right calf")
    with History.open(desk.folder) as history:
        history.people.correct_patient(first.patient_id, "P-1301 of the ward", "female", by="MK")
    desk.parts.open_patient.reload()
    desk.wait(lambda: "P-1301 of the ward: 2 lesions" in desk.texts(page_of(desk)))
    desk.parts.window.resize(1024, 560)
    desk.parts.open_patient.choose(first.id)
    desk.wait(lambda: desk.parts.window.visit_page.view.isVisible() and not page_of(desk).isVisible())
    desk.settle()
    assert pages(desk).horizontalScrollBar().maximum() == 0
    assert is_whole(desk.parts.window.visit_page.assessment_panel)


def test_the_notice_is_whole_beside_a_long_offer_to_undo(desk: Desk) -> None:
    window = desk.parts.window
    window.resize(1024, 560)
    strip = window.frame.strip
    strip.say("Your assessment saved 28 Nov 2026 18:14")
    strip.offer_undo("outcome of P-100, L1 between the shoulder blades", is_enabled=True)
    (notice,) = (label for label in strip.findChildren(QLabel) if label.text() == translated(DISCLAIMER))
    desk.wait(lambda: notice.width() > 0 and notice.heightForWidth(notice.width()) <= notice.height())
    assert is_whole(notice)
    narrow = strip._undo.text()
    assert narrow.endswith("…")
    window.resize(1920, 1000)
    desk.wait(lambda: len(strip._undo.text()) > len(narrow))
