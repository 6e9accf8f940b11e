"""An image of an earlier visit is answered by a model only if the user asks, however long it is looked at."""

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.core.records.history import History
from desktop.core.records.people import FOLLOW_UP, NO_PLAN
from desktop.core.records.values import KeptImage
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.wording import local_day
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion, open_todays
from tests.widgets.mouse_and_keys import key, press

MakeDesk = Callable[..., Desk]
THEN = dt.date(2025, 3, 12)
UNANSWERED = "A model answers an image of an earlier visit only if you ask."


def models(desk: Desk) -> list[str]:
    return sorted(entry.model_name for entry in desk.entries())


def panel_texts(desk: Desk) -> str:
    return desk.texts(desk.parts.window.visit_page.result_panel)


def use(desk: Desk, path: Path, name: str) -> None:
    desk.parts.model.load(path)
    desk.wait(lambda: (one := desk.parts.open_image.classifier) is not None and one.contract.name == name)
    desk.settle()


@pytest.fixture
def desk_of_a(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    desk = make_desk(write_model(tmp_path / "a.onnx", contract(name="A"), seed=1))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def keep_unanswered(desk: Desk, folder: Path) -> None:
    """Open a lesion whose only image is of an earlier visit, and has no answer, as it comes from another program."""
    path = write_lesion(folder / "then.png", seed=1)
    content = path.read_bytes()
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-0412", "female", by="MK")
        lesion = history.people.add_lesion(patient.id, "L2", "scapula-left", by="MK")
        visit = history.people.begin_visit(patient.id, THEN, "", by="MK")
        with Image.open(path) as drawn:
            size = drawn.size
        image = KeptImage(hashlib.sha256(content).hexdigest(), path.name, "PNG", *size, len(content), path, False)
        image_id = history.people.save_clinical(image, lesion_id=None, visit_id=None, by="MK")
        history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    open_lesion(desk, patient, lesion)


def test_earlier_image_stays_unanswered_until_it_is_asked_for(desk_of_a: Desk, tmp_path: Path) -> None:
    desk = desk_of_a
    keep_unanswered(desk, tmp_path)
    desk.settle()
    assert UNANSWERED in panel_texts(desk)
    assert models(desk) == []
    key(desk, Qt.Key.Key_C)
    desk.settle()
    open_todays(desk, write_lesion(tmp_path / "now.png", seed=2))
    desk.parts.window.show_workspace("visit")
    desk.settle()
    key(desk, Qt.Key.Key_Right)  # in the strip, the earlier image is after today's
    desk.wait(lambda: (one := desk.parts.open_image.picture) is not None and one.name == "then.png")
    desk.settle()
    assert UNANSWERED in panel_texts(desk)
    assert models(desk) == ["A"], "that of today's image"
    press(desk, "Classify with the present model")
    desk.wait(lambda: models(desk) == ["A", "A"])
    assert UNANSWERED not in panel_texts(desk)


@pytest.mark.parametrize("is_read", [True, False], ids=["once it is shown", "while it is being read"])
def test_model_that_comes_later_does_not_answer_an_earlier_image(
    desk_of_a: Desk, tmp_path: Path, is_read: bool
) -> None:
    desk = desk_of_a
    keep_unanswered(desk, tmp_path)
    if is_read:
        desk.settle()
    use(desk, write_model(tmp_path / "b.onnx", contract(name="B"), seed=2), "B")
    assert UNANSWERED in panel_texts(desk)
    assert models(desk) == []


def test_answer_of_the_model_before_stays_when_the_model_changes(desk_of_a: Desk, tmp_path: Path) -> None:
    desk = desk_of_a
    patient, lesion = keep_at_visits(desk, [(write_lesion(tmp_path / "then.png", seed=1), THEN)])
    open_lesion(desk, patient, lesion)
    desk.settle()
    use(desk, write_model(tmp_path / "b.onnx", contract(name="B"), seed=2), "B")
    desk.wait(lambda: "by “A”" in panel_texts(desk))
    assert models(desk) == ["A"]
    press(desk, "Classify with the present model")
    desk.wait(lambda: models(desk) == ["A", "B"])


def test_answer_that_was_asked_for_stays_when_the_model_changes(desk_of_a: Desk, tmp_path: Path) -> None:
    desk = desk_of_a
    keep_unanswered(desk, tmp_path)
    desk.settle()
    press(desk, "Classify with the present model")
    desk.wait(lambda: models(desk) == ["A"])
    use(desk, write_model(tmp_path / "b.onnx", contract(name="B"), seed=2), "B")
    assert models(desk) == ["A"]
    assert desk.parts.open_image.answer is not None


def test_unanswered_earlier_image_waits_for_no_diagnosis(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "a.onnx", contract(name="A"), seed=1), blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    keep_unanswered(desk, tmp_path)
    desk.settle()
    assert UNANSWERED in panel_texts(desk)
    press(desk, "Classify with the present model")
    desk.wait(lambda: models(desk) == ["A"])
    desk.settle()
    assert "Your diagnosis first" in panel_texts(desk)
    assert "%" not in panel_texts(desk)


def assess_then(desk: Desk, *, planned: dt.date | None = None) -> None:
    """Have the lesion of the open image assessed at the visit of that image, perhaps with a follow-up planned."""
    lesion = desk.parts.open_patient.lesion
    assert lesion is not None

    noon = dt.datetime(THEN.year, THEN.month, THEN.day, 12, tzinfo=dt.UTC)
    with History.open(desk.folder, now=lambda: noon) as history:
        visit = history.people.begin_visit(lesion.patient_id, THEN, "", by="MK")
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=visit.id,
            before_model=True,
            diagnosis="nevus",
            plan="" if planned is None else FOLLOW_UP,
            plan_date=planned,
            by="MK",
        )
    desk.parts.history_service.changed.emit()
    desk.settle()


