"""A new lesion takes three actions, and several images of the strip go to a lesion together."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from desktop.core.records.history import History
from desktop.widgets.patient.place_dialog import PlaceDialog
from desktop.widgets.report.report_dialog import ReportDialog
from desktop.widgets.report.visit_content import VisitReport
from desktop.widgets.visit.image_drag import drag_data
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import CTRL, add_lesion, bring, choose_patient, dialog, drop, images_of, press

MakeDesk = Callable[..., Desk]


def test_new_lesion_takes_three_actions_until_the_assessment(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    bring(desk, write_lesion(tmp_path / "one.png"))
    view = desk.parts.window.visit_page.view
    desk.wait(view.hasFocus)
    desk.qtbot.keyClick(view, Qt.Key.Key_N)  # the first
    asking = dialog(desk, PlaceDialog)
    at = (asking.map.centre_of("scapula-left") + QPointF(8, 6)).toPoint()
    desk.qtbot.mouseClick(asking.map, Qt.MouseButton.LeftButton, pos=at)  # the second
    pin = asking.pin
    desk.qtbot.keyClick(asking, Qt.Key.Key_Return)  # the third
    desk.wait(lambda: [one.pin for one in desk.parts.open_patient.lesions] == [pin])
    (lesion,) = desk.parts.open_patient.lesions
    assert (lesion.name, lesion.site, desk.parts.open_patient.lesion) == ("L1", "scapula-left", lesion)
    desk.wait(lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [lesion.id])
    desk.wait(lambda: QApplication.activeModalWidget() is None)
    desk.parts.window.activateWindow()
    desk.wait(view.hasFocus)
    desk.wait(desk.parts.window.visit_page.assessment_panel.isVisible)
    for key in (Qt.Key.Key_5, Qt.Key.Key_Return):
        desk.qtbot.keyClick(view, key)

    def assessed() -> list[str]:
        with History.open(desk.folder) as history:
            return [one.diagnosis for one in history.assessments.of([lesion.id])]

    desk.wait(lambda: assessed() == ["nevus"])


def test_a_lesion_made_after_its_image_was_assessed_is_assessed_wherever_it_is_told(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    bring(desk, write_lesion(tmp_path / "one.png"))
    view = desk.parts.window.visit_page.view
    desk.wait(view.hasFocus)
    for key in (Qt.Key.Key_5, Qt.Key.Key_Return):
        desk.qtbot.keyClick(view, key)

    def assessed() -> list[str]:
        with History.open(desk.folder) as history:
            image = history.people.images(1)[0].image_id
            return [one.diagnosis for one in history.assessments.of(image_ids=[image])]

    desk.wait(lambda: assessed() == ["nevus"])
    desk.settle()
    desk.qtbot.keyClick(view, Qt.Key.Key_N)
    desk.qtbot.keyClick(dialog(desk, PlaceDialog), Qt.Key.Key_Return)
    desk.wait(lambda: [image.lesion_id for image in desk.parts.open_patient.images] == [1])
    desk.rest()
    (told,) = desk.parts.window.patients.lesions.rows.findItems("L1", Qt.MatchFlag.MatchStartsWith)
    assert "Assessed today: Nevus" in told.toolTip()
    assert "not assessed today" not in told.toolTip()
    desk.parts.window.menus.actions["visit report"].trigger()
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(ReportDialog) if one.isVisible()])
    made = desk.parts.window.findChildren(ReportDialog)[-1].report
    assert isinstance(made, VisitReport)
    (part,) = made.lesions
    assert [one.text for one in part.assessments] == ["Nevus, no plan entered"]


def test_selected_images_of_the_strip_go_to_a_lesion_together_and_back_with_one_undo(
    desk: Desk, tmp_path: Path
) -> None:
    choose_patient(desk, "P-1")
    add_lesion(desk, "left scapula")
    desk.parts.open_patient.choose(None)
    bring(desk, *(write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in range(4)))
    strip = desk.parts.window.visit_page.strip
    desk.wait(lambda: [image.caption for image in strip.images()] == ["derm 1", "derm 2", "derm 3", "derm 4"])
    rows = [row for row in range(strip.count()) if strip.item(row).flags() & Qt.ItemFlag.ItemIsEnabled]
    for row, modifier in ((rows[1], Qt.KeyboardModifier.NoModifier), (rows[3], CTRL)):
        at = strip.visualItemRect(strip.item(row)).center()
        desk.qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, modifier, at)
        desk.wait(lambda row=row: _is_open(desk, strip.item(row).toolTip()))
    desk.rest()
    keys = [image.key for image in strip.selected_images()]
    assert [image.name for image in strip.selected_images()] == ["1.png", "3.png"]
    lesions = desk.parts.window.patients.lesions.rows
    drop(lesions.viewport(), drag_data(keys), lesions.visualItemRect(lesions.item(0)).center())
    (lesion,) = desk.parts.open_patient.lesions
    desk.wait(lambda: [image.lesion_id for image in images_of(desk, "P-1")] == [None, lesion.id, None, lesion.id])
    press(desk, Qt.Key.Key_Z, CTRL)
    desk.wait(lambda: [image.lesion_id for image in images_of(desk, "P-1")] == [None] * 4)


def _is_open(desk: Desk, name: str) -> bool:
    picture = desk.parts.open_image.picture
    return picture is not None and picture.name == name
