"""Recalibration as it is called: from drawn lesions to a model file that the app opens, and what it must not do."""

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pytest

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Figure, Flag, Recall
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures
from desktop.core.statistics.calibration import logits_of, softmax
from tests.alerts import melanoma_alert
from tests.making import SIZE, contract, write_model
from tests.training.drawn import draw_classes, write_csv
from training.__main__ import main
from training.recalibration.fitting import LEAST_LESIONS, LEAST_MELANOMAS, LEAST_OTHERS, weights_of
from training.recalibration.lesions import read_lesions

EARLIER = Figure("accuracy", "test images", 0.5, 4, 2, 0.15, 0.85)
EARLIER_RECALL = Recall("melanoma", "test images", 2, 4)
FLAG = Flag("melanoma", "Melanoma", ("melanoma",), 0.0312, 0.95, 0.5, 1, 20, "validation split, 40 images")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of as many lesions as alerts need."""
    folder = tmp_path_factory.mktemp("lesions")
    return draw_classes(folder, {"melanoma": LEAST_MELANOMAS, "nevus": LEAST_OTHERS})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model with one alert and a prior, whose answers are far too sure."""
    prior = {label.id: 1 / 9 for label in contract().labels}
    described = contract(
        alerts=(melanoma_alert(-1.5),), calibration_mix=prior, figures=(EARLIER,), recalls=(EARLIER_RECALL,)
    )
    return write_model(tmp_path / "model.onnx", described, seed=3)


def noise(count: int = 4) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (count, SIZE, SIZE, 3), np.uint8)


