"""Drives a window as a user would and takes its picture, for the screenshot scripts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from cut_texts import cut_texts
from desktop.__main__ import compose
from desktop.core.encryption.keys import Key
from desktop.core.records.history import History
from desktop.core.records.values import EntryFilter
from desktop.system.settings import BLIND_FIRST, INITIALS, Settings

T = TypeVar("T")
D = TypeVar("D", bound=QDialog)

NORMAL, LARGE, SMALLEST = (1280, 800), (1920, 1080), (1024, 560)
_PATIENCE = 60.0
_REST = 0.35
"""Seconds in which pending thumbnails and layouts are finished."""

_LAYOUT = 3.0
"""Seconds in which a text that has just arrived gets its room, on a busy machine too."""


class StateNotReachedError(Exception):
    """The window did not reach the state to be drawn."""


class Studio:
    """One window with a history of its own in `folder`, and a camera that writes to `out`."""

    def __init__(
        self,
        folder: Path,
        model: Path,
        out: Path,
        *,
        blind: bool = False,
        initials: str = "MK",
        key: Key | None = None,
    ) -> None:
        self.folder, self.out = folder, out
        self.faults = 0
        """How many texts could not be read whole in the states so far."""
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        settings.put(BLIND_FIRST, blind)
        settings.put(INITIALS, initials)
        self.parts = compose(folder, settings, key)
        self.window = self.parts.window
        self.window.resize(*NORMAL)
        self.window.show()
        self.parts.history_service.open()
        self.load(model)

    # Driving

    def wait(self, until: Callable[[], object], what: str = "") -> None:
        """Run the event loop until a condition holds.

        Raises:
            StateNotReachedError: the condition does not hold within a minute.
        """
        end = time.monotonic() + _PATIENCE
        while not until():
            if time.monotonic() > end:
                raise StateNotReachedError(what or "the window does not come to rest")
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as the application's own loop does
            time.sleep(0.01)

    def settle(self, seconds: float = _REST) -> None:
        """Wait for pending thumbnails and layouts."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def load(self, model: Path) -> None:
        """Use a model file, or show why it cannot be used."""
        choice = self.parts.model
        before = choice.classifier
        choice.load(model)
        self.wait(
            lambda: choice.classifier not in {None, before} or choice.error is not None, "the model is not loaded"
        )

    def open(self, *paths: Path) -> None:
        """Open images and wait for the answer to the first."""
        self.window.open_files(list(paths))
        self.wait(lambda: self.parts.open_image.answer is not None, f"no answer for {paths[0].name}")
        self.settle()

    def open_blind(self, path: Path) -> None:
        """Open an image whose answer waits for the clinician's assessment."""
        self.window.open_files([path])
        self.wait(
            lambda: (
                self.window.visit_page.result_panel.is_blind and self.window.visit_page.assessment_panel.isVisible()
            ),
            "not blind",
        )
        self.settle()

    def classify(self, folder: Path) -> None:
        """Classify a folder to its end."""
        self.window.open_files([folder])
        self.wait(lambda: self.parts.batch.is_running, "no folder is being classified")
        self.wait(lambda: not self.parts.batch.is_running and not self.parts.batch.is_saving, "the folder does not end")
        self.settle()

    def write(self, work: Callable[[History, str], T]) -> T:
        """Write to the history as the window does."""
        done: list[T] = []
        failed: list[object] = []
        self.parts.history_service.write(work, done.append, failed.append)
        self.wait(lambda: done or failed)
        if failed:
            raise StateNotReachedError(str(failed[0]))
        self.settle(0.1)
        return done[0]

    def count(self) -> int:
        """Return how many entries the history has."""
        with History.open(self.folder) as history:
            return len(history.entries(EntryFilter()))

    def trigger(self, text: str) -> None:
        """Choose a menu entry by its text, without waiting for what it opens."""
        actions = [one for one in self.window.findChildren(QAction) if one.text().replace("&", "").strip() == text]
        if not actions:
            raise StateNotReachedError(f"there is no menu entry “{text}”")
        actions[0].trigger()

    def press(self, text: str, within: QWidget | None = None) -> None:
        """Press a button by a part of its text, once it can be pressed."""
        place = within or self.window

        def found() -> list[QPushButton]:
            buttons = [one for one in place.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
            return [one for one in buttons if text in one.text().replace("&", "")]

        self.wait(found, f"there is no button “{text}” to press")
        QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)
        self.settle(0.1)

    def key(self, key: Qt.Key) -> None:
        """Press a key on the image."""
        view = self.window.visit_page.view
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow, "the window is not in front")
        view.setFocus()
        QTest.keyClick(view, key)
        self.settle(0.1)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag over the image from one of its points to another, as fractions of its sides."""
        view, picture = self.window.visit_page.view, self.parts.open_image.picture
        if picture is None:
            raise StateNotReachedError("no image is open")
        first, last = (view.mapFromScene(QPointF(x * picture.width, y * picture.height)) for x, y in (start, end))
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=first)
        QTest.mouseMove(view.viewport(), last)
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=last)
        self.settle(0.2)

    def dialog(self, kind: type[D]) -> D:
        """Wait for a dialog of the window."""

        def found() -> list[D]:
            return [one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible()]

        self.wait(found, f"there is no {kind.__name__}")
        return found()[0]

    # Drawing

    def take(self, name: str, size: tuple[int, int] = NORMAL, over: QWidget | None = None) -> None:
        """Save a picture of the window; `over` is a dialog above it."""
        self.window.resize(*size)
        self.settle()
        self._look_for_cut_texts(name, self.window if over is None else over)
        drawn = self.window.grab()
        if over is not None:
            _put_over(drawn, over)
        path = self.out / f"{name}{'' if size == NORMAL else f'-{size[0]}'}.png"
        if not drawn.save(str(path)):
            raise StateNotReachedError(f"{path} cannot be written")
        print(path)
        if over is None and size == NORMAL:
            self.window.resize(*SMALLEST)
            self.settle()
            self._look_for_cut_texts(f"{name} in the smallest window", self.window)
            self.window.resize(*size)
            self.settle()

    def _look_for_cut_texts(self, state: str, window: QWidget) -> None:
        """Report the texts that cannot be read whole once the layout has settled; `close` fails for them."""
        end = time.monotonic() + _LAYOUT
        self.wait(lambda: not cut_texts(window) or time.monotonic() > end)
        for text in cut_texts(window):
            print(f"{state}: {text}", file=sys.stderr)
            self.faults += 1

    def close(self) -> None:
        """Close the window and its threads.

        Raises:
            StateNotReachedError: a text of a state that was drawn cannot be read whole.
        """
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog):
                dialog.done(QDialog.DialogCode.Rejected)  # `close` of a form asks whether to discard what was entered
        self.window.close()
        self.parts.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        if self.faults:
            raise StateNotReachedError(f"{self.faults} texts cannot be read whole")


def _put_over(drawn: QPixmap, dialog: QWidget) -> None:
    """Draw a dialog in the middle of the dimmed window, as a screen would show both."""
    picture = dialog.grab()
    middle = drawn.deviceIndependentSize() - picture.deviceIndependentSize()
    place = QPoint(round(middle.width() / 2), round(middle.height() / 2))
    painter = QPainter(drawn)
    painter.fillRect(drawn.rect(), QColor(0, 0, 0, 70))
    painter.drawPixmap(place, picture)
    painter.setPen(QColor(0, 0, 0, 130))
    size = picture.deviceIndependentSize()
    painter.drawRect(place.x() - 1, place.y() - 1, round(size.width()) + 1, round(size.height()) + 1)
    painter.end()
