"""The contract of a finished run, from the answers to its own validation images."""

import csv
import io

import numpy as np
import pytest

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Contract
from desktop.core.inference.contract_reading import parse_contract
from desktop.core.inference.judgement import judge
from desktop.core.paths import SAMPLES
from tests.training.drawn import draw_classes, picture
from training.__main__ import main
from training.judging.held_out import FILE, read
from training.judging.thresholds import fit_thresholds
from training.measuring.non_dermoscopy import NonDermoscopyPicture
from training.measuring.probe import probe
from training.run.run_folder import RunFolder


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of biopsied images and of nevi of which every other one was followed up, half of them held out, without a probe."""
    root = tmp_path_factory.mktemp("proved")
    draw_classes(root / "Train", {"melanoma": 110, "nevus": 110, "basal cell carcinoma": 20})
    with (root / "all.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("path", "label", "lesion", "confirmed_by", "diagnosis"))
        for path in sorted((root / "Train").rglob("*.png")):
            proof = "follow_up" if path.parent.name == "nevus" and int(path.stem) % 2 else "histopathology"
            about = (path.parent.name, f"{path.parent.name} {path.stem}", proof, path.parent.name)
            writer.writerow((path.relative_to(root).as_posix(), *about))
    run = RunFolder(root / "run")
    quick = ["--input-size", "24", "--batch-size", "16", "--epochs", "2", "--folds", "2", "--calibration", "root"]
    assert main(["run", "--data", str(root / "all.csv"), "--out", str(run.path), *quick]) == 0
    return run


def contract_of(run: RunFolder) -> Contract:
    return parse_contract(run.contract.read_text(encoding="utf-8"))


def test_answers_to_held_out_images_are_saved_uncalibrated(finished: RunFolder) -> None:
    found = read(finished.path / FILE)
    held = [image for image in finished.load_images() if image.split == "validation"]
    assert len(found.images) == len(held) >= 100
    assert {one.confirmed_by for one in found.images} == {"histopathology", "follow_up"}
    calibration = finished.load_calibration()
    assert calibration is not None
    classifier = Classifier(finished.classifier)
    inputs = np.array(finished.load_array("validation")[:20])
    assert classifier.run(inputs).probabilities == pytest.approx(calibration.apply(found.probabilities[:20]), abs=1e-3)


def test_thresholds_of_the_model_file_are_fitted_on_the_saved_answers(finished: RunFolder) -> None:
    contract, fitted = contract_of(finished), fit_thresholds(read(finished.path / FILE), "root", "these")
    assert [(alert.id, alert.labels) for alert in contract.alerts] == [
        ("melanoma", ("melanoma",)),
        ("malignant", ("melanoma", "basal_cell_carcinoma")),  # those that this model has
    ]
    assert contract.flags == ()
    for alert in contract.alerts:
        assert [point.threshold for point in alert.curve] == list(fitted.alerts[alert.id].thresholds)
        assert alert.point().nevi + alert.point().others > 0
    assert contract.certainty_threshold == fitted.certainty


def test_app_raises_alerts_by_the_fitted_score(finished: RunFolder) -> None:
    classifier = Classifier(finished.classifier)
    contract = classifier.contract
    found = read(finished.path / FILE)
    fitted = fit_thresholds(found, "root", "these")
    calibrated = fitted.calibrated(found.probabilities)
    melanoma = fitted.alerts["melanoma"]
    expected = melanoma.scores(calibrated, found.labels) >= contract.alerts[0].point().threshold
    predictions = classifier.predict(np.array(finished.load_array("validation")))
    raised = [any(one.flag.id == "melanoma" for one in judge(each, contract).flags) for each in predictions]
    assert np.mean(np.array(raised) == expected) >= 0.98, "all but what the last digits decide"


def test_probe_tells_what_the_embedding_holds_of_how_nevi_were_proved(finished: RunFolder) -> None:
    drawing = picture("a chart", 1)
    data = io.BytesIO()
    drawing.save(data, "PNG")
    found = probe(finished, [], SAMPLES, lambda: [NonDermoscopyPicture("charts", "a chart", data.getvalue())])
    nevi = [one for one in read(finished.path / FILE).images if one.label == "nevus"]
    (proofs,) = found.nevus_proofs
    followed = sum(one.confirmed_by == "follow_up" for one in nevi)
    assert (proofs.followed, proofs.biopsied) == (followed, len(nevi) - followed)
    assert proofs.auc.low < 0.7, "drawn nevi of one kind: nothing tells the two apart but chance"
    assert [one.name for one in found.far] == ["a chart"]
