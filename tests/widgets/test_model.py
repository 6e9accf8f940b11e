"""The model's card, and another model that is looked at before it is used."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QTableWidget

from desktop.core.inference.contract import Figure
from desktop.settings import MODEL
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.test_visit import flag


def press(desk: Desk, text: str) -> None:
    buttons = desk.parts.window.findChildren(QPushButton)
    button = next(button for button in buttons if button.text() == text and button.isVisible())
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_card_shows_figures_thresholds_and_layers(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    figure = Figure("accuracy", "test images", 36 / 118, 118, 36, 0.229, 0.393)
    desk = make_desk(write_model(tmp_path / "figures.onnx", contract(figures=(figure,), flags=(flag(0.07),))))
    desk.parts.window.show_workspace("model")
    desk.wait(lambda: desk.parts.model.classifier is not None)
    texts = desk.texts(desk.parts.window.model)
    assert "30.5 %, 36 / 118\n(22.9 – 39.3 %)" in texts
    assert "set on validation split, 448 images: missed 4 of 88, specificity 40.0 %" in texts
    assert "demonstration; not for patients" in texts
    layers = desk.parts.window.model.findChildren(QTableWidget)[0]
    assert layers.item(0, 0).text() == "probabilities (Dense)"


def test_another_model_is_looked_at_then_used_and_comes_back(
    make_desk: Callable[[Path], Desk], model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_model(tmp_path / "other.onnx", contract(name="Our clinic's model"), seed=7)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(other), ""))
    desk = make_desk(model_file)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    first = desk.parts.model.classifier
    desk.parts.window.show_workspace("model")
    press(desk, "Choose another model…")
    desk.wait(lambda: "Our clinic's model" in desk.texts(desk.parts.window.model))
    assert desk.parts.model.classifier is first
    with desk.qtbot.waitSignal(desk.parts.consultation.kept, timeout=10_000):
        press(desk, "Use this model")
    assert desk.parts.model.classifier is not first
    assert len({entry.answer.model_sha256 for entry in desk.entries()}) == 2
    assert desk.parts.window._settings.get(MODEL) == str(other)


def test_model_that_cannot_be_used_leaves_the_present_one(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(broken), ""))
    desk.parts.window.show_workspace("model")
    press(desk, "Choose another model…")
    desk.wait(lambda: "“broken.onnx” is not an ONNX model" in desk.parts.window.model.messages.text())
    assert desk.parts.model.classifier is not None
    assert "Test model" in desk.texts(desk.parts.window.model)
