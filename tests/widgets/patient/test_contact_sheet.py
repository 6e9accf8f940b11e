"""The contact sheet: one image of each lesion of the visit in the order of the body, at one scale only if all are known."""

import dataclasses
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from desktop.core.imaging.scale import Scale
from desktop.core.records.history import History
from desktop.widgets.patient.contact_sheet import ContactSheet, drawn_sizes, sheet_images
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import bring, dialog
from tests.widgets.patient.test_patient_page import make_lesions, page_of


def open_sheet(desk: Desk) -> ContactSheet:
    button = next(one for one in page_of(desk).findChildren(QPushButton) if "Contact sheet" in one.text())
    button.click()
    return dialog(desk, ContactSheet)


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
    names = [one.name for one in sheet_images(desk.parts.open_patient)]
    assert names == ["L2 face", "L3 left scapula", "L1 right calf"]
    sheet = open_sheet(desk)
    assert sheet.view.accessibleDescription() == ", ".join(names)
    assert "sizes cannot be compared" in sheet.note.text()
    assert "Melanoma" not in desk.texts(sheet)
    cells = [sheet.view.cell(number) for number in range(3)]
    assert all(not one.intersects(other) for one in cells for other in cells if one is not other)
    sheet.reject()


def test_newest_image_of_the_visit_stands_for_a_lesion(desk: Desk, tmp_path: Path) -> None:
    (lesion,) = make_lesions(desk, tmp_path, "left scapula")
    desk.parts.open_patient.choose(lesion.id)
    desk.wait(lambda: desk.parts.open_image.picture is not None)
    bring(desk, write_lesion(tmp_path / "newer.png", seed=7))
    assert [one.image.name for one in sheet_images(desk.parts.open_patient)] == ["newer.png"]


def test_images_are_shown_at_one_scale_if_all_are_known(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "face", "left scapula")
    first, second = sheet_images(desk.parts.open_patient)
    side = max(first.image.width, first.image.height)
    fitted = drawn_sizes([first, second])
    assert [max(size.width(), size.height()) for size in fitted] == [200, 200]
    half = [dataclasses.replace(first, mm_per_pixel=0.01), dataclasses.replace(second, mm_per_pixel=0.02)]
    assert [max(size.width(), size.height()) for size in drawn_sizes(half)] == [100, 200]
    assert drawn_sizes([half[0], second]) == fitted, "one scale alone compares nothing"
    assert drawn_sizes([]) == []
    with History.open(desk.folder) as history:
        for one, scale in zip((first, second), (0.01, 0.02), strict=True):
            image_id = history.people.image_id_of(one.image.sha256)
            assert image_id is not None
            history.scales.give(image_id, Scale(scale, ""), by="MK")
    sheet = open_sheet(desk)
    assert sheet.note.text() == "From head to foot, all at the same scale."
    assert sheet.view._sizes[1] == QSize(first.image.width, first.image.height) * (200 / side)
    sheet.reject()
