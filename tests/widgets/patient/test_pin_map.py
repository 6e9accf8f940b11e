"""The pin of a lesion on the body map, set by keys alone."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.core.records.people import Lesion
from desktop.widgets.patient.body.pin_map import PinMap
from desktop.widgets.patient.place_dialog import PlaceDialog

SHIFT = Qt.KeyboardModifier.ShiftModifier
LESION = Lesion(1, 1, "L1", "scapula-left")


def shown(qtbot: QtBot, lesion: Lesion = LESION) -> PlaceDialog:
    asking = PlaceDialog(lesion, [lesion])
    asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(asking)
    asking.show()
    asking.activateWindow()
    qtbot.waitUntil(asking.search.hasFocus)
    return asking


def tab_to_map(qtbot: QtBot, asking: PlaceDialog) -> PinMap:
    for _ in range(4):
        if asking.map.hasFocus():
            break
        qtbot.keyClick(asking.focusWidget(), Qt.Key.Key_Tab)
    assert asking.map.hasFocus()
    return asking.map


def test_keys_set_the_pin_and_place_the_lesion(qtbot: QtBot) -> None:
    asking = shown(qtbot)
    body = tab_to_map(qtbot, asking)
    qtbot.keyClick(body, Qt.Key.Key_Down)
    qtbot.keyClick(body, Qt.Key.Key_Right)
    qtbot.keyClick(body, Qt.Key.Key_Return)
    assert asking.place == "scapula-left"
    assert asking.pin is not None
    assert asking.isVisible(), "the first Enter sets the pin"
    first = asking.pin
    qtbot.keyClick(body, Qt.Key.Key_Down, SHIFT)
    assert asking.pin == first, "not before Enter"
    qtbot.keyClick(body, Qt.Key.Key_Return)
    assert asking.pin is not None
    assert asking.pin[0] == pytest.approx(first[0])
    assert asking.pin[1] > first[1] + 0.01
    qtbot.keyClick(body, Qt.Key.Key_Return)
    assert asking.result() == PlaceDialog.DialogCode.Accepted


def test_cross_names_the_place_below_it_and_sets_none_beside_the_body(qtbot: QtBot) -> None:
    asking = shown(qtbot)
    body = tab_to_map(qtbot, asking)
    named: list[str] = []
    body.place_hovered.connect(named.append)
    qtbot.keyClick(body, Qt.Key.Key_Down)
    assert named[-1] == "scapula-left"
    for _ in range(100):
        qtbot.keyClick(body, Qt.Key.Key_Left, SHIFT)
    qtbot.keyClick(body, Qt.Key.Key_Return)
    assert asking.isVisible()
    assert (asking.place, asking.pin) == ("scapula-left", None)
    qtbot.keyClick(body, Qt.Key.Key_Escape)
    assert asking.isVisible(), "Esc hides the cross first"
    qtbot.keyClick(body, Qt.Key.Key_Escape)
    assert not asking.isVisible()


def test_enlarged_part_goes_along_with_the_cross(qtbot: QtBot) -> None:
    asking = shown(qtbot)
    body = tab_to_map(qtbot, asking)
    for _ in range(3):
        qtbot.keyClick(body, Qt.Key.Key_Plus)
    before = body.grab().toImage()
    for _ in range(60):
        qtbot.keyClick(body, Qt.Key.Key_Down, SHIFT)
    assert body.is_zoomed
    assert body._cross.at is not None
    assert body.rect().contains(body._transform().map(body._cross.at).toPoint())
    assert body.grab().toImage() != before


def test_click_hides_the_cross(qtbot: QtBot) -> None:
    asking = shown(qtbot)
    body = tab_to_map(qtbot, asking)
    qtbot.keyClick(body, Qt.Key.Key_Down)
    assert body._cross.at is not None
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=body.centre_of("calf-right").toPoint())
    assert body._cross.at is None
    assert asking.place == "calf-right"
    asking.accept()
