"""An answer that the film shows is in the audit log once each time it is shown, though its image is also opened."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.test_follow_up import page_of, press, three, wait_for
from tests.widgets.follow_up.visits import open_lesion, open_todays
from tests.widgets.mouse_and_keys import key

MakeDesk = Callable[..., Desk]


def views(desk: Desk) -> dict[str | None, int]:
    """Return how often the answer to each image was viewed, by the image's name."""
    desk.settle()
    with History.open(desk.folder) as history:
        acts = history.audit.page(AuditFilter()).acts
    return Counter(act.image for act in acts if act.action == Action.ANSWER_VIEWED)


@pytest.mark.parametrize("is_blind", [True, False])
def test_each_answer_is_logged_once_each_time_its_lesion_is_shown(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, is_blind: bool
) -> None:
    desk = make_desk(model_file, blind=is_blind)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    patient, lesion = three(desk, tmp_path)
    with History.open(desk.folder) as history:
        other = history.people.add_lesion(patient.id, "L3", "", by="MK")
    then = dt.datetime(2025, 3, 12, 12, 0, tzinfo=dt.UTC)
    with History.open(desk.folder, now=lambda: then) as history:
        for visit in history.people.visits(patient.id):
            history.assessments.assess(
                lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
            )
    open_lesion(desk, patient, lesion)
    desk.settle()
    key(desk, Qt.Key.Key_C)
    wait_for(desk, "2024.png", "2025.png")
    before = views(desk)
    open_todays(desk, write_lesion(tmp_path / "today.png", seed=9))  # into the film
    wait_for(desk, "2025.png", "today.png")
    if is_blind:
        assert not before
        assert not views(desk)
        press(desk, Qt.Key.Key_5)
        press(desk, Qt.Key.Key_Return)
        desk.wait(lambda: desk.texts(page_of(desk).course).count("%") == 4)
        before = views(desk)
        assert before == dict.fromkeys(("2023.png", "2024.png", "2025.png", "today.png"), 1)
    else:
        before["today.png"] = 1
        assert views(desk) == before

    press(desk, Qt.Key.Key_Down)
    desk.wait(lambda: desk.parts.open_patient.lesion == other)
    assert views(desk) == before
    press(desk, Qt.Key.Key_Up)
    wait_for(desk, "2025.png", "today.png")
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert views(desk) == {name: count + 1 for name, count in before.items()}

    desk.parts.window.show_workspace("visit")
    desk.parts.open_image.open(desk.parts.open_patient.request_for(desk.parts.open_patient.images[-1]))
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert views(desk)["today.png"] == before["today.png"] + 2, "shown at the visit, without the film"
