"""What is entered for one image of a camera holds for its others, unless their file says otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from desktop.core.imaging.capture import Capture, Optics, Taken
from desktop.session.captures import Captures
from desktop.session.history_service import HistoryService
from desktop.session.picture import Picture, open_picture
from desktop.system.settings import CAPTURE_DEVICES, Settings
from desktop.system.tasks import Tasks
from tests.making import write_lesion

SCOPE = Capture("Scope", "contact", "polarised")


@pytest.fixture
def captures(qtbot: QtBot, tmp_path: Path) -> Iterator[Captures]:
    tasks = Tasks()
    history_service = HistoryService(tasks, tmp_path / "data", lambda: "MK")
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.put(CAPTURE_DEVICES, ["no json"])
    yield Captures(history_service, settings)
    history_service.close()
    tasks.close()


def picture(folder: Path, seed: int, taken: Taken) -> Picture:
    path = write_lesion(folder / f"{seed}.png", seed)
    return replace(open_picture(path.name, path, path.read_bytes), taken=taken)


def of_camera(name: str, capture: Capture = Capture()) -> Taken:  # noqa: B008 - it is frozen
    return Taken(replace(capture, device=name), Optics(name))


def give(captures: Captures, qtbot: QtBot, one: Picture, capture: Capture) -> None:
    done: list[object] = []
    captures.give(one, capture)(done.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(done))


def test_camera_is_asked_about_once(captures: Captures, qtbot: QtBot, tmp_path: Path) -> None:
    first, second, other = (picture(tmp_path, seed, of_camera(name)) for seed, name in enumerate(("M 1", "M 1", "M 2")))
    assert captures.of(first) == Capture("M 1")
    give(captures, qtbot, first, SCOPE)
    assert captures.of(first) == captures.of(second) == SCOPE
    assert captures.of(first).is_as(captures.of(second))
    assert captures.of(other) == Capture("M 2")
    give(captures, qtbot, second, replace(SCOPE, light="not polarised"))
    assert captures.of(first) == SCOPE, "what was entered for an image stays"
    assert captures.devices() == [replace(SCOPE, light="not polarised")]


def test_light_that_a_file_tells_counts_before_what_was_remembered(
    captures: Captures, qtbot: QtBot, tmp_path: Path
) -> None:
    first = picture(tmp_path, 1, of_camera("M 1"))
    second = picture(tmp_path, 2, of_camera("M 1", Capture(light="not polarised")))
    give(captures, qtbot, first, SCOPE)
    assert captures.of(second) == replace(SCOPE, light="not polarised")


def test_images_without_a_camera_are_not_taken_for_alike(captures: Captures, qtbot: QtBot, tmp_path: Path) -> None:
    first, second = (picture(tmp_path, seed, Taken()) for seed in (1, 2))
    give(captures, qtbot, first, SCOPE)
    assert captures.of(second) == Capture()
    assert captures.devices() == [SCOPE]
