"""DICOM files in the window: opened like any image, each frame separately; their patients are offered, never used silently."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.core.records.history import History
from desktop.widgets.report.report_dialog import ReportDialog
from tests.core.imaging.dicoms import CT, dicom, jpeg, photograph
from tests.making import lesion
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import press

JANE = ("P-0412", "F", "061Y")


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "export.dcm"
    path.write_bytes(photograph(lesion(3), quote='"', patient=JANE))
    yield path
    assert path.read_bytes() == photograph(lesion(3), quote='"', patient=JANE), "an original is never written"


def patients(desk: Desk) -> list[str]:
    with History.open(desk.folder) as history:
        return [patient.pseudonym for patient in history.people.find_patients("")]


def test_a_dicom_file_is_opened_classified_and_saved_like_any_image(desk: Desk, named: Path) -> None:
    desk.open_and_keep(named)
    picture = desk.parts.open_image.picture
    assert picture is not None
    assert (picture.header.format, picture.width, picture.height) == ("DICOM", 160, 120)
    assert "160 × 120, DICOM" in desk.texts(desk.parts.window.visit_page)
    (entry,) = desk.entries()
    assert entry.image.path.suffix == ".dcm"
    assert entry.image.path.read_bytes() == named.read_bytes()


def test_its_patient_is_offered_and_never_used_silently(desk: Desk, named: Path) -> None:
    desk.open_and_keep(named)
    assert "The file names a patient: “P-0412”, female, 61 years." in desk.parts.window.visit_page.messages.text()
    assert patients(desk) == []
    shown = desk.parts.window.visit_page.result_panel.shown()
    assert shown is not None
    press(desk, "Use patient P-0412 from the file")
    state = desk.parts.window.patients.open_patient
    desk.wait(lambda: state.patient is not None)
    assert state.patient is not None
    assert (state.patient.pseudonym, state.patient.sex) == ("P-0412", "female")
    desk.wait(lambda: state.age_band == "60-69")
    assert patients(desk) == ["P-0412"]


def test_a_known_patient_is_opened_not_added_again(desk: Desk, named: Path) -> None:
    with History.open(desk.folder) as history:
        known = history.people.add_patient("p-0412", "female", by="MK")
    desk.open_and_keep(named)
    press(desk, "Use patient P-0412 from the file")
    state = desk.parts.window.patients.open_patient
    desk.wait(lambda: state.patient is not None)
    assert state.patient is not None
    assert state.patient.id == known.id
    assert patients(desk) == ["p-0412"]


def test_the_patient_data_of_the_file_are_on_no_report(desk: Desk, named: Path) -> None:
    desk.open_and_keep(named)
    desk.qtbot.keyClick(desk.parts.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    desk.wait(lambda: desk.parts.window.findChildren(ReportDialog))
    (dialog,) = desk.parts.window.findChildren(ReportDialog)
    said = str(dialog.report)
    assert "export.dcm" in said
    assert "P-0412" not in said
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_each_frame_is_in_the_strip_and_is_an_entry_of_its_own(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "series.dcm"
    path.write_bytes(dicom([jpeg(lesion(seed)) for seed in (1, 2, 3)], (160, 120)))
    desk.open_and_keep(path)
    window = desk.parts.window
    strip = window.visit_page.strip
    assert [image.name for image in strip.images()] == [f"series frame {number}.dcm" for number in (1, 2, 3)]
    for _ in range(2):  # the other frames are saved in the background: their order is open
        with desk.qtbot.waitSignal(desk.parts.open_image.saved):
            desk.qtbot.keyClick(window.visit_page.view, Qt.Key.Key_Right)
    assert len(desk.entries()) == 3
    assert {entry.image.name for entry in desk.entries()} == {f"series frame {number}.dcm" for number in (1, 2, 3)}
    assert len({entry.image.sha256 for entry in desk.entries()}) == 3
    with desk.qtbot.waitSignal(desk.parts.open_image.saved):
        desk.open(path)
    assert len(desk.entries()) == 3


def test_a_file_that_is_not_a_photograph_gets_its_own_message(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "scan.dcm"
    path.write_bytes(photograph(lesion(), sop_class=CT))
    desk.parts.window.open_files([path])
    desk.wait(lambda: "another kind (CT Image Storage)" in desk.parts.window.visit_page.messages.text())
