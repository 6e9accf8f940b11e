"""Every window shows names literally: no markup, no mnemonic, no mark of unsaved changes."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import Qt as QtGuiQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop import widgets
from desktop.core.inference.contract import Group, Label
from desktop.core.labels import Malignancy
from desktop.session.undo import UndoStack
from desktop.widgets.common.plain_text import PlainLabel, for_key, for_tip, for_title
from desktop.widgets.common.undo import add_undo
from desktop.widgets.window.rail import WORKSPACES
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.visit.test_visit import flag

NAMES = ("<b>x</b>", "R&D-7", "A&B &lt;i&gt;.jpg")
"""Names of a lesion, a patient and a file; Windows forbids < in file names, and an entity is markup too."""


def test_every_label_of_the_window_is_a_plain_label() -> None:
    folder = Path(widgets.__file__).parent
    made = [path.name for path in folder.rglob("*.py") if re.search(r"\bQLabel\(", path.read_text(encoding="utf-8"))]
    assert made == []


@pytest.mark.parametrize("text", [*NAMES, "line\n<b>two</b>", "a < b"])
def test_text_is_shown_unchanged(qtbot: QtBot, text: str) -> None:
    label = PlainLabel(text)
    qtbot.addWidget(label)
    assert (label.text(), label.textFormat()) == (text, Qt.TextFormat.PlainText)
    assert _as_tip_shows(for_tip(text)) == text
    assert for_key(text).replace("&&", "&") == text
    assert "[*]" not in re.sub(r"\[\*\]\[\*\]", "", for_title(f"{text}[*]"))


def test_undo_shows_names_literally(qtbot: QtBot) -> None:
    menu, changes = QMenu(), UndoStack()
    qtbot.addWidget(menu)
    menu.addAction("Copy")
    add_undo(menu, changes, menu)
    changes.add("placing with R&D-7", lambda _done, _failed: None)
    assert menu.actions()[0].text() == "&Undo placing with R&&D-7"


def test_names_are_shown_literally_in_every_window(desk: Desk, tmp_path: Path) -> None:
    lesion, pseudonym, file = NAMES
    path = write_lesion(tmp_path / file, seed=3)
    window, state = desk.parts.window, desk.parts.open_patient
    failures: list[str] = []

    def look(where: str) -> None:
        failures.extend(f"{where}: {failure}" for failure in _misread())

    window.patients.presenter.changes.add(pseudonym, "female", "60-69", lambda _error: None)
    desk.wait(lambda: state.patient is not None)
    actions = window.menus.actions
    actions["patient lesion"].trigger()
    desk.wait(lambda: state.lesion is not None)
    _close_dialogs(desk)
    window.patients.presenter._correct_lesion(state.lesion, lesion, "scapula-left")  # type: ignore[arg-type]
    desk.wait(lambda: state.lesion is not None and state.lesion.name == lesion)
    with desk.qtbot.waitSignal(desk.parts.open_image.saved):
        window.open_files([path])
    desk.wait(lambda: state.images)
    desk.rest()
    look("visit")
    for name in (
        "patient choose",
        "patient correct",
        "patient place",
        "patient move",
        "patient erase",
        "filters",
        "report",
    ):
        actions[name].trigger()
        desk.rest()
        desk.wait(_dialogs)
        look(name)
        _close_dialogs(desk)
    for workspace in WORKSPACES:
        window.workspaces.show_workspace(workspace.id)
        desk.rest()
        look(workspace.id)
    window.patients.moves.make_menu()
    look("menu of the strip")
    desk.classify(path.parent)
    desk.rest()
    look("batch")
    assert failures == []
    seen = "\n".join(desk.texts(top) for top in QApplication.topLevelWidgets())
    assert pseudonym in seen, "the names stand somewhere, else nothing was looked at"


def test_names_of_a_model_are_shown_literally(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    kinds = (Malignancy.MALIGNANT, Malignancy.BENIGN, Malignancy.BENIGN)
    labels = tuple(Label(f"own_{number}", NAMES[number], kind) for number, kind in enumerate(kinds))
    own = contract(
        name=NAMES[0],
        licence=NAMES[1],
        labels=labels,
        groups=(Group("pair", NAMES[2], ("own_1", "own_2")),),
        flags=(dataclasses.replace(flag(0.0), id="first", name=NAMES[0], labels=("own_0",), measured_on=NAMES[1]),),
        limits=(NAMES[0],),
    )
    desk = make_desk(write_model(tmp_path / "own.onnx", own))
    window = desk.parts.window
    failures: list[str] = []
    desk.open_and_keep(write_lesion(tmp_path / "a" / "lesion.png", seed=3))
    for workspace in WORKSPACES:
        window.workspaces.show_workspace(workspace.id)
        desk.rest()
        failures += [f"{workspace.id}: {failure}" for failure in _misread()]
    desk.classify(tmp_path / "a")
    desk.rest()
    window.batch.show_summary()
    failures += [f"batch: {failure}" for failure in _misread()]
    assert failures == []
    seen = "\n".join(desk.texts(top) for top in QApplication.topLevelWidgets())
    assert all(name in seen for name in NAMES)


def _dialogs() -> list[QDialog]:
    return [one for one in QApplication.allWidgets() if isinstance(one, QDialog) and one.isVisible()]


def _close_dialogs(desk: Desk) -> None:
    desk.wait(_dialogs)
    for dialog in _dialogs():
        dialog.reject()
    desk.wait(lambda: not _dialogs())


def _misread() -> list[str]:
    """Return the texts of all windows that Qt does not show literally."""
    found = []
    for widget in QApplication.allWidgets():
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText and _named(widget.text()):
            found.append(f"label {widget.text()!r}")
        if isinstance(widget, QAbstractButton) and not _is_spelt(widget.text()):
            found.append(f"button {widget.text()!r}")
        found += [f"tip {tip!r}" for tip in _tips(widget) if not _is_read(tip)]
        found += [f"entry {one.text()!r}" for one in widget.actions() if not _is_spelt(one.text())]
    return found


def _tips(widget: QWidget) -> Iterator[str]:
    yield widget.toolTip()
    if isinstance(widget, QMenu) and widget.toolTipsVisible():
        yield from (action.toolTip() for action in widget.actions())
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        for row in range(model.rowCount(QModelIndex())):
            for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())):
                yield str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or "")


def _named(text: str) -> list[str]:
    return [name for name in NAMES if name in text]


def _is_spelt(text: str) -> bool:
    """Return whether every & of a name is doubled in the text of a button or menu entry."""
    return all(for_key(name) in text for name in NAMES if name in text.replace("&&", "&"))


def _is_read(tip: str) -> bool:
    """Return whether a tool tip shows every name literally."""
    names = [name for name in NAMES if name in tip or name in _as_tip_shows(tip)]
    return all(name in _as_tip_shows(tip) for name in names)


def _as_tip_shows(tip: str) -> str:
    if not QtGuiQt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()
