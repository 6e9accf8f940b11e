"""The watched folder: new images are counted, and opened only on request."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton

from tests.making import write_lesion
from tests.widgets.conftest import Desk


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_lesion(tmp_path / "EXPORT" / "yesterday.jpg").parent
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(folder))
    return folder


def watch(desk: Desk) -> None:
    desk.parts.window.menus.actions["watch"].trigger()
    desk.wait(lambda: "Watching “EXPORT”" in desk.texts(desk.parts.window))


def ready(desk: Desk) -> list[QPushButton]:
    return [
        button
        for button in desk.parts.window.findChildren(QPushButton)
        if "ready" in button.text() and button.isVisible()
    ]


def test_new_images_wait_without_a_name_until_they_are_opened(desk: Desk, export: Path) -> None:
    watch(desk)
    write_lesion(export / "patient 17.jpg", seed=1)
    write_lesion(export / "patient 18.jpg", seed=2)
    desk.wait(lambda: desk.parts.watched_folder.count == 2)
    (button,) = ready(desk)
    assert button.text() == "2 new images ready: open them"
    assert "patient 1" not in desk.texts(desk.parts.window)
    assert desk.parts.open_image.picture is None
    assert desk.entries() == []
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: {entry.image.name for entry in desk.entries()} == {"patient 17.jpg", "patient 18.jpg"})
    assert [button.text() for button in ready(desk)] == ["1 new image ready: open it"]
    desk.qtbot.keyClick(desk.parts.window.visit_page.view, Qt.Key.Key_Right)
    desk.wait(lambda: not ready(desk))


def test_open_image_stays_when_new_ones_come(desk: Desk, export: Path, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "open.png", seed=5))
    watch(desk)
    write_lesion(export / "new.jpg", seed=1)
    desk.wait(lambda: bool(ready(desk)))
    picture = desk.parts.open_image.picture
    assert picture is not None
    assert picture.name == "open.png"


def test_new_images_of_unsupported_kinds_are_reported(desk: Desk, export: Path) -> None:
    watch(desk)
    (export / "new.nef").write_bytes(b"II*\0 raw")
    words = "1 file of a kind that LesionLens does not open: NEF. Export it as JPEG or PNG."
    desk.wait(lambda: words in desk.texts(desk.parts.window))
    assert desk.parts.watched_folder.count == 0


def test_watching_continues_at_the_next_start_until_it_is_stopped(
    make_desk: Callable[[Path], Desk], model_file: Path, export: Path
) -> None:
    watch(make_desk(model_file))
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.watched_folder.folder == export)
    desk.parts.window.menus.actions["watch"].trigger()
    assert desk.parts.watched_folder.folder is None
    assert make_desk(model_file).parts.watched_folder.folder is None


def test_missing_folder_is_reported(make_desk: Callable[[Path], Desk], model_file: Path, export: Path) -> None:
    watch(make_desk(model_file))
    (export / "yesterday.jpg").unlink()
    export.rmdir()
    desk = make_desk(model_file)
    desk.wait(lambda: "“EXPORT” cannot be watched" in desk.parts.window.visit_page.messages.text())