@pytest.fixture
def assessed_then(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    """Open the image of a lesion that was assessed at an earlier visit and that no model answered; blind-first is on."""
    desk = make_desk(write_model(tmp_path / "a.onnx", contract(name="A"), seed=1), blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    keep_unanswered(desk, tmp_path)
    assess_then(desk)
    return desk


def form_texts(desk: Desk) -> str:
    panel = desk.parts.window.visit_page.assessment_panel
    buttons = [one.text() for one in panel.findChildren(QPushButton) if one.isVisible()]
    return "\n".join((desk.texts(panel), *buttons))


def test_unanswered_earlier_image_offers_todays_in_place_of_an_assessment(assessed_then: Desk, tmp_path: Path) -> None:
    desk = assessed_then
    assert UNANSWERED in panel_texts(desk)
    desk.wait(lambda: "Open today's image first…" in form_texts(desk))
    assert "after-model" not in form_texts(desk)
    open_todays(desk, write_lesion(tmp_path / "now.png", seed=2))
    patient = desk.parts.open_patient
    desk.parts.open_image.open(patient.request_for(patient.images[0]))
    desk.wait(lambda: "Go to today's image" in form_texts(desk))
    assert UNANSWERED in panel_texts(desk)
    for name in (Qt.Key.Key_5, Qt.Key.Key_Return):
        key(desk, name)
    desk.settle()
    with History.open(desk.folder) as history:
        assert [one.before_model for one in history.assessments.of([patient.lesions[0].id])] == [True]
    press(desk, "Go to today's image")
    desk.wait(lambda: "Your diagnosis first" in panel_texts(desk))
    key(desk, Qt.Key.Key_5)
    key(desk, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_image.answer is not None)


def origins(desk: Desk, year: str) -> list[str]:
    """Return the origin of each assessment in the panel that was made in this year."""
    return [line for line in form_texts(desk).splitlines() if "before the model" in line and year in line]


def test_assessment_says_whether_its_visit_came_before_or_after_that_of_the_image(
    assessed_then: Desk, tmp_path: Path
) -> None:
    desk = assessed_then
    open_todays(desk, write_lesion(tmp_path / "now.png", seed=2))
    key(desk, Qt.Key.Key_5)
    key(desk, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.settle()
    assert "· now.png" in desk.texts(desk.parts.window.visit_page.head)
    assert local_day(desk.parts.open_patient.date) not in desk.texts(desk.parts.window.visit_page.head)
    then, today = "2025", str(desk.parts.open_patient.date.year)
    assert [line.startswith("earlier visit, ") for line in origins(desk, then)] == [True]
    assert [line.startswith("before the model") for line in origins(desk, today)] == [True]
    patient = desk.parts.open_patient
    desk.parts.open_image.open(patient.request_for(patient.images[0]))
    desk.wait(lambda: [line.startswith("later visit, ") for line in origins(desk, today)] == [True])
    assert [line.startswith("before the model") for line in origins(desk, then)] == [True]
    lesion, earlier = patient.lesion, min(patient.visits, key=lambda visit: visit.date)
    assert lesion is not None
    title = f"{lesion_name(lesion)} · {local_day(earlier.date)} · {patient.images[0].image.name}"
    desk.wait(lambda: title in desk.texts(desk.parts.window.visit_page.head))


def test_first_answer_to_an_earlier_image_waits_from_the_moment_it_is_given(assessed_then: Desk) -> None:
    desk = assessed_then
    told: list[object] = []
    desk.parts.open_image.answered.connect(told.append)
    press(desk, "Classify with the present model")
    desk.wait(lambda: models(desk) == ["A"])
    desk.settle()
    assert told == [], "not even for a moment"
    assert "Its answer shows once you have given today's diagnosis." in panel_texts(desk)
    press(desk, "Show it now")
    desk.wait(lambda: desk.parts.open_image.answer is not None and bool(told))


def test_visit_knows_the_answer_that_was_asked_for_in_follow_up(assessed_then: Desk) -> None:
    desk = assessed_then
    assert UNANSWERED in panel_texts(desk)
    desk.parts.window.workspaces.show_lesion()
    desk.settle()
    press(desk, "Ask the model in use about 1 image")
    desk.wait(lambda: models(desk) == ["A"])
    desk.parts.window.show_workspace("visit")
    desk.wait(lambda: "Its answer shows once you have given today's diagnosis." in panel_texts(desk))
    desk.settle()
    assert UNANSWERED not in panel_texts(desk)
    assert models(desk) == ["A"], "it was read, and not given again"


def test_hidden_answer_is_neither_shown_nor_logged_when_the_patient_is_ended(assessed_then: Desk) -> None:
    desk = assessed_then
    press(desk, "Classify with the present model")
    desk.wait(lambda: models(desk) == ["A"])
    desk.wait(lambda: "Its answer shows once" in panel_texts(desk))
    told: list[object] = []
    desk.parts.open_image.answered.connect(told.append)
    desk.parts.open_image.viewed.connect(told.append)
    desk.parts.open_patient.close()
    desk.rest()
    assert desk.parts.open_image.picture is None
    assert told == []


@pytest.mark.parametrize("is_asked", [False, True], ids=["not answered", "answered"])
def test_visit_at_which_a_follow_up_was_planned_is_not_that_follow_up(
    desk_of_a: Desk, tmp_path: Path, is_asked: bool
) -> None:
    desk = desk_of_a
    keep_unanswered(desk, tmp_path)
    assess_then(desk, planned=dt.date(2025, 9, 12))
    if is_asked:
        press(desk, "Classify with the present model")
        desk.wait(lambda: desk.parts.open_image.answer is not None)
        desk.settle()
    press(desk, "Add after-model assessment")
    desk.wait(lambda: "Commit" in form_texts(desk))
    assert "This visit is the follow-up due" not in form_texts(desk)
    for name in (Qt.Key.Key_5, Qt.Key.Key_Period, Qt.Key.Key_Return):
        key(desk, name)
    desk.settle()
    with History.open(desk.folder) as history:
        assert [one.date for one in history.worklists.due(dt.date.max)] == [dt.date(2025, 9, 12)]
        made = history.assessments.of([desk.parts.open_patient.lesions[0].id])
        assert [one.plan for one in made] == [FOLLOW_UP, NO_PLAN]
