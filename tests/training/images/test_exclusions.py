"""A source or label that is left out is never trained on, and serves as test images."""

import csv
import json
from pathlib import Path

import pytest

from desktop.core.errors import DataError, UsageError
from tests.training.drawn import draw, write_csv
from training.__main__ import main
from training.judging.held_out import FILE, LEFT_OUT, read
from training.prepare import prepare
from training.run.config import Config
from training.run.run_folder import PreparedImage, RunFolder

QUICK = ["--input-size", "24", "--batch-size", "16", "--epochs", "1", "--folds", "2"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources with three labels, lesions of two images each, one lesion in both sources, and test images."""
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for name in ("melanoma", "nevus", "basal cell carcinoma"):
        for number in range(20):
            source = "clinic" if number >= 14 else "archive"
            lesion = 6 if number == 14 else number // 2
            path = draw(folder / f"{name} {number}.png", name, number)
            about = {"label": name, "group": f"{name} {lesion}", "source": source}
            rows.append({"path": path.name, **about, "split": "test" if number < 2 else ""})
    return write_csv(folder / "all.csv", rows)


def prepared(data: Path, path: Path, without: str) -> tuple[PreparedImage, ...]:
    run = RunFolder(path)
    prepare(Config(data=str(data), input_size=24, folds=2, without=without), run)
    return run.load_images()


def test_left_out_images_and_others_of_their_lesions_are_not_trained_on(data: Path, tmp_path: Path) -> None:
    images = prepared(data, tmp_path, "source=clinic")
    used = [image for image in images if image.row >= 0]
    assert {image.split for image in used if image.source == "clinic"} == {"test"}
    assert {image.source for image in used if image.split != "test"} == {"archive"}
    groups = {image.group for image in used if image.source == "clinic"}
    assert groups.isdisjoint(image.group for image in used if image.source == "archive")
    reasons = [image.dropped for image in images if image.dropped]
    assert reasons.count("not of what is left out") == 6, "the test images"
    assert reasons.count("same lesion or picture as what is left out") == 6, "both archive images of each shared lesion"


@pytest.fixture(scope="module")
def without_a_source(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "source"
    assert main(["run", "--data", str(data), "--out", str(out), "--without", "source=clinic", *QUICK]) == 0
    return out


def test_answers_to_a_source_that_was_left_out_are_kept_apart(
    without_a_source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, kept = RunFolder(without_a_source), tmp_path / "kept"
    out = read(run.path / LEFT_OUT)
    assert {one.source for one in out.images} == {"clinic"}
    with run.predictions_of(1).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    assert [row["label"] for row in rows] == [one.label for one in out.images]
    assert [[float(row[f"p_{label}"]) for label in out.labels] for row in rows] == [
        pytest.approx(list(answer), abs=1e-3) for answer in out.probabilities
    ]
    assert {one.source for one in read(run.path / FILE).images} == {"archive"}
    assert main(["keep", "--out", str(run.path), "--folder", str(kept)]) == 0
    assert (kept / LEFT_OUT).read_bytes() == (run.path / LEFT_OUT).read_bytes()
    assert main(["unseen", "--out", str(run.path)]) == 0
    assert "| images left out | 18 |" in capsys.readouterr().out
    found = json.loads((run.path / "unseen.json").read_text(encoding="utf-8"))
    assert (found["kind"], found["value"], found["images"], found["called"]) == ("source", "clinic", 18, {})
    assert found["alerts"] == [], "of so few lesions, none of which is known to be biopsied, no alert is told"
    assert "left out of training and serve as test images" in (run.path / "report.md").read_text("utf-8")


def test_a_left_out_label_is_measured_by_novelty_and_the_labels_it_is_given(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "label"
    call = ["run", "--data", str(data), "--out", str(out), "--without", "label=basal_cell_carcinoma", *QUICK]
    assert main([*call, "--adjustment", "1", "--balance", "0.5", "--calibration", "root"]) == 0
    assert main(["unseen", "--out", str(out)]) == 0
    found = json.loads((out / "unseen.json").read_text(encoding="utf-8"))
    assert found["images"] == 20
    assert sum(found["called"].values()) == 20
    assert set(found["called"]) <= {"melanoma", "nevus"}
    assert 0 <= found["novelty"]["low"] <= found["novelty"]["value"] <= found["novelty"]["high"] <= 1
    trained = {image.label for image in RunFolder(out).load_images() if image.row >= 0 and image.split != "test"}
    assert trained == {"melanoma", "nevus"}


def test_an_invalid_exclusion_is_refused_with_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="--without is “clinic”; give source=NAME or label=ID"):
        Config(without="clinic")
    with pytest.raises(DataError, match=r"No image has the source “clinics” .* The data have: archive, clinic"):
        prepared(data, tmp_path / "run", "source=clinics")
    assert main(["unseen", "--out", str(tmp_path / "run")]) == 1
    assert "holds no prepared run" in capsys.readouterr().err
    prepare(Config(data=str(data), input_size=24, folds=2), RunFolder(tmp_path / "whole"))
    assert main(["unseen", "--out", str(tmp_path / "whole")]) == 1
    assert "is no run that was made --without a source or a label" in capsys.readouterr().err