def test_enough_biopsied_lesions_set_temperature_alerts_and_certainty(
    data: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "new.onnx"
    assert main(["recalibrate", "--model", str(model), "--data", str(data), "-o", str(output), "--biopsied"]) == 0
    told = capsys.readouterr().out
    before, after = Classifier(model), Classifier(output)
    found = after.contract.recalibration
    assert found is not None
    assert (found.lesions, found.images, found.melanomas) == (130, 130, LEAST_MELANOMAS)
    assert found.sets_thresholds
    assert found.model_sha256 == before.sha256
    assert found.temperature > 1
    expected = softmax(logits_of(before.run(noise()).probabilities) / found.temperature)
    assert after.run(noise()).probabilities == pytest.approx(expected, abs=1e-5)
    assert [figure.name for figure in found.before] == [figure.name for figure in found.after]
    for name in ("calibration error", "log loss"):
        old, new = (next(one.value for one in side if one.name == name) for side in (found.before, found.after))
        assert new < old
    sensitivity = next(one for one in found.after if one.name == "Melanoma alert, sensitivity")
    (alert,) = after.contract.alerts
    point = alert.point()
    assert (sensitivity.k, sensitivity.n) == (point.found, point.positives)
    assert (point.positives, point.nevi, point.others, alert.temperature) == (LEAST_MELANOMAS, LEAST_OTHERS, 0, 1)
    assert f"{sensitivity.k} of {sensitivity.n}" in told
    assert after.contract.figures == (dataclasses.replace(EARLIER, measured_on="test images, before"),)
    assert after.contract.recalls == (dataclasses.replace(EARLIER_RECALL, measured_on="test images, before"),)
    assert after.contract.certainty_threshold is not None
    assert after.contract.calibration_mix == before.contract.calibration_mix
    assert "recalibrated" in after.contract.name


def test_the_file_knows_what_set_it_and_is_not_recalibrated_on_that_again(
    data: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "new.onnx"
    noted = TrainingPictures.of("0" * 64, np.zeros((1, 32, 32, 3), np.uint8)).to_bytes()
    model.with_suffix(SUFFIX).write_bytes(noted)
    call = ["recalibrate", "--data", str(data), "--model"]
    assert main([*call, str(model), "-o", str(output)]) == 0
    assert output.with_suffix(SUFFIX).read_bytes() == noted  # what the earlier file learned from, this one knows too
    found = Classifier(output).contract.recalibration
    assert found is not None
    hashes = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in data.glob("*/*.png")}
    assert all(found.rests_on(one) for one in hashes.values())
    assert not found.rests_on(hashlib.sha256(b"another").hexdigest())
    lines = sorted(f"{one} {path.parent.name}" for path, one in hashes.items())
    assert found.fingerprint == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    capsys.readouterr()
    assert main([*call, str(output), "-o", str(tmp_path / "again.onnx")]) == 1
    assert "was recalibrated on 130 of these images" in capsys.readouterr().err


def test_lesions_that_nobody_proved_set_a_temperature_and_leave_the_alerts_as_they_are(
    data: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "new.onnx"
    assert main(["recalibrate", "--model", str(model), "--data", str(data), "-o", str(output)]) == 0
    assert "The data name 0 melanomas and 0 other lesions as proved by histology" in capsys.readouterr().out
    before, after = Classifier(model), Classifier(output)
    (old,), (new,) = before.contract.alerts, after.contract.alerts
    assert new.curve == old.curve
    found = after.contract.recalibration
    assert found is not None
    assert not found.sets_thresholds
    assert [figure.name for figure in found.after] == ["calibration error", "log loss"]
    labels = after.contract.label_ids
    for one, other in zip(before.run(noise()).probabilities, after.run(noise()).probabilities, strict=True):
        assert not np.allclose(one, other, atol=1e-3)
        scores = [
            alert.score(dict(zip(labels, row.tolist(), strict=True))) for alert, row in ((old, one), (new, other))
        ]
        assert scores[1] == pytest.approx(scores[0], abs=1e-3)


def rows_of(data: Path, **more: str) -> list[dict[str, object]]:
    return [{"path": str(path), "label": path.parent.name, **more} for path in sorted(data.glob("*/*.png"))]


def test_images_of_one_lesion_count_once(
    data: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(data, confirmed_by="histopathology")
    for place, row in enumerate(rows):
        row["lesion"] = f"{row['label']} {place // 2}"
    table = write_csv(tmp_path / "lesions.csv", rows)
    assert main(["recalibrate", "--model", str(model), "--data", str(table), "-o", str(tmp_path / "new.onnx")]) == 1
    assert f"There are 65 lesions, too few to recalibrate on. Give {LEAST_LESIONS}" in capsys.readouterr().err


def test_patients_have_a_vote_for_each_lesion_and_are_never_on_both_sides(
    data: Path, model: Path, tmp_path: Path
) -> None:
    rows = rows_of(data, confirmed_by="histopathology")
    for place, row in enumerate(rows):
        row |= {"lesion": str(place), "group": f"patient {place % 40}"}
    own = read_lesions(Classifier(model), write_csv(tmp_path / "lesions.csv", rows), biopsied=False).answers
    assert len(set(own.groups.tolist())) == len(rows)
    folds = dict.fromkeys(range(40), 0)
    for image, fold in zip(own.images, own.folds.tolist(), strict=True):
        patient = int(image.lesion) % 40
        assert folds[patient] in {0, fold}
        folds[patient] = fold
    assert len(set(folds.values())) > 1


def test_each_lesion_weighs_the_same_however_many_images_it_has(data: Path, model: Path, tmp_path: Path) -> None:
    rows = rows_of(data)
    for place, row in enumerate(rows):
        row["lesion"] = str(place if place >= 5 else 0)
    classifier = Classifier(model)
    own = read_lesions(classifier, write_csv(tmp_path / "lesions.csv", rows), biopsied=False).answers
    weights = weights_of(own, classifier.contract)
    by_label = {}
    for label in ("melanoma", "nevus"):
        by_lesion = dict.fromkeys((image.lesion for image in own.images if image.label == label), 0.0)
        for image, weight in zip(own.images, weights.tolist(), strict=True):
            if image.label == label:
                by_lesion[image.lesion] += weight
        assert max(by_lesion.values()) == pytest.approx(min(by_lesion.values()))
        by_label[label] = sum(by_lesion.values())
    assert by_label["melanoma"] == pytest.approx(by_label["nevus"]), "as in the prior of the file"


def test_originals_of_copies_are_known_to_the_file(
    data: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(data)
    originals = [hashlib.sha256(str(row["path"]).encode()).hexdigest() for row in rows]
    for row, original in zip(rows, originals, strict=True):
        row["original_sha256"] = original
    table, output = write_csv(tmp_path / "lesions.csv", rows), tmp_path / "new.onnx"
    assert main(["recalibrate", "--model", str(model), "--data", str(table), "-o", str(output)]) == 0
    found = Classifier(output).contract.recalibration
    assert found is not None
    assert all(found.rests_on(one) for one in originals)
    assert found.images == len(rows)
    assert found.rests_on(hashlib.sha256(next(iter(data.glob("*/*.png"))).read_bytes()).hexdigest())
    rows[0]["original_sha256"] = "abc"
    write_csv(table, rows)
    assert main(["recalibrate", "--model", str(model), "--data", str(table), "-o", str(output)]) == 1
    assert "line 2: the original_sha256 “abc” is not 64 hexadecimal digits" in capsys.readouterr().err


def test_one_melanoma_too_few_sets_no_alert(
    data: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = write_csv(tmp_path / "lesions.csv", rows_of(data, confirmed_by="histopathology")[1:])
    output = tmp_path / "new.onnx"
    assert main(["recalibrate", "--model", str(model), "--data", str(table), "-o", str(output)]) == 0
    assert f"The data name {LEAST_MELANOMAS - 1} melanomas and {LEAST_OTHERS} other lesions" in capsys.readouterr().out
    found = Classifier(output).contract.recalibration
    assert found is not None
    assert not found.sets_thresholds


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ({"nevus": "scar"}, "The model does not know “scar”; its labels are actinic_keratosis, "),
        ({}, "The flags of this model go by its probabilities, which a temperature alone would move"),
    ],
)
def test_what_cannot_be_recalibrated_gets_a_sentence_and_no_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], labels: dict[str, str], sentence: str
) -> None:
    rows = [{**row, "label": labels.get(str(row["label"]), row["label"])} for row in rows_of(data)]
    table = write_csv(tmp_path / "lesions.csv", rows)
    model = write_model(tmp_path / "model.onnx", contract(flags=(FLAG,)))
    assert main(["recalibrate", "--model", str(model), "--data", str(table), "-o", str(tmp_path / "new.onnx")]) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "new.onnx").exists()


def test_the_earlier_file_is_not_written_over(data: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recalibrate", "--model", str(model), "--data", str(data), "-o", str(model)]) == 2
    assert "the earlier one is kept" in capsys.readouterr().err
