"""Figures for a practice's own prior in a batch: they stand beside the model's own and change nothing else."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.commands import classify
from desktop.core.inference.prior import prior_for, shifted
from desktop.session.practice import PracticePrior
from desktop.widgets.batch.batch_rows import FOR_PRACTICE, LABEL, MALIGNANT, PROBABILITY, REMARKS, STATE
from desktop.widgets.common.wording import percent
from tests.alerts import ALWAYS, NEVER, melanoma_alert
from tests.making import NINE, contract, write_lesion, write_model
from tests.widgets.batch.test_batch import column, press
from tests.widgets.conftest import Desk
from tests.widgets.history.test_history import answer_dialog

PRIOR = {label.id: 0.2 if label.id == "melanoma" else 0.1 for label in NINE}
MALIGNANT_IDS = ("melanoma", "basal_cell_carcinoma", "squamous_cell_carcinoma")
RARE = 140
"""The seed of a drawn model that answers about 5 % for melanoma to the drawn images."""
ACROSS = Qt.Orientation.Horizontal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        write_lesion(tmp_path / "archive" / f"{seed}.png", seed=seed)
    (tmp_path / "archive" / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    return tmp_path / "archive"


@pytest.fixture
def classified(make_desk: Callable[..., Desk], tmp_path: Path, folder: Path) -> Callable[..., Desk]:
    """Classify the folder with a model whose alert has this threshold."""

    def made(threshold: float = NEVER, **changes: object) -> Desk:
        described = contract(**{"alerts": (melanoma_alert(threshold),), "calibration_mix": PRIOR, **changes})
        desk = make_desk(write_model(tmp_path / "model.onnx", described, seed=RARE))
        desk.wait(lambda: desk.parts.model.classifier is not None)
        desk.classify(folder)
        return desk

    return made


def use(desk: Desk, share: float | None) -> None:
    desk.parts.window.frame.practice.set_prior(None if share is None else PracticePrior(share))


def for_practice(desk: Desk, share: float) -> list[str]:
    """Return what the last column should say of each row."""
    told = []
    for row in range(desk.parts.window.batch.table.rowCount()):
        answer = desk.parts.window.batch.table.index(row, 0).data(Qt.ItemDataRole.UserRole)
        if answer.prediction is None:
            told.append("")
            continue
        own = dict(zip(PRIOR, answer.prediction.probabilities, strict=True))
        figures = shifted(own, PRIOR, prior_for(PRIOR, {"melanoma": share}))
        named = sum(figures[label] for label in answer.judgement.leading)
        told.append(f"{percent(named)}, malignant {percent(sum(figures[label] for label in MALIGNANT_IDS))}")
    return told


def test_last_column_shows_figures_for_the_practice_and_nothing_else_changes(classified: Callable[..., Desk]) -> None:
    desk = classified()
    page = desk.parts.window.batch
    others = [STATE, LABEL, PROBABILITY, MALIGNANT, REMARKS]
    before = [column(desk, number) for number in others]
    assert page.rows.isColumnHidden(FOR_PRACTICE)
    use(desk, 0.03)
    assert not page.rows.isColumnHidden(FOR_PRACTICE)
    assert page.table.headerData(FOR_PRACTICE, ACROSS) == "for 3 % melanomas"
    assert column(desk, FOR_PRACTICE) == for_practice(desk, 0.03)
    assert [column(desk, number) for number in others] == before
    use(desk, 0.5)
    assert page.table.headerData(FOR_PRACTICE, ACROSS) == "for 50 % melanomas"
    assert column(desk, FOR_PRACTICE) == for_practice(desk, 0.5)
    use(desk, None)
    assert page.rows.isColumnHidden(FOR_PRACTICE)


def test_no_figure_of_the_practice_belittles_an_alert(classified: Callable[..., Desk]) -> None:
    desk = classified(ALWAYS)
    use(desk, 0.5)
    assert column(desk, FOR_PRACTICE) == for_practice(desk, 0.5)
    use(desk, 0.01)
    assert column(desk, STATE) == ["failed", "alerted", "alerted", "alerted"]
    assert column(desk, FOR_PRACTICE) == [""] * 4


def test_model_without_a_prior_has_no_such_column(classified: Callable[..., Desk]) -> None:
    desk = classified(calibration_mix=None)
    use(desk, 0.03)
    assert desk.parts.window.batch.rows.isColumnHidden(FOR_PRACTICE)


def test_earlier_run_and_its_table_have_both_figures_like_the_command(
    classified: Callable[..., Desk], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = classified()
    use(desk, 0.03)
    runs = desk.parts.window.batch._head.runs
    desk.wait(lambda: runs.count() == 2)
    runs.activated.emit(1)
    desk.wait(lambda: "4 of 4 done" in desk.texts(desk.parts.window.batch))
    assert column(desk, FOR_PRACTICE) == for_practice(desk, 0.03)
    saved, printed = tmp_path / "window.csv", tmp_path / "command.csv"
    answer_dialog(monkeypatch, saved)
    press(desk, "Save table…")
    desk.wait(saved.exists)
    arguments = [str(folder), "--model", str(tmp_path / "model.onnx"), "--csv", str(printed)]
    assert classify.main([*arguments, "--melanoma-share", "3"]) == 1
    window = list(csv.DictReader(io.StringIO(saved.read_text(encoding="utf-8-sig"))))
    command = list(csv.DictReader(io.StringIO(printed.read_text(encoding="utf-8"))))
    assert list(window[0]) == list(command[0])
    for one, other in zip(window, command, strict=True):
        assert one["prior_melanoma"] == other["prior_melanoma"]
        if one["status"] == "ok":
            assert float(one["prior_p_melanoma"]) == pytest.approx(float(other["prior_p_melanoma"]), abs=1e-5)
