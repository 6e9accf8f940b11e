"""The history: searching, reopening, binning, restoring, and saving as a table."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QDate, QItemSelectionModel, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QTableView

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.judgement import judge
from desktop.core.records.history import History
from desktop.core.records.values import KeptImage, StoredAnswer
from desktop.widgets.history.history_table import ASSESSMENT, FILE, IMAGE, OUTCOME, TIME
from tests.making import SIZE, write_lesion, write_model
from tests.widgets.conftest import Desk


def answer_dialog(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    """Choose a file in the next save dialog."""
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(target)])


MakeDesk = Callable[[Path], Desk]


def names(desk: Desk) -> list[str]:
    table = desk.parts.window.history.table
    return [str(table.index(row, FILE).data()) for row in range(table.rowCount())]


def table_view(desk: Desk) -> QTableView:
    return desk.parts.window.history.rows


def choose(desk: Desk, *rows: int) -> None:
    view = table_view(desk)
    how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().clearSelection()
    for row in rows:
        view.selectionModel().select(view.model().index(row, 0), how)


def press(desk: Desk, text: str) -> None:
    buttons = desk.parts.window.findChildren(QPushButton)
    button = next(button for button in buttons if text in button.text() and button.isVisible())
    assert button.isEnabled()
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def arrow_points_down(view: QTableView) -> bool:
    """Return whether the sort arrow at the end of the heading of the time is wider above than below."""
    header = view.horizontalHeader()
    right = header.sectionViewportPosition(TIME) + header.sectionSize(TIME)
    grey = header.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.array(
        [[grey.pixelColor(x, y).value() for x in range(right - 24, right - 2)] for y in range(6, header.height() - 6)]
    )
    ink = abs(rows - rows[0, 0]) > 25
    widths = [np.ptp(np.flatnonzero(row)) for row in ink if row.any()]
    return widths[0] > widths[-1]


@pytest.fixture
def full(desk: Desk, tmp_path: Path) -> Desk:
    """Create a history of three images, with its workspace open."""
    for number, name in enumerate(("älpha.png", "beta.png", "gamma.jpg")):
        desk.open_and_keep(write_lesion(tmp_path / name, seed=number))
    desk.parts.window.show_workspace("history")
    desk.wait(lambda: len(names(desk)) == 3)
    return desk


def test_newest_entry_comes_first(full: Desk) -> None:
    assert names(full) == ["gamma.jpg", "beta.png", "älpha.png"]


def test_search_as_you_type(full: Desk) -> None:
    search = full.parts.window.history.filter.search
    full.qtbot.keyClicks(search, "ÄLPH")
    full.wait(lambda: names(full) == ["älpha.png"])
    search.setText("no such image")
    full.wait(lambda: names(full) == [])
    assert "No entry fits" in full.texts(full.parts.window.history)
    search.clear()
    full.wait(lambda: len(names(full)) == 3)


def test_filter_by_label_and_date(full: Desk) -> None:
    page = full.parts.window.history
    tops = {entry.image.name: entry.answer.top for entry in full.entries()}
    wanted = tops["beta.png"]
    page.filter.label.setCurrentIndex(page.filter.label.findData(wanted))
    full.wait(lambda: sorted(names(full)) == sorted(name for name, top in tops.items() if top == wanted))
    page.filter.label.setCurrentIndex(0)
    page.filter.period.setCurrentIndex(page.filter.period.count() - 1)
    page.filter.days.first.setDate(QDate.currentDate().addDays(-9))
    page.filter.days.last.setDate(QDate.currentDate().addDays(-1))
    full.wait(lambda: names(full) == [])
    page.filter.days.last.setDate(QDate.currentDate())
    full.wait(lambda: len(names(full)) == 3)


def test_bin_undo_and_restore(full: Desk) -> None:
    choose(full, 0, 2)
    press(full, "To the bin")
    full.wait(lambda: names(full) == ["beta.png"])
    full.qtbot.keyClick(full.parts.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    full.wait(lambda: len(names(full)) == 3)
    choose(full, 1)
    table_view(full).setFocus()
    full.qtbot.keyClick(table_view(full), Qt.Key.Key_Delete)
    full.wait(lambda: names(full) == ["gamma.jpg", "älpha.png"])
    which = next(box for box in full.parts.window.history.findChildren(QComboBox) if box.findText("Bin") >= 0)
    which.setCurrentIndex(which.findText("Bin"))
    full.wait(lambda: names(full) == ["beta.png"])
    choose(full, 0)
    press(full, "Restore")
    full.wait(lambda: names(full) == [])
    assert len(full.entries()) == 3


def test_entry_opens_from_the_image_store_if_the_file_is_missing(full: Desk, tmp_path: Path) -> None:
    (tmp_path / "beta.png").unlink()
    choose(full, 1)
    press(full, "Open")
    full.wait(lambda: (picture := full.parts.open_image.picture) and picture.name == "beta.png")
    full.wait(lambda: full.parts.open_image.answer is not None)
    full.rest()
    assert len(full.entries()) == 3


def test_older_models_answer_is_shown_as_given_until_classified_again(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    (old,) = desk.entries()
    desk = make_desk(write_model(tmp_path / "newer.onnx", seed=9))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.show_workspace("history")
    desk.wait(lambda: len(names(desk)) == 1)
    choose(desk, 0)
    press(desk, "Open")
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    answer = desk.parts.open_image.answer
    assert answer is not None
    assert answer.prediction.probabilities == tuple(old.answer.probabilities.values())
    assert "Answer of" in desk.texts(desk.parts.window.visit_page.result_panel)
    with desk.qtbot.waitSignal(desk.parts.open_image.saved):
        press(desk, "Classify with the present model")
    assert "Answer of" not in desk.texts(desk.parts.window.visit_page.result_panel)
    assert len({entry.answer.model_sha256 for entry in desk.entries()}) == 2


def test_thumbnails_arrive(full: Desk) -> None:
    table = full.parts.window.history.table
    thumbnails = [table.index(row, IMAGE).data(Qt.ItemDataRole.DecorationRole) for row in range(3)]
    blank = thumbnails[0].cacheKey()
    full.wait(
        lambda: all(
            table.index(row, IMAGE).data(Qt.ItemDataRole.DecorationRole).cacheKey() != blank for row in range(3)
        )
    )


def test_moved_linked_image_is_located_again(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = write_lesion(tmp_path / "folder" / "lesion.png")
    desk.classify(image.parent)
    desk.parts.window.batch.rows.selectAll()
    press(desk, "To the history")
    desk.wait(lambda: len(names(desk)) == 1)
    moved = image.rename(tmp_path / "elsewhere.png")
    desk.parts.window.show_workspace("history")
    choose(desk, 0)
    press(desk, "Open")
    desk.wait(lambda: "Original missing" in desk.parts.window.visit_page.messages.text())
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(moved), ""))
    press(desk, "Locate…")
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert len(desk.entries()) == 1


def test_table_contains_the_selected_entries(full: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out" / "chosen.csv"
    target.parent.mkdir()
    answer_dialog(monkeypatch, target)
    choose(full, 1)
    press(full, "Save the chosen one…")
    full.wait(target.exists)
    full.wait(lambda: "1 row saved" in full.parts.window.history.messages.text())
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert [row["file"] for row in rows] == ["beta.png"]
    entry = next(entry for entry in full.entries() if entry.image.name == "beta.png")
    assert float(rows[0]["p_melanoma"]) == pytest.approx(entry.answer.probabilities["melanoma"], abs=1e-8)


def test_a_table_names_patients_only_on_request(full: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[str] = []

    def columns(target: Path, chosen: int) -> list[str]:
        def choose_filter(dialog: QFileDialog) -> int:
            offered[:] = dialog.nameFilters()
            assert dialog.selectedNameFilter() == offered[0]
            dialog.selectNameFilter(offered[chosen])
            return 1

        answer_dialog(monkeypatch, target)
        monkeypatch.setattr(QFileDialog, "exec", choose_filter)
        choose(full, 1)
        press(full, "Save the chosen one…")
        full.wait(target.exists)
        full.wait(lambda: target.name in full.parts.window.history.messages.text())
        return target.read_text(encoding="utf-8-sig").splitlines()[0].split(",")

    assert "patient" not in columns(tmp_path / "without.csv", 0)
    assert offered == ["CSV table (*.csv)", "JSON Lines (*.jsonl)", "CSV with patient data (*.csv)"]
    assert {"patient", "lesion", "own_view", "outcome"} <= set(columns(tmp_path / "with.csv", 2))
    assert "with patient data" in full.parts.window.history.messages.text()


def test_long_history_is_fetched_in_pages_and_exported_whole(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = Classifier(model_file)
    (prediction,) = classifier.predict(np.zeros((1, SIZE, SIZE, 3), np.uint8))
    answer = StoredAnswer.of(prediction, judge(prediction, classifier.contract), classifier.contract.label_ids, "0.1.0")
    with History.open(tmp_path / "data") as history:
        for number in range(620):
            path = tmp_path / f"{number}.png"
            image = KeptImage(f"{number:064x}", path.name, "PNG", 1, 1, 1, path, stored=False)
            history.save(image, answer, classifier.contract, by="MK")
    desk = make_desk(model_file)
    desk.parts.window.show_workspace("history")
    desk.wait(lambda: len(names(desk)) == 200)
    assert "620 entries" in desk.texts(desk.parts.window.history)
    for seen in (400, 600, 620):
        table_view(desk).scrollToBottom()
        desk.wait(lambda seen=seen: len(names(desk)) >= seen)
    assert names(desk) == [f"{number}.png" for number in reversed(range(620))]
    target = tmp_path / "all.csv"
    answer_dialog(monkeypatch, target)
    desk.parts.window.history.filter.search.setText("61")
    desk.wait(lambda: len(names(desk)) < 100)
    press(desk, "Save table…")
    desk.wait(target.exists)
    assert len(target.read_text(encoding="utf-8").splitlines()) == len(names(desk)) + 1


def test_today_is_in_the_last_seven_days(full: Desk) -> None:
    page = full.parts.window.history
    page.filter.period.setCurrentIndex(page.filter.period.findText("Last 7 days"))
    since = page.filter.wanted().since
    assert since is not None
    assert timedelta(days=6) <= datetime.now(UTC) - since <= timedelta(days=7)


def test_unreadable_history_says_so_in_its_place(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "history.sqlite3").write_bytes(b"no database" * 100)
    desk = make_desk(model_file)
    desk.parts.window.show_workspace("history")
    desk.wait(lambda: "The history cannot be read" in desk.texts(desk.parts.window.history))
    assert "Nothing here yet" not in desk.texts(desk.parts.window.history)
    assert (tmp_path / "data" / "history.sqlite3").read_bytes() == b"no database" * 100


def test_changed_original_is_not_shown_under_the_old_answer(desk: Desk, tmp_path: Path) -> None:
    image = write_lesion(tmp_path / "folder" / "lesion.png", seed=1)
    desk.classify(image.parent)
    desk.parts.window.batch.rows.selectAll()
    press(desk, "To the history")
    desk.wait(lambda: len(names(desk)) == 1)
    write_lesion(image, seed=2)
    desk.parts.window.show_workspace("history")
    choose(desk, 0)
    press(desk, "Open")
    desk.wait(lambda: "the file was changed since" in desk.parts.window.visit_page.messages.text())
    assert desk.parts.open_image.picture is None
    desk.wait(lambda: "Answer of" in desk.texts(desk.parts.window.visit_page.result_panel))
    assert len(desk.entries()) == 1


def test_selection_is_kept_when_entries_are_added(full: Desk, tmp_path: Path) -> None:
    choose(full, 0, 1, 2)
    full.open_and_keep(write_lesion(tmp_path / "delta.png", seed=9))
    full.rest()
    assert len(names(full)) == 3, "out of sight nothing is read: a visit changes the history with every image"
    full.parts.window.show_workspace("history")
    full.wait(lambda: len(names(full)) == 4)
    assert len(table_view(full).selectionModel().selectedRows()) == 3


def test_empty_history_says_what_to_do(desk: Desk) -> None:
    desk.parts.window.show_workspace("history")
    desk.wait(lambda: "Nothing here yet" in desk.texts(desk.parts.window.history))


@pytest.mark.usefixtures("themed")
def test_assessment_and_outcome_are_seen_at_1280_points_without_scrolling(full: Desk) -> None:
    full.parts.window.resize(1280, 800)
    full.settle()
    view = table_view(full)
    header = view.horizontalHeader()
    for column in (TIME, ASSESSMENT, OUTCOME):
        assert header.sectionViewportPosition(column) + header.sectionSize(column) <= view.viewport().width()


@pytest.mark.usefixtures("themed")
def test_the_sort_arrow_points_down_where_the_newest_is_first(full: Desk) -> None:
    view = table_view(full)
    assert arrow_points_down(view)
    view.sortByColumn(TIME, Qt.SortOrder.AscendingOrder)
    full.settle()
    assert not arrow_points_down(view)
