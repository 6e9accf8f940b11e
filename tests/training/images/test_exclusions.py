"""A source or label that is left out is never trained on, and serves as test images."""

import csv
import json
from pathlib import Path

import pytest

from desktop.core.errors import DataError, UsageError
from tests.training.drawn import draw, write_csv
from training.__main__ import main
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


def test_a_left_out_source_is_measured_by_melanoma_against_nevus(
    without_a_source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["unseen", "--out", str(without_a_source)]) == 0
    assert "melanoma against nevus, left out, AUC | " in capsys.readouterr().out
    found = json.loads((without_a_source / "unseen.json").read_text(encoding="utf-8"))
    assert (found["kind"], found["value"], found["images"], found["called"]) == ("source", "clinic", 18, {})
    with (without_a_source / "predictions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    shares = {
        label: [float(row["p_melanoma"]) for row in rows if row["label"] == label] for label in ("melanoma", "nevus")
    }
    pairs = [(one > other) + (one == other) / 2 for one in shares["melanoma"] for other in shares["nevus"]]
    assert found["melanoma"]["value"] == pytest.approx(sum(pairs) / len(pairs))
    assert found["melanoma"]["low"] <= found["melanoma"]["value"] <= found["melanoma"]["high"]
    assert found["melanoma_held_out"] is not None
    assert "left out of training and serve as test images" in (without_a_source / "report.md").read_text("utf-8")


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
    assert found["melanoma"] is None
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
    assert "is no finished run that was made --without a source or a label" in capsys.readouterr().err
