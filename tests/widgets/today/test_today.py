"""The start page: recent patients, what is due, and the safety net."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTabWidget
from pytestqt.qtbot import QtBot

from desktop.core.records.audit_acts import AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN, Lesion, Patient
from desktop.core.records.safety_net import CLOSED_BY, Gap, OpenItem
from desktop.session.opening_request import OpeningRequest
from desktop.system.settings import HAS_BEGUN, Settings
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import local_day
from desktop.widgets.patient.patient_chooser import PatientChooser
from desktop.widgets.patient.worklists_dialog import WorklistsDialog
from desktop.widgets.today.net_table import NetTable
from desktop.widgets.today.recent_patients import RecentPatients
from desktop.widgets.today.step_dialog import StepDialog
from desktop.widgets.today.today_page import TodayPage
from desktop.widgets.today.today_words import gap_text, question_text
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from tests.core.records.history_contents import an_image, keep
from tests.days import today
from tests.widgets.conftest import Desk
from tests.widgets.whole_cells import assert_whole


def earlier() -> dt.date:
    """Return the day of the visits before."""
    return today() - dt.timedelta(days=40)


WHAT, CLOSE = 3, 4

NOTHING = "Nothing on this list."


def fill(folder: Path) -> None:
    """Write a patient with a lesion for each list, and one whose answer blind-first conceals."""
    with History.open(folder) as history:
        people, assessments = history.people, history.assessments
        people.add_patient("P-seldom", "male", by="MK")
        patient = people.add_patient("P-0412", "female", by="MK").id
        visit = people.begin_visit(patient, earlier(), "60-69", by="MK").id

        def lesion(name: str, flags: tuple[str, ...] = ()) -> Lesion:
            made = people.add_lesion(patient, name, "back", by="MK")
            keep(history, f"{name}.jpg", flags=flags)
            image = people.image_id_of(an_image(f"{name}.jpg").sha256)
            assert image is not None
            people.place(image, kind="dermoscopy", lesion_id=made.id, visit_id=visit, by="MK")
            return made

        def assess(which: Lesion, diagnosis: str, plan: str = "", day: dt.date | None = None) -> None:
            assessments.assess(
                lesion_id=which.id,
                visit_id=visit,
                before_model=True,
                diagnosis=diagnosis,
                plan=plan,
                plan_date=day,
                by="MK",
            )

        assess(lesion("L1"), "nevus", FOLLOW_UP, today() - dt.timedelta(days=9))
        assess(lesion("L2", ("melanoma",)), "nevus")
        assess(lesion("L3"), "melanoma", EXCISION)
        told = lesion("L4")
        assess(told, "melanoma", EXCISION)
        assessments.add_outcome(lesion_id=told.id, kind="histopathology", diagnosis="melanoma", date=earlier(), by="MK")
        lesion("L5", ("melanoma",))  # not assessed: concealed


@pytest.fixture
def desk(make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path) -> Desk:
    fill(tmp_path / "data")
    made = make_desk(model_file, blind=True)
    made.wait(lambda: made.parts.model.classifier is not None)
    made.parts.window.staged_start.finish()
    made.parts.window.show_workspace("today")
    made.wait(lambda: made.parts.window.workspaces.today.page.findChild(NetTable) is not None)
    made.rest()
    return made


def page(desk: Desk) -> TodayPage:
    return desk.parts.window.workspaces.today.page


def table(desk: Desk) -> NetTable:
    found = page(desk).findChild(NetTable)
    assert found is not None
    return found


def row_of(desk: Desk, gap: Gap) -> int:
    view = table(desk)
    return next(row for row, item in enumerate(view.items) if item.gap is gap and item in view.open_items)


def gaps(desk: Desk) -> list[Gap]:
    return [item.gap for item in table(desk).open_items]


def click(desk: Desk, row: int, column: int = WHAT) -> None:
    view = table(desk)
    place: QPoint = view.visualRect(view.model().index(row, column)).center()
    desk.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def form(desk: Desk) -> StepDialog:
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(StepDialog) if one.isVisible()])
    return next(one for one in desk.parts.window.findChildren(StepDialog) if one.isVisible())


def test_each_list_names_patient_lesion_and_day_and_nothing_that_blind_first_conceals(desk: Desk) -> None:
    assert sorted(gaps(desk)) == sorted([Gap.OVERDUE, Gap.NO_PLAN, Gap.NOT_TAKEN, Gap.NOT_TOLD])
    model = table(desk).model()
    rows = [[str(model.index(row, column).data()) for column in range(CLOSE)] for row in range(model.rowCount())]
    assert {row[1] for row in rows} == {"P-0412"}
    assert {row[2] for row in rows} == {"L1 back", "L2 back", "L3 back", "L4 back"}  # L5 is to be assessed blind
    assert [row[WHAT] for row in rows if row[2] == "L2 back"] == ["No plan entered: melanoma alert"]
    order = [(item.since, item.saved) for item in table(desk).items]
    assert order == sorted(order)


def test_the_hint_calls_what_del_does_as_the_links_do(desk: Desk) -> None:
    items = [OpenItem(gap, today(), None, None, "a.png", 1, 1, diagnosis="nevus") for gap in (Gap.OVERDUE, Gap.NO_FIT)]
    page(desk).show_items(items)
    model = table(desk).model()
    links = {str(model.index(row, CLOSE).data()) for row in range(model.rowCount())} - {"Done"}
    assert links == {"Close…", "Looked again…"}
    assert all(link in desk.texts(page(desk)) for link in links)


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (
            OpenItem(Gap.NO_PLAN, today(), None, None, "a.png", 1, 1, alerts=("skin_cancer", "melanoma")),
            "No plan entered: melanoma alert",  # as the box of the image: it shows one
        ),
        (
            OpenItem(Gap.NO_PLAN, today(), None, None, "a.png", 1, 1, alerts=("skin_cancer",)),
            "No plan entered: skin cancer alert (BCC, SCC)",
        ),
        (
            OpenItem(Gap.NOT_TOLD, today(), None, None, "a.png", 1, 1, diagnosis="merkel_cell_carcinoma"),
            "Patient not told: result Merkel cell carcinoma",
        ),
        (
            OpenItem(Gap.NOT_TOLD, today(), None, None, "a.png", 1, 1, diagnosis="as suspected"),
            "Patient not told: result “as suspected”",  # nobody classified it
        ),
        (
            OpenItem(
                *(Gap.NOT_TOLD, today(), None, None, "a.png", 1, 1, "melanoma", "melanoma"),
                breslow_mm=0.8,
                margins="involved",
            ),
            "Patient not told: result melanoma 0.8 mm, margins involved",
        ),
        (
            OpenItem(
                *(Gap.NOT_TOLD, today(), None, None, "a.png", 1, 1, "melanoma", "melanoma"),
                told_before=dt.date(2026, 11, 28),
            ),
            "Patient not told of the correction: result melanoma; told of the earlier one on 28 Nov 2026",
        ),
        (
            OpenItem(
                *(Gap.MARGINS, today(), None, None, "a.png", 1, 1, "melanoma", "melanoma"),
                breslow_mm=0.8,
                margins="involved",
            ),
            "No re-excision planned: melanoma 0.8 mm, margins involved",
        ),
        (OpenItem(Gap.NOT_ASSESSED, today(), None, None, "a.png", 1, 1), "Image not assessed"),
        (OpenItem(Gap.NOT_ASSESSED, today(), None, None, "a.png", 3, 3, others=(1, 2)), "3 images not assessed"),
        (
            OpenItem(
                Gap.NO_FIT, today(), None, None, "a.png", 1, 1, "melanoma_in_situ", None, "nevus", None, ("melanoma",)
            ),
            "Does not fit: histology melanoma in situ, mine was nevus, melanoma alert",
        ),
        (
            OpenItem(
                Gap.NO_FIT, today(), None, None, "a.png", 1, 1, "nevus", None, "melanoma", None, is_after_model=True
            ),
            "Does not fit: histology nevus, after the model: melanoma",
        ),
        (
            OpenItem(
                Gap.NO_FIT, today(), None, None, "a.png", 1, 1, "nevus", None, "melanoma", None, is_made_elsewhere=True
            ),
            "Does not fit: histology nevus, made elsewhere: melanoma",
        ),
        (
            OpenItem(
                *(Gap.LOOK_AGAIN, today(), None, None, "a.png", 1, 1),
                alerts=("malignant", "melanoma"),
                model="LL-2",
                last_visit=dt.date(2026, 3, 2),
            ),
            "Look again: melanoma alert by “LL-2” alone; last visit 2 Mar 2026",
        ),
    ],
)
def test_a_line_begins_with_what_is_missing_and_names_one_alert(item: OpenItem, line: str) -> None:
    assert gap_text(item) == line


def test_what_is_undone_and_done_again_stays_one_row(desk: Desk) -> None:
    """A finding that is undone and redone comes back under another number."""
    view, other = table(desk), OpenItem(Gap.NOT_TOLD, today(), None, None, "b.png", 2, 2, "nevus")
    first, again = (OpenItem(Gap.MARGINS, today(), None, None, "a.png", 1, number, "melanoma") for number in (4, 9))
    view.show_items([first, other], anew=True)
    view.show_items([other], anew=False, is_undo=True)
    assert [view.model().index(row, CLOSE).data() for row in range(2)] == ["Undone", "Close…"]
    view.show_items([other, again], anew=False)
    assert view.items == view.open_items == [again, other]


@pytest.mark.parametrize("size", [(1280, 800), (1024, 560)])
def test_what_was_left_undone_is_readable_whole(desk: Desk, size: tuple[int, int]) -> None:
    made = Lesion(1, 1, "L12", "back-upper-middle")
    long = OpenItem(
        Gap.NO_FIT, today(), made, None, "L12", None, 1, "superficial spreading melanoma", None, "atypical_nevus"
    )
    desk.parts.window.resize(*size)
    QApplication.processEvents()
    view = table(desk)
    view.show_items([*view.items, long], anew=True)
    recent = page(desk).findChildren(RecentPatients)[0]
    recent.clear_rows()
    recent.show_patients(
        [Patient(8, "P-2026-0013", "female"), Patient(9, "P-1301 of the ward", "unknown")], {8: today(), 9: today()}
    )
    QApplication.processEvents()
    assert_readable_whole(desk)


@pytest.mark.usefixtures("themed")
def test_today_is_readable_whole_when_the_program_starts(
    make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path
) -> None:
    fill(tmp_path / "data")
    desk = make_desk(model_file, has_begun=True)
    desk.wait(lambda: page(desk).findChild(NetTable) is not None and table(desk).isVisible())
    desk.rest()
    assert_readable_whole(desk)
    names = page(desk).findChildren(RecentPatients)[0]
    assert all(names.sizeHintForColumn(column) <= names.columnWidth(column) for column in range(3))
    view = table(desk)
    assert all(view.rowHeight(row) == view.rowHeight(0) for row in range(view.model().rowCount())), "there is room"


def assert_readable_whole(desk: Desk) -> None:
    for shown in (table(desk), page(desk).findChildren(RecentPatients)[0]):
        assert_whole(shown)


def test_the_list_can_be_narrowed_and_counts_what_it_has(desk: Desk) -> None:
    shown = page(desk).gaps
    texts = [shown.itemText(index) for index in range(shown.count())]
    assert texts[0] == "Everything (4)"
    assert "Biopsy or excision taken, no result (0)" in texts
    shown.setCurrentIndex(shown.findData(Gap.NOT_TOLD))
    assert gaps(desk) == [Gap.NOT_TOLD]
    shown.setCurrentIndex(shown.findData(Gap.NO_RESULT))
    assert not table(desk).isVisible()
    assert NOTHING in desk.texts(page(desk))


def test_an_overdue_follow_up_is_due_since_its_day(desk: Desk) -> None:
    row = row_of(desk, Gap.OVERDUE)
    item = table(desk).items[row]
    shown = [table(desk).model().index(row, column).data() for column in (0, 3)]
    assert shown == [local_day(item.since), "Follow-up due"], "on that day it was not overdue yet"
    table(desk).selectRow(row)
    desk.qtbot.keyClick(table(desk), Qt.Key.Key_Delete)
    assert f"Follow-up due since {local_day(item.since)}" in desk.texts(form(desk))


def test_a_click_on_an_overdue_follow_up_opens_its_lesion(desk: Desk) -> None:
    click(desk, row_of(desk, Gap.OVERDUE))
    patient = desk.parts.open_patient
    desk.wait(lambda: patient.lesion is not None and patient.lesion.name == "L1")
    assert desk.parts.window.workspaces.current != "today"


def test_enter_on_an_alert_opens_its_lesion(desk: Desk) -> None:
    view = table(desk)
    view.setCurrentIndex(view.model().index(row_of(desk, Gap.NO_PLAN), 0))
    desk.qtbot.keyClick(view, Qt.Key.Key_Return)
    patient = desk.parts.open_patient
    desk.wait(lambda: patient.lesion is not None and patient.lesion.name == "L2")


def test_a_biopsy_is_recorded_as_taken_then_its_result_is_asked_for_and_both_can_be_undone(desk: Desk) -> None:
    click(desk, row_of(desk, Gap.NOT_TAKEN))
    asked = form(desk)
    assert "P-0412, L3 back" in desk.texts(asked)
    assert not asked.save.isEnabled()  # whose entry would it be?
    asked.initials.setText("AB")
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: Gap.NO_RESULT in gaps(desk))
    assert Gap.NOT_TAKEN not in gaps(desk)
    click(desk, row_of(desk, Gap.NO_RESULT))
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible()])
    outcome = next(one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible())
    desk.rest()
    outcome.reject()
    view, row = table(desk), row_of(desk, Gap.NO_RESULT)
    stack = desk.parts.window.frame.undo_stack
    assert stack.undo_text == "biopsy taken from P-0412, L3 back"
    desk.parts.open_patient.open(table(desk).items[0].patient)  # type: ignore[arg-type]
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    stack.undo()
    desk.wait(lambda: Gap.NOT_TAKEN in gaps(desk))
    assert view.model().index(row, CLOSE).data() == "Undone", "nobody entered a result"
    assert view.model().index(row, WHAT).data(Qt.ItemDataRole.FontRole).strikeOut()
    desk.settle()
    stack.redo()
    desk.wait(lambda: Gap.NOT_TAKEN not in gaps(desk))
    assert row_of(desk, Gap.NO_RESULT) == row
    assert "Done" in [view.model().index(one, CLOSE).data() for one in range(row)]


def tops(desk: Desk) -> dict[str, int]:
    """Return where each row stands, by its lesion."""
    view = table(desk)
    rows = range(view.model().rowCount())
    return {str(view.model().index(row, 2).data()): view.visualRect(view.model().index(row, 0)).top() for row in rows}


def record_as_told(desk: Desk) -> None:
    click(desk, row_of(desk, Gap.NOT_TOLD))
    asked = form(desk)
    asked.initials.setText("AB")
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: Gap.NOT_TOLD not in gaps(desk))


def test_row_that_was_dealt_with_stays_and_does_nothing_until_the_page_is_left(desk: Desk) -> None:
    before, row = tops(desk), row_of(desk, Gap.NOT_TOLD)
    view = table(desk)
    record_as_told(desk)
    assert tops(desk) == before, "nothing moves below the pointer"
    assert view.model().index(row, CLOSE).data() == "Done"
    assert view.model().index(row, WHAT).data(Qt.ItemDataRole.FontRole).strikeOut()
    opened: list[OpenItem] = []
    view.opened.connect(opened.append)
    view.close_requested.connect(opened.append)
    click(desk, row)
    click(desk, row, CLOSE)
    view.setCurrentIndex(view.model().index(row, 0))
    for name in (Qt.Key.Key_Return, Qt.Key.Key_Delete):
        desk.qtbot.keyClick(view, name)
    assert opened == []
    desk.parts.open_patient.open(view.items[row].patient)  # type: ignore[arg-type]
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    desk.parts.window.frame.undo_stack.undo()
    desk.wait(lambda: Gap.NOT_TOLD in gaps(desk))
    assert (tops(desk), row_of(desk, Gap.NOT_TOLD)) == (before, row)
    record_as_told(desk)
    desk.parts.window.show_workspace("visit")
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: view.items)
    assert Gap.NOT_TOLD not in [item.gap for item in view.items]


def test_row_whose_finding_is_corrected_is_not_called_done(desk: Desk) -> None:
    view, row = table(desk), row_of(desk, Gap.NOT_TOLD)
    item = view.items[row]
    assert item.lesion is not None
    lesion_id = item.lesion.id

    def correct(history: History, by: str) -> None:
        history.assessments.add_outcome(
            lesion_id=lesion_id,
            kind="histopathology",
            diagnosis="melanoma",
            breslow_mm=2.1,
            date=item.since,
            corrects=item.subject_id,
            by=by,
        )

    desk.parts.history_service.write(correct, lambda _written: None, pytest.fail)
    desk.wait(lambda: view.model().index(row, CLOSE).data() == "Corrected")
    assert [one.breslow_mm for one in view.open_items if one.gap is Gap.NOT_TOLD] == [2.1]
    assert "corrected or withdrawn" in view.model().index(row, WHAT).data(Qt.ItemDataRole.ToolTipRole)


def test_reading_that_ends_after_the_page_was_left_lists_nothing(desk: Desk) -> None:
    """Else its rows would stand there struck out when the page is shown again."""
    view = table(desk)
    with desk.slow_history():
        desk.parts.window.workspaces.today.refresh()
        desk.parts.window.show_workspace("visit")
    assert view.items == []
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: view.open_items)
    assert view.items == view.open_items


def test_click_acts_on_the_row_that_was_pressed_while_the_list_is_read_again(desk: Desk) -> None:
    """An older item arrives between press and release: it comes last, not above the pressed row."""
    row, view = row_of(desk, Gap.NO_PLAN), table(desk)
    lesion = view.items[row].lesion
    place = view.visualRect(view.model().index(row, WHAT)).center()
    desk.qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    older = OpenItem(Gap.OVERDUE, earlier() - dt.timedelta(days=99), None, None, "old.jpg", None, 999)
    page(desk).show_items([older, *view.items])
    assert view.items[-1] == older
    opened: list[OpenItem] = []
    view.opened.connect(opened.append)
    desk.qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [item.lesion for item in opened] == [lesion]


def test_patients_do_not_change_places_while_they_are_shown(desk: Desk) -> None:
    recent = page(desk).findChildren(RecentPatients)[0]
    names = [recent.item(row, 0).text() for row in range(recent.rowCount())]
    with History.open(desk.folder) as history:
        seldom = next(one for one in history.people.find_patients() if one.pseudonym == "P-seldom")
        known = next(one for one in history.people.find_patients() if one.pseudonym == "P-0412")
        last = known if names[0] == "P-seldom" else seldom
        history.people.begin_visit(last.id, today(), "", by="MK")
    desk.parts.window.workspaces.today.refresh()
    desk.wait(lambda: recent.item(1, 2).text() == local_day(today()))
    assert [recent.item(row, 0).text() for row in range(2)] == names
    desk.parts.window.show_workspace("visit")
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: recent.rowCount() == 2)
    assert recent.item(0, 0).text() == last.pseudonym


def test_chosen_patient_opens_on_their_page(desk: Desk) -> None:
    """From the start page and from any other workspace, also the patient who is open already."""
    window, patient = desk.parts.window, desk.parts.open_patient

    def choose(name: str) -> None:
        window.menus.actions["patient choose"].trigger()
        chooser = window.findChildren(PatientChooser)[-1]
        desk.qtbot.keyClicks(chooser.search.field, name)
        desk.wait(lambda: chooser.search.list.count() == 1)
        desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
        desk.wait(lambda: patient.patient is not None and patient.patient.pseudonym == name)

    for workspace in ("today", "history", "follow_up", "visit"):
        window.show_workspace(workspace)
        choose("P-0412")
        desk.wait(window.patients.page.isVisible)
        assert window.workspaces.current == "visit"
        patient.choose(patient.lesions[0].id)
        desk.wait(lambda: not window.patients.page.isVisible())
    window.show_workspace("today")
    desk.wait(lambda: page(desk).findChildren(RecentPatients)[0].rowCount() == 2)
    recent = page(desk).findChildren(RecentPatients)[0]
    row = next(row for row in range(2) if recent.item(row, 0).text() == "P-0412")
    place = recent.visualRect(recent.model().index(row, 0)).center()
    desk.qtbot.mouseClick(recent.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.wait(window.patients.page.isVisible)


def test_a_patient_is_not_told_before_the_day_of_the_finding(desk: Desk) -> None:
    since = table(desk).items[row_of(desk, Gap.NOT_TOLD)].since
    click(desk, row_of(desk, Gap.NOT_TOLD))
    asked = form(desk)
    asked.date.setDate(QDate(since.year, since.month, since.day).addDays(-1))
    asked.initials.setText("AB")
    assert "The patient cannot be told before the day of the finding" in asked.missing.text()
    assert not asked.save.isEnabled()
    asked.date.setDate(asked.date.date().addDays(1))
    assert asked.missing.text() == ""
    assert asked.save.isEnabled()


def test_a_patient_may_have_been_told_of_a_correction_before_it_was_entered(qtbot: QtBot) -> None:
    found = today() - dt.timedelta(days=4)
    item = OpenItem(
        *(Gap.NOT_TOLD, today(), None, None, "a.png", 1, 1, "melanoma", "melanoma"), found=found, told_before=found
    )
    asked = StepDialog(Step.TOLD, [item], "AB")
    qtbot.addWidget(asked)
    asked.date.show_day(found)
    assert asked.save.isEnabled()
    asked.date.show_day(found - dt.timedelta(days=1))
    assert not asked.save.isEnabled()


def test_a_patient_is_recorded_as_told(desk: Desk) -> None:
    item = table(desk).items[row_of(desk, Gap.NOT_TOLD)]
    click(desk, row_of(desk, Gap.NOT_TOLD))
    asked = form(desk)
    asked.initials.setText("AB")
    asked.note.setPlainText("by telephone")
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: Gap.NOT_TOLD not in gaps(desk))
    with History.open(desk.folder) as history:
        step = history.care_steps.of(Step.TOLD, [item.subject_id])[item.subject_id]
    assert (step.person, step.day, step.note) == ("AB", today(), "by telephone")
    strip = desk.parts.window.frame.strip
    assert strip._line == "Saved: patient told of the result of P-0412, L4 back"


def test_an_item_is_closed_only_with_initials_and_a_reason(desk: Desk) -> None:
    click(desk, row_of(desk, Gap.NO_PLAN), CLOSE)
    asked = form(desk)
    asked.initials.setText("AB")
    assert not asked.save.isEnabled()
    asked.note.setPlainText("seen again, clearly a nevus")
    assert asked.save.isEnabled()
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: Gap.NO_PLAN not in gaps(desk))
    with History.open(desk.folder) as history:
        acts = [act.action for act in history.audit.page(AuditFilter()).acts]
    assert "step recorded" in acts


def test_a_biopsy_without_a_result_is_not_called_a_plan_when_it_is_closed(desk: Desk) -> None:
    with History.open(desk.folder) as history:
        plan = table(desk).items[row_of(desk, Gap.NOT_TAKEN)].subject_id
        history.care_steps.record(CareStep(Step.TAKEN, plan, earlier(), "AB", ""), by="MK")
    desk.parts.history_service.changed.emit()
    desk.wait(lambda: Gap.NO_RESULT in gaps(desk))
    click(desk, row_of(desk, Gap.NO_RESULT), CLOSE)
    asked = form(desk)
    assert asked.windowTitle() == "No result is expected"
    assert "No result is expected" in desk.texts(asked)
    asked.initials.setText("AB")
    asked.note.setPlainText("specimen lost by laboratory")
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: Gap.NO_RESULT not in gaps(desk))
    assert desk.parts.window.frame.undo_stack.undo_text == "closing of P-0412, L3 back, no result"


@pytest.mark.parametrize(
    ("title", "gap", "changes"),
    [
        ("No follow-up takes place", Gap.OVERDUE, {}),
        ("No assessment is made", Gap.NOT_ASSESSED, {"others": (2, 3)}),
        ("No plan after the alert", Gap.NO_PLAN, {}),
        ("No biopsy or excision is taken", Gap.NOT_TAKEN, {}),
        ("No re-excision is taken", Gap.NOT_TAKEN, {"reexcision": "Re-excision"}),
        ("No result is expected", Gap.NO_RESULT, {}),
        ("No result is expected", Gap.NO_RESULT, {"reexcision": "Re-excision"}),
        ("The patient is not told", Gap.NOT_TOLD, {}),
        ("The patient is not told of the correction", Gap.NOT_TOLD, {"told_before": earlier()}),
        ("No re-excision is planned", Gap.MARGINS, {}),
        ("Looked at again", Gap.NO_FIT, {}),
        ("Looked at again", Gap.LOOK_AGAIN, {}),
    ],
)
def test_the_form_that_closes_rows_is_headed_by_what_does_not_happen(
    title: str, gap: Gap, changes: dict[str, Any]
) -> None:
    item = OpenItem(gap, today(), None, None, "a.png", 1, 1, **changes)
    assert question_text(CLOSED_BY[gap], [item]) == question_text(CLOSED_BY[gap], [item, item]) == title


def test_the_form_that_closes_rows_of_several_kinds_names_none_of_them() -> None:
    planned, taken = (OpenItem(gap, today(), None, None, "a.png", 1, 1) for gap in (Gap.NOT_TAKEN, Gap.NO_RESULT))
    assert CLOSED_BY[planned.gap] is CLOSED_BY[taken.gap]
    assert question_text(CLOSED_BY[taken.gap], [planned, taken]) == "Close with a reason"


def place_alone(desk: Desk, name: str, diagnosis: str, plan: str) -> int:
    """Write P-202 with an image that has no lesion, and open P-0412; return the image's id."""
    with History.open(desk.folder) as history:
        people = history.people
        other = people.add_patient("P-202", "male", by="MK")
        visit = people.begin_visit(other.id, earlier(), "", by="MK")
        keep(history, name, flags=())
        image = people.image_id_of(an_image(name).sha256)
        assert image is not None
        people.place(image, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by="MK")
        history.assessments.assess(image_id=image, before_model=True, diagnosis=diagnosis, plan=plan, by="MK")
        present = next(one for one in people.find_patients(limit=9) if one.pseudonym == "P-0412")
    desk.parts.open_patient.open(present)
    desk.wait(lambda: desk.parts.open_patient.patient == present)
    desk.parts.window.show_workspace("today")
    return image


