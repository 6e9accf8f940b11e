"""The page of a patient: a card for each lesion, reached and left by mouse and keys, without anything of the model."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragMoveEvent, QFont, QFontMetrics, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QPushButton

from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.patient_file import LesionState
from desktop.core.records.people import EXCISION, FOLLOW_UP, Lesion, RiskFactors
from desktop.core.records.reexcision import plan_reexcision
from desktop.widgets.patient.lesion_card import card_height, fitting, fitting_card, whole_height
from desktop.widgets.patient.lesion_list import FOLDED
from desktop.widgets.patient.lesion_question import LesionQuestion
from desktop.widgets.patient.lesion_sign import sign_of
from desktop.widgets.patient.patient_chooser import PatientDetails
from desktop.widgets.patient.patient_page import PatientPage
from desktop.widgets.patient.place_dialog import PlaceDialog
from desktop.widgets.visit.image_drag import drag_data
from desktop.widgets.visit.lesion_words import day_text
from desktop.widgets.visit.reexcision_words import kept_note
from tests.core.records.history_contents import planned_biopsies
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import (
    CTRL,
    SHIFT,
    add_lesion,
    bring,
    choose_patient,
    dialog,
    drop,
    images_of,
    press,
)

MakeDesk = Callable[[Path], Desk]


def page_of(desk: Desk) -> PatientPage:
    return desk.parts.window.patients.page


def show_page(desk: Desk) -> PatientPage:
    press(desk, Qt.Key.Key_Home, CTRL)
    page = page_of(desk)
    desk.wait(page.isVisible)
    return page


def make_lesions(desk: Desk, tmp_path: Path, *sites: str) -> tuple[Lesion, ...]:
    """Make a patient with one lesion and one image at each site, and go to the patient's page."""
    choose_patient(desk, "P-1")
    for seed, site in enumerate(sites):
        add_lesion(desk, site)
        bring(desk, write_lesion(tmp_path / f"{seed}.png", seed=seed))
    show_page(desk)
    return desk.parts.open_patient.lesions


def lines(page: PatientPage, row: int) -> list[str]:
    return [line.text for line in page.cards.card(row).lines if line.text]


def middle(page: PatientPage, row: int) -> QPoint:
    return page.cards.visualItemRect(page.cards.item(row)).center()


