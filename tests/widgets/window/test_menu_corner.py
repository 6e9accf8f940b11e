"""What every workspace shows: the model in use, and the user's initials."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit, QPushButton

from desktop.system.settings import INITIALS
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk

MakeDesk = Callable[..., Desk]


def model_name(desk: Desk) -> QPushButton:
    return next(one for one in desk.parts.window.menuBar().findChildren(QPushButton) if one.isVisible())


def ask_initials(desk: Desk) -> QPushButton:
    buttons = desk.parts.window.patients.banner.findChildren(QPushButton)
    return next(one for one in buttons if one.text() == "Your initials…")


def test_model_in_use_is_named_on_every_workspace_and_opens_its_card(make_desk: MakeDesk, tmp_path: Path) -> None:
    name = "Our clinic's model of the year, trained on every image that we have"
    desk = make_desk(write_model(tmp_path / "ours.onnx", contract(name=name)))
    assert model_name(desk).text() == "Model is being loaded"
    desk.wait(lambda: model_name(desk).accessibleName() == f"Model {name}")
    assert model_name(desk).text().endswith("…"), "it keeps its room"
    desk.qtbot.mouseClick(model_name(desk), Qt.MouseButton.LeftButton)
    assert desk.parts.window.workspaces.current == "model"


def test_corner_shows_that_no_model_could_be_loaded(make_desk: MakeDesk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    desk = make_desk(broken)
    desk.wait(lambda: model_name(desk).text() == "No model")
    assert "“broken.onnx” is not an ONNX model" in model_name(desk).toolTip()


def test_initials_are_asked_for_on_every_workspace_while_there_are_none(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a patient is opened and an answer given before anybody is named."""
    desk = make_desk(model_file, has_begun=True)
    assert desk.parts.window.workspaces.current == "today"
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6, Qt.Key.Key_7):
        desk.qtbot.keyClick(desk.parts.window, key, Qt.KeyboardModifier.ControlModifier)
        assert ask_initials(desk).isVisible(), desk.parts.window.workspaces.current
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("  ", True))
    desk.qtbot.mouseClick(ask_initials(desk), Qt.MouseButton.LeftButton)
    assert ask_initials(desk).isVisible(), "these are none"
    desk.open_and_keep(write_lesion(tmp_path / "first.png"))
    assert [entry.initials for entry in desk.entries()] == [""]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: (" MK ", True))
    desk.qtbot.mouseClick(ask_initials(desk), Qt.MouseButton.LeftButton)
    assert not ask_initials(desk).isVisible()
    desk.open_and_keep(write_lesion(tmp_path / "second.png", seed=2))
    assert desk.entries()[0].initials == "MK"


def test_initials_of_the_last_start_are_not_asked_for_again(make_desk: MakeDesk, model_file: Path) -> None:
    desk = make_desk(model_file)
    assert ask_initials(desk).isVisible()
    field = desk.parts.window.visit_page.first_steps.findChild(QLineEdit)
    assert field is not None
    desk.qtbot.keyClicks(field, "MK")
    assert not ask_initials(desk).isVisible()
    desk = make_desk(model_file, has_begun=True)
    assert not ask_initials(desk).isVisible()


def test_initials_of_the_first_steps_are_in_the_banner(desk: Desk) -> None:
    desk.parts.window.visit_page.first_steps.initials_changed.emit("MK ")
    desk.parts.edits.add_patient("P-1", "unknown", "", "", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: "by MK" in desk.texts(desk.parts.window.patients.banner))
    assert desk.parts.window._session.settings.get(INITIALS) == "MK"