def test_an_image_without_a_lesion_is_named_with_its_patient_in_the_list_the_forms_and_undo(desk: Desk) -> None:
    place_alone(desk, "c1.jpg", "melanoma", EXCISION)
    desk.parts.history_service.changed.emit()
    desk.wait(lambda: [item for item in table(desk).items if item.name == "c1.jpg"])
    row = next(row for row, item in enumerate(table(desk).items) if item.name == "c1.jpg")
    model = table(desk).model()
    assert [model.index(row, column).data() for column in (1, 2)] == ["P-202", "c1.jpg"]
    click(desk, row)
    asked = form(desk)
    assert "P-202, c1.jpg" in desk.texts(asked)
    asked.initials.setText("AB")
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    stack = desk.parts.window.frame.undo_stack
    desk.wait(lambda: stack.undo_text == "biopsy taken from P-202, c1.jpg")
    desk.wait(lambda: Gap.NO_RESULT in gaps(desk))
    click(desk, row_of(desk, Gap.NO_RESULT))
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible()])
    outcome = next(one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible())
    assert "P-202, c1.jpg" in desk.texts(outcome)
    outcome.diagnosis.setEditText("Nevus")
    desk.rest()
    outcome.accept()
    desk.wait(lambda: stack.undo_text == "outcome of P-202, c1.jpg")