def test_page_is_shown_after_a_patient_is_chosen(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula", "right calf")
    choose_patient(desk, "P-2")
    choose_patient(desk, "P-1")
    page = page_of(desk)
    desk.wait(page.isVisible)
    assert [page.cards.card(row).name for row in range(page.cards.count())] == ["L1 left scapula", "L2 right calf"]
    assert "P-1: 2 lesions" in desk.texts(page)
    assert desk.parts.window.patients.lesions.isHidden()
    assert not desk.parts.window.visit_page.result_panel.isVisible()
    desk.wait(page.cards.hasFocus)


def test_card_says_outcome_assessment_and_what_is_due_in_words(desk: Desk, tmp_path: Path) -> None:
    first, second, third = make_lesions(desk, tmp_path, "left scapula", "right calf", "face")
    page, today = page_of(desk), desk.parts.open_patient.date
    assert lines(page, 0) == ["Not assessed yet"]
    visit = desk.parts.open_patient.visit
    assert visit is not None
    later = today + dt.timedelta(days=90)
    plans = (
        (first, "melanoma", EXCISION, None),
        (second, "nevus", FOLLOW_UP, today),
        (third, "nevus", FOLLOW_UP, later),
    )
    with History.open(desk.folder) as history:
        for lesion, diagnosis, plan, plan_day in plans:
            history.assessments.assess(
                lesion_id=lesion.id,
                visit_id=visit.id,
                before_model=True,
                diagnosis=diagnosis,
                plan=plan,
                plan_date=plan_day,
                by="MK",
            )
    desk.parts.open_patient.reload()
    day = day_text(today)
    desk.wait(lambda: lines(page, 0) == ["Assessed today: Melanoma", f"Biopsy or excision planned since {day}"])
    desk.wait(lambda: lines(page, 1) == ["Assessed today: Nevus", "Follow-up due today"])
    desk.wait(lambda: lines(page, 2) == ["Assessed today: Nevus", f"Follow-up on {day_text(later)}"])
    assert [line.is_due for row in range(3) for line in page.cards.card(row).lines] == [0, 1, 0, 1, 0, 0]
    with History.open(desk.folder) as history:
        history.assessments.add_outcome(
            lesion_id=first.id, kind="histopathology", diagnosis="melanoma", date=today, by="MK"
        )
    desk.parts.open_patient.reload()
    desk.wait(lambda: lines(page, 0) == [f"Melanoma, histology {day}", "Assessed today: Melanoma"])
    assert page.cards.card(0).images == f"1 image, {day}"


def test_card_of_a_melanoma_says_its_thickness_and_margins_and_the_re_excision(desk: Desk, tmp_path: Path) -> None:
    (lesion,) = make_lesions(desk, tmp_path, "left scapula")
    page, today = page_of(desk), desk.parts.open_patient.date
    before = today - dt.timedelta(days=400)
    with History.open(desk.folder) as history:
        visit = history.people.begin_visit(lesion.patient_id, before, "", by="MK")
        history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis="melanoma",
            breslow_mm=0.8,
            margins="involved",
            date=before,
            by="MK",
        )
        plan_reexcision(history, lesion_id=lesion.id, image_id=None, note="Re-excision", today=before, by="MK")
        (plan,) = planned_biopsies(history, lesion.id)
        history.care_steps.record(CareStep(Step.TAKEN, plan, today, "MK", ""), by="MK")
        clear = history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis="no_residual_tumour",
            margins="clear",
            date=today,
            by="MK",
        )
        history.care_steps.record(CareStep(Step.TOLD, clear.id, today, "MK", ""), by="MK")
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=visit.id,
            before_model=True,
            diagnosis="nevus",
            plan=FOLLOW_UP,
            plan_date=today,
            by="MK",
        )
    desk.parts.open_patient.reload()
    other = f"Other histology {day_text(today)}: No residual tumour, margins clear"
    expected = [
        f"Melanoma 0.8 mm, margins involved, histology {day_text(before)}",
        "Follow-up due today",  # before what is left out first
        f"{other}; re-excision {day_text(today)}, patient told {day_text(today)}",
        f"Assessed today for the visit of {day_text(before)}: Nevus",
    ]
    desk.wait(lambda: lines(page, 0) == expected)


def test_a_planned_re_excision_is_called_so_and_stands_before_days_and_images(desk: Desk, tmp_path: Path) -> None:
    (lesion,) = make_lesions(desk, tmp_path, "left scapula")
    page, patient = page_of(desk), desk.parts.open_patient
    today = patient.date
    with History.open(desk.folder) as history:
        outcome = history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis="nodular_melanoma",
            breslow_mm=1.8,
            margins="involved",
            date=today,
            by="MK",
        )
        history.care_steps.record(CareStep(Step.TOLD, outcome.id, today, "MK", ""), by="MK")
        plan_reexcision(
            history,
            lesion_id=lesion.id,
            image_id=None,
            note=kept_note("2 cm margin, sentinel node"),
            today=today,
            by="MK",
        )
    patient.reload()
    due = f"Re-excision planned since {day_text(today)}"
    found, day = "Nodular melanoma 1.8 mm, margins involved, histology", day_text(today)
    noted = f"{due}: 2 cm margin, sentinel node"
    whole = [f"{found} {day}", noted, f"Patient told {day}"]
    desk.wait(lambda: lines(page, 0) == whole)
    card, metrics = page.cards.card(0), page.cards.fontMetrics()
    finding = metrics.horizontalAdvance(found)

    def shown(lines_high: int) -> list[str]:
        room = QRect(0, 0, finding + 1, lines_high * (metrics.lineSpacing() + 1) + 2)
        return [text for text, _is_strong, place in fitting_card(card, metrics, metrics, room) if place is not None]

    assert shown(9) == [card.name, *whole, card.images]
    nearly_all = next(shown(high) for high in range(9, 0, -1) if found in shown(high))
    assert nearly_all[:4] == [card.name, found, noted, f"Histology {day}, patient told {day}"]
    assert shown(4) == [card.name, found, noted], "days and images give way"
    assert shown(3) == [card.name, found, due], "the note too"
    sign = sign_of(LesionState.PLANNED, patient.facts_of(lesion), today)
    assert sign.lines == (f"Nodular melanoma {today.year}, histology", "re-excision planned")


