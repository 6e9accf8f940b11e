"""What is judged on, and what is not: lesions that the base learned from, also by another picture a year later."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import DataError
from desktop.core.inference.classifier import Classifier
from desktop.core.judging import learned_lesions
from desktop.core.judging.better import Measure, Verdict
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures, find_training_pictures
from desktop.core.labelled_images.audit import FindingKind, open_images
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.labelled_images.training_export import MANIFEST, TABLE, read_export
from tests.alerts import melanoma_alert
from tests.making import contract, write_model
from tests.training.drawn import draw, write_csv
from tests.training.improving.exported import HISTORY, name_of, write_export
from training.improving.data import note_learned, read_data
from training.improving.judge import judge
from training.improving.looks import note_look
from training.prepare import prepare
from training.run.config import Config
from training.run.run_folder import RunFolder

LABELS = {"melanoma": 30, "nevus": 30}
TESTED = (0, 3, 6, 33, 36, 39)


def model(folder: Path, seed: int, learned: list[Path] | None) -> Classifier:
    """Write a model with an alert for melanoma, and the pictures that it learned from where they are known."""
    described = contract(alerts=(melanoma_alert(-1.5),), date="2026-01-01")
    path = write_model(folder / f"{seed}.onnx", described, seed=seed)
    if learned is not None:
        fingerprint = described.training_data.fingerprint
        pictures = TrainingPictures(fingerprint, np.ones((1, 4), np.uint64))
        if learned:
            opened = open_images([LabelledImage(one, one.name, "nevus") for one in learned])
            pictures = TrainingPictures.of(fingerprint, np.array([one.thumbnail for one in opened]))
        path.with_suffix(SUFFIX).write_bytes(pictures.to_bytes())
    return Classifier(path)


def judged_names(export: Path, base: Classifier) -> set[str]:
    return {one.lesion for one in read_data(export, base, None).clinic}


def test_only_what_was_confirmed_after_the_base_was_made_is_judged_on(tmp_path: Path) -> None:
    base = model(tmp_path, 3, [])
    export = write_export(tmp_path / "export", LABELS, base.sha256, tested=TESTED, judged=TESTED[1:])
    assert judged_names(export, base) == {name_of(number) for number in TESTED[1:]}


def test_a_clinical_photograph_is_not_judged_on(tmp_path: Path) -> None:
    base = model(tmp_path, 3, [])
    export = write_export(tmp_path / "export", LABELS, base.sha256, tested=TESTED)
    manifest = read_export(export)
    (export / MANIFEST).write_bytes(dataclasses.replace(manifest, photographs=("00003.png",)).to_json())
    assert judged_names(export, base) == {name_of(number) for number in TESTED if number != 3}


def test_a_picture_that_a_model_learned_from_is_not_counted(tmp_path: Path) -> None:
    first = model(tmp_path, 3, [])
    export = write_export(tmp_path / "export", LABELS, first.sha256, tested=TESTED)
    (tmp_path / "old").mkdir()
    base = model(tmp_path / "old", 3, [export / "00003.png"])
    new = model(tmp_path, 4, [])
    found = judge(read_data(export, base, None), base, new, Measure.ALARMS, 1)
    assert found.lesions == len(TESTED) - 1
    assert found.left_out == {"learned from": 1}
    taught = model(tmp_path, 5, [export / "00003.png", export / "00036.png"])
    assert judge(read_data(export, first, None), first, taught, Measure.ALARMS, 1).lesions == len(TESTED) - 2


def test_a_lesion_that_was_learned_from_a_year_before_is_found_by_its_name(tmp_path: Path) -> None:
    shipped = model(tmp_path, 3, [])
    first = write_export(tmp_path / "first", LABELS, shipped.sha256, tested=TESTED)
    base = model(tmp_path, 4, [])
    taught = [name_of(number) for number in range(60) if number not in TESTED]
    note_learned(base.path, shipped.path, read_data(first, shipped, None).export, taught)
    # A year later: the same lesions in other pictures, and by a mistake two that were learned from are for testing.
    second = write_export(tmp_path / "second", LABELS, base.sha256, tested=(*TESTED, 7, 40), seed=5_000, look=2)
    data = read_data(second, base, None)
    assert judged_names(second, base) == {name_of(number) for number in TESTED}
    assert data.learned_and_judged == 2
    found = judge(data, base, model(tmp_path, 5, []), Measure.ALARMS, 2)
    assert (found.lesions, found.learned) == (len(TESTED), 2)
    note_learned(tmp_path / "third.onnx", base.path, data.export, [name_of(100)])
    noted = json.loads((tmp_path / "third.lesions").read_text(encoding="utf-8"))
    assert noted == {"lesions": {HISTORY: sorted([*taught, name_of(100)])}}


def test_a_lesion_in_both_parts_is_found_and_not_learned_from(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", LABELS, "a" * 64, tested=TESTED)
    table = export / TABLE
    rows = table.read_text(encoding="utf-8").splitlines()
    draw(export / "again.png", "melanoma", 9_000)
    again = rows[1].replace("00000.png", "again.png").replace(",test,", ",train,")
    table.write_text("\n".join([*rows, again]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="would falsify the figures"):
        prepare(Config(data=str(table), input_size=24), RunFolder(tmp_path / "refused"))
    run = RunFolder(tmp_path / "run")
    prepare(Config(data=str(table), input_size=24, conflicts="drop"), run)
    (dropped,) = (one for one in run.load_images() if one.path == "again.png")
    assert dropped.row == -1
    assert dropped.dropped == FindingKind.TORN.value
    assert {one.split for one in run.load_images() if one.lesion == name_of(0) and one.row >= 0} == {"test"}


def test_without_knowing_what_was_learned_there_is_no_verdict(tmp_path: Path) -> None:
    base, new = model(tmp_path, 3, []), model(tmp_path, 4, None)
    export = write_export(tmp_path / "export", LABELS, base.sha256, tested=TESTED)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    unknown = Classifier(new.path.rename(moved / "new.onnx"))
    found = judge(read_data(export, base, None), base, unknown, Measure.ALARMS, 1)
    assert found.verdict is Verdict.UNKNOWN_TRAINING


def test_every_model_that_is_judged_on_an_export_is_a_look(tmp_path: Path) -> None:
    base = model(tmp_path, 3, [])
    export = write_export(tmp_path / "export", LABELS, base.sha256, look=3)
    manifest = read_data(export, base, None).export
    looks = [note_look(export, manifest, name * 64) for name in "aabab"]
    assert looks == [3, 3, 4, 3, 4]


def test_data_that_cannot_be_judged_on_are_refused_in_a_sentence(tmp_path: Path) -> None:
    base = model(tmp_path, 3, [])
    export = write_export(tmp_path / "export", LABELS, base.sha256)
    paths = [draw(tmp_path / f"{number}.png", "melanoma", number) for number in range(2)]
    without_split = write_csv(
        tmp_path / "base.csv", [{"path": path.name, "label": label} for path, label in zip(paths, LABELS, strict=True)]
    )
    with pytest.raises(DataError, match="has no column split"):
        read_data(export, base, without_split)
    strange = write_csv(
        tmp_path / "strange.csv",
        [
            {"path": path.name, "label": label, "split": "test"}
            for path, label in zip(paths, ("nevus", "wart"), strict=True)
        ],
    )
    with pytest.raises(DataError, match="labels that the base model does not"):
        read_data(export, base, strange)
    old = write_export(tmp_path / "old", LABELS, base.sha256, judged=())
    with pytest.raises(DataError, match="None of the clinic's lesions can be judged on"):
        judge(read_data(old, base, None), base, base, Measure.ALARMS, 1)
    base.path.with_suffix(learned_lesions.SUFFIX).write_text("no JSON")
    with pytest.raises(DataError, match="which lesions the model learned from is not known"):
        read_data(export, base, None)


def test_a_run_knows_what_the_run_learned_from_whose_weights_it_begins_with(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", LABELS, "a" * 64, tested=TESTED)
    first = RunFolder(tmp_path / "first")
    prepare(Config(data=str(export / TABLE), input_size=24), first)
    again = write_export(tmp_path / "again", LABELS, "a" * 64, tested=TESTED, seed=5_000)
    second = RunFolder(tmp_path / "second")
    record = prepare(Config(data=str(again / TABLE), input_size=24, weights=str(first.weights)), second)
    known = find_training_pictures(second.classifier, record.fingerprint)
    assert known is not None

    def shown(folder: Path, number: int) -> bool:
        (opened,) = open_images([LabelledImage(folder / f"{number:05}.png", "one", "nevus")])
        return bool(known.shows(opened.thumbnail[None])[0])

    assert [shown(folder, 1) for folder in (export, again)] == [True, True]
    assert [shown(folder, TESTED[0]) for folder in (export, again)] == [False, False]
    strange = RunFolder(tmp_path / "strange")
    prepare(Config(data=str(again / TABLE), input_size=24, weights=str(tmp_path / "model.weights.h5")), strange)
    assert not strange.classifier.with_suffix(SUFFIX).exists()
