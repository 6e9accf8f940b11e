"""An assessment that is added to an earlier visit says so in its form, as it is locked there."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from desktop.session.opening_request import of_placed
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion, open_todays
from tests.widgets.mouse_and_keys import press


@pytest.mark.usefixtures("themed")
def test_form_for_an_earlier_visit_names_its_day(desk: Desk, tmp_path: Path) -> None:
    patient, lesion = keep_at_visits(desk, [(write_lesion(tmp_path / "then.png", seed=1), dt.date(2025, 8, 20))])
    open_lesion(desk, patient, lesion)
    open_todays(desk, write_lesion(tmp_path / "now.png", seed=2))
    panel = desk.parts.window.visit_page.assessment_panel
    press(desk, "Add after-model assessment", panel)
    assert "visit of" not in desk.texts(panel), "it is of today's visit"
    press(desk, "Cancel", panel)
    then = next(one for one in desk.parts.open_patient.images if one.image.name == "then.png")
    desk.parts.open_image.open(of_placed(then, patient))
    desk.wait(lambda: desk.parts.open_image.picture is not None and desk.parts.open_image.picture.name == "then.png")
    desk.settle()
    press(desk, "Add after-model assessment", panel)
    desk.settle()
    (state,) = (one for one in panel.findChildren(QLabel) if one.text() == "after the model, visit of 20 Aug 2025")
    assert state.height() >= state.heightForWidth(state.width())
    assert panel.rect().contains(state.geometry())
