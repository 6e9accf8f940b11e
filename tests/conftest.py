"""Fixtures for all tests."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.core.encryption import keys
from desktop.system import garbage
from tests.making import write_model
from tests.waiting import PatientBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before there is an application: the tests need no screen


@pytest.fixture(autouse=True)
def garbage_of_this_thread() -> Iterator[None]:
    """Collect garbage as the application does: a window of an earlier test must not be deleted on a worker thread."""
    garbage.keep_to_this_thread()
    yield
    garbage.collect_due()


@pytest.fixture(autouse=True)
def fast_keys(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys from passphrases in an instant, unless a test is marked `real_keys`: that takes a second and 128 MiB."""
    if not request.node.get_closest_marker("real_keys"):
        monkeypatch.setattr(keys, "_COST", 2)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """The `qtbot` of pytest-qt, whose waits no clock ends."""
    return PatientBot(request)


@pytest.fixture
def hearing() -> Iterator[None]:
    """Let a test hear Ctrl-C, even if it runs in the background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """A small real model of nine labels that satisfies the contract."""
    return write_model(tmp_path / "model.onnx")