def test_a_result_that_does_not_fit_opens_its_image_with_its_patient_and_is_recorded_as_looked_at_again(
    desk: Desk,
) -> None:
    image = place_alone(desk, "c1.jpg", "nevus", NO_PLAN)
    with History.open(desk.folder) as history:
        history.assessments.add_outcome(
            image_id=image, kind="histopathology", diagnosis="melanoma", date=earlier(), by="MK"
        )
    desk.parts.history_service.changed.emit()
    desk.wait(lambda: Gap.NO_FIT in gaps(desk))
    row = row_of(desk, Gap.NO_FIT)
    assert table(desk).model().index(row, CLOSE).data() == "Looked again…"
    assert table(desk).model().index(row_of(desk, Gap.OVERDUE), CLOSE).data() == "Close…"
    click(desk, row, CLOSE)
    asked = form(desk)
    assert "Looked at again" in desk.texts(asked)
    assert "Finding" in desk.texts(asked)
    asked.initials.setText("AB")
    asked.note.setPlainText("second slide ordered")
    asked.reject()
    desk.wait(lambda: not asked.isVisible())
    opened: list[tuple[str, str]] = []
    patient = desk.parts.open_patient

    def note(request: OpeningRequest) -> None:
        opened.append((request.name, "" if patient.patient is None else patient.patient.pseudonym))

    desk.parts.open_image.opening.connect(note)
    click(desk, row)
    desk.wait(lambda: opened)
    assert opened[0] == ("c1.jpg", "P-202"), "never below the name of the patient who was open"
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: Gap.NO_FIT in gaps(desk))
    click(desk, row_of(desk, Gap.NO_FIT), CLOSE)
    asked = form(desk)
    asked.initials.setText("AB")
    asked.note.setPlainText("second slide ordered")
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: Gap.NO_FIT not in gaps(desk))
    assert desk.parts.window.frame.undo_stack.undo_text == "second look at P-202, c1.jpg"


