"""The contact sheet: one image of each lesion of the visit in the order of the body, at one scale where it is known."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QPushButton

from desktop.core.imaging.scale import Scale
from desktop.core.records.history import History
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.patient.contact_sheet import ContactSheet, visit_lesions
from desktop.widgets.patient.contact_sheet_view import SheetImage, drawn_sizes
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient, dialog
from tests.widgets.patient.test_patient_page import make_lesions, page_of


def open_sheet(desk: Desk) -> ContactSheet:
    button = next(one for one in page_of(desk).findChildren(QPushButton) if "Contact sheet" in one.text())
    button.click()
    return dialog(desk, ContactSheet)


def sheet_images(desk: Desk) -> list[SheetImage]:
    """Return the newest image of each lesion of the visit."""
    lesions = visit_lesions(desk.parts.open_patient)
    return [SheetImage(one.lesion.id, lesion_name(one.lesion), one.images[-1].image) for one in lesions]


def test_lesions_of_the_visit_stand_from_head_to_foot_without_what_is_said_of_them(desk: Desk, tmp_path: Path) -> None:
    (calf, *_rest) = make_lesions(desk, tmp_path, "right calf", "face", "left scapula")
    visit = desk.parts.open_patient.visit
    assert visit is not None
    with History.open(desk.folder) as history:
        history.assessments.assess(
            lesion_id=calf.id, visit_id=visit.id, before_model=True, diagnosis="melanoma", by="MK"
        )
        history.people.add_lesion(calf.patient_id, "L4", "nose", by="MK")  # it has no image
    desk.parts.open_patient.reload()
    desk.wait(lambda: len(desk.parts.open_patient.lesions) == 4)
    names = [one.name for one in sheet_images(desk)]
    assert names == ["L2 face", "L3 left scapula", "L1 right calf"]
    sheet = open_sheet(desk)
    assert [sheet.view.item(row).text() for row in range(sheet.view.count())] == names
    assert "sizes cannot be compared" in sheet.note.text()
    assert "Melanoma" not in desk.texts(sheet)
    cells = [sheet.view.cell(number) for number in range(3)]
    assert all(not one.intersects(other) for one in cells for other in cells if one is not other)
    sheet.reject()


def test_front_and_back_of_one_height_stand_together_and_arms_beside_the_trunk(desk: Desk, tmp_path: Path) -> None:
    made = make_lesions(
        desk, tmp_path, "great toe left", "left upper abdomen", "left scapula", "chin", "right posterior upper arm"
    )
    with History.open(desk.folder) as history:
        history.people.correct_lesion(made[3].id, name="L4", site="lower back, R", by="MK")  # as older imports left it
    desk.parts.open_patient.reload()
    desk.wait(lambda: desk.parts.open_patient.lesions[3].site == "lower back, R")
    names = [one.name for one in sheet_images(desk)]
    assert names == [
        "L3 left scapula",
        "L5 right posterior upper arm",
        "L2 left upper abdomen",
        "L4 lower back, R",
        "L1 left great toe nail",
    ]


def test_newest_image_of_the_visit_stands_for_a_lesion(desk: Desk, tmp_path: Path) -> None:
    (lesion,) = make_lesions(desk, tmp_path, "left scapula")
    desk.parts.open_patient.choose(lesion.id)
    desk.wait(lambda: desk.parts.open_image.picture is not None)
    bring(desk, write_lesion(tmp_path / "newer.png", seed=7))
    desk.parts.window.menus.actions["patient sheet"].trigger()
    sheet = dialog(desk, ContactSheet)
    assert [one.image.name for one in sheet.view.images] == ["newer.png"]
    sheet.reject()


def longer_sides(images: Sequence[SheetImage]) -> list[tuple[int, bool]]:
    return [(max(one.size.width(), one.size.height()), one.is_to_scale) for one in drawn_sizes(images)]


def test_images_whose_scale_is_known_are_shown_at_one(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "face", "left scapula", "right calf")
    first, second, third = sheet_images(desk)
    fitted = [(200, False)] * 3
    assert longer_sides([first, second, third]) == fitted
    known = [dataclasses.replace(first, mm_per_pixel=0.01), dataclasses.replace(second, mm_per_pixel=0.02)]
    assert longer_sides(known) == [(100, True), (200, True)]
    assert longer_sides([*known, third]) == [(100, True), (200, True), (200, False)]
    assert longer_sides([known[0], second, third]) == fitted, "one scale alone compares nothing"
    assert drawn_sizes([]) == []


@pytest.mark.parametrize(
    ("scales", "words", "bars"),
    [
        ((), "No two images have a scale: sizes cannot be compared.", 0),
        ((0.01,), "No two images have a scale: sizes cannot be compared.", 0),
        ((0.01, 0.02), "Those with a bar are at one scale; do not compare the size of the others.", 2),
        ((0.01, 0.02, 0.02), "All are at one scale.", 3),
    ],
)
def test_the_sheet_says_which_sizes_can_be_compared(
    desk: Desk, tmp_path: Path, scales: tuple[float, ...], words: str, bars: int
) -> None:
    make_lesions(desk, tmp_path, "face", "left scapula", "right calf")
    with History.open(desk.folder) as history:
        for one, scale in zip(sheet_images(desk), scales, strict=False):
            image_id = history.people.image_id_of(one.image.sha256)
            assert image_id is not None
            history.scales.give(image_id, Scale(scale, ""), by="MK")
    sheet = open_sheet(desk)
    assert sheet.note.text() == f"From head to foot. {words} Click a lesion to open it."
    drawn = sheet.view.viewport().grab().toImage()
    cells = [sheet.view.cell(number) for number in range(3)]
    whites = [has_white(drawn.copy(QRect(cell.center().x(), cell.top() + 160, 90, 36))) for cell in cells]
    assert whites == [number < bars or bars == 2 for number in range(3)], "a bar, or that there is no scale"
    sheet.reject()


def has_white(image: QImage) -> bool:
    return any(
        QColor(image.pixel(x, y)) == Qt.GlobalColor.white for x in range(image.width()) for y in range(image.height())
    )


def test_a_click_or_enter_opens_the_lesion_in_visit(desk: Desk, tmp_path: Path) -> None:
    face, scapula = make_lesions(desk, tmp_path, "face", "left scapula")
    sheet = open_sheet(desk)
    desk.qtbot.mouseClick(sheet.view.viewport(), Qt.MouseButton.LeftButton, pos=sheet.view.cell(1).center())
    desk.wait(lambda: not sheet.isVisible())
    assert desk.parts.open_patient.lesion == scapula
    desk.wait(desk.parts.window.visit_page.view.isVisible)
    desk.parts.window.show_workspace("history")
    desk.parts.window.menus.actions["patient sheet"].trigger()
    sheet = dialog(desk, ContactSheet)
    assert sheet.view.hasFocus()
    desk.qtbot.keyClick(sheet.view, Qt.Key.Key_Right)
    desk.qtbot.keyClick(sheet.view, Qt.Key.Key_Left)
    desk.qtbot.keyClick(sheet.view, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_patient.lesion == face)
    desk.wait(desk.parts.window.visit_page.view.isVisible)


def test_without_an_image_of_the_visit_there_is_only_the_reason(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-0412")
    add_lesion(desk)
    desk.parts.window.menus.actions["patient sheet"].trigger()
    sheet = dialog(desk, ContactSheet)
    assert sheet.note.text() == "No lesion has a dermatoscope image of this visit yet."
    assert not sheet.view.isVisible()
    sheet.reject()
