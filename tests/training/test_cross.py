"""Cross-validation as it is called: every image answered once by a network that never saw it, in steps if need be."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.training.drawn import draw, write_csv
from training.__main__ import main

QUICK = ["--input-size", "24", "--batch-size", "16", "--epochs", "1", "--folds", "2"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lesions with two images each, and a second copy of every image."""
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for name in ("melanoma", "nevus"):
        for number in range(20):
            for copy, suffix in (("small", "jpg"), ("large", "png")):
                path = draw(folder / f"{copy}/{name} {number}.{suffix}", name, number)
                about = {"label": name, "group": f"{name} {number // 2}", "picture": f"{name} {number}", "copy": copy}
                rows.append({"path": path.relative_to(folder).as_posix(), "source": "drawn", **about})
    return write_csv(folder / "all.csv", rows)


@pytest.fixture(scope="module")
def crossed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folds, asked for one after the other."""
    out = tmp_path_factory.mktemp("crossed") / "folds"
    for only in ("1", "2"):
        assert main(["cross", "--data", str(data), "--out", str(out), *QUICK, "--only", only]) == 0
        assert (out / "out_of_fold.csv.gz").exists() == (only == "2")
    return out


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_image_is_answered_once_and_no_lesion_by_a_network_that_saw_it(crossed: Path, data: Path) -> None:
    rows = rows_of(crossed / "out_of_fold.csv")
    assert sorted(row["path"] for row in rows) == sorted(row["path"] for row in rows_of(data))
    folds: dict[str, set[str]] = {}
    for row in rows:
        folds.setdefault(row["group"], set()).add(row["fold"])
    assert len(folds) == 20
    assert all(len(numbers) == 1 for numbers in folds.values())
    for number in ("1", "2"):
        trained = {row["group"] for row in rows_of(crossed / f"fold-{number}/images.csv") if row["split"] == "train"}
        assert trained.isdisjoint(row["group"] for row in rows if row["fold"] == number)


def test_the_answers_are_those_of_the_folds_own_model_file(crossed: Path) -> None:
    rows = {row["path"]: row for row in rows_of(crossed / "out_of_fold.csv")}
    for number in ("1", "2"):
        for row in rows_of(crossed / f"fold-{number}/predictions.csv"):
            if row["split"] == "validation":
                assert rows[row["path"]]["p_melanoma"] == row["p_melanoma"]
                assert rows[row["path"]]["answer"] == row["answer"]


def test_finished_folds_are_not_made_again_and_the_copies_are_compared(
    crossed: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in crossed.glob("fold-*/*")}
    assert main(["cross", "--data", str(data), "--out", str(crossed), *QUICK]) == 0
    table = capsys.readouterr().out
    assert "“large” against “small”" in table
    assert [line.split()[0] for line in table.splitlines()[1:4]] == ["all", "large", "small"]
    assert " / 80 = " in table
    assert {path: path.stat().st_mtime_ns for path in crossed.glob("fold-*/*")} == before


def test_what_is_left_is_told(crossed: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(crossed / "fold-2", tmp_path / "folds/fold-2")
    arguments = ["cross", "--data", str(data), "--out", str(tmp_path / "folds"), *QUICK, "--only", "2"]
    assert main(arguments) == 0
    assert "Left of 2 folds: 1." in capsys.readouterr().out


def test_folds_of_different_data_are_not_put_together(
    crossed: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(crossed, tmp_path / "folds")
    images = tmp_path / "folds/fold-1/images.csv"
    kept = [line for line in images.read_text(encoding="utf-8").splitlines() if "melanoma 3." not in line]
    images.write_text("\n".join(kept) + "\n", encoding="utf-8")
    predictions = tmp_path / "folds/fold-1/predictions.csv"
    kept = [line for line in predictions.read_text(encoding="utf-8").splitlines() if "melanoma 3." not in line]
    predictions.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert main(["cross", "--data", str(data), "--out", str(tmp_path / "folds"), *QUICK]) == 1
    assert "do not hold out every image once" in capsys.readouterr().err


def test_a_fold_that_fails_says_why_and_stops(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["cross", "--data", str(tmp_path), "--out", str(tmp_path / "folds"), *QUICK]) == 1
    error = capfd.readouterr().err
    assert "holds no images with a label" in error
    assert "Fold 1 failed for the reason above" in error


def test_each_fold_is_a_run_that_says_which_it_is(crossed: Path) -> None:
    for number in (1, 2):
        record = json.loads((crossed / f"fold-{number}/config.json").read_text(encoding="utf-8"))
        assert record["settings"]["fold"] == number
