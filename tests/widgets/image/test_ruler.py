"""The ruler shows pixels until a scale is set, and then millimetres, for that image or device only."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.core.imaging.scale import Scale
from desktop.core.paths import SAMPLES
from desktop.core.records.history import History
from desktop.session.pixel_scales import PixelScales
from desktop.system.settings import Settings
from desktop.widgets.image.ruler_bar import RulerBar
from desktop.widgets.image.scale_bar import round_length
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import drag, key, seen, view_of, workbench_of

MakeDesk = Callable[..., Desk]


def bar_of(desk: Desk) -> RulerBar:
    return workbench_of(desk)._ruler.bar


def place(desk: Desk) -> None:
    """Place the line over the middle half of the image: its end is moved there and back."""
    key(desk, Qt.Key.Key_Right)
    key(desk, Qt.Key.Key_Left)


def calibrate(desk: Desk, millimetres: float) -> None:
    """Place the line, as only one that the user placed sets a scale, and enter its length."""
    bar = bar_of(desk)
    place(desk)
    bar.millimetres.setText(f"{millimetres:.1f}")
    desk.qtbot.mouseClick(bar.set_scale, Qt.MouseButton.LeftButton)
    desk.wait(lambda: bar.length.text() == f"{millimetres:.1f} mm")


def kept(desk: Desk, path: Path) -> Scale | None:
    """Return the scale of an image in the history, read over a separate connection."""
    with History.open(desk.folder) as history:
        return history.scales.of(hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.fixture
def opened(desk: Desk, tmp_path: Path) -> Desk:
    desk.open(write_lesion(tmp_path / "lesion.png", seed=3, size=(800, 600)))
    key(desk, Qt.Key.Key_L)
    return desk


def test_without_a_scale_lengths_are_pixels(opened: Desk) -> None:
    drag(opened, (100, 100), (400, 500))
    length = int(bar_of(opened).length.text().removesuffix(" pixels"))
    assert abs(length - 500) <= 3
    assert bar_of(opened).millimetres.text() == ""  # no length is suggested that nobody has read off the picture
    assert not bar_of(opened).set_scale.isEnabled()


def test_a_line_over_a_known_length_sets_the_scale_of_the_image(opened: Desk) -> None:
    drag(opened, (100, 300), (500, 300))
    without = seen(opened)
    calibrate(opened, 8.0)
    assert bar_of(opened).length.text() == "8.0 mm"
    assert seen(opened) != without  # the scale bar and the line show millimetres
    drag(opened, (100, 300), (300, 300))
    assert bar_of(opened).length.text() == "4.0 mm"


@pytest.mark.parametrize("text", ["", "0", "0.0", "1000", "-3"])
def test_invalid_lengths_set_no_scale(opened: Desk, text: str) -> None:
    drag(opened, (100, 300), (500, 300))
    bar_of(opened).millimetres.setText(text)
    assert not bar_of(opened).set_scale.isEnabled()
    assert bool(bar_of(opened).millimetres.property("refused")) is bool(text)
    opened.qtbot.keyClick(bar_of(opened).millimetres, Qt.Key.Key_Return)
    assert "pixels" in bar_of(opened).length.text()


@pytest.mark.parametrize("text", ["2,5", "2.5"])
def test_length_takes_a_point_and_a_comma(opened: Desk, text: str) -> None:
    field = bar_of(opened).millimetres
    drag(opened, (100, 300), (300, 300))
    field.selectAll()
    opened.qtbot.keyClicks(field, text)
    opened.qtbot.keyClick(field, Qt.Key.Key_Return)
    opened.wait(lambda: bar_of(opened).length.text() == "2.5 mm")


def test_nothing_lies_over_the_image_before_a_line_is_drawn(opened: Desk) -> None:
    item = workbench_of(opened)._ruler.item
    assert not item.isVisible()
    assert bar_of(opened).length.text() == "No line yet"
    drag(opened, (100, 300), (500, 300))
    assert item.isVisible()
    key(opened, Qt.Key.Key_Escape)
    key(opened, Qt.Key.Key_L)
    assert bar_of(opened).isVisible()
    assert not item.isVisible(), "the line of before is not of now"


def test_a_point_is_not_a_line(opened: Desk) -> None:
    drag(opened, (100, 300), (101, 300))
    assert not bar_of(opened).set_scale.isEnabled()


def test_the_scale_belongs_to_its_image_only(opened: Desk, tmp_path: Path) -> None:
    calibrate(opened, 8.0)
    opened.open(write_lesion(tmp_path / "other.png", seed=4, size=(800, 600)))
    key(opened, Qt.Key.Key_L)
    place(opened)
    assert "pixels" in bar_of(opened).length.text()
    opened.open(tmp_path / "lesion.png")
    key(opened, Qt.Key.Key_L)
    place(opened)
    assert bar_of(opened).length.text() == "8.0 mm"


def test_a_device_is_offered_only_for_its_pixel_size_and_never_used_unasked(opened: Desk, tmp_path: Path) -> None:
    calibrate(opened, 8.0)
    bar = bar_of(opened)
    bar.name.setText("Dermatoscope, 10×")
    opened.qtbot.mouseClick(bar.keep, Qt.MouseButton.LeftButton)
    opened.wait(lambda: "right only at that device's zoom" in bar._note.text())
    opened.open(write_lesion(tmp_path / "turned.png", seed=4, size=(600, 800)))
    key(opened, Qt.Key.Key_L)
    assert [bar.scales.itemText(row) for row in range(bar.scales.count())] == ["No scale", "Dermatoscope, 10×"]
    place(opened)
    assert "pixels" in bar.length.text()
    bar.scales.setCurrentIndex(1)
    bar.scales.activated.emit(1)
    opened.wait(lambda: bar.length.text() == "6.0 mm")  # half of 600 pixels, 0.02 mm each
    opened.open(write_lesion(tmp_path / "larger.png", seed=4, size=(1600, 1200)))
    key(opened, Qt.Key.Key_L)
    assert bar.scales.count() == 1


def test_the_scale_is_saved_and_can_be_undone(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "lesion.png", seed=3, size=(800, 600))
    desk = make_desk(model_file)
    desk.open(path)
    key(desk, Qt.Key.Key_L)
    calibrate(desk, 8.0)
    desk.wait(lambda: kept(desk, path) is not None)
    again = make_desk(model_file)
    again.open(path)
    key(again, Qt.Key.Key_L)
    place(again)
    again.wait(lambda: bar_of(again).length.text() == "8.0 mm")
    calibrate(again, 4.0)
    again.wait(lambda: bar_of(again).length.text() == "4.0 mm")
    again.parts.window.frame.undo_stack.undo()
    again.wait(lambda: bar_of(again).length.text() == "8.0 mm")
    again.wait(lambda: kept(again, path) == Scale(pytest.approx(0.02)))


def test_the_scale_of_an_unsaved_image_waits_and_that_of_a_sample_is_never_saved(desk: Desk, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "lesion.png", seed=3, size=(800, 600))
    scales = PixelScales(
        desk.parts.history_service, Settings(QSettings(str(tmp_path / "own.ini"), QSettings.Format.IniFormat))
    )
    scales.give(hashlib.sha256(path.read_bytes()).hexdigest(), Scale(0.02))(lambda _reverse: None, pytest.fail)
    desk.open(path)
    desk.wait(lambda: kept(desk, path) == Scale(0.02))
    sample = next(SAMPLES.glob("*.png"))
    desk.open(sample)
    key(desk, Qt.Key.Key_L)
    calibrate(desk, 8.0)
    desk.wait(lambda: bar_of(desk).length.text() == "8.0 mm")
    desk.open_and_keep(write_lesion(tmp_path / "other.png", seed=5))
    assert kept(desk, sample) is None


def test_keys_move_the_line_and_escape_leaves(opened: Desk) -> None:
    place(opened)
    before = bar_of(opened).length.text()
    for _ in range(5):
        key(opened, Qt.Key.Key_Right)
    assert int(bar_of(opened).length.text().split()[0]) == int(before.split()[0]) + 20
    key(opened, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert int(bar_of(opened).length.text().split()[0]) == int(before.split()[0]) + 16
    key(opened, Qt.Key.Key_Escape)
    assert not bar_of(opened).isVisible()
    assert view_of(opened).hasFocus() or not opened.parts.window.isActiveWindow()


@pytest.fixture
def active(opened: Desk) -> Desk:
    """Return the open image with the ruler, in the active window."""
    opened.parts.window.activateWindow()
    opened.wait(view_of(opened).hasFocus)
    return opened


def press(desk: Desk, *names: Qt.Key) -> None:
    """Press keys where the focus is."""
    for name in names:
        desk.qtbot.keyClick(QApplication.focusWidget(), name)


def test_what_is_typed_after_a_drag_is_the_length_and_no_diagnosis(active: Desk) -> None:
    bar, panel = bar_of(active), active.parts.window.visit_page.assessment_panel
    press(active, Qt.Key.Key_3)
    before = active.texts(panel)
    bar.millimetres.setText("7")
    drag(active, (100, 300), (500, 300))
    press(active, Qt.Key.Key_1, Qt.Key.Key_0)
    assert bar.millimetres.text() == "10", "the text is selected, so that it is replaced"
    assert active.texts(panel) == before
    press(active, Qt.Key.Key_Return)
    active.wait(lambda: bar.length.text() == "10.0 mm")
    assert view_of(active).hasFocus()


@pytest.mark.parametrize("device", ["", "DermLite, 20x"])
def test_digits_after_a_drag_correct_a_scale_and_choose_no_diagnosis(
    active: Desk, device: str, questions: list[str]
) -> None:
    bar, panel = bar_of(active), active.parts.window.visit_page.assessment_panel
    press(active, Qt.Key.Key_3)
    before = active.texts(panel)
    calibrate(active, 8.0)
    if device:
        bar.name.setText(device)
        active.qtbot.keyClick(bar.name, Qt.Key.Key_Return)
        active.wait(lambda: bar.scales.currentText() == device)
    drag(active, (100, 300), (300, 300))
    press(active, Qt.Key.Key_1, Qt.Key.Key_0)
    assert bar.millimetres.text() == "10"
    assert active.texts(panel) == before
    measured = bar.length.text()
    press(active, Qt.Key.Key_Return)
    active.wait(lambda: bar.length.text() == "10.0 mm")
    assert bar.scales.currentText() == "This image"
    assert questions == [
        f"By the scale of this image, the line is {measured} long. Replace the scale so that the line is 10 mm long?"
    ]


def test_digit_meant_for_a_diagnosis_leaves_a_scale_as_it_is(active: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bar = bar_of(active)
    calibrate(active, 8.0)
    drag(active, (100, 300), (300, 300))
    measured = bar.length.text()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    press(active, Qt.Key.Key_5, Qt.Key.Key_Return)
    active.rest()
    assert bar.length.text() == measured
    assert view_of(active).hasFocus(), "the next digit is a diagnosis"


@pytest.mark.parametrize("is_by_key", [True, False])
def test_length_of_one_line_does_not_stay_for_the_next(active: Desk, *, is_by_key: bool) -> None:
    bar = bar_of(active)
    drag(active, (100, 300), (500, 300))
    press(active, Qt.Key.Key_8)
    if is_by_key:
        press(active, Qt.Key.Key_Return)
    else:
        active.qtbot.mouseClick(bar.set_scale, Qt.MouseButton.LeftButton)
    active.wait(lambda: bar.length.text() == "8.0 mm")
    drag(active, (100, 300), (300, 300))
    assert bar.length.text() == "4.0 mm"
    assert bar.millimetres.text() == ""
    assert not bar.set_scale.isEnabled()


def test_l_in_the_field_leaves_the_ruler(active: Desk) -> None:
    drag(active, (100, 300), (500, 300))
    press(active, Qt.Key.Key_L)
    assert not bar_of(active).isVisible()
    assert view_of(active).hasFocus()


def test_escape_in_the_field_leaves_the_ruler(active: Desk) -> None:
    drag(active, (100, 300), (500, 300))
    press(active, Qt.Key.Key_Escape)
    assert not bar_of(active).isVisible()
    assert view_of(active).hasFocus()


def test_a_click_without_a_drag_asks_for_no_length(active: Desk) -> None:
    drag(active, (100, 300), (100, 300))
    assert view_of(active).hasFocus()


def test_keys_act_on_the_image_after_a_scale_was_kept_for_a_device(active: Desk) -> None:
    calibrate(active, 8.0)
    bar = bar_of(active)
    bar.name.setFocus()
    active.qtbot.keyClicks(bar.name, "Scope")
    active.qtbot.mouseClick(bar.keep, Qt.MouseButton.LeftButton)
    active.wait(lambda: "Scope" in bar._note.text())
    press(active, Qt.Key.Key_L)
    assert not bar.isVisible()


def test_nothing_that_was_typed_or_drawn_for_one_image_sets_the_scale_of_another(active: Desk, tmp_path: Path) -> None:
    bar = bar_of(active)
    drag(active, (100, 300), (500, 300))
    bar.millimetres.setText("8")
    bar.name.setText("Scope")
    active.open(write_lesion(tmp_path / "other.png", seed=4, size=(800, 600)))
    assert not workbench_of(active)._ruler.item.isVisible()
    key(active, Qt.Key.Key_L)
    assert (bar.millimetres.text(), bar.name.text()) == ("", "")
    bar.millimetres.setText("8")
    assert not bar.set_scale.isEnabled(), "nobody placed this line"
    drag(active, (100, 300), (500, 300))
    assert bar.set_scale.isEnabled()


def test_enter_on_the_image_commits_the_form_while_the_ruler_is_on(opened: Desk) -> None:
    place(opened)
    key(opened, Qt.Key.Key_5)
    key(opened, Qt.Key.Key_Return)

    def committed() -> list[str]:
        status = opened.parts.blinding.image_status
        return [] if status is None else [one.diagnosis for one in status.assessments]

    opened.wait(lambda: committed() == ["nevus"])


def test_one_tool_at_a_time(opened: Desk) -> None:
    key(opened, Qt.Key.Key_G)
    assert not bar_of(opened).isVisible()
    assert not opened.parts.window.visit_page.tools.actions_by_id["ruler"].isChecked()


@pytest.mark.parametrize(("shortest", "length"), [(0.3, 0.5), (1.0, 1.0), (1.1, 2.0), (4.2, 5.0), (51, 100)])
def test_the_scale_bar_has_a_round_length(shortest: float, length: float) -> None:
    assert round_length(shortest) == pytest.approx(length)
