"""Tables and copied rows contain no concealed answers, and no patient data unless requested."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from desktop.core.draft import Draft
from desktop.core.records.history import History
from tests.making import write_lesion
from tests.widgets.conftest import Desk

MakeDesk = Callable[..., Desk]


def show_history(desk: Desk, count: int) -> None:
    desk.parts.window.show_workspace("history")
    desk.wait(lambda: desk.parts.window.history.table.rowCount() == count)


def export(desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(target)])
    page = desk.parts.window.history
    page.messages.hide()
    page.export_requested.emit([])
    desk.wait(page.messages.text)
    if not target.exists():
        return []
    return list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))


def test_concealed_answers_are_in_no_table(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "first.png", seed=1))
    show_history(desk, 1)
    assert export(desk, tmp_path / "none.csv", monkeypatch) == []
    said = desk.parts.window.history.messages.text()
    assert said.startswith("There is nothing to save: the answers are hidden. Answers appear once you have given")

    desk.open_and_keep(write_lesion(tmp_path / "second.png", seed=2))
    with desk.qtbot.waitSignal(desk.parts.blinding.committed):
        desk.parts.blinding.commit(Draft(diagnosis="nevus", plan="none"))
    show_history(desk, 2)
    rows = export(desk, tmp_path / "one.csv", monkeypatch)
    desk.wait(lambda: "1 row saved" in desk.parts.window.history.messages.text())
    assert [row["file"] for row in rows] == ["second.png"]
    assert "1 concealed answer is left out." in desk.parts.window.history.messages.text()


def test_rows_are_copied_as_text_without_the_patient(desk: Desk, tmp_path: Path) -> None:
    for seed, name in enumerate(("one.png", "two.png")):
        desk.open_and_keep(write_lesion(tmp_path / name, seed=seed))
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-0412", "female", by="MK")
        made = history.people.add_lesion(patient.id, "L7", "", by="MK")
        for entry in history.entries():
            image_id = history.people.image_id_of(entry.image.sha256)
            assert image_id is not None
            history.people.place(image_id, kind="dermoscopy", lesion_id=made.id, visit_id=None, by="MK")
    show_history(desk, 2)
    view = desk.parts.window.history.rows
    how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (0, 1):
        view.selectionModel().select(view.model().index(row, 0), how)
    view.setFocus()
    desk.qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert len(lines) == 3
    assert "File" in lines[0]
    assert "Patient" not in lines[0]
    assert "Model" not in lines[0], "a column that is hidden"
    assert [line[lines[0].index("File")] for line in lines[1:]] == ["two.png", "one.png"]
    copied = QGuiApplication.clipboard().text()
    assert "P-0412" not in copied
    assert "%" in copied


def test_an_empty_selection_leaves_the_clipboard_alone(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "one.png"))
    show_history(desk, 1)
    QGuiApplication.clipboard().setText("kept")
    view = desk.parts.window.history.rows
    view.selectionModel().clearSelection()
    desk.qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "kept"