def test_several_rows_are_closed_with_one_reason(desk: Desk) -> None:
    table(desk).setFocus()
    table(desk).selectAll()
    table(desk).setCurrentIndex(table(desk).model().index(0, 0))
    table(desk).selectAll()
    desk.qtbot.keyClick(table(desk), Qt.Key.Key_Delete)
    asked = form(desk)
    assert "4 items" in desk.texts(asked)
    asked.initials.setText("AB")
    asked.note.setPlainText("moved to another clinic")
    desk.qtbot.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    desk.wait(lambda: [table(desk).model().index(row, CLOSE).data() for row in range(4)] == ["Done"] * 4)
    desk.parts.window.show_workspace("visit")
    desk.parts.window.show_workspace("today")
    desk.wait(lambda: not page(desk).gaps.isVisible())
    assert NOTHING in desk.texts(page(desk))


def test_a_click_with_ctrl_marks_a_row_and_goes_nowhere(desk: Desk) -> None:
    view = table(desk)
    opened: list[OpenItem] = []
    view.opened.connect(opened.append)
    place = view.visualRect(view.model().index(1, WHAT)).center()
    desk.qtbot.keyPress(view, Qt.Key.Key_Control)
    desk.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    assert [index.row() for index in view.selectionModel().selectedRows()] == [1]
    assert opened == []