def test_cards_are_as_high_as_all_that_is_known_where_there_is_room(desk: Desk, tmp_path: Path) -> None:
    (lesion,) = make_lesions(desk, tmp_path, "left scapula")
    page, today = page_of(desk), desk.parts.open_patient.date
    with History.open(desk.folder) as history:
        outcome = history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis="melanoma_in_situ",
            margins="involved",
            date=today,
            by="MK",
        )
        history.care_steps.record(CareStep(Step.TOLD, outcome.id, today, "MK", ""), by="MK")
        note = kept_note("5 mm margin, ultrasound of the lymph nodes")
        plan_reexcision(history, lesion_id=lesion.id, image_id=None, note=note, today=today, by="MK")
    desk.parts.open_patient.reload()
    desk.wait(lambda: any("Re-excision" in line for line in lines(page, 0)))
    cards = page.cards
    strong = QFont(cards.font())
    strong.setBold(True)
    metrics, least = (QFontMetrics(cards.font()), QFontMetrics(strong)), card_height(QFontMetrics(cards.font()))
    needed = whole_height(cards.card(0), *metrics, cards.gridSize().width())
    assert least < needed == cards.gridSize().height() < cards.viewport().height()
    cards.setFixedHeight(least + 10)
    desk.wait(lambda: cards.gridSize().height() <= least + 10)


def test_list_tells_a_proven_melanoma_a_suspected_one_and_an_overdue_nevus_apart(desk: Desk, tmp_path: Path) -> None:
    """Each has a sign and words of its own; an assessment is never worded as a finding."""
    suspected, overdue, proven = make_lesions(desk, tmp_path, "left scapula", "right calf", "face")
    patient, today = desk.parts.open_patient, desk.parts.open_patient.date
    before = today - dt.timedelta(days=400)
    with History.open(desk.folder) as history:
        visit = history.people.begin_visit(overdue.patient_id, before, "", by="MK")
        for lesion, diagnosis, plan, plan_day in (
            (suspected, "melanoma", EXCISION, None),
            (overdue, "nevus", FOLLOW_UP, today - dt.timedelta(days=30)),
            (proven, "nevus", "", None),
        ):
            history.assessments.assess(
                lesion_id=lesion.id,
                visit_id=visit.id,
                before_model=True,
                diagnosis=diagnosis,
                plan=plan,
                plan_date=plan_day,
                by="MK",
            )
        history.assessments.add_outcome(
            lesion_id=proven.id, kind="histopathology", diagnosis="melanoma", date=before, by="MK"
        )
    patient.reload()
    desk.wait(lambda: patient.facts_of(proven).outcome is not None)
    patient.choose(suspected.id)
    rows = desk.parts.window.patients.lesions.rows
    desk.parts.window.resize(1600, 900)
    desk.wait(lambda: rows.isVisible() and rows.width() > FOLDED)
    desk.rest()
    texts = [rows.item(row).text().splitlines()[1:] for row in range(3)]
    assert texts == [
        [f"Assessed {today.year}: Melanoma", "biopsy planned"],
        [f"Assessed {today.year}: Nevus", "follow-up due"],
        [f"Melanoma {before.year}, histology"],
    ]
    signs = {rows.item(row).icon().pixmap(20, 20).toImage().bits().tobytes() for row in range(3)}
    assert len(signs) == 3, "told apart by shape"
    tip = rows.item(0).toolTip().splitlines()
    assert tip[:3] == [
        "L1 left scapula",
        f"Assessed today for the visit of {day_text(before)}: Melanoma",
        f"Biopsy or excision planned since {day_text(today)}",
    ]
    desk.parts.window.resize(1024, 560)  # the list folds: the sign alone stays
    desk.wait(lambda: rows.item(0).text() == "L1\nleft scapula")
    assert [rows.item(row).toolTip().splitlines()[1] for row in (1, 2)] == [
        f"Assessed today for the visit of {day_text(before)}: Nevus",
        f"Melanoma, histology {day_text(before)}",
    ]


