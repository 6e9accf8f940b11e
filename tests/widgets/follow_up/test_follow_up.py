"""The follow-up page: a lesion's images from old to new, two of them compared, its course, and today's assessment."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget

from desktop.core.errors import RecordsError
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, Lesion, Margins, Outcome, Patient
from desktop.session.practice import PracticePrior
from desktop.widgets.batch.batch_rows import LABEL as BATCH_LABEL
from desktop.widgets.common.content_scroll import PageScroll
from desktop.widgets.common.wording import local_day, percent
from desktop.widgets.follow_up.axis_layout import SIDE as SIDE_OF_PICTURE
from desktop.widgets.follow_up.follow_up_page import FollowUpPage
from desktop.widgets.follow_up.time_axis import AxisMark
from desktop.widgets.history.history_table import LABEL
from desktop.widgets.image.compare_bar import SIDE
from desktop.widgets.patient.worklists_dialog import WorklistsDialog
from desktop.widgets.visit.assessment_form import AssessmentForm
from tests.alerts import ALWAYS, NEVER, melanoma_alert
from tests.making import NINE, contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion, open_todays
from tests.widgets.mouse_and_keys import key
from tests.widgets.mouse_and_keys import press as press_button

MakeDesk = Callable[..., Desk]
LEFT, SHIFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
SPREAD = 152
"""The seed of a drawn model whose answers are spread over several labels."""
DAYS = (dt.date(2023, 5, 3), dt.date(2024, 6, 9), dt.date(2025, 3, 12))


def page_of(desk: Desk) -> FollowUpPage:
    return desk.parts.window.workspaces.follow_up.page


def shown(desk: Desk) -> list[str]:
    """Return the names of the compared images, the left one first."""
    return [picture.name for picture in page_of(desk).compare.pictures]


def wait_for(desk: Desk, *names: str) -> None:
    desk.wait(lambda: shown(desk) == list(names))


def press(desk: Desk, name: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    """Press a key where the page has the keys."""
    desk.qtbot.keyClick(page_of(desk).compare.views[0], name, modifier)


def click(desk: Desk, place: int, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    axis = page_of(desk).axis
    desk.qtbot.mouseClick(axis, LEFT, modifier, axis.place_of(place).toPoint())


def form(desk: Desk) -> AssessmentForm:
    found = page_of(desk).assessment_panel.findChild(AssessmentForm)
    assert found is not None
    return found


@pytest.fixture
def blind(make_desk: MakeDesk, model_file: Path) -> Desk:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def three(desk: Desk, folder: Path) -> tuple[Patient, Lesion]:
    """Keep three images of earlier years, which carry their year as name."""
    paths = [write_lesion(folder / f"{day.year}.png", seed=number) for number, day in enumerate(DAYS, 1)]
    return keep_at_visits(desk, list(zip(paths, DAYS, strict=True)))


@pytest.fixture
def followed(desk: Desk, tmp_path: Path) -> Desk:
    """Show the film of a lesion with three images."""
    open_lesion(desk, *three(desk, tmp_path))
    desk.settle()
    key(desk, Qt.Key.Key_C)
    wait_for(desk, "2024.png", "2025.png")
    return desk


@pytest.mark.parametrize("kind", ["dermoscopy", "clinical"])
def test_a_lost_original_is_told_in_the_film_that_was_gone_to(
    desk: Desk, tmp_path: Path, kind: Literal["dermoscopy", "clinical"]
) -> None:
    patient, lesion = three(desk, tmp_path)
    with History.open(desk.folder) as history:
        placed = history.people.images(patient.id)[-1]
        newest, visit = placed.image, placed.visit_id
        history.people.place(placed.image_id, kind=kind, lesion_id=lesion.id, visit_id=visit, by="MK")
    newest.path.unlink()
    workspaces = desk.parts.window.workspaces
    with desk.qtbot.waitSignal(desk.parts.open_image.open_failed):
        desk.parts.window.features.worklists.open_lesion(patient, lesion.id, is_due=True)
    desk.wait(lambda: f"The stored image {newest.sha256} is missing" in page_of(desk).messages.text())
    desk.settle()
    assert workspaces.current == "follow_up"
    desk.parts.open_image.save_failed.emit(RecordsError("The disk is full."))
    assert workspaces.current == "visit", "what has a button there is not missed"


def test_due_follow_up_is_ready_after_two_actions(blind: Desk, tmp_path: Path) -> None:
    patient, lesion = three(blind, tmp_path)
    with History.open(blind.folder) as history:
        visit = history.people.visits(patient.id)[0]
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=visit.id,
            before_model=True,
            diagnosis="nevus",
            plan=FOLLOW_UP,
            plan_date=dt.datetime.now().astimezone().date(),
            by="MK",
        )
    window = blind.parts.window
    window.menus.actions["due"].trigger()
    dialog = window.findChildren(WorklistsDialog)[0]

    def table() -> QTableWidget | None:
        return next((one for one in dialog.findChildren(QTableWidget) if one.isVisible() and one.rowCount()), None)

    blind.wait(table)

    blind.qtbot.keyClick(table(), Qt.Key.Key_Return)  # the first action
    wait_for(blind, "2024.png", "2025.png")
    assert window.workspaces.current == "follow_up"
    blind.settle()

    window.open_files([write_lesion(tmp_path / "today.png", seed=9)])  # the second
    wait_for(blind, "2025.png", "today.png")
    assert window.workspaces.current == "follow_up"
    blind.wait(form(blind).isVisible)
    blind.settle()
    for name in (Qt.Key.Key_5, Qt.Key.Key_V, Qt.Key.Key_V):
        press(blind, name)
    assert (form(blind).diagnosis.diagnosis(), form(blind).change.value()) == ("nevus", "unchanged")
    press(blind, Qt.Key.Key_W)
    press(blind, Qt.Key.Key_Return)
    blind.wait(lambda: "Nevus, unchanged" in blind.texts(page_of(blind).course))
    with History.open(blind.folder) as history:
        newest = history.assessments.of([lesion.id])[-1]
    assert (newest.before_model, newest.change, newest.plan) == (True, "unchanged", FOLLOW_UP)


def test_what_was_said_last_can_be_read_beside_the_whole_form(blind: Desk, tmp_path: Path) -> None:
    patient, lesion = three(blind, tmp_path)
    with History.open(blind.folder) as history:
        visit = history.people.visits(patient.id)[0]
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", note="rim", by="MK"
        )
    open_lesion(blind, patient, lesion)
    blind.settle()
    key(blind, Qt.Key.Key_C)
    wait_for(blind, "2024.png", "2025.png")
    open_todays(blind, write_lesion(tmp_path / "today.png", seed=9))
    blind.wait(form(blind).isVisible)
    for name in (Qt.Key.Key_5, Qt.Key.Key_V, Qt.Key.Key_Period, Qt.Key.Key_Period):
        press(blind, name)
    blind.settle()
    assert form(blind).plan.value() == FOLLOW_UP
    (said,) = [one for one in page_of(blind).course.findChildren(QLabel) if "Nevus, no plan" in one.text()]
    assert said.visibleRegion().boundingRect().height() == said.height()
    commit = next(one for one in form(blind).findChildren(QPushButton) if one.text() == "Commit")
    assert commit.visibleRegion().boundingRect() == commit.rect()


def test_course_has_room_for_ten_lines_beside_the_form_at_1280_x_800(blind: Desk, tmp_path: Path) -> None:
    patient, lesion = three(blind, tmp_path)
    with History.open(blind.folder) as history:
        for visit in history.people.visits(patient.id):
            history.assessments.assess(
                lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", note="rim", by="MK"
            )
    blind.parts.window.resize(1280, 800)
    open_lesion(blind, patient, lesion)
    blind.settle()
    key(blind, Qt.Key.Key_C)
    wait_for(blind, "2024.png", "2025.png")
    open_todays(blind, write_lesion(tmp_path / "today.png", seed=9))
    blind.wait(form(blind).isVisible)
    for name in (Qt.Key.Key_5, Qt.Key.Key_V, Qt.Key.Key_Period, Qt.Key.Key_Period):
        press(blind, name)
    blind.settle()
    course = page_of(blind).course
    line = course.fontMetrics().lineSpacing()
    seen = [one for one in course.findChildren(QLabel) if one.isVisible() and not one.visibleRegion().isEmpty()]
    assert sum(round(one.visibleRegion().boundingRect().height() / line) for one in seen) >= 10
    pages = blind.parts.window.findChildren(PageScroll)
    assert all(one.verticalScrollBar().maximum() == 0 for one in pages if one.isVisible()), "all else is on the page"


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("width", [1024, 1280])
def test_caution_is_read_whole(followed: Desk, width: int) -> None:
    lesion = followed.parts.open_patient.lesion
    assert lesion is not None
    page, caution = page_of(followed), "Biopsied before the newer image: a recurrent nevus can mimic melanoma."
    followed.parts.window.resize(width, 800)
    followed.settle()
    before = page.axis.mapTo(page, QPoint(0, 0)).y()
    followed.parts.history_service.write(
        lambda history, by: history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=dt.date(2024, 7, 20), by=by
        ),
        lambda _outcome: None,
        lambda error: pytest.fail(str(error)),
    )
    followed.wait(lambda: caution in followed.texts(page))
    followed.settle()
    (label,) = [one for one in page.findChildren(QLabel) if one.text() == caution]
    assert label.height() >= label.heightForWidth(label.width())
    assert label.visibleRegion().boundingRect() == label.rect()
    assert page.axis.mapTo(page, QPoint(0, 0)).y() == before, "nothing moves"


def test_arrows_step_through_the_film_and_the_older_image_stays_left(followed: Desk) -> None:
    press(followed, Qt.Key.Key_Left)
    wait_for(followed, "2023.png", "2025.png")
    press(followed, Qt.Key.Key_Left)
    wait_for(followed, "2023.png", "2025.png")
    axis = page_of(followed).axis
    followed.qtbot.keyClick(axis, Qt.Key.Key_Left, SHIFT)
    wait_for(followed, "2023.png", "2024.png")
    followed.qtbot.keyClick(page_of(followed).compare.views[1], Qt.Key.Key_Right)
    wait_for(followed, "2023.png", "2025.png")


def test_home_and_end_show_the_first_and_the_one_before(followed: Desk) -> None:
    press(followed, Qt.Key.Key_Home)
    wait_for(followed, "2023.png", "2025.png")
    assert page_of(followed).first.isChecked()
    press(followed, Qt.Key.Key_End)
    wait_for(followed, "2024.png", "2025.png")
    followed.qtbot.mouseClick(page_of(followed).first, LEFT)
    wait_for(followed, "2023.png", "2025.png")
    assert [page_of(followed).before.isChecked(), page_of(followed).first.isChecked()] == [False, True]


def test_click_chooses_the_older_and_shift_click_the_newer_image(followed: Desk) -> None:
    click(followed, 0)
    wait_for(followed, "2023.png", "2025.png")
    click(followed, 1, SHIFT)
    wait_for(followed, "2023.png", "2024.png")
    click(followed, 2)
    wait_for(followed, "2023.png", "2025.png")


def test_each_image_stands_under_its_day(followed: Desk) -> None:
    texts = followed.texts(page_of(followed).compare.pair)
    assert texts.index(local_day(DAYS[1])) < texts.index(local_day(DAYS[2]))
    assert "L2 left scapula" in followed.texts(page_of(followed))
    assert local_day(DAYS[1]) in page_of(followed).axis.accessibleDescription()


def test_two_images_of_one_day_have_titles_of_their_own(followed: Desk, tmp_path: Path) -> None:
    day = local_day(dt.datetime.now().astimezone().date())
    for number in (1, 2):
        open_todays(followed, write_lesion(tmp_path / f"today {number}.png", seed=20 + number))
    wait_for(followed, "2025.png", "today 2.png")
    press(followed, Qt.Key.Key_Right)
    wait_for(followed, "today 1.png", "today 2.png")
    texts = followed.texts(page_of(followed).compare.pair).splitlines()
    assert [text for text in texts if day in text] == [f"{day}, 1 of 2", f"{day}, 2 of 2"]
    followed.settle()
    course = followed.texts(page_of(followed).course)
    assert all(f"Image {number} of 2, " in course for number in (1, 2))
    axis = page_of(followed).axis
    assert f"left: {day}, 1 of 2, right: {day}, 2 of 2" in axis.accessibleDescription()


def test_way_of_showing_stays_with_the_next_pair(followed: Desk) -> None:
    """These images do not match: that is told of each pair anew."""
    messages = page_of(followed).messages
    press(followed, Qt.Key.Key_Space)
    followed.wait(lambda: "could not be aligned" in messages.text())
    assert page_of(followed).compare.bar.button(SIDE).isChecked()
    press(followed, Qt.Key.Key_Left)
    wait_for(followed, "2023.png", "2025.png")
    assert messages.text() == ""


def test_course_says_who_said_what_when(followed: Desk) -> None:
    lesion = followed.parts.open_patient.lesion
    assert lesion is not None

    def write(history: History, by: str) -> None:
        visit = next(one for one in history.people.visits(lesion.patient_id) if one.date == DAYS[1])
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="spitz_nevus", note="rim", by=by
        )
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=dt.date(2024, 9, 1), by=by
        )

    followed.parts.history_service.write(write, lambda _none: None, pytest.fail)
    page = page_of(followed)
    followed.wait(lambda: "Spitz nevus" in followed.texts(page.course))
    lines = followed.texts(page.course).splitlines()
    assert [lines.index(local_day(day)) for day in (DAYS[2], dt.date(2024, 9, 1), DAYS[1], DAYS[0])] == sorted(
        lines.index(local_day(day)) for day in (*DAYS, dt.date(2024, 9, 1))
    )
    assert any("Histopathology of 1 Sep 2024: Nevus" in line for line in lines)
    made = local_day(dt.datetime.now().astimezone().date())  # which is not the day of the visit
    assert any(line.startswith(f"Assessed on {made}: Spitz nevus") for line in lines), "never worded as a finding"
    assert any("recurrent nevus can mimic melanoma" in line for line in lines)
    followed.wait(lambda: "recurrent nevus can mimic melanoma" in page._caution.text())
    click(followed, 0)
    click(followed, 1, SHIFT)
    wait_for(followed, "2023.png", "2024.png")
    assert page._caution.text() == ""


def test_answers_to_a_visit_that_nobody_assessed_wait_for_its_assessment(blind: Desk, tmp_path: Path) -> None:
    open_lesion(blind, *three(blind, tmp_path))
    blind.settle()
    blind.parts.window.workspaces.show_lesion()
    course = page_of(blind).course
    blind.wait(lambda: blind.texts(course).count("shown once you have assessed the lesion at this visit") == 3)


def test_answers_of_then_wait_for_todays_assessment(blind: Desk, tmp_path: Path) -> None:
    patient, lesion = three(blind, tmp_path)
    then = dt.datetime(2025, 3, 12, 12, 0, tzinfo=dt.UTC)
    with History.open(blind.folder, now=lambda: then) as history:
        for visit in history.people.visits(patient.id):
            history.assessments.assess(
                lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
            )
    open_lesion(blind, patient, lesion)
    blind.settle()
    blind.parts.window.workspaces.show_lesion()
    course = page_of(blind).course
    blind.wait(lambda: blind.texts(course).count("shown once you have assessed the lesion today") == 3)
    open_todays(blind, write_lesion(tmp_path / "today.png", seed=9))
    assert blind.parts.window.workspaces.current == "follow_up"
    assert "%" not in blind.texts(page_of(blind))
    press(blind, Qt.Key.Key_5)
    press(blind, Qt.Key.Key_Return)
    blind.wait(lambda: blind.texts(course).count("%") == 4)
    assert "shown once you have assessed" not in blind.texts(course)


def test_todays_image_is_asked_for_until_it_is_there(followed: Desk, tmp_path: Path) -> None:
    assert "Open or drop today's image" in followed.texts(page_of(followed))
    assert not page_of(followed).assessment_panel.isVisible()
    open_todays(followed, write_lesion(tmp_path / "today.png", seed=9))
    followed.wait(page_of(followed).assessment_panel.isVisible)
    assert "Open or drop today's image" not in followed.texts(page_of(followed))


def test_an_image_of_an_earlier_visit_is_named_when_it_is_brought_again(followed: Desk, tmp_path: Path) -> None:
    window = followed.parts.window
    window.open_files([tmp_path / "2024.png"])
    followed.wait(lambda: window.visit_page.messages.text() == f"This is the image of {local_day(DAYS[1])}.")
    assert window.workspaces.current == "visit"
    assert followed.parts.open_image.picture is not None
    assert followed.parts.open_image.picture.name == "2024.png"
    followed.settle()
    open_todays(followed, write_lesion(tmp_path / "today.png", seed=9))
    assert window.visit_page.messages.text() == ""


def test_lesion_seen_first_today_is_not_asked_for_an_image(desk: Desk, tmp_path: Path) -> None:
    today = dt.datetime.now().astimezone().date()
    open_lesion(desk, *keep_at_visits(desk, [(write_lesion(tmp_path / "today.png"), today)]))
    desk.settle()
    key(desk, Qt.Key.Key_C)
    wait_for(desk, "today.png")
    desk.settle()
    told = desk.texts(page_of(desk))
    assert "No other image of this lesion" in told
    assert "Open or drop" not in told


def test_todays_image_that_cannot_be_read_is_tried_again(desk: Desk, tmp_path: Path) -> None:
    today = dt.datetime.now().astimezone().date()
    images = [(write_lesion(tmp_path / "before.png", seed=1), DAYS[0]), (write_lesion(tmp_path / "today.png"), today)]
    patient, lesion = keep_at_visits(desk, images)
    with History.open(desk.folder) as history:
        kept = history.people.images(patient.id)[-1].image.path
    content = kept.read_bytes()
    kept.unlink()
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: desk.parts.open_patient.lesions)
    desk.parts.open_patient.choose(lesion.id)
    desk.settle()
    desk.parts.window.show_workspace("follow_up")
    desk.settle()
    told = desk.texts(page_of(desk))
    assert "To assess the lesion, go to today's image." in told
    assert "Open or drop" not in told
    kept.write_bytes(content)
    press_button(desk, "Go to today's image")
    desk.wait(page_of(desk).assessment_panel.isVisible)


def test_two_entries_of_the_history_are_compared_across_lesions(followed: Desk, tmp_path: Path) -> None:
    window = followed.parts.window
    followed.parts.open_patient.close()
    followed.open_and_keep(write_lesion(tmp_path / "other.png", seed=9))
    window.show_workspace("history")
    followed.wait(lambda: window.history.table.rowCount() == 4)
    rows = window.history.rows
    rows.selectRow(0)
    followed.qtbot.keyClick(rows, Qt.Key.Key_C)
    assert "Choose two entries" in window.history.messages.text()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    rows.selectionModel().select(window.history.table.index(1, 0), flags)
    followed.qtbot.keyClick(rows, Qt.Key.Key_C)
    followed.wait(lambda: sorted(shown(followed)) == ["2025.png", "other.png"])
    assert window.workspaces.current == "follow_up"
    assert not page_of(followed).axis.isVisible()
    followed.wait(lambda: "P-0412 L2 left scapula" in followed.texts(page_of(followed).compare))


def test_lesion_in_the_list_is_followed_with_a_key(desk: Desk, tmp_path: Path) -> None:
    open_lesion(desk, *three(desk, tmp_path))
    desk.settle()
    desk.qtbot.keyClick(desk.parts.window.patients.lesions.rows, Qt.Key.Key_C)
    wait_for(desk, "2024.png", "2025.png")
    assert desk.parts.window.workspaces.current == "follow_up"


def test_another_lesion_is_another_film(followed: Desk) -> None:
    patient = followed.parts.open_patient.patient
    assert patient is not None
    made: list[Lesion] = []
    followed.parts.history_service.write(
        lambda history, by: history.people.add_lesion(patient.id, "L3", "", by=by), made.append, pytest.fail
    )
    followed.wait(lambda: len(followed.parts.open_patient.lesions) == 2)
    followed.parts.open_patient.choose(made[0].id)
    followed.wait(lambda: not shown(followed))
    assert "has no dermoscopy yet" in followed.texts(page_of(followed))
    followed.parts.open_patient.choose(followed.parts.open_patient.lesions[0].id)
    wait_for(followed, "2024.png", "2025.png")
    followed.settle()
    page_of(followed).messages.say("Saved in “visit.pdf”.", error=False)
    press(followed, Qt.Key.Key_Down)
    followed.wait(lambda: followed.parts.open_patient.lesion == made[0])
    followed.wait(lambda: not shown(followed))
    assert page_of(followed).messages.text() == ""  # what was said over another lesion
    followed.parts.open_patient.close()
    assert not page_of(followed).axis.isVisible()


def test_lesion_of_the_patient_page_is_followed_with_a_key(desk: Desk, tmp_path: Path) -> None:
    patient, _lesion = three(desk, tmp_path)
    desk.parts.open_patient.open(patient)
    page = desk.parts.window.patients.page
    desk.wait(lambda: page.isVisible() and page.cards.count() == 1)
    cards = page.cards
    cards.setCurrentRow(0)
    desk.qtbot.keyClick(cards, Qt.Key.Key_C)
    wait_for(desk, "2024.png", "2025.png")
    assert desk.parts.window.workspaces.current == "follow_up"


def test_todays_image_that_cannot_be_opened_is_told_where_it_is_seen(followed: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n no picture")
    followed.parts.window.open_files([broken])
    page = followed.parts.window.visit_page
    followed.wait(page.messages.isVisible)
    assert followed.parts.window.workspaces.current == "visit"
    assert "broken.png" in page.messages.text()


def test_biopsy_that_was_taken_is_pointed_out_on_its_day(followed: Desk) -> None:
    lesion = followed.parts.open_patient.lesion
    assert lesion is not None

    def write(history: History, by: str) -> None:
        visit = next(one for one in history.people.visits(lesion.patient_id) if one.date == DAYS[1])
        said = history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", plan=EXCISION, by=by
        )
        history.care_steps.record(CareStep(Step.TAKEN, said.id, dt.date(2024, 7, 1), by, ""), by=by)
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=dt.date(2024, 7, 20), by=by
        )

    followed.parts.history_service.write(write, lambda _none: None, pytest.fail)
    course = page_of(followed).course
    followed.wait(lambda: "recurrent nevus can mimic melanoma" in followed.texts(course))
    lines = followed.texts(course).splitlines()
    assert lines[lines.index(local_day(dt.date(2024, 7, 1))) + 1].startswith("Biopsied on this day: in later images")
    assert sum("Biopsied" in line for line in lines) == 1
    assert page_of(followed)._caution.text().startswith("Biopsied in between: ")
    assert "is not recorded" not in followed.texts(course), "no image is of that day"


def take_biopsies(desk: Desk, *days: dt.date) -> None:
    """Record biopsies of a nevus as taken on days of visits, each planned at its visit."""
    lesion = desk.parts.open_patient.lesion
    assert lesion is not None

    def write(history: History, by: str) -> None:
        for day in days:
            visit = next(one for one in history.people.visits(lesion.patient_id) if one.date == day)
            said = history.assessments.assess(
                lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", plan=EXCISION, by=by
            )
            history.care_steps.record(CareStep(Step.TAKEN, said.id, day, by, ""), by=by)

    desk.parts.history_service.write(write, lambda _none: None, pytest.fail)
    desk.wait(lambda: f"Biopsy taken on {local_day(days[-1])}" in desk.texts(page_of(desk).course))


def lines_under(desk: Desk, day: dt.date) -> list[str]:
    """Return the lines of the course from the heading of a day on."""
    lines = desk.texts(page_of(desk).course).splitlines()
    return lines[lines.index(local_day(day)) + 1 :]


ORDER_UNKNOWN = "Whether this day's image is from before or after the biopsy is not recorded."


def test_no_image_of_the_day_of_a_biopsy_is_taken_for_one_after_it(followed: Desk) -> None:
    take_biopsies(followed, DAYS[-1])
    lines = lines_under(followed, DAYS[-1])
    assert ORDER_UNKNOWN in lines
    assert not any("recurrent" in line for line in lines), "there is no later image"
    caution = page_of(followed)._caution
    followed.wait(lambda: caution.text() == "Biopsied on the day of the newer image, before or after it.")


def test_of_several_biopsies_each_stands_on_its_day_above_what_was_before_it(followed: Desk) -> None:
    take_biopsies(followed, DAYS[1], DAYS[2])
    first, second = lines_under(followed, DAYS[1]), lines_under(followed, DAYS[2])
    assert first[0] == "Biopsied on this day: in later images a recurrent nevus can mimic melanoma."
    assessed = next(place for place, line in enumerate(first) if line.startswith("Assessed"))
    assert first.index(ORDER_UNKNOWN) < assessed, "what was before it on that day stands below it"
    assert second.index(ORDER_UNKNOWN) < second.index(local_day(DAYS[1]))
    assert not any("recurrent" in line for line in second[: second.index(local_day(DAYS[1]))])
    caution = page_of(followed)._caution
    older = "Biopsied on the day of the older image: a recurrent nevus can mimic melanoma."
    followed.wait(lambda: caution.text() == older)
    press(followed, Qt.Key.Key_Home)
    followed.wait(lambda: caution.text() == older.replace("on the day of the older image", "in between"))


@pytest.mark.parametrize(
    ("found", "when"),
    [
        (dt.timedelta(10), "before the newer image"),
        (dt.timedelta(100), "in between"),
        (DAYS[2] - DAYS[1], "by the day of the newer image"),
    ],
)
def test_a_biopsy_of_which_only_the_finding_is_dated_was_by_that_day(
    followed: Desk, found: dt.timedelta, when: str
) -> None:
    lesion = followed.parts.open_patient.lesion
    assert lesion is not None
    day = DAYS[1] + found
    followed.parts.history_service.write(
        lambda history, by: history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=day, by=by
        ),
        lambda _made: None,
        pytest.fail,
    )
    page = page_of(followed)
    followed.wait(lambda: page._caution.text() == f"Biopsied {when}: a recurrent nevus can mimic melanoma.")
    followed.wait(lambda: local_day(day) in followed.texts(page.course).splitlines())
    said = "Biopsied on this day or before: in later images a recurrent nevus can mimic melanoma."
    assert said in lines_under(followed, day)


@pytest.mark.parametrize(
    ("diagnosis", "label", "here", "between"),
    [
        (
            "melanoma_in_situ",
            "melanoma",
            "Biopsied on this day or before: melanoma. In later images pigment may be residual tumour or recurrence.",
            "Biopsied before the newer image: melanoma. Pigment may be residual tumour or recurrence.",
        ),
        (
            "seborrheic_keratosis",
            "seborrheic_keratosis",
            "Biopsied on this day or before.",
            "Biopsied before the newer image.",
        ),
        (
            "blue_nevus",
            None,
            "Biopsied on this day or before: in later images a recurrent nevus can mimic melanoma.",
            "Biopsied before the newer image: a recurrent nevus can mimic melanoma.",
        ),
    ],
)
def test_what_a_biopsy_means_is_said_by_its_histology(
    followed: Desk, diagnosis: str, label: str | None, here: str, between: str
) -> None:
    lesion = followed.parts.open_patient.lesion
    assert lesion is not None

    def write(history: History, by: str) -> None:
        history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis=diagnosis,
            label=label,
            date=dt.date(2024, 9, 1),
            by=by,
        )

    followed.parts.history_service.write(write, lambda _none: None, pytest.fail)
    page = page_of(followed)
    followed.wait(lambda: here in followed.texts(page.course).splitlines())
    followed.wait(lambda: page._caution.text() == between)


def test_melanoma_is_called_removed_where_its_margins_were_clear_and_once(followed: Desk) -> None:
    lesion = followed.parts.open_patient.lesion
    assert lesion is not None

    def write(history: History, by: str, diagnosis: str, margins: Margins, day: dt.date) -> Outcome:
        return history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis=diagnosis, margins=margins, date=day, by=by
        )

    def add(diagnosis: str, margins: Margins, day: dt.date) -> None:
        service = followed.parts.history_service
        service.write(lambda history, by: write(history, by, diagnosis, margins, day), lambda _made: None, pytest.fail)

    def said() -> list[str]:
        return [one for one in followed.texts(page.course).splitlines() if " on this day or before: " in one]

    page = page_of(followed)
    add("melanoma", "involved", dt.date(2024, 9, 1))
    add("keloid", "clear", dt.date(2024, 9, 20))
    biopsied = "Biopsied on this day or before: melanoma. In later images pigment may be residual tumour or recurrence."
    followed.wait(lambda: "Keloid" in followed.texts(page.course))
    assert said() == [biopsied]
    assert page._caution.text() == (
        "Biopsied before the newer image: melanoma. Pigment may be residual tumour or recurrence."
    )
    add("melanoma", "clear", dt.date(2024, 10, 1))
    removed = "Melanoma was removed on this day or before: in later images pigment in the scar may be recurrence."
    followed.wait(lambda: said() == [removed, biopsied])
    followed.wait(
        lambda: page._caution.text() == "Melanoma was removed in between: pigment in the scar may be recurrence."
    )


def test_a_corrected_finding_is_struck_out_in_the_course(followed: Desk) -> None:
    lesion = followed.parts.open_patient.lesion
    assert lesion is not None

    def write(history: History, by: str) -> None:
        first = history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=dt.date(2024, 9, 1), by=by
        )
        history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis="melanoma",
            date=dt.date(2024, 9, 1),
            corrects=first.id,
            by=by,
        )

    followed.parts.history_service.write(write, lambda _none: None, pytest.fail)
    page = page_of(followed)
    followed.wait(lambda: "Corrected: Histopathology" in followed.texts(page.course))
    found = [one for one in page.course.findChildren(QLabel) if "Histopathology" in one.text() and one.isVisible()]
    assert [(one.text().rpartition(": ")[2], one.font().strikeOut()) for one in found] == [
        ("Melanoma", False),
        ("Nevus", True),
    ]
    panel = followed.texts(page.assessment_panel)
    assert panel.index("Melanoma") < panel.index("Corrected: ")


def test_answers_of_then_are_logged_when_they_are_shown(followed: Desk) -> None:
    """Each image was opened once when it was kept; the oldest was looked at nowhere else."""
    followed.settle()
    with History.open(followed.folder) as history:
        acts = history.audit.page(AuditFilter()).acts
    assert [(act.action, act.image) for act in acts].count((Action.ANSWER_VIEWED, "2023.png")) == 2


def test_todays_answer_is_one_press_away_once_it_may_be_seen(make_desk: MakeDesk, tmp_path: Path) -> None:
    alerting = contract(alerts=(melanoma_alert(ALWAYS),))
    desk = make_desk(write_model(tmp_path / "model.onnx", alerting), blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    open_lesion(desk, *three(desk, tmp_path))
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    open_todays(desk, write_lesion(tmp_path / "today.png", seed=9))
    page = page_of(desk)
    assert not [one for one in page.findChildren(QPushButton) if "show" in one.text() and one.isVisible()]
    press(desk, Qt.Key.Key_5)
    press(desk, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.wait(lambda: [one for one in page.findChildren(QPushButton) if "Melanoma alert: show" in one.text()])
    press_button(desk, "Melanoma alert: show", page)
    assert desk.parts.window.workspaces.current == "visit"
    assert desk.parts.open_image.picture is not None
    assert desk.parts.open_image.picture.name == "today.png"


def test_alert_of_a_region_of_todays_image_is_named_where_its_answer_is_reached(
    make_desk: MakeDesk, tmp_path: Path
) -> None:
    silent = contract(alerts=(melanoma_alert(NEVER),))
    desk = make_desk(write_model(tmp_path / "model.onnx", silent))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    open_lesion(desk, *three(desk, tmp_path))
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    open_todays(desk, write_lesion(tmp_path / "today.png", seed=9))
    desk.settle()
    page, todays = page_of(desk), desk.parts.open_patient.todays_image()
    assert todays is not None
    assert "Answer to today's image…" in [one.text() for one in page.findChildren(QPushButton) if one.isVisible()]
    whole = todays.entries[-1].answer
    with History.open(desk.folder) as history:
        alerting = dataclasses.replace(whole, flags=("melanoma",))
        history.save(todays.image, alerting, silent, by="MK", region="0,0,99,99")
    desk.parts.open_patient.reload()
    desk.wait(lambda: [one for one in page.findChildren(QPushButton) if "Melanoma alert: show" in one.text()])


@pytest.mark.parametrize("melanomas", [None, 0.03])
def test_alert_in_the_course_stands_with_the_figure_of_its_label(
    make_desk: MakeDesk, tmp_path: Path, melanomas: float | None
) -> None:
    """It is that of the image alone, and called so in every line; behind it stands that for the practice, if it has one."""
    prior = {label.id: 0.2 if label.id == "melanoma" else 0.1 for label in NINE}
    alerting = contract(alerts=(melanoma_alert(ALWAYS),), calibration_mix=prior)
    desk = make_desk(write_model(tmp_path / "model.onnx", alerting, seed=SPREAD))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    if melanomas is not None:
        desk.parts.window.frame.practice.set_prior(PracticePrior(melanomas))
    open_lesion(desk, *three(desk, tmp_path))
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    course = page_of(desk).course
    desk.settle()
    leading = [entry.answer.top for entry in desk.entries()]
    assert set(leading) - {"melanoma"}, "another label has the highest figure"
    assert any(entry.adjusted for entry in desk.entries()) == (melanomas is not None)
    for entry in desk.entries():
        figure = percent(entry.answer.probabilities["melanoma"]).replace(" %", "\N{NO-BREAK SPACE}%")
        lines = desk.texts(course).splitlines()
        adjusted = entry.adjusted.figures
        behind = (
            "" if adjusted is None else f"; {percent(adjusted['melanoma'])} for 3 % melanomas".replace(" %", "\u00a0%")
        )
        assert f"{entry.model_name}: Melanoma alert, Melanoma {figure}, image alone{behind}, Not for patients" in lines


def test_uncertain_answer_has_one_word_in_every_list(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(certainty_threshold=1.0)))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    window = desk.parts.window
    patient, lesion = three(desk, tmp_path)
    open_lesion(desk, patient, lesion)
    desk.wait(lambda: "Too uncertain to name one diagnosis" in desk.texts(window.visit_page.result_panel))
    open_todays(desk, write_lesion(tmp_path / "today.png", seed=9))
    open_todays(desk, write_lesion(tmp_path / "again.png", seed=8))
    summary = window.patients.summary
    desk.wait(summary.isVisible)
    assert desk.texts(summary).count("uncertain") == 2
    window.workspaces.show_lesion()
    desk.settle()
    lines = [line for line in desk.texts(page_of(desk).course).splitlines() if line.endswith("Not for patients")]
    assert [line.partition(": ")[2] for line in lines] == ["too uncertain to name one diagnosis, Not for patients"] * 5
    window.show_workspace("history")
    table = window.history.table
    desk.wait(lambda: table.rowCount() == 5)
    assert {table.index(row, LABEL).data() for row in range(5)} == {"uncertain"}
    write_lesion(tmp_path / "folder" / "one.png", seed=3)
    desk.classify(tmp_path / "folder")
    window.show_workspace("batch")
    assert "0 not answered · 1 uncertain · 0 no alert" in desk.texts(window.batch)
    assert window.batch.table.index(0, BATCH_LABEL).data() == "uncertain"


def ask_button(desk: Desk) -> QPushButton | None:
    page = page_of(desk)
    return next((one for one in page.findChildren(QPushButton) if "images" in one.text() and one.isVisible()), None)


def use_newer(desk: Desk, folder: Path) -> None:
    """Use another model from now on."""
    desk.parts.model.load(write_model(folder / "new.onnx", contract(name="LL-1"), seed=2))
    desk.wait(lambda: (one := desk.parts.open_image.classifier) is not None and one.contract.name == "LL-1")


def test_earlier_images_are_answered_by_the_model_in_use_on_request(make_desk: MakeDesk, tmp_path: Path) -> None:
    """Not before today's assessment; the answers of their time stay, each with its model."""
    old = write_model(tmp_path / "old.onnx", contract(name="LL-0"), seed=1)
    desk = make_desk(old, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    patient, lesion = three(desk, tmp_path)
    then = dt.datetime(2025, 3, 12, 12, 0, tzinfo=dt.UTC)
    with History.open(desk.folder, now=lambda: then) as history:
        for visit in history.people.visits(patient.id):
            history.assessments.assess(
                lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
            )
    use_newer(desk, tmp_path)
    open_lesion(desk, patient, lesion)
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    open_todays(desk, write_lesion(tmp_path / "today.png", seed=9))
    assert ask_button(desk) is None, "blind-first holds"
    page, course = page_of(desk), page_of(desk).course
    press(desk, Qt.Key.Key_5)
    press(desk, Qt.Key.Key_Return)
    desk.wait(lambda: ask_button(desk) is not None)
    assert "Ask the model in use about 3 images" in page.earlier.text()
    assert "LL-1" in page.earlier.toolTip()
    desk.settle()  # lines that were renewed in this turn of the event loop are shown in the next
    before = desk.texts(course)
    assert (before.count("LL-0: "), before.count("LL-1: ")) == (3, 1)
    with desk.slow_history():
        press_button(desk, "Ask the model in use", page)
        assert "0 of 3 images answered. Cancel" in page.earlier.text()
        press_button(desk, "Cancel", page)
        assert "Ask the model in use" in page.earlier.text()
    desk.settle()
    assert desk.texts(course).count("LL-1: ") <= 2, "cancelled"
    given = desk.parts.window.workspaces.follow_up._course._earlier_answers
    with desk.slow_history():
        press_button(desk, "Ask the model in use", page)
        desk.wait(lambda: given.is_running and given._task is None)  # an answer is being saved
        press_button(desk, "Cancel", page)
        press_button(desk, "Ask the model in use", page)
    desk.wait(lambda: desk.texts(course).count("LL-1: ") == 4)
    assert desk.texts(course).count("LL-0: ") == 3
    lines = desk.texts(course).splitlines()
    at = lines.index(local_day(DAYS[0]))
    told = [lines[place + 1] for place in range(at, len(lines)) if lines[place].startswith("LL-")]
    assert told == [f"answered {local_day(dt.datetime.now().astimezone().date())}"] * 2, "not on the day of the image"
    desk.wait(lambda: not page.earlier.isVisible())
    assert sorted(entry.model_name for entry in desk.entries()) == ["LL-0"] * 3 + ["LL-1"] * 4
    with History.open(desk.folder) as history:
        viewed = [act.image for act in history.audit.page(AuditFilter()).acts if act.action == Action.ANSWER_VIEWED]
    assert viewed.count("2023.png") >= 2, "each answer is logged once it is shown"


def test_image_that_cannot_be_answered_is_reported_and_the_others_are_answered(
    make_desk: MakeDesk, tmp_path: Path
) -> None:
    desk = make_desk(write_model(tmp_path / "old.onnx", contract(name="LL-0"), seed=1))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    patient, lesion = three(desk, tmp_path)
    use_newer(desk, tmp_path)
    open_lesion(desk, patient, lesion)
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    wait_for(desk, "2024.png", "2025.png")
    desk.settle()
    (first,) = [one for one in desk.entries() if one.image.name == "2023.png"]
    first.image.path.unlink()
    page = page_of(desk)
    press_button(desk, "Ask the model in use about 3 images", page)
    desk.wait(lambda: desk.texts(page.course).count("LL-1: ") == 2)
    desk.wait(lambda: f"The stored image {first.image.sha256} is missing" in page.messages.text())
    desk.wait(lambda: "Ask the model in use about 1 image" in page.earlier.text())
    assert "LL-1 has not answered it yet." in page.earlier.toolTip()


def test_images_of_a_film_go_with_its_lesion(followed: Desk) -> None:
    followed.parts.open_patient.choose(None)
    assert shown(followed) == []
    assert not page_of(followed).axis.isVisible()


def test_many_images_find_room_on_the_axis(followed: Desk) -> None:
    axis = page_of(followed).axis
    frames = [followed.parts.window.workspaces.follow_up.film.frames[0]] * 120
    axis.show_film(frames, None)
    places = [axis.place_of(place).x() for place in range(len(frames))]
    assert places == sorted(places)
    assert axis.rect().left() < places[0] < places[-1] < axis.rect().right()


def test_what_happened_after_the_only_image_is_drawn_on_its_own_day(followed: Desk) -> None:
    axis = page_of(followed).axis
    frame = followed.parts.window.workspaces.follow_up.film.frames[0]
    axis.show_film([frame], None)
    marks = [
        AxisMark(frame.day + dt.timedelta(days), f"{word} after {days} days", word)
        for days, word in ((3, "biopsy"), (10, "biopsy"), (10, "histology"))
    ]
    axis.show_marks(marks)
    image, first, second = (axis._layout.along(frame.day + dt.timedelta(days)) for days in (0, 3, 10))
    assert axis.place_of(0).x() == image < first < second <= axis.width()
    line = axis.height() - 28
    assert axis._tip_at(QPointF(first, line)) == "biopsy after 3 days"
    assert axis._tip_at(QPointF(second, line)) == "biopsy after 10 days\nhistology after 10 days"


def test_tip_of_a_picture_offers_only_what_a_click_does(followed: Desk) -> None:
    axis = page_of(followed).axis
    frames = followed.parts.window.workspaces.follow_up.film.frames
    axis.show_film(frames, None)
    offered = [axis._tip_at(axis.place_of(place)).splitlines()[1:] for place in range(len(frames))]
    older, newer = "Click: the earlier picture", "Shift and click: the later picture"
    assert offered == [[older], *[[older, newer]] * (len(frames) - 2), [newer]]


def test_an_assessment_on_the_day_of_a_biopsy_is_seen_in_its_mark(followed: Desk) -> None:
    axis = page_of(followed).axis
    frame = followed.parts.window.workspaces.follow_up.film.frames[0]
    axis.show_film([frame], None)
    biopsy, assessment = AxisMark(frame.day, "Biopsy taken", "biopsy"), AxisMark(frame.day, "Assessed")
    seen = []
    for marks in ([biopsy], [assessment], [assessment, biopsy], [biopsy, assessment]):
        axis.show_marks(marks)
        seen.append(axis.grab().toImage())
    assert seen[2] == seen[3]
    assert seen[2] not in seen[:2]


def test_word_of_a_mark_beside_a_day_stands_above_it(followed: Desk) -> None:
    axis = page_of(followed).axis
    frames = followed.parts.window.workspaces.follow_up.film.frames
    axis.show_film(frames, None)
    near = AxisMark(frames[0].day + dt.timedelta(30), "Biopsy taken", "biopsy")
    axis.show_marks([near])
    at, line = axis._layout.along(near.day), axis.height() - 28
    day = QRectF(0, line, at + 1, 28)
    ((mark, place),) = axis._places_of_words(axis.fontMetrics(), [day])
    assert mark == near
    assert place.left() <= at <= place.right()
    assert place.bottom() < line
    assert not place.intersects(QRectF(axis.place_of(0).x() - SIDE_OF_PICTURE / 2, 0, SIDE_OF_PICTURE, line))


def test_image_that_is_not_for_the_lesion_is_shown_at_the_visit(followed: Desk) -> None:
    window = followed.parts.window
    window.menus.actions["sample"].trigger()
    followed.wait(lambda: followed.parts.open_image.picture is not None and followed.parts.open_image.picture.is_sample)
    assert window.workspaces.current == "visit"