def test_the_newest_visit_is_first_and_a_click_opens_the_patient(desk: Desk) -> None:
    recent = page(desk).findChild(RecentPatients)
    assert recent is not None
    names = [recent.item(row, 0).text() for row in range(recent.rowCount())]  # type: ignore[union-attr]
    assert sorted(names) == ["P-0412", "P-seldom"]
    row = names.index("P-0412")
    place = recent.visualRect(recent.model().index(row, 0)).center()
    desk.qtbot.mouseClick(recent.viewport(), Qt.MouseButton.LeftButton, pos=place)
    patient = desk.parts.open_patient
    desk.wait(lambda: patient.patient is not None and patient.patient.pseudonym == "P-0412")


def test_due_and_open_histologies_are_counted_and_open_their_lists(desk: Desk) -> None:
    desk.wait(lambda: [one for one in page(desk).findChildren(QPushButton) if one.text() == "Due 1   Ctrl+D"])
    due = next(one for one in page(desk).findChildren(QPushButton) if one.text() == "Due 1   Ctrl+D")
    texts = [one.text() for one in page(desk).findChildren(QPushButton)]
    assert {"Biopsy or excision planned 1", "Histology open 0   Ctrl+Shift+D"} <= set(texts), (
        "nothing is at the laboratory"
    )
    waiting = next(one for one in page(desk).findChildren(QPushButton) if one.text() == "New images 0   Ctrl+Shift+N")
    assert not waiting.isEnabled()
    desk.qtbot.mouseClick(due, Qt.MouseButton.LeftButton)
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(WorklistsDialog) if one.isVisible()])