def test_a_click_opens_the_newest_image_and_a_key_leads_back(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula", "right calf")
    page = page_of(desk)
    desk.qtbot.mouseClick(page.cards.viewport(), Qt.MouseButton.LeftButton, pos=middle(page, 0))
    desk.wait(lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == "0.png")
    desk.wait(lambda: not page.isVisible())
    assert desk.parts.window.patients.lesions.isVisible()
    assert desk.parts.window.visit_page.result_panel.isVisible()
    desk.qtbot.mouseClick(desk.parts.window.patients.lesions.page, Qt.MouseButton.LeftButton)
    desk.wait(page.isVisible)
    assert desk.parts.open_image.picture is None
    assert desk.parts.open_patient.lesion is None


def test_keys_begin_at_the_lesion_that_one_comes_from(desk: Desk, tmp_path: Path) -> None:
    _first, second = make_lesions(desk, tmp_path, "left scapula", "right calf")
    page = page_of(desk)
    desk.qtbot.mouseClick(page.cards.viewport(), Qt.MouseButton.LeftButton, pos=middle(page, 1))
    desk.wait(lambda: not page.isVisible())
    desk.qtbot.mouseClick(desk.parts.window.patients.lesions.page, Qt.MouseButton.LeftButton)
    desk.wait(page.cards.hasFocus)
    assert page.cards.pointed == page.map.highlighted == second.id
    assert page.cards.currentRow() == 1


def test_arrows_go_from_card_to_card_and_enter_opens(desk: Desk, tmp_path: Path) -> None:
    first, second = make_lesions(desk, tmp_path, "left scapula", "right calf")
    page = page_of(desk)
    desk.wait(page.cards.hasFocus)
    desk.qtbot.keyClick(page.cards, Qt.Key.Key_Home)
    assert page.cards.pointed == first.id
    desk.qtbot.keyClick(page.cards, Qt.Key.Key_Right)
    assert page.cards.pointed == second.id
    desk.qtbot.keyClick(page.cards, Qt.Key.Key_Return)
    desk.wait(lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == "1.png")
    assert desk.parts.open_patient.lesion == second


def test_next_and_previous_lesion_have_keys_everywhere_in_a_visit(desk: Desk, tmp_path: Path) -> None:
    first, second = make_lesions(desk, tmp_path, "left scapula", "right calf")
    press(desk, Qt.Key.Key_PageDown, CTRL)
    desk.wait(lambda: desk.parts.open_patient.lesion == first and desk.parts.open_image.picture is not None)
    press(desk, Qt.Key.Key_PageDown, CTRL)
    desk.wait(lambda: desk.parts.open_patient.lesion == second)
    press(desk, Qt.Key.Key_PageDown, CTRL)  # there is none after the last
    assert desk.parts.open_patient.lesion == second
    press(desk, Qt.Key.Key_PageUp, CTRL)
    desk.wait(lambda: desk.parts.open_patient.lesion == first)
    desk.wait(lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == "0.png")
    QTest.keyClick(desk.parts.window.visit_page.view, Qt.Key.Key_Down)
    desk.wait(lambda: desk.parts.open_patient.lesion == second)


def test_keys_of_lesions_lead_from_another_workspace_to_the_visit(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula")
    window = desk.parts.window
    window.show_workspace("history")
    press(desk, Qt.Key.Key_PageDown, CTRL)
    desk.wait(lambda: window.workspaces.current == "visit" and desk.parts.open_image.picture is not None)
    window.show_workspace("history")
    press(desk, Qt.Key.Key_Home, CTRL)
    desk.wait(page_of(desk).isVisible)
    assert lines(page_of(desk), 0) == ["Not assessed yet"]


def test_a_lesion_without_an_image_asks_for_one(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula")
    add_lesion(desk, "right calf")
    page = show_page(desk)
    assert page.cards.card(1).images == "No image"
    desk.qtbot.mouseClick(page.cards.viewport(), Qt.MouseButton.LeftButton, pos=middle(page, 1))
    visit_page = desk.parts.window.visit_page
    desk.wait(lambda: "No image of L2 right calf yet" in desk.texts(visit_page))
    assert "they are placed with L2 right calf" in desk.texts(visit_page)
    visit, lesion = desk.parts.open_patient.visit, desk.parts.open_patient.lesion
    assert visit is not None
    assert lesion is not None
    with History.open(desk.folder) as history:
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
        )
    desk.parts.open_patient.reload()
    desk.wait(lambda: "you are asked which lesion they belong to" in desk.texts(visit_page))
    desk.parts.window.open_files([write_lesion(tmp_path / "next.png", seed=3)])
    dialog(desk, LesionQuestion).reject()


def test_images_are_dropped_on_a_card(desk: Desk, tmp_path: Path) -> None:
    (lesion,) = make_lesions(desk, tmp_path, "left scapula")
    bring(desk, write_lesion(tmp_path / "loose.png", seed=9))
    page = show_page(desk)
    (loose,) = [image for image in desk.parts.open_patient.images if image.lesion_id is None]
    drop(page.cards.viewport(), drag_data([loose.image.sha256]), middle(page, 0))
    desk.wait(lambda: [image.lesion_id for image in images_of(desk, "P-1")] == [lesion.id] * 2)
    desk.wait(lambda: page.cards.card(0).images.startswith("2 images, newest "))


def test_files_dropped_beside_the_cards_open_as_on_the_rest_of_the_window(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula")
    page = show_page(desk)
    path = write_lesion(tmp_path / "beside.png", seed=9)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path))])
    beside = page.cards.viewport().rect().bottomRight() - QPoint(5, 5)
    assert page.cards.itemAt(beside) is None
    drop(page.cards.viewport(), files, beside)
    desk.wait(lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == "beside.png")
    show_page(desk)
    moved = QDragMoveEvent(
        beside,
        Qt.DropAction.CopyAction,
        drag_data(["0" * 64]),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(page.cards.viewport(), moved)
    assert not moved.isAccepted(), "an image of the strip is not put beside the lesions, and the pointer shows it"


def test_a_full_card_still_says_how_many_images_there_are(desk: Desk) -> None:
    metrics = desk.parts.window.fontMetrics()
    room = QRect(10, 20, 200, 6 * metrics.lineSpacing())
    lines = [("L1 left scapula", metrics), *((f"Finding number {n}", metrics) for n in range(8)), ("3 images", metrics)]
    places = fitting(lines, room)
    shown = [place for place in places if place is not None]
    assert places[0] is not None
    assert places[-1] is not None
    assert None in places, "the card is full"
    assert places.index(None) == len(shown) - 1, "what has no room is the last before the images"
    assert all(above.bottom() < below.top() for above, below in pairwise(shown))
    assert all(room.contains(place) for place in shown)
    assert None not in fitting([lines[0], lines[-1]], room)


def test_a_history_of_facts_takes_the_histology_before_a_later_follow_up(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula")
    with History.open(desk.folder) as history:
        (lesion,) = history.people.lesions(history.people.find_patients()[0].id)
        for kind, diagnosis, year in (("histopathology", "melanoma", 2024), ("follow-up", "nevus", 2025)):
            history.assessments.add_outcome(
                lesion_id=lesion.id, kind=kind, diagnosis=diagnosis, date=dt.date(year, 3, 3), by="MK"
            )
    desk.parts.open_patient.reload()
    page = page_of(desk)
    desk.wait(lambda: lines(page, 0)[0] == f"Melanoma, histology {day_text(dt.date(2024, 3, 3))}")


def point_at(page: PatientPage, at: QPointF) -> None:
    """Move the pointer over the map."""
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page.map, moved)


def test_a_pin_is_set_to_the_point_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula")
    press(desk, Qt.Key.Key_PageDown, CTRL)
    desk.wait(lambda: desk.parts.open_image.picture is not None)
    press(desk, Qt.Key.Key_B, CTRL)
    asking = dialog(desk, PlaceDialog)
    at = (asking.map.centre_of("scapula-left") + QPointF(6, 5)).toPoint()
    desk.qtbot.mouseClick(asking.map, Qt.MouseButton.LeftButton, pos=at)
    pin = asking.pin
    assert pin is not None
    asking.accept()
    desk.wait(lambda: desk.parts.open_patient.lesions[0].pin == pin)
    assert desk.parts.open_patient.lesions[0].site == "scapula-left"
    assert desk.parts.window.frame.undo_stack.undo_text.startswith("exact point of ")
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: desk.parts.open_patient.lesions[0].pin is None)
    assert desk.parts.open_patient.lesions[0].site == "scapula-left"
    press(desk, Qt.Key.Key_Z, CTRL | SHIFT)
    desk.wait(lambda: desk.parts.open_patient.lesions[0].pin == pin)


