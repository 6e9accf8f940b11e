"""The whole command: from drawn folders to a model file that the app's own classifier opens."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from desktop.core.inference.classifier import Classifier
from tests.training.drawn import draw, draw_classes
from training.__main__ import main
from training.evaluate import averaged_answers

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["--input-size", "24", "--batch-size", "16", "--epochs", "2"]
PICTURES = ("samples.png", "curves.png", "confusion.png", "labels.png", "reliability.png")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set with the faults of real ones: a leak, a contradiction, and a label that `drop` leaves nearly empty."""
    root = tmp_path_factory.mktemp("data")
    counts = {"melanoma": 105, "nevus": 105, "basal cell carcinoma": 10, "Squamous_Cell_Carcinoma": 10}
    draw_classes(root / "Train", counts | {"seborrheic keratosis": 2, "pigmented benign keratosis": 8})
    draw_classes(root / "Test", {"melanoma": 4, "nevus": 4, "seborrheic keratosis": 1}, first_seed=500)
    shutil.copy(root / "Test/nevus/000.png", root / "Train/melanoma/leak.png")
    shutil.copy(root / "Train/nevus/000.png", root / "Train/seborrheic keratosis/contradiction.png")
    return root


@pytest.fixture(scope="module")
def finished(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run from data to report in one command; a file beside it lists the imported modules."""
    run = tmp_path_factory.mktemp("runs") / "run"
    arguments = ["run", "--data", str(data), "--out", str(run), "--conflicts", "drop", "--name", "Ours", *QUICK]
    code = (
        "import sys; from pathlib import Path; from training.start import main; status = main();"
        f" Path({str(run)!r}).with_suffix('.modules').write_text('\\n'.join(sys.modules)); sys.exit(status)"
    )
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, check=True)
    return run


def test_a_plain_run_imports_nothing_that_measures_the_shipped_model(finished: Path) -> None:
    modules = finished.with_suffix(".modules").read_text(encoding="utf-8").split("\n")
    assert "training.evaluate" in modules
    assert [name for name in modules if name.startswith("training.measuring")] == []


def test_the_product_is_one_file_that_the_app_opens(finished: Path, data: Path) -> None:
    classifier = Classifier(finished / "classifier.onnx")
    contract = classifier.contract
    assert contract.name == "Ours"
    assert [flag.id for flag in contract.flags] == ["melanoma", "malignant"]
    assert contract.flags[0].sensitivity >= 0.95
    tested = contract.flags[0].tested
    assert tested is not None
    assert tested.measured_on == "test images"
    assert 0 <= tested.missed <= tested.positives
    image = data / "Test/nevus/000.png"
    inputs = classifier.prepare(image.read_bytes(), image.name)[None]
    probabilities = classifier.run(inputs).probabilities
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    network = keras.saving.load_model(finished / "model.keras", compile=False)
    assert np.abs(probabilities - np.asarray(network(inputs.astype(np.float32))["probabilities"])).max() <= 1e-4
    embedding = classifier.run(inputs).embedding
    assert embedding is not None
    assert embedding.shape == (1, 128)


def test_the_file_carries_the_figures_that_were_measured_on_it(finished: Path) -> None:
    classifier = Classifier(finished / "classifier.onnx")
    report = json.loads((finished / "report.json").read_text(encoding="utf-8"))
    assert report["model_sha256"] == classifier.sha256
    test = next(split for split in report["splits"] if split["split"] == "test")
    accuracy = classifier.contract.figures[0]
    assert (accuracy.name, accuracy.measured_on) == ("accuracy", "test images")
    assert (accuracy.k, accuracy.n) == (test["accuracy"]["k"], 9)


def test_every_figure_can_be_counted_again_from_the_predictions(finished: Path) -> None:
    report = json.loads((finished / "report.json").read_text(encoding="utf-8"))
    with (finished / "predictions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for split in report["splits"]:
        here = [row for row in rows if row["split"] == split["split"]]
        assert len(here) == split["accuracy"]["n"]
        assert sum(row["label"] == row["answer"] for row in here) == split["accuracy"]["k"]


def test_the_report_states_its_caveats(finished: Path) -> None:
    text = (finished / "report.md").read_text(encoding="utf-8")
    assert "--conflicts drop" in text
    assert "1 images were left out: test in train." in text
    assert "2 images were left out: two labels." in text
    assert "Seborrheic keratosis is practically empty: " in text
    assert "benign keratosis as one" in text
    assert "48.96 %" not in text  # the paper's figures are of other images
    for picture in PICTURES:
        assert f"]({picture})" in text
        with Image.open(finished / picture) as image:
            assert image.width >= 700
            assert image.height >= 400
            assert len(image.convert("RGB").getcolors(1 << 24) or []) > 20


def test_the_run_saves_its_settings_fingerprint_and_versions(finished: Path) -> None:
    record = json.loads((finished / "config.json").read_text(encoding="utf-8"))
    assert record["settings"]["epochs"] == 2
    assert record["settings"]["seed"] == 42
    assert len(record["fingerprint"]) == 64
    assert {"keras", "numpy", "python"} <= set(record["versions"])


def test_evaluating_again_changes_nothing(finished: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(finished, tmp_path / "run"))
    assert main(["evaluate", "--out", str(run)]) == 0
    for name in ("classifier.onnx", "predictions.csv"):
        assert (run / name).read_bytes() == (finished / name).read_bytes()


def test_evaluating_eight_views_changes_nothing_in_the_run(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Path(shutil.copytree(finished, tmp_path / "run"))
    assert main(["evaluate", "--out", str(run), "--views", "8"]) == 0
    assert "mean over eight views" in capsys.readouterr().out
    for name in ("classifier.onnx", "predictions.csv", "report.md", "report.json"):
        assert (run / name).read_bytes() == (finished / name).read_bytes()
    assert (run / "predictions-8-views.csv").read_bytes() != (run / "predictions.csv").read_bytes()


def test_an_answer_over_eight_views_does_not_depend_on_the_orientation(finished: Path, data: Path) -> None:
    classifier = Classifier(finished / "classifier.onnx")
    seen = classifier.prepare((data / "Test/nevus/000.png").read_bytes(), "000.png")
    turned = np.stack([seen, np.rot90(seen), seen[::-1], np.rot90(seen[:, ::-1])])
    answers, _ = averaged_answers(classifier, turned, views=8)
    assert np.abs(answers - answers[0]).max() < 1e-6
    assert np.abs(averaged_answers(classifier, turned, views=1)[0] - answers[0]).max() > 1e-6


def test_a_model_with_other_labels_is_refused_with_a_sentence(
    finished: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Path(shutil.copytree(finished, tmp_path / "run"))
    shutil.copy(model_file, run / "classifier.onnx")
    assert main(["evaluate", "--out", str(run)]) == 1
    assert "Export the run's own model.keras" in capsys.readouterr().err


def test_evaluating_before_the_export_is_refused_with_a_sentence(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Path(shutil.copytree(finished, tmp_path / "run"))
    (run / "classifier.onnx").unlink()
    assert main(["evaluate", "--out", str(run)]) == 1
    assert "The run has no model file yet. Give “lesionlens-export " in capsys.readouterr().err


def test_an_image_that_changed_after_prepare_is_refused_with_a_sentence(
    finished: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Path(shutil.copytree(finished, tmp_path / "run"))
    moved = Path(shutil.copytree(data, tmp_path / "data"))
    record = json.loads((run / "config.json").read_text(encoding="utf-8"))
    record["settings"]["data"] = str(moved)
    (run / "config.json").write_text(json.dumps(record), encoding="utf-8")
    draw(moved / "Test/nevus/001.png", "nevus", 999)
    assert main(["evaluate", "--out", str(run)]) == 1
    assert "“Test/nevus/001.png” has changed since it was prepared" in capsys.readouterr().err


def test_contradictory_data_are_refused_by_default(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in ("fit", "run", "prepare"):
        assert main([verb, "--data", str(data), "--out", str(tmp_path / verb), *QUICK]) == 1
        assert "--conflicts drop" in capsys.readouterr().err


def test_audit_prints_a_table_and_writes_a_csv(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--data", str(data), "--out", str(tmp_path / "run")]) == 0
    assert "test in train" in capsys.readouterr().out
    assert (tmp_path / "run/audit.csv").exists()


def test_data_with_own_labels_and_without_a_test_split_can_be_trained_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw_classes(tmp_path / "data", {"Scar": 12, "Wart": 12})
    run = tmp_path / "run"
    arguments = ["run", "--data", str(tmp_path / "data"), "--out", str(run), "--labels-from-folders", *QUICK]
    assert main(arguments) == 0
    assert "There are no test images" in capsys.readouterr().out
    contract = Classifier(run / "classifier.onnx").contract
    assert [(label.id, label.name, label.malignancy) for label in contract.labels] == [
        ("scar", "Scar", "unknown"),
        ("wart", "Wart", "unknown"),
    ]
    assert contract.flags == ()
    assert contract.groups == ()
    assert {figure.measured_on for figure in contract.figures} == {"validation images", "training images"}


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["fit", "--out", "{tmp}"], 1, "holds no prepared run"),
        (["run", "--out", "{tmp}"], 1, "holds no prepared run"),
        (["evaluate", "--out", "{tmp}"], 1, "holds no prepared run"),
        (["audit", "--data", "{tmp}/nowhere"], 1, "is neither a folder nor a CSV file"),
        (["run", "--data", "{tmp}", "--out", "{tmp}/run"], 1, "holds no images with a label"),
        (["run", "--data", "{tmp}", "--out", "{tmp}/run", "--epochs", "0"], 2, "--epochs is 0; give 1 or more"),
    ],
)
def test_an_impossible_call_is_refused_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, sentence: str
) -> None:
    assert main([argument.format(tmp=tmp_path) for argument in arguments]) == status
    error = capsys.readouterr().err.strip()
    assert sentence in error
    assert len(error.splitlines()) == 1


def test_a_run_that_cannot_be_written_gives_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    assert main(["audit", "--data", str(data), "--out", str(tmp_path / "taken/run")]) == 1
    assert "cannot be written or read" in capsys.readouterr().err


def test_a_finished_run_is_not_trained_again(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--out", str(finished)]) == 2
    assert "Carry it on with --resume" in capsys.readouterr().err
    assert main(["fit", "--out", str(finished), "--resume"]) == 0
    assert "is trained already" in capsys.readouterr().out
    assert main(["fit", "--out", str(finished), "--resume", "--epochs", "9"]) == 2
    assert "--epochs is 2 in this run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        (["--input-size", "21"], 2, "paper-cnn needs --input-size 22 or more"),
        (["--weights", "shipped"], 1, "holds the weights of another network"),
        (["--weights", "{tmp}/nowhere.weights.h5"], 1, "nowhere.weights.h5” cannot be read as weights"),
        (["--weights", "imagenet"], 2, "There are no ImageNet weights of paper-cnn"),
        (["--limits", "{tmp}/nowhere.txt"], 1, "nowhere.txt” cannot be read"),
    ],
)
def test_what_training_would_refuse_is_refused_before_an_image_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], status: int, sentence: str
) -> None:
    (tmp_path / "data/nevus").mkdir(parents=True)
    (tmp_path / "data/nevus/unreadable.png").write_bytes(b"")
    call = ["prepare", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "run"), *options]
    assert main([option.format(tmp=tmp_path) for option in call]) == status
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("arguments", [[], ["fit"], ["train"], ["run", "--out", "x", "--architecture", "resnet"]])
def test_a_usage_error_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: lesionlens-train" in capsys.readouterr().err
