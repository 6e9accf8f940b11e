"""An answer that the film shows is in the audit log once each time it is shown, though its image is also opened."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.core.records.people import Lesion
from tests.days import today
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.test_follow_up import page_of, press, three, wait_for
from tests.widgets.follow_up.visits import open_lesion, open_todays
from tests.widgets.mouse_and_keys import key
from tests.widgets.patient.test_patient import choose_patient

MakeDesk = Callable[..., Desk]


def views(desk: Desk) -> dict[str | None, int]:
    """Return how often the answer to each image was viewed, by the image's name."""
    desk.settle()
    with History.open(desk.folder) as history:
        acts = history.audit.page(AuditFilter()).acts
    return Counter(act.image for act in acts if act.action == Action.ANSWER_VIEWED)


def show_film(make_desk: MakeDesk, model_file: Path, tmp_path: Path, *, is_blind: bool) -> tuple[Desk, Lesion]:
    """Show the film of a lesion that was assessed at each of three visits; return another lesion of its patient too."""
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
    return desk, other


def open_into_film(desk: Desk, folder: Path) -> None:
    open_todays(desk, write_lesion(folder / "today.png", seed=9))
    wait_for(desk, "2025.png", "today.png")


def show_again(desk: Desk, other: Lesion) -> None:
    """Go to the other lesion and back, then to today's image at the visit: check that each showing is logged once."""
    before = views(desk)
    press(desk, Qt.Key.Key_Down)
    desk.wait(lambda: desk.parts.open_patient.lesion == other)
    assert views(desk) == before
    press(desk, Qt.Key.Key_Up)
    wait_for(desk, "2025.png", "today.png")
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert views(desk) == {name: count + 1 for name, count in before.items()}

    desk.parts.window.show_workspace("visit")
    assert views(desk)["today.png"] == before["today.png"] + 2, "shown at the visit, without the film"
    desk.parts.window.show_workspace("today")
    desk.parts.window.show_workspace("visit")
    assert views(desk)["today.png"] == before["today.png"] + 2, "still shown"
    desk.parts.open_image.open(desk.parts.open_patient.request_for(desk.parts.open_patient.images[-1]))
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert views(desk)["today.png"] == before["today.png"] + 3


def test_each_answer_is_logged_once_each_time_its_lesion_is_shown(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk, other = show_film(make_desk, model_file, tmp_path, is_blind=False)
    before = views(desk)
    assert before.keys() == {"2023.png", "2024.png", "2025.png"}
    open_into_film(desk, tmp_path)
    assert views(desk) == before | {"today.png": 1}
    show_again(desk, other)


def test_no_answer_is_logged_before_the_own_diagnosis_and_each_once_after_it(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk, other = show_film(make_desk, model_file, tmp_path, is_blind=True)
    open_into_film(desk, tmp_path)
    assert not views(desk)
    press(desk, Qt.Key.Key_5)
    press(desk, Qt.Key.Key_Return)
    desk.wait(lambda: desk.texts(page_of(desk).course).count("%") == 4)
    assert views(desk) == dict.fromkeys(("2023.png", "2024.png", "2025.png", "today.png"), 1)
    show_again(desk, other)


def test_an_earlier_image_is_not_answered_again_whenever_the_history_changes(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=False)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    patient, lesion = three(desk, tmp_path)
    open_lesion(desk, patient, lesion)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    before, shown = views(desk), desk.parts.open_image.given
    desk.parts.window.show_workspace("today")
    for finding in ("nevus", "blue nevus"):
        with History.open(desk.folder) as history:
            history.assessments.add_outcome(
                lesion_id=lesion.id, kind="histopathology", diagnosis=finding, date=today(), by="MK"
            )
        desk.parts.history_service.changed.emit()
        desk.settle()
    assert desk.parts.open_image.given is shown
    assert views(desk) == before


def show_film_over_unseen(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> tuple[Desk, Lesion]:
    """Show a film while its newest image is open in Visit, where it was not seen; return the lesion."""
    desk, other = show_film(make_desk, model_file, tmp_path, is_blind=False)
    press(desk, Qt.Key.Key_Down)
    desk.wait(lambda: desk.parts.open_patient.lesion == other)
    press(desk, Qt.Key.Key_Up)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.settle()
    lesion = desk.parts.open_patient.lesion
    assert lesion is not None
    return desk, lesion


@pytest.mark.parametrize("page", ["history", "today"])
def test_no_answer_behind_another_page_is_logged_as_another_patient_is_made(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, page: str
) -> None:
    desk, _lesion = show_film_over_unseen(make_desk, model_file, tmp_path)
    desk.parts.window.show_workspace(page)
    before = views(desk)
    choose_patient(desk, "P-0900")
    assert views(desk) == before
    assert desk.parts.window.workspaces.current == "visit"


def test_no_answer_behind_another_page_is_logged_as_another_image_is_opened(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk, _lesion = show_film_over_unseen(make_desk, model_file, tmp_path)
    desk.parts.window.show_workspace("history")
    before = views(desk)
    with desk.qtbot.waitSignal(desk.parts.open_image.viewed):
        desk.parts.window.open_files([write_lesion(tmp_path / "other.png", seed=11)])
    desk.wait(lambda: desk.parts.window.workspaces.current == "visit")
    assert views(desk) == before | {"other.png": 1}


def test_no_film_is_logged_as_that_of_another_patient_is_gone_to(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=False)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    patient, lesion = three(desk, tmp_path)
    with History.open(desk.folder) as history:
        other = history.people.add_patient("P-0900", "male", by="MK")
        far = history.people.add_lesion(other.id, "L1", "", by="MK")
    open_lesion(desk, patient, lesion)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.parts.window.show_workspace("today")
    assert not page_of(desk).isVisible()
    before = views(desk)
    with desk.slow_history():
        desk.parts.window.features.worklists.open_lesion(other, far.id, is_due=True)
        desk.qtbot.wait(0)
        assert not page_of(desk).isVisible(), "it would show the film of the patient before"
    desk.wait(page_of(desk).isVisible)
    assert views(desk) == before
    desk.wait(lambda: desk.parts.open_patient.lesion == far)


def test_no_film_is_logged_as_two_other_images_are_compared(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=False)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    patient, lesion = three(desk, tmp_path)
    open_lesion(desk, patient, lesion)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.parts.window.show_workspace("history")
    before = views(desk)
    desk.parts.window.workspaces.compare_entries(desk.entries()[:2])
    desk.wait(lambda: len(page_of(desk).compare.pictures) == 2)
    assert views(desk) == before


def test_an_answer_that_comes_behind_another_page_is_logged_once_it_is_seen(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=False)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.open_files([write_lesion(tmp_path / "late.png")])
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert not views(desk)
    desk.parts.window.show_workspace("visit")
    assert views(desk) == {"late.png": 1}