def test_a_place_chosen_by_words_has_no_pin(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula")
    press(desk, Qt.Key.Key_PageDown, CTRL)
    press(desk, Qt.Key.Key_B, CTRL)
    asking = dialog(desk, PlaceDialog)
    desk.qtbot.mouseClick(asking.map, Qt.MouseButton.LeftButton, pos=asking.map.centre_of("calf-left").toPoint())
    assert asking.pin is not None
    desk.qtbot.keyClicks(asking.search, "right heel")
    assert (asking.place, asking.pin) == ("heel-right", None)
    asking.reject()


def test_pin_and_card_highlight_each_other(desk: Desk, tmp_path: Path) -> None:
    first, second = make_lesions(desk, tmp_path, "left scapula", "right calf")
    page = page_of(desk)
    desk.wait(page.cards.hasFocus)
    desk.qtbot.keyClick(page.cards, Qt.Key.Key_Home)
    assert page.map.highlighted == page.cards.pointed == first.id
    desk.settle()
    point_at(page, page.map.point_of(second.id))
    assert page.cards.pointed == page.map.highlighted == second.id
    point_at(page, QPointF(1, 1))
    assert page.cards.pointed == page.map.highlighted == first.id
    desk.qtbot.keyClick(page.cards, Qt.Key.Key_Right)
    assert page.map.highlighted == second.id
    desk.qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=page.map.point_of(second.id).toPoint())
    desk.wait(lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == "1.png")


