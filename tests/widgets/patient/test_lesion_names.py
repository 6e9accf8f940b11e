"""A lesion that is chosen, or named for a change of the record, is named with its site."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QInputDialog, QTableWidget, QToolTip, QWidget

from desktop.core.records.history import History
from desktop.core.records.people import EXCISION
from desktop.session.opening_request import of_file
from desktop.widgets.common.body_places import places
from desktop.widgets.history.history_preview import HistoryPreview
from desktop.widgets.patient.folded_lesion import MARGIN, PLACE_SIZE
from desktop.widgets.patient.move_dialog import MoveDialog
from desktop.widgets.patient.worklists_dialog import WorklistsDialog
from desktop.widgets.visit.image_drag import drag_data
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient, dialog, hover


@pytest.fixture
def visit(desk: Desk, tmp_path: Path) -> Desk:
    """Make a patient with two lesions at sites of their own, and an image of the first; the second is chosen."""
    choose_patient(desk, "P-1")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png"))
    add_lesion(desk, "right heel")
    desk.rest()
    return desk


def texts(menu_owner: object) -> list[str]:
    return [action.text() for action in menu_owner.actions()]  # type: ignore[attr-defined]


def test_menus_for_images_and_lesions_name_the_site(visit: Desk) -> None:
    patients = visit.parts.window.patients
    menu = texts(patients.moves.make_menu())
    assert "Place with L1 left scapula" in menu
    assert "Place with L2 right heel" in menu
    lesion = visit.parts.open_patient.lesions[1]
    assert texts(patients.lesions.make_menu(lesion)) == [
        "Place L2 right heel on the body map…",
        "L2 right heel through the years (C)",
        "Rename L2 right heel…",
    ]


def test_placing_and_renaming_name_the_site(visit: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    changes, patients = visit.parts.window.frame.undo_stack, visit.parts.window.patients
    (image,) = visit.parts.open_patient.images
    second = visit.parts.open_patient.lesions[1]
    patients.moves.assign([image.image.sha256], second.id)
    visit.wait(lambda: changes.undo_text == f"placing of {image.image.name} with P-1, L2 right heel")
    asked: list[str] = []

    def answer(_parent: QWidget, _title: str, label: str, *, text: str) -> tuple[str, bool]:
        asked.extend((label, text))
        return "Mole", True

    monkeypatch.setattr(QInputDialog, "getText", answer)
    visit.wait(lambda: visit.parts.open_patient.lesion == second and not changes.is_writing)
    patients.presenter.rename_lesion()
    visit.wait(lambda: changes.undo_text == "new name of P-1, L2 right heel: Mole")
    assert asked == ["New name of L2 right heel:", "L2"]


def test_the_folded_list_names_the_place_of_each_lesion(visit: Desk) -> None:
    rows = visit.parts.window.patients.lesions.rows
    assert [rows.item(row).text() for row in range(rows.count())] == ["L1\nleft scapula", "L2\nright heel"]
    font = QFont(visit.parts.window.font())
    font.setPixelSize(PLACE_SIZE)
    words = {word for place in places().values() for word in place.name.split()}
    widest = max(map(QFontMetrics(font).horizontalAdvance, words))
    assert widest <= rows.viewport().width() - 2 * MARGIN, "no word of a place is cut"
    assert rows.visualItemRect(rows.item(0)).height() > 2 * QFontMetrics(font).height()


def test_a_drag_over_a_lesion_says_its_site_where_the_list_is_folded(visit: Desk) -> None:
    rows = visit.parts.window.patients.lesions.rows
    (image,) = visit.parts.open_patient.images
    place: QPoint = rows.visualItemRect(rows.item(0)).center()
    hover(rows.viewport(), drag_data([image.image.sha256]), place)
    visit.wait(lambda: QToolTip.text().startswith("L1 left scapula\n"))
    QToolTip.hideText()


def test_moving_to_another_patients_lesion_names_its_site(visit: Desk) -> None:
    with History.open(visit.folder) as history:
        other = history.people.add_patient("P-2", "male", by="MK")
        history.people.add_lesion(other.id, "L1", "palm-left", by="MK")
    visit.parts.open_patient.choose(visit.parts.open_patient.lesions[0].id)
    visit.wait(lambda: visit.parts.open_image.picture is not None)
    visit.parts.window.patients.moves.move()
    asking = dialog(visit, MoveDialog)
    visit.qtbot.keyClicks(asking.search.field, "P-2")
    visit.wait(lambda: asking.lesions.count() == 2)
    assert asking.lesions.item(1).text() == "L1 left palm"
    asking.lesions.setCurrentRow(1)
    asking.accept()
    changes = visit.parts.window.frame.undo_stack
    visit.wait(lambda: changes.undo_text.endswith(" to P-2, L1 left palm") and not changes.is_writing)
    assert changes.undo_text.startswith("move of P-1, L")


def test_worklist_and_the_outcome_entered_from_it_name_the_site(visit: Desk) -> None:
    first = visit.parts.open_patient.lesions[0]
    (image,) = visit.parts.open_patient.images
    with History.open(visit.folder) as history:
        history.assessments.assess(
            lesion_id=first.id,
            visit_id=image.visit_id,
            before_model=True,
            diagnosis="melanoma",
            plan=EXCISION,
            by="MK",
        )
    visit.parts.window.menus.actions["planned"].trigger()
    shown = dialog(visit, WorklistsDialog)
    visit.wait(lambda: any(one.isVisible() for one in shown.findChildren(QTableWidget)))
    table = next(one for one in shown.findChildren(QTableWidget) if one.isVisible())
    assert table.item(0, 2).text() == "L1 left scapula"
    shown.outcome_requested.emit(table.item(0, 0).data(256))
    form = dialog(visit, OutcomeDialog)
    assert "P-1, L1 left scapula" in visit.texts(form)
    form.reject()


def test_history_names_the_site_of_the_entry_that_is_chosen(visit: Desk) -> None:
    page = visit.parts.window.history
    visit.parts.window.workspaces.show_workspace("history")
    visit.wait(lambda: page.table.rowCount() == 1)
    page.rows.selectRow(0)
    preview = page.findChild(HistoryPreview)
    visit.wait(lambda: "P-1 · L1 left scapula" in visit.texts(preview))
    preview.lesion_requested.emit(preview.entry)
    visit.wait(lambda: "L1 left scapula" in page.filter._only_owner.text())


def test_the_outcome_entered_at_an_image_shows_that_image(visit: Desk, tmp_path: Path) -> None:
    visit.parts.open_patient.choose(visit.parts.open_patient.lesions[0].id)
    visit.wait(lambda: visit.parts.open_image.answer is not None)
    first = visit.parts.open_image.picture
    assert first is not None
    with visit.slow_history():  # the newest image of the lesion is another one
        visit.parts.import_queue.take(
            [of_file(write_lesion(tmp_path / "two.png", seed=2), visit.parts.open_patient.patient, first_lesion(visit))]
        )
    visit.wait(lambda: len(visit.parts.open_patient.images) == 2)
    assert visit.parts.open_image.picture is first
    visit.parts.window.visit_page.assessment_panel.outcome_requested.emit()
    form = dialog(visit, OutcomeDialog)
    visit.wait(lambda: form._heading._image is not None)
    assert form._heading._image is not None
    assert form._heading._image.sha256 == first.sha256
    form.reject()


def first_lesion(desk: Desk) -> int:
    return desk.parts.open_patient.lesions[0].id
