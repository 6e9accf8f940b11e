"""Overview photographs: added on the patient's page, never classified, with pins that are set, removed and lead to lesions."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from desktop.core.records.history import History
from desktop.core.records.people import Lesion, Pin, PlacedImage
from desktop.core.records.photograph_pins import PhotographPin
from desktop.widgets.patient.move_dialog import MoveDialog
from desktop.widgets.patient.photograph_dialog import PhotographDialog
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, choose_patient, dialog, images_of, press
from tests.widgets.patient.test_patient_page import make_lesions, page_of

LEFT = Qt.MouseButton.LeftButton
SHIFT, NO_KEY = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


def add_overview(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int = 90) -> PlacedImage:
    """Add an overview photograph by the button of the patient's page; return it."""
    path = write_lesion(tmp_path / f"overview {seed}.png", seed=seed)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args, **_more: ([str(path)], ""))
    before = len(desk.parts.open_patient.overviews)
    desk.qtbot.mouseClick(page_of(desk).overviews.add, LEFT)
    desk.wait(lambda: len(desk.parts.open_patient.overviews) == before + 1)
    desk.settle()
    return desk.parts.open_patient.overviews[0]


@pytest.fixture
def overview(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Show the page of a patient with two lesions and an overview photograph."""
    make_lesions(desk, tmp_path, "left scapula", "right calf")
    add_overview(desk, tmp_path, monkeypatch)
    return desk


def shown(desk: Desk) -> PhotographDialog:
    """Open the photograph by a click on it."""
    desk.wait(lambda: QApplication.activeModalWidget() is None)
    desk.parts.window.activateWindow()
    desk.wait(desk.parts.window.isActiveWindow)
    rows = page_of(desk).overviews.rows
    desk.qtbot.mouseClick(rows.viewport(), LEFT, pos=rows.visualItemRect(rows.item(0)).center())
    found = dialog(desk, PhotographDialog)
    desk.wait(lambda: found.view.pin_at(found.view.viewport().rect().center().toPointF()) is not None)
    desk.settle()
    return found


def at(found: PhotographDialog, pin: Pin) -> QPoint:
    return found.view.point_of(pin).toPoint()


def choose(desk: Desk, found: PhotographDialog, text: str) -> None:
    """Choose in the menu that is open."""
    menu = found.menu
    assert menu is not None
    act = next(one for one in menu.actions() if one.text() == text)
    desk.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(act).center())


def click(desk: Desk, found: PhotographDialog, pin: Pin, text: str) -> None:
    """Click a point of the photograph, and choose in the menu."""
    desk.qtbot.mouseClick(found.view.viewport(), LEFT, pos=at(found, pin))
    choose(desk, found, text)


def pins(desk: Desk) -> list[PhotographPin]:
    image = desk.parts.open_patient.overviews[0]
    lesions = [lesion.id for lesion in desk.parts.open_patient.lesions]
    with History.open(desk.folder) as history:
        return history.photograph_pins.of([image.image_id], lesions)


def lesions_of(desk: Desk) -> tuple[Lesion, ...]:
    return desk.parts.open_patient.lesions


def test_photograph_is_kept_with_the_visit_and_never_classified(overview: Desk) -> None:
    strip = overview.parts.window.frame.strip
    (image,) = overview.parts.open_patient.overviews
    assert strip._line == f"Saved: overview photograph of P-1, {image.image.name}"
    assert (image.kind, image.lesion_id, image.entries) == ("clinical", None, ())
    assert overview.parts.open_patient.date_of(image) == overview.parts.open_patient.date
    assert image.image.stored
    page = page_of(overview)
    assert page.isVisible()
    assert page.overviews.rows.count() == 1
    names = [page.cards.card(row).name for row in range(page.cards.count())]
    assert names == ["L1 left scapula", "L2 right calf"], "it does not wait for a lesion"


def test_photograph_that_cannot_be_read_is_told_in_the_window_once_its_dialog_is_closed(overview: Desk) -> None:
    (image,) = overview.parts.open_patient.overviews
    (copy,) = (overview.folder / "images").rglob(f"{image.image.sha256}*")
    copy.unlink()
    rows = page_of(overview).overviews.rows
    rows.itemActivated.emit(rows.item(0))
    (found,) = overview.parts.window.findChildren(PhotographDialog)
    found.reject()
    messages = overview.parts.window.visit_page.messages
    overview.wait(lambda: "is missing from" in overview.texts(messages))


def test_pin_is_set_by_a_click_to_the_point_and_undone(overview: Desk) -> None:
    first, _second = lesions_of(overview)
    found = shown(overview)
    click(overview, found, (0.25, 0.75), "L1 left scapula")
    overview.wait(lambda: pins(overview))
    (pin,) = pins(overview)
    assert pin.lesion_id == first.id
    assert pin.point == pytest.approx((0.25, 0.75), abs=0.01)
    patient = overview.parts.open_patient.patient
    assert patient is not None
    saved = f"pin of {patient.pseudonym}, L1 left scapula"
    overview.wait(lambda: saved in overview.texts(overview.parts.window.frame.strip))
    overview.wait(lambda: len(found.view._marks) == 1)
    click(overview, found, (0.5, 0.5), "Move L1 left scapula here")
    overview.wait(lambda: pins(overview)[0].point == pytest.approx((0.5, 0.5), abs=0.01))
    overview.settle()
    overview.qtbot.keyClick(found.view, Qt.Key.Key_Z, CTRL)
    overview.wait(lambda: pins(overview) == [pin])
    overview.wait(lambda: not overview.parts.window.frame.undo_stack.is_writing)
    overview.qtbot.keyClick(found.view, Qt.Key.Key_Z, CTRL)
    overview.wait(lambda: pins(overview) == [])


def test_click_on_a_pin_opens_its_lesion(overview: Desk) -> None:
    first, _second = lesions_of(overview)
    found = shown(overview)
    click(overview, found, (0.25, 0.75), "L1 left scapula")
    overview.wait(lambda: len(found.view._marks) == 1)
    overview.qtbot.mouseClick(found.view.viewport(), LEFT, pos=at(found, (0.25, 0.75)))
    overview.wait(lambda: overview.parts.open_patient.lesion == first)
    overview.wait(lambda: overview.parts.open_image.picture is not None)
    assert not page_of(overview).isVisible()


def test_keys_step_through_the_pins_open_and_remove_them(overview: Desk) -> None:
    first, second = lesions_of(overview)
    found = shown(overview)
    for lesion, point in ((first, (0.25, 0.75)), (second, (0.75, 0.25))):
        image = overview.parts.open_patient.overviews[0].image_id
        overview.parts.history_service.write(
            lambda history, by, lesion=lesion, point=point, image=image: history.photograph_pins.put(
                image, lesion.id, point, by=by
            ),
            lambda _before: None,
            pytest.fail,
        )
    overview.wait(lambda: len(found.view._marks) == 2)
    view = found.view
    for key, lesion in (
        (Qt.Key.Key_Right, first),
        (Qt.Key.Key_Right, second),
        (Qt.Key.Key_Right, first),
        (Qt.Key.Key_Left, second),
    ):
        overview.qtbot.keyClick(view, key)
        assert view.highlighted == lesion.id
    overview.qtbot.keyClick(view, Qt.Key.Key_Delete)
    overview.wait(lambda: [pin.lesion_id for pin in pins(overview)] == [first.id])
    overview.wait(lambda: len(found.view._marks) == 1)
    overview.qtbot.keyClick(view, Qt.Key.Key_Right)
    overview.qtbot.keyClick(view, Qt.Key.Key_Return)
    overview.wait(lambda: overview.parts.open_patient.lesion == first)


def test_pin_is_set_and_moved_by_keys_alone(overview: Desk) -> None:
    first, _second = lesions_of(overview)
    found = shown(overview)
    view = found.view
    overview.wait(view.hasFocus)
    overview.qtbot.keyClick(view, Qt.Key.Key_Down)
    overview.qtbot.keyClick(view, Qt.Key.Key_Return)
    assert found.menu is None, "nothing is pointed at yet"
    before = view.viewport().grab().toImage()
    for key, modifier in ((Qt.Key.Key_Left, SHIFT), (Qt.Key.Key_Left, SHIFT), (Qt.Key.Key_Up, NO_KEY)):
        overview.qtbot.keyClick(view, key, modifier)
    assert view.viewport().grab().toImage() != before, "the cross is seen"
    middle = view.pin_at(view.viewport().rect().center().toPointF())
    assert middle is not None
    overview.qtbot.keyClick(view, Qt.Key.Key_Return)
    assert found.menu is not None
    overview.qtbot.keyClick(found.menu, Qt.Key.Key_Return)
    overview.wait(lambda: [pin.lesion_id for pin in pins(overview)] == [first.id])
    (pin,) = pins(overview)
    assert pin.point[0] < middle[0]
    assert pin.point[1] < middle[1]
    assert middle[0] - pin.point[0] > middle[1] - pin.point[1], "steps with Shift are large"
    overview.wait(lambda: len(view._marks) == 1)
    overview.qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.highlighted == first.id
    overview.qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    overview.qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.highlighted == first.id
    overview.qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    overview.qtbot.keyClick(view, Qt.Key.Key_Right)
    overview.qtbot.keyClick(view, Qt.Key.Key_Return)
    overview.wait(lambda: pins(overview) != [pin])
    (moved,) = pins(overview)
    assert moved.lesion_id == first.id
    assert moved.point[0] > pin.point[0]
    assert moved.point[1] > pin.point[1]
    overview.qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.highlighted is None
    assert found.isVisible()
    overview.qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not found.isVisible()


def test_cross_stays_on_the_photograph(overview: Desk) -> None:
    found = shown(overview)
    for _ in range(80):
        overview.qtbot.keyClick(found.view, Qt.Key.Key_Left, SHIFT)
    overview.qtbot.keyClick(found.view, Qt.Key.Key_Return)
    choose(overview, found, "L1 left scapula")
    overview.wait(lambda: [pin.point[0] for pin in pins(overview)] == [0.0])


def test_new_lesion_is_added_where_it_was_clicked(overview: Desk) -> None:
    found = shown(overview)
    click(overview, found, (0.5, 0.25), "New lesion")
    overview.wait(lambda: len(lesions_of(overview)) == 3)
    overview.wait(lambda: len(found.view._marks) == 1)
    assert pins(overview)[0].lesion_id == lesions_of(overview)[2].id
    assert overview.parts.open_patient.lesion is None, "the photograph stays in front"
    overview.qtbot.keyClick(found.view, Qt.Key.Key_Z, CTRL)
    overview.wait(lambda: len(lesions_of(overview)) == 2)
    overview.wait(lambda: not found.view._marks)


def test_a_drag_moves_the_photograph_and_sets_no_pin(overview: Desk) -> None:
    found = shown(overview)
    view = found.view.viewport()
    overview.qtbot.mousePress(view, LEFT, pos=at(found, (0.3, 0.3)))
    overview.qtbot.mouseMove(view, at(found, (0.5, 0.5)))
    overview.qtbot.mouseRelease(view, LEFT, pos=at(found, (0.6, 0.6)))
    assert found.menu is None


def test_pin_is_removed_by_its_menu(overview: Desk) -> None:
    found = shown(overview)
    click(overview, found, (0.25, 0.75), "L1 left scapula")
    overview.wait(lambda: len(found.view._marks) == 1)
    found.view.menu_requested.emit(lesions_of(overview)[0].id)
    choose(overview, found, "Remove the pin of L1 left scapula")
    overview.wait(lambda: pins(overview) == [])


def test_photograph_can_be_opened_in_visit(overview: Desk) -> None:
    found = shown(overview)
    found.opening_requested.emit()
    found.accept()
    sha256 = overview.parts.open_patient.overviews[0].image.sha256
    overview.wait(lambda: overview.parts.open_image.picture is not None)
    picture = overview.parts.open_image.picture
    assert picture is not None
    assert picture.sha256 == sha256
    assert overview.parts.open_image.answer is None


def test_photograph_of_another_patient_is_moved_to_them_and_back(overview: Desk) -> None:
    sha256 = overview.parts.open_patient.overviews[0].image.sha256
    changes = overview.parts.window.frame.undo_stack
    owner = overview.parts.open_patient.patient
    assert owner is not None
    choose_patient(overview, "P-other")
    overview.parts.window.patients.open(owner)
    overview.wait(lambda: overview.parts.open_patient.overviews)
    found = shown(overview)
    move = next(one for one in found.findChildren(QPushButton) if one.text() == "Move to another patient…")
    overview.qtbot.mouseClick(move, LEFT)
    moving = dialog(overview, MoveDialog)
    assert not found.isVisible()
    overview.qtbot.keyClicks(moving.search.field, "P-other")
    overview.wait(lambda: moving.lesions.count() == 1)
    overview.qtbot.keyClick(moving.search.field, Qt.Key.Key_Return)
    overview.wait(lambda: not overview.parts.open_patient.overviews)
    overview.settle()
    assert [one.image.sha256 for one in images_of(overview, "P-other")] == [sha256]
    changes.undo()
    overview.wait(lambda: overview.parts.open_patient.overviews)
    assert images_of(overview, "P-other") == []


def removed(desk: Desk) -> list[str]:
    return [image.image.sha256 for image in desk.parts.open_patient.removed_overviews]


def test_photograph_is_removed_and_put_back_with_its_pins(overview: Desk) -> None:
    (image,) = overview.parts.open_patient.overviews
    found = shown(overview)
    click(overview, found, (0.25, 0.75), "L1 left scapula")
    overview.wait(lambda: len(found.view._marks) == 1)
    before = pins(overview)
    strip = page_of(overview).overviews
    assert not strip.removed.isVisible()
    button = next(one for one in found.findChildren(QPushButton) if one.text() == "Remove from overview")
    overview.qtbot.mouseClick(button, LEFT)
    overview.wait(lambda: not overview.parts.open_patient.overviews)
    overview.settle()
    assert (strip.rows.count(), strip.removed.text()) == (0, "1 removed…")
    assert removed(overview) == [image.image.sha256]
    patient = overview.parts.open_patient.patient
    assert patient is not None
    assert image not in images_of(overview, patient.pseudonym), "it is in no report and no contact sheet"
    overview.qtbot.mouseClick(strip.removed, LEFT)
    menu = strip.menu
    assert menu is not None
    (act,) = menu.actions()
    overview.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(act).center())
    overview.wait(lambda: overview.parts.open_patient.overviews)
    overview.settle()
    assert not strip.removed.isVisible()
    assert pins(overview) == before
    for is_there in (False, True):
        overview.parts.window.frame.undo_stack.undo()
        overview.wait(lambda there=is_there: bool(overview.parts.open_patient.overviews) is there)
        overview.settle()
    assert pins(overview) == before


def test_adding_a_photograph_is_undone_and_redone(overview: Desk) -> None:
    (image,) = overview.parts.open_patient.overviews
    changes = overview.parts.window.frame.undo_stack
    patient = overview.parts.open_patient.patient
    assert patient is not None
    assert changes.undo_text == f"overview photograph of {patient.pseudonym}, {image.image.name}"
    press(overview, Qt.Key.Key_Z, CTRL)
    overview.wait(lambda: removed(overview) == [image.image.sha256])
    overview.settle()
    press(overview, Qt.Key.Key_Z, CTRL | SHIFT)
    overview.wait(lambda: overview.parts.open_patient.overviews == [image])
    overview.settle()
    assert removed(overview) == []


def test_photograph_that_is_added_again_is_no_change_unless_it_was_removed(
    overview: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (image,) = overview.parts.open_patient.overviews
    changes = overview.parts.window.frame.undo_stack
    path = tmp_path / "overview 90.png"
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args, **_more: ([str(path)], ""))
    before = changes.undo_text
    overview.qtbot.mouseClick(page_of(overview).overviews.add, LEFT)
    overview.settle()
    assert (changes.undo_text, len(overview.parts.open_patient.overviews)) == (before, 1)
    changes.undo()
    overview.wait(lambda: removed(overview) == [image.image.sha256])
    overview.settle()
    overview.qtbot.mouseClick(page_of(overview).overviews.add, LEFT)
    overview.wait(lambda: overview.parts.open_patient.overviews)
    overview.settle()
    assert removed(overview) == []
    changes.undo()
    overview.wait(lambda: removed(overview) == [image.image.sha256])


def test_dialog_goes_with_its_patient(overview: Desk) -> None:
    found = shown(overview)
    overview.parts.open_patient.close()
    overview.wait(lambda: not any(one.isVisible() for one in overview.parts.window.findChildren(PhotographDialog)))
    del found


def test_pins_are_of_one_photograph(overview: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shown(overview)
    click(overview, found, (0.25, 0.75), "L1 left scapula")
    overview.wait(lambda: len(found.view._marks) == 1)
    found.reject()
    add_overview(overview, tmp_path, monkeypatch, seed=91)
    assert page_of(overview).overviews.rows.count() == 2
    newest = shown(overview)
    overview.settle()
    assert newest.view._marks == []