def test_banner_leaves_out_the_least_where_the_window_is_narrow(desk: Desk) -> None:
    choose_patient(desk, "P-0412-22")
    risk = RiskFactors(own_melanoma="yes", family_melanoma="yes", naevi="over 100")
    with History.open(desk.folder) as history:
        (patient,) = history.people.find_patients("")
        history.people.correct_patient(patient.id, patient.pseudonym, "female", skin_type="III", risk=risk, by="MK")
    desk.parts.open_patient.reload()
    window, banner = desk.parts.window, desk.parts.window.patients.banner
    desk.wait(lambda: "skin III" in banner._facts.text())
    for width, has_skin in ((1400, True), (1024, False), (1400, True)):
        window.resize(width, 700)
        banner.show_counts(12, 10, 10)
        desk.wait(lambda has_skin=has_skin: ("skin III" in banner._facts.text()) is has_skin)
        QApplication.processEvents()
        for button in banner.findChildren(QPushButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), button.text()
                assert button.geometry().right() < banner.width() <= width, button.text()
        assert "melanoma before" in banner._facts.text()
        assert "skin III" in banner._facts.toolTip()


def test_banner_without_a_patient_has_room_for_what_is_due_and_to_ask_for_initials(desk: Desk) -> None:
    window, banner = desk.parts.window, desk.parts.window.patients.banner
    said = "No patient chosen. Images are saved unassigned."
    for width, is_whole in ((1400, True), (900, False), (1400, True)):
        window.resize(width, 700)
        banner.show_counts(12, 13, 14)
        desk.wait(lambda is_whole=is_whole: (said in desk.texts(banner)) is is_whole)
        QApplication.processEvents()
        assert "No patient" in desk.texts(banner)
        assert banner.accessibleName() == said
        shown = [one for one in banner.findChildren(QPushButton) if one.isVisible()]
        assert "Your initials…" in [one.text() for one in shown]
        for button in shown:
            assert button.width() >= button.sizeHint().width(), button.text()
            assert button.geometry().right() < banner.width() <= width, button.text()