def test_nothing_is_said_to_be_done_before_the_history_was_read(qtbot: QtBot) -> None:
    made = TodayPage()
    qtbot.addWidget(made)
    made.show()

    def shown() -> set[str]:
        return {one.text() for one in made.findChildren(QLabel) if one.isVisible()}

    def counts() -> list[str]:
        found = [one.text().partition("   ")[0] for one in made.findChildren(QPushButton)]
        return [text for text in found if text.endswith((" …", " 0"))]

    assert shown() >= {"Recent patients", "Left undone", "Reading the history…"}
    assert not shown() & {"No patient was seen yet.", NOTHING}
    assert counts() == ["Due …", "Biopsy or excision planned …", "Histology open …", "New images …"]
    headings = [one.geometry() for one in made.findChildren(QLabel) if one.objectName() == "heading"]
    made.show_counts(0, 0, 0)
    made.show_waiting(0)
    made.show_patients([], {})
    made.show_items([])
    assert shown() >= {"Recent patients", "Left undone", "No patient was seen yet.", NOTHING}
    assert "Reading the history…" not in shown()
    assert counts() == ["Due 0", "Biopsy or excision planned 0", "Histology open 0", "New images 0"]
    assert [one.geometry() for one in made.findChildren(QLabel) if one.objectName() == "heading"] == headings


