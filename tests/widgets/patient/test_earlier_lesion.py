"""The images of a lesion at an earlier visit are one answer, also where it is shown before today's assessment."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.records.audit_acts import AuditFilter
from desktop.core.records.history import History
from desktop.session.opening_request import of_entry
from desktop.widgets.answer.headline import Headline
from tests.alerts import NEVER, melanoma_alert
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion
from tests.widgets.mouse_and_keys import press

MakeDesk = Callable[..., Desk]
THEN = dt.date(2025, 3, 12)


def box(desk: Desk) -> tuple[str, str, str]:
    (found,) = desk.parts.window.visit_page.result_panel.findChildren(Headline)
    return found.content


def shown_before_todays(desk: Desk) -> list[str]:
    """Return the images whose answers the audit log has as shown before the clinician's assessment."""
    with History.open(desk.folder) as history:
        acts = history.audit.page(AuditFilter()).acts
    return sorted(act.image for act in acts if act.action == "answer seen before own diagnosis")


@pytest.fixture
def seen_then(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    """Open one of two images of a lesion of an earlier visit, under a model that raises nothing."""
    desk = make_desk(write_model(tmp_path / "m.onnx", contract(alerts=(melanoma_alert(NEVER),))), blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    paths = [write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in (1, 2)]
    patient, lesion = keep_at_visits(desk, [(path, THEN) for path in paths])
    with History.open(desk.folder) as history:
        history.people.begin_visit(patient.id, desk.parts.open_patient.date, "", by="MK")
        (visit,) = (one for one in history.people.visits(patient.id) if one.date == THEN)
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
        )
    desk.parts.history_service.changed.emit()
    open_lesion(desk, patient, lesion)
    desk.wait(lambda: len(desk.parts.blinding.earlier) == 2)
    desk.wait(lambda: box(desk)[1] == "Earlier image")
    return desk


@pytest.mark.parametrize("is_patient_open", [True, False])
def test_showing_an_earlier_answer_shows_all_images_of_its_lesion_and_visit(
    seen_then: Desk, *, is_patient_open: bool
) -> None:
    desk = seen_then
    if not is_patient_open:
        (first, _second) = desk.parts.open_patient.images
        desk.parts.open_patient.close()
        desk.wait(lambda: desk.parts.open_patient.patient is None and len(desk.parts.blinding.earlier) == 2)
        desk.parts.open_image.open(of_entry(first.entries[-1]))
        desk.wait(lambda: box(desk)[1] == "Earlier image")
    assert len(desk.parts.blinding.earlier) == 2
    press(desk, "Show it now")
    desk.wait(lambda: box(desk)[1] == "No alert raised")
    assert not desk.parts.blinding.earlier
    assert "2 images of this lesion and visit" in desk.texts(desk.parts.window)
    assert "not answered" not in desk.texts(desk.parts.window)
    desk.wait(lambda: shown_before_todays(desk) == ["1.png", "2.png"])
