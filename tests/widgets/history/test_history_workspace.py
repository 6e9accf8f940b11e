"""The history workspace: sorting, pictures, preview, filters, and restoring all of it at the next start."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QPushButton, QToolButton, QWidget

from desktop.core.inference.contract import Group, QualityLimits
from desktop.core.labels import Malignancy
from desktop.core.records.history import History
from desktop.widgets.common.wording import percent
from desktop.widgets.history.history_head import GRID, TABLE
from desktop.widgets.history.history_page import HistoryPage
from desktop.widgets.history.history_table import (
    ASSESSMENT,
    FILE,
    IMAGE,
    LABEL,
    MALIGNANT,
    OUTCOME,
    PATIENT,
    PROBABILITY,
    REMARKS,
)
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.history.test_history import choose, names
from tests.widgets.mouse_and_keys import drag, key
from tests.widgets.visit.test_visit import flag

MakeDesk = Callable[..., Desk]


def page(desk: Desk) -> HistoryPage:
    return desk.parts.window.history


def press(desk: Desk, text: str) -> None:
    """Press a button by its text or its accessible name."""
    buttons = [*page(desk).findChildren(QPushButton), *page(desk).findChildren(QToolButton)]
    button = next(one for one in buttons if text in {one.text().strip(), one.accessibleName()} and one.isVisible())
    assert button.isEnabled()
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def column(desk: Desk, which: int) -> list[str]:
    table = page(desk).table
    return [str(table.index(row, which).data()) for row in range(table.rowCount())]


def write(desk: Desk, work: Callable[[History, str], object]) -> None:
    """Write to the history as another part of the window would."""
    failures: list[object] = []
    with desk.qtbot.waitSignal(desk.parts.history_service.changed):
        desk.parts.history_service.write(work, lambda _done: None, failures.append)
    assert failures == []


def give_to_patient(desk: Desk, name: str, pseudonym: str, diagnosis: str = "") -> None:
    """Place an image with a new patient; add an assessment and outcome if a diagnosis is given."""
    sha256 = next(entry.image.sha256 for entry in desk.entries() if entry.image.name == name)

    def work(history: History, by: str) -> None:
        patient = history.people.add_patient(pseudonym, "female", by=by)
        visit = history.people.begin_visit(patient.id, dt.date(2026, 11, 23), "60-69", by=by)
        lesion = history.people.add_lesion(patient.id, "L1", "", by=by)
        image = history.people.image_id_of(sha256)
        assert image is not None
        history.people.place(image, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by=by)
        if diagnosis:
            history.assessments.assess(
                lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis=diagnosis, label=None,
                confidence="", plan="", plan_date=None, note="", by=by,
            )  # fmt: skip
            history.assessments.add_outcome(
                lesion_id=lesion.id, kind="histopathology", diagnosis=diagnosis, label=None, breslow_mm=None,
                date=dt.date(2026, 11, 23), note="", by=by,
            )  # fmt: skip

    write(desk, work)


def fill(desk: Desk, folder: Path) -> Desk:
    """Save three images; show the history."""
    for number, name in enumerate(("alpha.png", "beta.png", "gamma.png")):
        desk.open_and_keep(write_lesion(folder / name, seed=number))
    desk.parts.window.show_workspace("history")
    desk.wait(lambda: len(names(desk)) == 3)
    return desk


@pytest.fixture
def full(desk: Desk, tmp_path: Path) -> Desk:
    return fill(desk, tmp_path)


def test_header_and_order_box_sort(full: Desk) -> None:
    rows = page(full).rows
    rows.sortByColumn(FILE, Qt.SortOrder.AscendingOrder)
    full.wait(lambda: names(full) == ["alpha.png", "beta.png", "gamma.png"])
    rows.sortByColumn(REMARKS, Qt.SortOrder.DescendingOrder)
    assert rows.horizontalHeader().sortIndicatorSection() == FILE, "what cannot be sorted by takes no arrow"
    press(full, "As pictures")
    order = next(box for box in page(full).findChildren(QComboBox) if box.accessibleName() == "Order")
    order.setCurrentIndex(order.findText("Highest probability first"))
    order.activated.emit(order.currentIndex())
    known = {entry.image.name: entry.answer.top_probability for entry in full.entries()}
    full.wait(lambda: names(full) == sorted(known, key=known.__getitem__, reverse=True))


def test_pictures_are_selected_opened_and_binned_by_keys(full: Desk) -> None:
    press(full, "As pictures")
    grid = page(full).grid
    assert grid.isVisible()
    assert grid.accessibleName()
    grid.setFocus()
    full.qtbot.keyClick(grid, Qt.Key.Key_Home)
    full.qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert "2 entries chosen" in full.texts(page(full))
    full.qtbot.keyClick(grid, Qt.Key.Key_Delete)
    full.wait(lambda: names(full) == ["alpha.png"])
    full.qtbot.keyClick(full.parts.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    full.wait(lambda: len(names(full)) == 3)
    full.qtbot.keyClick(grid, Qt.Key.Key_Home)
    full.qtbot.keyClick(grid, Qt.Key.Key_Return)
    full.wait(lambda: (picture := full.parts.open_image.picture) and picture.name == "gamma.png")


def test_selection_is_kept_between_table_and_grid(full: Desk) -> None:
    choose(full, 1)
    press(full, "As pictures")
    assert page(full).grid.selectionModel().isRowSelected(1)
    press(full, "As a table")
    assert page(full).rows.selectionModel().isRowSelected(1)


def test_selected_entry_is_previewed_with_its_picture(full: Desk) -> None:
    assert "Choose an entry to see it here" in full.texts(page(full).preview)
    choose(full, 1)
    assert "beta.png" in full.texts(page(full).preview)
    full.wait(lambda: not page(full).preview.picture.isNull())
    choose(full, 0, 1)
    assert "2 entries chosen" in full.texts(page(full).preview)
    press(full, "The chosen entry at the side")
    assert not page(full).preview.isVisible()


@pytest.mark.parametrize("look", [TABLE, GRID])
def test_double_click_on_a_partly_visible_cell_does_not_scroll(full: Desk, look: str) -> None:
    """Regression: Qt scrolls to a partly visible cell after a press, so that the second press hits another one."""
    page(full).show_as(look)
    view = page(full).rows if look == TABLE else page(full).grid
    view.setFixedSize(400, 240)
    full.wait(lambda: view.size() == QSize(400, 240) and view.verticalScrollBar().value() == 0)
    seen = view.viewport().rect()
    at = QPoint(seen.right() - 3, 20) if look == TABLE else QPoint(40, seen.bottom() - 5)
    cell, before = view.indexAt(at), view.visualRect(view.indexAt(at))
    assert cell.isValid()
    assert not seen.contains(before), "it is seen in part"
    full.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    view.scrollTo(cell)
    assert view.visualRect(cell) == before
    full.qtbot.keyClick(view, Qt.Key.Key_Home)
    view.scrollTo(cell)
    assert seen.contains(view.visualRect(cell)), "keys still bring it into sight"


def test_answer_for_a_region_is_marked(full: Desk, tmp_path: Path) -> None:
    """In the table it would else be the same row twice: where it says so in words, it is out of sight in a small window."""
    full.parts.window.show_workspace("visit")
    key(full, Qt.Key.Key_G)
    drag(full, (100, 100), (250, 220))
    full.wait(lambda: len(full.entries()) == 4)
    full.parts.window.show_workspace("history")
    full.wait(lambda: len(names(full)) == 4)
    table = page(full).table
    marked = [table.index(row, FILE).data(Qt.ItemDataRole.DecorationRole) is not None for row in range(4)]
    assert marked == [True, False, False, False]
    region = re.fullmatch(
        r"gamma\.png, (region of \d+ × \d+ pixels)", table.index(0, FILE).data(Qt.ItemDataRole.ToolTipRole)
    )
    assert region is not None
    assert region[1] in table.index(0, REMARKS).data()
    assert table.index(0, PROBABILITY).data().endswith(" %, region alone")
    assert table.index(1, PROBABILITY).data().endswith(" %")


def test_group_of_labels_is_named_with_its_sum_and_the_row_is_marked(make_desk: MakeDesk, tmp_path: Path) -> None:
    everything = tuple(label.id for label in contract().labels if label.malignancy is Malignancy.BENIGN)
    desk = make_desk(write_model(tmp_path / "m.onnx", contract(groups=(Group("benign", "All benign", everything),))))
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png", seed=3))
    answer = desk.parts.open_image.answer
    assert answer is not None
    assert answer.judgement.leading == everything
    desk.parts.window.workspaces.show_workspace("history")
    desk.wait(lambda: column(desk, LABEL) == ["All benign"])
    assert column(desk, PROBABILITY) == [percent(answer.judgement.leading_probability)]
    assert column(desk, MALIGNANT) == [percent(answer.judgement.malignant_probability or 0)]
    assert column(desk, REMARKS) == ["Not for patients"]
    assert not page(desk).rows.isColumnHidden(MALIGNANT)


def test_only_one_patients_entries(full: Desk) -> None:
    give_to_patient(full, "beta.png", "P-0412")
    full.wait(lambda: "P-0412 · L1" in column(full, PATIENT))
    choose(full, names(full).index("beta.png"))
    press(full, "Same patient")
    full.wait(lambda: names(full) == ["beta.png"])
    press(full, "P-0412")
    full.wait(lambda: len(names(full)) == 3)
    page(full).filter.search.setText("p-0412")
    full.wait(lambda: names(full) == ["beta.png"])
    press(full, "Clear all filters")
    full.wait(lambda: len(names(full)) == 3)


def test_filters_for_assessment_and_outcome(full: Desk) -> None:
    give_to_patient(full, "beta.png", "P-0412", "spitz_nevus")
    full.wait(lambda: column(full, ASSESSMENT).count("Spitz nevus") == 1)
    assert column(full, OUTCOME).count("Spitz nevus") == 1
    for box in (page(full).filter.assessment, page(full).filter.outcome):
        without = 2
        box.setCurrentIndex(without)
        full.wait(lambda: sorted(names(full)) == ["alpha.png", "gamma.png"])
        box.setCurrentIndex(box.findText("Spitz nevus"))
        full.wait(lambda: names(full) == ["beta.png"])
        box.setCurrentIndex(0)
        full.wait(lambda: len(names(full)) == 3)


def test_filters_for_flags(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(write_model(tmp_path / "flags.onnx", contract(flags=(flag(0.0),))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    fill(desk, tmp_path)
    which = page(desk).filter.flag
    which.setCurrentIndex(which.findText("Without an alert"))
    desk.wait(lambda: names(desk) == [])
    assert "No entry fits" in desk.texts(page(desk))
    which.setCurrentIndex(which.findText("Melanoma alert"))
    desk.wait(lambda: len(names(desk)) == 3)
    assert all("Melanoma alert" in remarks for remarks in column(desk, REMARKS))


def test_layout_and_filters_are_remembered(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    fill(desk, tmp_path)
    page(desk).rows.sortByColumn(FILE, Qt.SortOrder.DescendingOrder)
    page(desk).rows.setColumnHidden(MALIGNANT, False)
    page(desk).rows.setColumnHidden(PATIENT, True)
    press(desk, "The chosen entry at the side")
    press(desk, "As pictures")
    page(desk).filter.search.setText("a.png")
    label = page(desk).filter.label
    label.setCurrentIndex(1)
    chosen = label.currentText()
    desk.wait(lambda: desk.parts.window.history.filter.wanted().label is not None)
    again = make_desk(model_file)
    again.parts.window.show_workspace("history")
    assert page(again).look == GRID
    assert not page(again).preview.isVisible()
    assert page(again).filter.search.text() == "a.png"
    assert page(again).filter.label.currentText() == chosen
    assert not page(again).rows.isColumnHidden(MALIGNANT)
    assert page(again).rows.isColumnHidden(PATIENT)
    again.wait(lambda: len(names(again)) > 0)
    press(again, "Clear all filters")
    again.wait(lambda: names(again) == ["gamma.png", "beta.png", "alpha.png"])
    page(again).show_as(TABLE)


def test_invalid_settings_are_ignored(desk: Desk) -> None:
    for state in (
        "",
        "{",
        "[]",
        '{"boxes": 3, "period": "x"}',
        '{"whose": [1]}',
        '{"days": [1]}',
        '{"boxes": {"label": 1}}',
    ):
        page(desk).filter.search.setText("words")
        page(desk).filter.restore(state)
        assert not page(desk).filter.is_narrowed


def test_nothing_of_a_concealed_answer_is_shown(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    fill(desk, tmp_path)
    assert column(desk, LABEL) == ["your diagnosis first"] * 3
    for which in (PROBABILITY, MALIGNANT):
        assert column(desk, which) == [""] * 3
    assert column(desk, REMARKS) == ["Not for patients"] * 3, "true of every answer of the model"
    summary = page(desk).table.index(0, IMAGE).data(Qt.ItemDataRole.AccessibleTextRole)
    assert summary == "gamma.png, your diagnosis first, Not for patients"
    choose(desk, 0)
    assert "%" not in desk.texts(page(desk).preview)
    give_to_patient(desk, "gamma.png", "P-0412", "nevus")
    desk.wait(lambda: column(desk, LABEL).count("your diagnosis first") == 2)
    assert "%" in desk.texts(page(desk).preview)


def test_withheld_sum_is_shown_nowhere(make_desk: MakeDesk, tmp_path: Path) -> None:
    strict = QualityLimits("degraded test images", 0.05, sharpness_least=1.1)
    desk = make_desk(write_model(tmp_path / "strict.onnx", contract(quality=strict, intended_use="research")))
    desk.open_and_keep(write_lesion(tmp_path / "poor.png"))
    desk.parts.window.show_workspace("history")
    desk.wait(lambda: column(desk, LABEL) == ["not answered"])
    assert column(desk, MALIGNANT) == [""]
    assert column(desk, REMARKS) == ["No answer: the image is not good enough for the model"]
    choose(desk, 0)
    assert "%" not in desk.texts(page(desk).preview)


def test_a_workspace_is_created_when_it_is_first_shown(desk: Desk) -> None:
    made = set(vars(desk.parts.window.workspaces))
    assert not made & {"history", "batch", "model"}
    desk.parts.window.show_workspace("history")
    assert "history" in vars(desk.parts.window.workspaces)


def test_nothing_moves_when_rows_are_chosen(desk: Desk, tmp_path: Path) -> None:
    """Neither the table nor a button: the next click would meet something else."""
    fill(desk, tmp_path)
    parts = [*page(desk).findChildren(QAbstractButton), *page(desk).findChildren(QComboBox), page(desk).rows]

    def places() -> dict[QWidget, QRect]:
        QApplication.processEvents()
        shown = [one for one in parts if one.isVisible() and not page(desk).preview.isAncestorOf(one)]
        return {one: QRect(one.mapTo(page(desk), QPoint()), one.size()) for one in shown}

    before = places()
    for row in (0, 1):
        choose(desk, row)
        desk.rest()
        assert places() == before
    page(desk).rows.selectAll()
    assert places() == before