def test_the_lists_of_open_work_are_not_empty_before_they_were_read(qtbot: QtBot) -> None:
    lists = WorklistsDialog()
    qtbot.addWidget(lists)
    lists.show()
    tabs = lists.findChild(QTabWidget)
    assert tabs is not None
    labels = tabs.findChildren(PlainLabel)
    assert {one.text() for one in labels} == {"Reading the history…"}
    assert [tabs.tabText(place) for place in range(3)] == ["Due", "Biopsy or excision planned", "Histology open"]
    lists.show_lists([], [])
    nothing = ["No biopsy or excision is planned.", "No histology is open.", "Nothing is due."]
    assert sorted(one.text() for one in labels) == nothing
    assert [tabs.tabText(place) for place in range(3)] == [
        "Due (0)",
        "Biopsy or excision planned (0)",
        "Histology open (0)",
    ]


def test_nothing_moves_when_a_row_is_marked(desk: Desk) -> None:
    view = table(desk)
    view.setFocus()
    QApplication.processEvents()
    before = {one: one.geometry() for one in page(desk).findChildren(QPushButton)}, view.geometry()
    for _ in range(3):
        desk.qtbot.keyClick(view, Qt.Key.Key_Down)
    QApplication.processEvents()
    assert ({one: one.geometry() for one in page(desk).findChildren(QPushButton)}, view.geometry()) == before


def test_the_program_introduces_itself_once_and_then_starts_with_today(
    make_desk: Callable[..., Desk], model_file: Path
) -> None:
    first = make_desk(model_file)
    assert first.parts.window.workspaces.current == "visit"
    assert "CC BY-NC" in first.texts(first.parts.window.visit_page)
    first.parts.settings.sync()
    assert Settings.open(first.folder).get(HAS_BEGUN), "also if the program does not end by itself"
    again = make_desk(model_file, has_begun=True)
    assert again.parts.window.workspaces.current == "today"
    again.wait(lambda: "No patient was seen yet." in again.texts(page(again)))
    assert NOTHING in again.texts(page(again))
    again.parts.window.show_workspace("visit")
    assert "CC BY-NC" not in again.texts(again.parts.window.visit_page)
