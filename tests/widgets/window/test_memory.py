"""A window that stays open all day keeps nothing of what was closed, and a closed one keeps nothing at all."""

import gc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from weakref import ref

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from shiboken6 import isValid

from desktop.widgets.window.menus import COMMANDS
from desktop.widgets.window.rail import WORKSPACES
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient

MakeDesk = Callable[[Path], Desk]

ASKING = [one.id for one in COMMANDS if one.text.endswith("…")]
"""The menu entries that show a dialog."""


def clear_away() -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _ in range(3):
        gc.collect()


def objects(window: QWidget) -> Counter[str]:
    """Count the objects of a window, and its dialogs."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return Counter(type(one).__name__ for one in (*window.findChildren(QObject), *QApplication.topLevelWidgets()))


def close_all(window: QWidget) -> None:
    """Close every dialog and menu; those inside the window, which are no windows of their own, too."""
    for one in (*QApplication.topLevelWidgets(), *window.findChildren(QDialog)):
        if isValid(one) and one.isVisible() and isinstance(one, QDialog | QMenu):
            one.close()


def use(desk: Desk, tmp_path: Path) -> None:
    """Open a patient with a lesion and an image, and show every workspace."""
    choose_patient(desk, "P-1")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "lesion.png", seed=3))
    for workspace in WORKSPACES:
        desk.parts.window.show_workspace(workspace.id)
        desk.rest()
    desk.parts.window.show_workspace("visit")


def left_by(desk: Desk, act: Callable[[], object]) -> Counter[str]:
    """Do something that opens a dialog or a menu, twice, and close what came; return the objects that the second time left."""
    closing = QTimer()
    closing.timeout.connect(lambda: close_all(desk.parts.window))
    closing.start(10)
    counts = []
    for _ in range(2):
        act()
        desk.rest()
        desk.wait(lambda: not any(isinstance(one, QDialog) for one in visible(desk)))
        counts.append(objects(desk.parts.window))
    closing.stop()
    return counts[1] - counts[0]


def visible(desk: Desk) -> list[QWidget]:
    return [
        one for one in (*QApplication.topLevelWidgets(), *desk.parts.window.findChildren(QDialog)) if one.isVisible()
    ]


def test_closed_window_and_its_session_are_freed(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    def use_and_watch() -> list[ref[object]]:
        desk = make_desk(model_file)
        desk.wait(lambda: desk.parts.model.classifier is not None)
        use(desk, tmp_path)
        window = desk.parts.window
        return [ref(one) for one in (*vars(desk.parts).values(), *window.findChildren(QObject))]

    watched = use_and_watch()
    make_desk(model_file)  # closes the one before
    clear_away()
    assert Counter(type(one).__name__ for watch in watched if (one := watch()) is not None) == Counter()


def test_closed_dialogs_leave_nothing(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    use(desk, tmp_path)
    actions = desk.parts.window.menus.actions
    assert len(ASKING) > 20
    left = {entry: left_by(desk, actions[entry].trigger) for entry in (*ASKING, "shortcuts", "about")}
    assert {entry: found for entry, found in left.items() if found} == {}
    clear_away()
    own = (one for one in gc.get_objects() if isinstance(one, QDialog) and type(one).__module__.startswith("desktop."))
    assert [type(one).__name__ for one in own if not isValid(one)] == []


def test_closed_menus_and_file_dialogs_leave_nothing(desk: Desk, tmp_path: Path) -> None:
    use(desk, tmp_path)
    window, at = desk.parts.window, QPoint(5, 5)
    window.show_workspace("history")
    rows, lesion = window.history.rows, desk.parts.open_patient.lesions[0]
    desk.wait(rows.model().rowCount)
    rows.selectRow(0)
    doors: dict[str, Callable[[], object]] = {
        "columns": lambda: rows.horizontalHeader().customContextMenuRequested.emit(at),
        "entry": lambda: rows.customContextMenuRequested.emit(at),
        "lesion": lambda: window.patients.lesions.make_menu(lesion).popup(at),
        "image": lambda: window.visit_page.strip.menu_requested.emit(at),
        "table": window.history.head.export.click,
    }
    assert {name: found for name, open_door in doors.items() if (found := left_by(desk, open_door))} == {}
