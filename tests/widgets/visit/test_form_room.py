"""Nothing in the form of an assessment moves while something is chosen in it: a quick second click must not hit another row."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP
from desktop.widgets.visit.assessment_form import AssessmentForm
from tests.days import today
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion, open_todays
from tests.widgets.mouse_and_keys import key

pytestmark = pytest.mark.usefixtures("themed")


def begin(desk: Desk, folder: Path, *, is_follow_up: bool = False, planned: str = "") -> AssessmentForm:
    """Open the form at a first visit, or at a second one, with what the first one planned: a follow-up is due."""
    now = write_lesion(folder / "now.png", seed=2)
    if is_follow_up:
        then = today() - dt.timedelta(days=91)
        patient, lesion = keep_at_visits(desk, [(write_lesion(folder / "then.png", seed=1), then)])
        if planned:
            with History.open(desk.folder) as history:
                visit = history.people.begin_visit(patient.id, then, "", by="MK")
                history.assessments.assess(
                    lesion_id=lesion.id,
                    visit_id=visit.id,
                    before_model=True,
                    diagnosis="nevus",
                    plan=planned,
                    plan_date=today() if planned == FOLLOW_UP else None,
                    by="MK",
                )
        open_lesion(desk, patient, lesion)
        open_todays(desk, now)
    else:
        desk.open_and_keep(now)
    desk.settle()
    key(desk, Qt.Key.Key_5)
    desk.settle()
    form = desk.parts.window.visit_page.assessment_panel.findChild(AssessmentForm)
    assert form is not None
    return form


def choose(desk: Desk, form: AssessmentForm, name: str) -> None:
    button = next(one for one in form.findChildren(QToolButton) if one.accessibleName() == name)
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()


def places(form: AssessmentForm) -> list[QPoint]:
    """Return where the rows of the form are in the window."""
    commit = next(one for one in form.findChildren(QPushButton) if one.text() == "Commit")
    rows = (form.diagnosis, form.change, form.confidence, form.plan, form.note, commit)
    return [row.mapTo(form.window(), QPoint()) for row in rows if row.isVisible()]


@pytest.mark.parametrize(
    ("is_follow_up", "planned", "rows"),
    [(False, "", 5), (True, "", 6), (True, FOLLOW_UP, 6), (True, EXCISION, 6)],
    ids=["first visit", "follow-up", "follow-up due", "biopsy planned"],
)
def test_no_row_moves_while_change_and_plan_are_chosen(
    desk: Desk, tmp_path: Path, is_follow_up: bool, planned: str, rows: int
) -> None:
    form = begin(desk, tmp_path, is_follow_up=is_follow_up, planned=planned)
    before = places(form)
    assert len(before) == rows
    assert ("This visit is the follow-up" in desk.texts(form)) == (planned == FOLLOW_UP)
    changes = ["Change: Changed"] if is_follow_up else []
    for name in (*changes, "Plan: Follow-up", "Plan: None", "Plan: None"):
        choose(desk, form, name)
        assert places(form) == before, name
    assert form.note.visibleRegion().boundingRect() == form.note.rect(), "all is seen without scrolling"


def test_no_room_is_kept_in_a_low_window(desk: Desk, tmp_path: Path) -> None:
    form = begin(desk, tmp_path, is_follow_up=True)
    roomy = form.sizeHint().height()
    desk.parts.window.resize(1024, 560)
    desk.settle()
    heights = [form.sizeHint().height()]
    for name in ("Change: Changed", "Plan: Follow-up"):
        choose(desk, form, name)
        heights.append(form.sizeHint().height())
    assert heights[0] < heights[1] < heights[2] < roomy
    desk.parts.window.resize(1280, 800)
    desk.settle()
    assert form.sizeHint().height() == roomy, "and again where there is room"
