"""A window on a history, with the model in use and another that the file dialog returns."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop.system.settings import INITIALS
from tests.making import write_model
from tests.widgets.conftest import Desk
from tests.widgets.practice.trial_history import described


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    return write_model(tmp_path / "old.onnx", described("Old model"), seed=5)


@pytest.fixture
def new_file(tmp_path: Path) -> Path:
    return write_model(tmp_path / "new.onnx", described("New model"), seed=21)


@pytest.fixture
def start(
    make_desk: Callable[..., Desk], tmp_path: Path, old_file: Path, new_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Desk]:
    """Open the window on the history, with the old model; the file dialog returns the new one."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(new_file), ""))

    def start(*, blind: bool = False) -> Desk:
        desk = make_desk(old_file, blind=blind)
        desk.parts.settings.put(INITIALS, "MK")
        desk.wait(lambda: desk.parts.model.classifier is not None)
        desk.parts.window.staged_start.finish()
        return desk

    return start
