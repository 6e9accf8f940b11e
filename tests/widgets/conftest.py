"""A complete window with a history of its own and a small real model."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.__main__ import Parts, compose
from desktop.core.encryption.keys import Key
from desktop.core.records.history import History
from desktop.core.records.values import Entry, EntryFilter
from desktop.system.settings import BLIND_FIRST, HAS_BEGUN, Settings
from desktop.widgets.common.theme import apply_theme


@dataclass
class Desk:
    """The application, and its data folder."""

    parts: Parts
    folder: Path
    qtbot: QtBot

    def open(self, *paths: Path) -> None:
        """Open images and wait for the answer to the first."""
        self.parts.window.open_files(list(paths))
        self.wait(lambda: self.parts.open_image.answer is not None)

    def open_and_keep(self, path: Path) -> None:
        """Open an image and wait until its answer is in the history."""
        with self.qtbot.waitSignal(self.parts.open_image.saved):
            self.parts.window.open_files([path])

    def classify(self, folder: Path) -> None:
        """Classify a folder completely."""
        with self.qtbot.waitSignal(self.parts.batch.ended):
            self.parts.window.open_files([folder])
        self.wait(lambda: not self.parts.batch.is_saving)

    def wait(self, until: Callable[[], object]) -> None:
        """Process events until a condition holds."""
        self.qtbot.waitUntil(until)

    def rest(self) -> None:
        """Wait until no image is read and none answered any more, and the history has done all that it was asked for.

        Twice, for what comes back may ask for more; what begins by a timer after that is not waited for.
        """
        for _ in range(2):
            self.wait(self.parts.tasks.calm.is_set)
            done: list[object] = []
            self.parts.history_service.ask(lambda _history: None, done.append, done.append)
            self.wait(partial(bool, done))

    def settle(self) -> None:
        """Wait until nothing is under way: no task, no request to the history, no running timer."""
        owners = [part for part in vars(self.parts).values() if isinstance(part, QObject)]

        def is_still() -> bool:
            timers = (timer for owner in owners for timer in owner.findChildren(QTimer))
            return not self.parts.tasks._jobs and not any(one.isSingleShot() and one.isActive() for one in timers)

        while True:
            self.wait(is_still)
            self.rest()
            if is_still():
                return

    @contextmanager
    def slow_history(self) -> Iterator[None]:
        """Block reads and writes of the history meanwhile, as a slow drive would; then wait until they are done."""
        go_on = threading.Event()
        self.parts.history_service.ask(lambda _history: go_on.wait(), lambda _done: None, lambda _error: None)
        try:
            yield
        finally:
            go_on.set()
        self.rest()

    def entries(self, *, binned: bool = False) -> list[Entry]:
        """Return the entries of the history file, read over a separate connection."""
        with History.open(self.folder, key=self.parts.history_service.key) as history:
            return history.entries(EntryFilter(binned=binned))

    def texts(self, widget: QWidget) -> str:
        """Return every visible text in a part of the window."""
        labels = [label for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
        return "\n".join(label.text() for label in labels)


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[None]:
    """The style sheet of the program, with its fonts, which a widget gets only when it is shown."""
    palette, sheet = qapp.palette(), qapp.styleSheet()
    apply_theme("light")
    yield
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


@pytest.fixture(autouse=True)
def no_key_is_held(qapp: QApplication) -> None:
    """Qt takes the modifiers of the last key of the test before for held, and with Shift `selectRow` selects nothing."""
    QTest.keyRelease(QWidget(), Qt.Key.Key_Shift)
    assert qapp.keyboardModifiers() == Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer every question of the window with yes; return the questions."""
    asked: list[str] = []

    def answer(_parent: object, _title: str, text: str, *_buttons: object) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "question", answer)
    return asked


@pytest.fixture
def make_desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[Path], Desk]]:
    """Create a window with a model file; several in turn share the data folder, like restarts of the program."""
    made: list[Desk] = []

    def make(
        model: Path, *, blind: bool = False, data: str = "data", key: Key | None = None, has_begun: bool = False
    ) -> Desk:
        folder = tmp_path / data
        for desk in made:
            _close(desk)
        made.clear()
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        settings.put(BLIND_FIRST, blind)  # most tests concern the answer itself
        settings.put(HAS_BEGUN, has_begun)  # and the visit, with which the first start begins
        desk = Desk(compose(folder, settings, key), folder, qtbot)
        made.append(desk)
        desk.parts.window.resize(1280, 800)
        desk.parts.window.show()
        desk.parts.history_service.open()
        desk.parts.model.load(model)
        return desk

    yield make
    for desk in made:
        _close(desk)


def _close(desk: Desk) -> None:
    desk.parts.window.close()
    desk.parts.close()
    desk.qtbot.wait(0)


@pytest.fixture
def desk(make_desk: Callable[[Path], Desk], model_file: Path) -> Desk:
    """A window whose model is loaded."""
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk
