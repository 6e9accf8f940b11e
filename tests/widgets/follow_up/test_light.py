"""Device, plate and light of two compared images: where they differ or are not known, their colours are not compared."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialogButtonBox

from desktop.core.imaging.capture import Capture
from desktop.core.records.history import History
from desktop.widgets.follow_up.capture_dialog import CaptureDialog
from desktop.widgets.image.compare_bar import DIFFERENCE, SIDE
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.growing import write_exact_model
from tests.widgets.follow_up.test_follow_up import page_of, press, wait_for
from tests.widgets.follow_up.test_sizes import SCALES, followed
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion
from tests.widgets.mouse_and_keys import press as press_button

MakeDesk = Callable[..., Desk]

POLARISED = Capture("Scope", "contact", "polarised")
UNKNOWN = "Light not known: do not compare colours, white lines, vessels."
DIFFERENT = "Different light: do not compare colours, white lines, vessels."


@pytest.fixture
def film(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    return followed(make_desk, tmp_path, write_exact_model(tmp_path / "exact.onnx"), SCALES)


def said(desk: Desk) -> str:
    desk.settle()
    return desk.texts(page_of(desk).light)


def enter(desk: Desk, *captures: Capture) -> None:
    """Enter in the dialog how the older and the newer image were taken."""
    desk.qtbot.mouseClick(page_of(desk).light.change, Qt.MouseButton.LeftButton)
    desk.wait(lambda: page_of(desk).findChildren(CaptureDialog))
    (dialog,) = page_of(desk).findChildren(CaptureDialog)
    for row, capture in zip(dialog.rows, captures, strict=True):
        row[0].setCurrentText(capture.device)
        for box, value in zip(row[1:], (capture.contact, capture.light), strict=True):
            box.setCurrentIndex(box.findData(value))
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    desk.qtbot.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Save), Qt.MouseButton.LeftButton)
    desk.wait(lambda: not page_of(desk).findChildren(CaptureDialog))
    desk.settle()


def kept(desk: Desk) -> list[Capture | None]:
    with History.open(desk.folder) as history:
        return [history.captures.of(picture.sha256) for picture in page_of(desk).compare.pictures]


def test_unknown_light_is_told_and_there_is_no_difference(film: Desk) -> None:
    assert said(film) == UNKNOWN
    assert "not known" in page_of(film).light.text.toolTip()
    button = page_of(film).compare.bar.button(DIFFERENCE)
    assert not button.isEnabled()
    assert button.toolTip() == UNKNOWN
    press(film, Qt.Key.Key_D)
    assert page_of(film).compare.bar.button(SIDE).isChecked()
    messages = page_of(film).messages
    assert messages.text() == "Difference is off: the light is not known. Enter device, plate and light of both images."
    press_button(film, "Light…", messages)
    film.wait(lambda: page_of(film).findChildren(CaptureDialog))
    page_of(film).findChildren(CaptureDialog)[0].reject()


def test_key_of_the_difference_says_that_the_light_differs(film: Desk) -> None:
    enter(film, POLARISED, Capture("Scope", "contact", "not polarised"))
    press(film, Qt.Key.Key_D)
    messages = page_of(film).messages
    assert "Difference is off: the images were taken in different light." in messages.text()
    enter(film, POLARISED, POLARISED)
    assert messages.text() == "", "it is not off any more"
    press(film, Qt.Key.Key_D)
    film.wait(lambda: page_of(film).compare.bar.button(DIFFERENCE).isChecked())


@pytest.mark.parametrize("name", [Qt.Key.Key_Space, Qt.Key.Key_F, Qt.Key.Key_D])
def test_keys_that_need_two_images_say_so(desk: Desk, tmp_path: Path, name: Qt.Key) -> None:
    open_lesion(desk, *keep_at_visits(desk, [(write_lesion(tmp_path / "one.png"), dt.date(2025, 3, 12))]))
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    wait_for(desk, "one.png")
    press(desk, name)
    assert page_of(desk).messages.text() == "Blink, fade and difference need two images."


def test_same_light_is_entered_once_and_lets_images_be_subtracted(film: Desk) -> None:
    enter(film, POLARISED, POLARISED)
    assert kept(film) == [POLARISED, POLARISED]
    assert said(film) == "Both: Scope, plate on the skin, polarised light."
    press(film, Qt.Key.Key_D)
    film.wait(lambda: page_of(film).compare.bar.button(DIFFERENCE).isChecked())


@pytest.mark.parametrize(
    "other",
    [
        Capture("Scope", "contact", "not polarised"),
        Capture("Scope", "no contact", "polarised"),
        Capture("Other scope", "contact", "polarised"),
    ],
)
def test_any_difference_ends_the_difference_and_can_be_undone(film: Desk, other: Capture) -> None:
    enter(film, POLARISED, POLARISED)
    press(film, Qt.Key.Key_D)
    film.wait(lambda: page_of(film).compare.bar.button(DIFFERENCE).isChecked())
    enter(film, POLARISED, other)
    assert said(film) == DIFFERENT
    assert page_of(film).compare.bar.button(SIDE).isChecked()
    film.parts.window.frame.undo_stack.undo()
    film.settle()
    assert kept(film) == [POLARISED, POLARISED]
    assert said(film).startswith("Both: Scope")


def test_difference_is_not_carried_on_to_a_pair_in_other_light(film: Desk) -> None:
    enter(film, POLARISED, POLARISED)
    press(film, Qt.Key.Key_D)
    film.wait(lambda: page_of(film).compare.bar.button(DIFFERENCE).isChecked())
    press(film, Qt.Key.Key_Home)
    wait_for(film, "2023.png", "2025.png")
    film.wait(lambda: page_of(film).compare.is_aligned)
    assert page_of(film).compare.bar.button(SIDE).isChecked()
    assert UNKNOWN in said(film)


def test_device_that_was_entered_brings_its_light_along(film: Desk) -> None:
    enter(film, POLARISED, Capture())
    film.qtbot.mouseClick(page_of(film).light.change, Qt.MouseButton.LeftButton)
    film.wait(lambda: page_of(film).findChildren(CaptureDialog))
    (dialog,) = page_of(film).findChildren(CaptureDialog)
    device, contact, light = dialog.rows[1]
    assert [device.itemText(row) for row in range(device.count())] == ["Scope"]
    choose(device, "Scope")
    assert (contact.currentData(), light.currentData()) == ("contact", "polarised")
    dialog.reject()


def choose(box: QComboBox, text: str) -> None:
    row = box.findText(text)
    box.setCurrentIndex(row)
    box.activated.emit(row)