def test_tip_of_the_facts_names_all_that_the_form_corrects(desk: Desk) -> None:
    choose_patient(desk, "P-1")
    facts = desk.parts.window.patients.banner._facts
    desk.qtbot.mouseClick(facts, Qt.MouseButton.LeftButton)
    form = dialog(desk, PatientDetails).findChildren(QFormLayout)[0]
    labels = [form.itemAt(row, QFormLayout.ItemRole.LabelRole).widget() for row in range(form.rowCount())]
    fields = [field for label in labels if isinstance(label, QLabel) for field in label.text().lower().split(", ")]
    assert "use for training" in fields
    assert [field for field in fields if field not in facts.toolTip()] == []


def test_risk_factors_are_asked_and_stand_in_the_banner_in_a_word(desk: Desk) -> None:
    choose_patient(desk, "P-1")
    banner = desk.parts.window.patients.banner
    assert "melanoma" not in banner._facts.text()
    desk.parts.window.menus.actions["patient correct"].trigger()
    asking = dialog(desk, PatientDetails)
    assert asking.risk.family.currentText() == "not asked"
    asking.risk.family.setCurrentIndex(asking.risk.family.findText("yes"))
    asking.risk.naevi.setCurrentIndex(asking.risk.naevi.findText("over 100"))
    desk.qtbot.keyClick(asking.pseudonym, Qt.Key.Key_Return)
    desk.wait(lambda: banner._facts.text().endswith("melanoma in family +1"))
    assert banner._facts.toolTip().splitlines()[:2] == ["melanoma in family", "over 100 naevi"]
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: "melanoma" not in banner._facts.text())


def test_place_of_a_lesion_is_enlarged_by_a_key_and_esc_shows_the_whole_map(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula", "right calf")
    page = page_of(desk)
    desk.wait(page.cards.hasFocus)
    page.cards.setCurrentRow(0)
    desk.parts.window.frame.undo_stack.clear()
    for key in (Qt.Key.Key_Z, Qt.Key.Key_C):
        desk.qtbot.keyClick(page.cards, key, CTRL)
    assert not page.map.is_zoomed, "Ctrl+Z with nothing to undo is no Z"
    assert page.isVisible()
    desk.qtbot.keyClick(page.cards, Qt.Key.Key_Z)
    assert page.map.is_zoomed
    assert page.map.rect().contains(page.map.centre_of("scapula-left").toPoint())
    assert not page.map.rect().contains(page.map.centre_of("calf-right").toPoint())
    desk.qtbot.keyClick(page.cards, Qt.Key.Key_Escape)
    assert not page.map.is_zoomed
    page.map.place_hovered.emit("navel")
    assert "Navel: click to enlarge" in desk.texts(page)


def test_page_says_which_lesions_the_map_lacks_since_their_place_is_in_other_words(desk: Desk, tmp_path: Path) -> None:
    (first, second) = make_lesions(desk, tmp_path, "left scapula", "right calf")
    page, legend = page_of(desk), "Dot: the exact point. Ring: only the place."
    assert legend in desk.texts(page)
    for lesion, place in ((first, "right lower back"), (second, "back")):
        step = desk.parts.edits.correct_lesion(lesion, name=lesion.name, site=place, pin=None)
        step(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: "Not on the map: L2" in desk.texts(page))
    assert not page.map.point_of(first.id).isNull()
