"""Suspect labels from data to a next training: planted errors among the first, and the corrected table is read."""

import csv
import shutil
from pathlib import Path

import pytest

from tests.training.drawn import draw, write_csv
from training.__main__ import main
from training.networks.architectures import BY_NAME, ArchitectureEntry
from training.prepare import prepare
from training.run.config import Config
from training.run.run_folder import RunFolder

NAMES = ("melanoma", "nevus", "basal cell carcinoma")
PLANTED = {f"{number:03}.png": NAMES[(number + 1) % 3] for number in range(0, 150, 15)}
"""Images whose label in the data is wrong, with that label; `NAMES[number % 3]` is the right one."""


@pytest.fixture(scope="module")
def folds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folds of 150 images, each trained."""
    root = tmp_path_factory.mktemp("suspects")
    rows = []
    for number in range(150):
        name, right = f"{number:03}.png", NAMES[number % 3]
        draw(root / name, right, number)
        rows.append({"path": name, "label": PLANTED.get(name, right), "lesion": f"L{number}"})
    data = write_csv(root / "data.csv", rows)
    patch = pytest.MonkeyPatch()
    patch.setitem(BY_NAME, "small", ArchitectureEntry("small", "tests.training.colour_network", 24, "crop"))
    from training.fit import fit  # noqa: PLC0415 - Keras takes seconds to import

    for fold in (1, 2):
        run = RunFolder(root / f"fold-{fold}")
        settings = {"folds": 2, "fold": fold, "epochs": 10, "batch_size": 8, "learning_rate": 0.003, "rotation": 0.0}
        prepare(Config(data=str(data), architecture="small", width_shift=0.0, height_shift=0.0, **settings), run)  # type: ignore[arg-type]
        fit(run, run.load_record())
    patch.undo()
    return root / "fold-1", root / "fold-2"


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_planted_errors_stand_among_the_first(folds: tuple[Path, Path], tmp_path: Path) -> None:
    call = ["suspects", *map(str, folds), "--out", str(tmp_path / "out"), "--count", "20"]
    assert main(call) == 0
    rows = rows_of(tmp_path / "out/suspects.csv")
    assert len(rows) == 20
    first = [row["path"] for row in rows[: len(PLANTED)]]
    assert len(PLANTED.keys() & set(first)) >= 8
    for row in rows[:5]:
        assert row["path"] in PLANTED
        assert row["suggested"].casefold() == NAMES[int(row["path"][:3]) % 3]
        assert row["corrected"] == ""
    page = (tmp_path / "out/suspects.html").read_text(encoding="utf-8")
    assert page.count("<img ") == page.count('src="data:image/png;base64,') == 20
    assert "http" not in page


def test_one_fold_alone_judges_what_it_held_out(
    folds: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["suspects", str(folds[0]), "--out", str(tmp_path)]) == 0
    assert "75 of 150 images were answered out of fold" in capsys.readouterr().out
    held = {image.path for image in RunFolder(folds[0]).load_images() if image.split == "validation"}
    assert {row["path"] for row in rows_of(tmp_path / "suspects.csv")} == held


def test_a_next_training_reads_the_corrected_table(folds: tuple[Path, Path], tmp_path: Path) -> None:
    assert main(["suspects", *map(str, folds), "--out", str(tmp_path), "--count", "12"]) == 0
    table = tmp_path / "suspects.csv"
    rows = rows_of(table)
    for row in rows:
        if row["path"] in PLANTED:
            row["corrected"] = NAMES[int(row["path"][:3]) % 3].upper()
    rows[0]["corrected"] = "-"
    write_csv(table, rows)
    run = tmp_path / "run"
    data = RunFolder(folds[0]).load_record().settings.data
    call = ["prepare", "--data", data, "--out", str(run), "--input-size", "24", "--corrections", str(table)]
    assert main(call) == 0
    labels = {image.path: image.label for image in RunFolder(run).load_images()}
    assert rows[0]["path"] not in labels
    for row in rows[1:]:
        expected = row["corrected"] or row["label"]
        assert labels[row["path"]] == expected.casefold().replace(" ", "_")
    assert RunFolder(run).load_record().settings.corrections == str(table)


def test_a_table_that_may_be_corrected_is_not_overwritten(
    folds: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "suspects.csv").write_text("mine")
    assert main(["suspects", str(folds[0]), "--out", str(tmp_path)]) == 2
    assert "exists and may be corrected" in capsys.readouterr().err
    assert (tmp_path / "suspects.csv").read_text() == "mine"


def test_runs_that_do_not_go_together_are_refused(
    folds: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copytree(folds[0], tmp_path / "copy"))
    assert main(["suspects", str(folds[0]), str(copy)]) == 2
    assert "both held out 75 of the same images" in capsys.readouterr().err
    run = RunFolder(copy)
    other = run.load_record().settings.data + "x"
    text = run.record.read_text(encoding="utf-8").replace(run.load_record().settings.data, other)
    run.record.write_text(text, encoding="utf-8")
    assert main(["suspects", str(folds[1]), str(copy)]) == 1
    assert "was trained on other data or labels" in capsys.readouterr().err
    (copy / "answers.csv.gz").unlink()
    assert main(["suspects", str(copy)]) == 1
    assert "cannot be read as the answers to held-out images" in capsys.readouterr().err
