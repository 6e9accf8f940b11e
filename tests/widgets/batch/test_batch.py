"""Whole folders in the window: every file has a row, the worst come first, and nothing is lost."""

import csv
import io
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton

from desktop.commands import classify
from desktop.core.paths import SAMPLES
from desktop.core.records.history import History
from desktop.widgets.batch.batch_rows import FILE, MALIGNANT, REMARKS, STATE
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.history.test_history import answer_dialog
from tests.widgets.visit.test_visit import flag

MakeDesk = Callable[[Path], Desk]


def press(desk: Desk, text: str) -> None:
    buttons = desk.parts.window.batch.findChildren(QPushButton)
    button = next(button for button in buttons if text in button.text() and button.isVisible())
    assert button.isEnabled()
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def box(desk: Desk, name: str) -> QComboBox:
    boxes = desk.parts.window.batch.findChildren(QComboBox)
    return next(box for box in boxes if box.accessibleName() == name)


def column(desk: Desk, number: int) -> list[str]:
    order = desk.parts.window.batch.table
    return [str(order.index(row, number).data()) for row in range(order.rowCount())]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Create four images, one of them in a subfolder, and two files that are not images."""
    for number in range(3):
        write_lesion(tmp_path / "archive" / f"{number}.png", seed=number)
    write_lesion(tmp_path / "archive" / "older" / "3.jpg", seed=3)
    (tmp_path / "archive" / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    (tmp_path / "archive" / "empty.png").touch()
    (tmp_path / "archive" / "letter.txt").write_text("not an image, not by its extension either")
    return tmp_path / "archive"


def test_failed_files_come_first_and_stop_nothing(desk: Desk, folder: Path) -> None:
    desk.classify(folder)
    assert column(desk, FILE)[:2] == ["broken.jpg", "empty.png"]
    malignant = [float(text.strip("<% ")) for text in column(desk, MALIGNANT)[2:]]
    assert malignant == sorted(malignant, reverse=True)
    assert column(desk, STATE)[:3] == ["failed", "failed", "no alert"]
    assert "“empty.png” is empty" in column(desk, REMARKS)[1]
    assert "2 failed · 0 alerted · 0 not answered · 0 uncertain · 4 no alert" in desk.texts(desk.parts.window.batch)


def test_counts_are_fully_visible_in_the_smallest_window(desk: Desk, folder: Path) -> None:
    long = folder.rename(folder.with_name("dermatoscope images of the second half of the year, left arm and both legs"))
    desk.parts.window.resize(1024, 560)
    desk.classify(long)
    desk.wait(desk.parts.window.batch.rows.isVisible)
    (counts,) = [one for one in desk.parts.window.batch.findChildren(QLabel) if "2 failed · " in one.text()]
    assert counts.isVisible()
    assert counts.width() >= counts.sizeHint().width()
    assert desk.parts.window.size() == QSize(1024, 560), "a long name makes no window wider"


def test_selection_is_kept_when_sorting(desk: Desk, folder: Path) -> None:
    desk.classify(folder)
    page = desk.parts.window.batch
    page.rows.selectRow(column(desk, FILE).index("2.png"))
    assert page.rows.selectionModel().hasSelection()
    for number in (FILE, MALIGNANT, REMARKS, STATE):
        for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
            page.rows.sortByColumn(number, order)
            (chosen,) = page.rows.selectionModel().selectedRows()
            assert chosen.siblingAtColumn(FILE).data() == "2.png"


def test_flagged_images_come_before_the_rest(make_desk: MakeDesk, tmp_path: Path, folder: Path) -> None:
    desk = make_desk(write_model(tmp_path / "flags.onnx", contract(flags=(flag(0.0),))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.classify(folder)
    assert column(desk, STATE) == ["failed", "failed", "alerted", "alerted", "alerted", "alerted"]
    assert "Melanoma alert" in column(desk, REMARKS)[2]


def test_search_and_state_narrow_the_rows(desk: Desk, folder: Path) -> None:
    desk.classify(folder)
    search, states = desk.parts.window.batch.findChild(QLineEdit), box(desk, "State")
    desk.qtbot.keyClicks(search, "older")
    desk.wait(lambda: column(desk, FILE) == ["3.jpg"])
    search.clear()
    states.setCurrentIndex(states.findText("failed"))
    desk.wait(lambda: column(desk, FILE) == ["broken.jpg", "empty.png"])


def test_table_equals_that_of_the_command(
    desk: Desk, folder: Path, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.classify(folder)
    saved, printed = tmp_path / "window.csv", tmp_path / "command.csv"
    answer_dialog(monkeypatch, saved)
    press(desk, "Save table…")
    desk.wait(saved.exists)
    assert classify.main([str(folder), "--model", str(model_file), "--csv", str(printed)]) == 1
    window = list(csv.DictReader(io.StringIO(saved.read_text(encoding="utf-8-sig"))))
    command = list(csv.DictReader(io.StringIO(printed.read_text(encoding="utf-8"))))
    assert [row["file"] for row in window] == [row["file"] for row in command]
    assert list(window[0]) == list(command[0])
    for one, other in zip(window, command, strict=True):
        for name in one:
            if name.startswith("p_") and one[name]:
                assert float(one[name]) == pytest.approx(float(other[name]), abs=1e-5)
            elif name not in {"probability", "malignant_probability"}:
                assert one[name] == other[name]


def test_selected_rows_are_added_to_the_history_and_undone(desk: Desk, folder: Path) -> None:
    desk.classify(folder)
    desk.parts.window.batch.rows.selectAll()
    press(desk, "To the history")
    desk.wait(lambda: "4 added." in desk.parts.window.batch.messages.text())
    entries = desk.entries()
    assert sorted(entry.image.name for entry in entries) == ["0.png", "1.png", "2.png", "3.jpg"]
    assert not any(entry.image.stored for entry in entries)
    desk.parts.window.frame.undo_stack.undo()
    desk.wait(lambda: desk.entries() == [])
    assert len(desk.entries(binned=True)) == 4


def test_cancelled_run_keeps_its_rows(desk: Desk, tmp_path: Path) -> None:
    for number in range(150):
        write_lesion(tmp_path / "many" / f"{number:03d}.jpg", seed=number, size=(1600, 1200))
    desk.parts.window.open_files([tmp_path / "many"])
    desk.wait(lambda: desk.parts.window.batch.table.rowCount() > 0)
    with desk.qtbot.waitSignal(desk.parts.batch.ended) as ended:
        press(desk, "Cancel")
    assert ended.args == [False]
    shown = desk.parts.window.batch.table.rowCount()
    assert 0 < shown < 150
    assert f"cancelled after {shown} of 150" in desk.texts(desk.parts.window.batch)
    desk.wait(lambda: box(desk, "Earlier runs").count() == 2)
    desk.wait(lambda: not desk.parts.batch.is_saving)
    with History.open(desk.folder) as history:
        (run,) = history.runs.all()
        assert (run.state, len(history.runs.rows(run.id))) == ("cancelled", shown)


def test_nothing_of_a_run_is_lost_while_the_history_is_locked(desk: Desk, folder: Path) -> None:
    desk.wait((desk.folder / "history.sqlite3").exists)
    desk.rest()
    lock = sqlite3.connect(desk.folder / "history.sqlite3", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    desk.parts.window.open_files([folder])
    desk.wait(lambda: "rows are not saved" in desk.parts.window.batch.messages.text())
    assert desk.parts.window.batch.table.total == 6
    lock.execute("ROLLBACK")
    lock.close()
    press(desk, "Try again")
    desk.wait(lambda: not desk.parts.batch.is_saving)
    with History.open(desk.folder) as history:
        (run,) = history.runs.all()
        assert (run.state, len(history.runs.rows(run.id))) == ("finished", 6)


def test_rows_sent_while_their_run_is_being_saved_all_arrive(desk: Desk, folder: Path, tmp_path: Path) -> None:
    """The rows are selected one after the other, with another run on the page by the time theirs is saved."""
    write_lesion(tmp_path / "before" / "earlier.png", seed=9)
    desk.classify(tmp_path / "before")
    lock = sqlite3.connect(desk.folder / "history.sqlite3", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    page = desk.parts.window.batch
    desk.parts.window.open_files([folder])
    desk.wait(lambda: "rows are not saved" in page.messages.text() and not desk.parts.batch.is_running)
    for name in ("0.png", "1.png"):
        page.rows.selectRow(column(desk, FILE).index(name))
        press(desk, "To the history")
    lock.execute("ROLLBACK")
    lock.close()
    runs = box(desk, "Earlier runs")
    runs.setCurrentIndex(runs.count() - 1)
    runs.activated.emit(runs.count() - 1)
    desk.wait(lambda: column(desk, FILE) == ["earlier.png"])
    desk.parts.batch.save()
    desk.wait(lambda: not desk.parts.batch.is_saving)
    desk.wait(lambda: sorted(entry.image.name for entry in desk.entries()) == ["0.png", "1.png"])


def test_run_closed_early_is_saved_as_far_as_it_got(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, questions: list[str]
) -> None:
    for number in range(150):
        write_lesion(tmp_path / "many" / f"{number:03d}.jpg", seed=number, size=(1600, 1200))
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.open_files([tmp_path / "many"])
    desk.wait(lambda: desk.parts.window.batch.table.total > 0)
    shown = desk.parts.window.batch.table.total
    desk = make_desk(model_file)
    assert "A folder is being classified" in questions[0]
    with History.open(desk.folder) as history:
        (run,) = history.runs.all()
        assert run.state == "cancelled"
        assert shown <= len(history.runs.rows(run.id)) < 150


def test_samples_never_reach_the_history(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mixed").mkdir()
    shutil.copy(min(SAMPLES.glob("*.png")), tmp_path / "mixed" / "renamed.png")
    write_lesion(tmp_path / "mixed" / "lesion.png")
    desk.classify(tmp_path / "mixed")
    desk.parts.window.batch.rows.selectAll()
    press(desk, "To the history")
    desk.wait(lambda: "1 sample drawing was left out" in desk.parts.window.batch.messages.text())
    assert [entry.image.name for entry in desk.entries()] == ["lesion.png"]


def test_earlier_run_can_be_opened_after_a_restart(make_desk: MakeDesk, model_file: Path, folder: Path) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.classify(folder)
    before = [column(desk, number) for number in range(1, 7)]
    desk = make_desk(model_file)
    desk.parts.window.show_workspace("batch")
    runs = box(desk, "Earlier runs")
    desk.wait(lambda: runs.count() == 2)
    runs.setCurrentIndex(1)
    runs.activated.emit(1)
    desk.wait(lambda: desk.parts.window.batch.table.rowCount() == 6)
    assert [column(desk, number) for number in range(1, 7)] == before
    desk.parts.window.batch.rows.selectAll()
    press(desk, "To the history")
    desk.wait(lambda: len(desk.entries()) == 4)


def test_summary_counts_labels_states_and_reasons(desk: Desk, folder: Path) -> None:
    (folder / "also empty.png").touch()
    desk.classify(folder)
    desk.parts.window.batch.show_summary()
    shown = desk.texts(desk.parts.window.batch).split("\n")
    assert shown[shown.index("failed") + 1] == "3 / 7"
    assert shown[shown.index("“…” is empty (0 bytes). Export the image again.") + 1] == "2 / 3"
    tops = [answer.judgement.top for answer in desk.parts.window.batch.table.answers() if answer.judgement is not None]
    assert shown[shown.index("Nevus") + 1] == f"{tops.count('nevus')} / 4"


def test_images_of_unsupported_kinds_are_reported(desk: Desk, folder: Path) -> None:
    for name in ("a.nef", "b.nef", "c.cr2"):
        (folder / name).write_bytes(b"II*\0 raw")
    words = "3 files of kinds that LesionLens does not open: 2 NEF, 1 CR2."
    desk.classify(folder)
    page = desk.parts.window.batch
    assert words in page.messages.text()
    page.show_summary()
    assert words in desk.texts(page)
    for path in folder.rglob("*.*"):
        if path.suffix not in {".nef", ".cr2"}:
            path.unlink()
    desk.classify(folder)
    assert words in page.messages.text()


def test_folder_opened_before_the_model_is_loaded_is_classified_afterwards(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, folder: Path
) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    desk = make_desk(tmp_path / "broken.onnx")
    desk.wait(lambda: desk.parts.model.error is not None)
    desk.parts.window.open_files([folder])
    assert "“archive” is classified as soon as a model is loaded." in desk.parts.window.batch.messages.text()
    with desk.qtbot.waitSignal(desk.parts.batch.ended):
        desk.parts.model.load(model_file)
    desk.wait(lambda: not desk.parts.batch.is_saving)
    assert len(column(desk, FILE)) == 6
    again: list[object] = []
    desk.parts.batch.ended.connect(again.append)
    desk.parts.model.load(model_file)
    desk.settle()
    assert again == [], "once is enough"


def test_folder_without_images_says_so(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    desk.classify(tmp_path / "nothing")
    assert "There is no image in this folder" in desk.parts.window.batch.messages.text()


def test_row_opens_in_the_visit(desk: Desk, folder: Path) -> None:
    desk.classify(folder)
    view = desk.parts.window.batch.rows
    view.selectRow(2)
    view.setCurrentIndex(view.model().index(2, 0))
    desk.qtbot.keyClick(view, Qt.Key.Key_Return)
    name = column(desk, FILE)[2]
    desk.wait(lambda: (picture := desk.parts.open_image.picture) and picture.name == name)
