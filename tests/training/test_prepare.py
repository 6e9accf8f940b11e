import errno
import hashlib
import shutil
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import DataError, UsageError
from desktop.core.imaging.preprocessing import model_input
from desktop.core.judging.training_pictures import find_training_pictures, shipped_pictures
from desktop.core.labelled_images.audit import open_images
from desktop.core.labelled_images.labelled import LabelledImage
from tests.training.drawn import draw, draw_classes, write_csv
from training.prepare import prepare
from training.run.config import Config
from training.run.run_folder import PreparedImage, RunFolder, new_array


def prepared(data: Path, run: RunFolder, **settings: object) -> dict[str, PreparedImage]:
    prepare(Config(**({"data": str(data), "input_size": 32} | settings)), run)  # type: ignore[arg-type]
    return {image.path: image for image in run.load_images()}


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    draw_classes(tmp_path / "data/Train", {"melanoma": 10, "nevus": 10, "basal cell carcinoma": 10})
    draw_classes(tmp_path / "data/Test", {"melanoma": 2, "nevus": 2}, first_seed=100)
    return tmp_path / "data"


def test_the_arrays_contain_the_apps_model_inputs(data: Path, run: RunFolder) -> None:
    images = prepared(data, run)
    for path, image in images.items():
        expected = model_input((data / path).read_bytes(), 32, "stretch")
        assert np.array_equal(run.load_array(image.split)[image.row], expected)
    assert Counter(image.split for image in images.values()) == {"train": 24, "validation": 6, "test": 4}


@pytest.mark.parametrize(("weights", "is_noted"), [("none", True), ("shipped", True), ("other.weights.h5", False)])
def test_what_is_learned_from_is_noted_beside_the_model_file(
    weights: str, is_noted: bool, data: Path, run: RunFolder
) -> None:
    images = prepared(data, run, weights=weights)
    noted = find_training_pictures(run.classifier, run.load_record().fingerprint)
    assert (noted is not None) is is_noted
    if noted is not None:
        own = [data / path for path, image in images.items() if image.split != "test"]
        opened = open_images([LabelledImage(path, path.name, "") for path in own], lambda: None)
        assert noted.shows(np.array([one.thumbnail for one in opened])).all()
        shipped = shipped_pictures()
        assert shipped is not None
        assert (len(noted.known) > len(shipped.known)) is (weights == "shipped")  # with what those weights learned from


def test_copies_and_lesions_are_never_split(tmp_path: Path, run: RunFolder) -> None:
    draw_classes(tmp_path / "data", {"melanoma": 15, "nevus": 15})
    rows = [
        {"path": f"data/{name}/{number:03}.png", "label": name, "group": f"{name} {number // 3}"}
        for name in ("melanoma", "nevus")
        for number in range(15)
    ]
    shutil.copy(tmp_path / "data/nevus/000.png", tmp_path / "data/nevus/copy.png")
    rows.append({"path": "data/nevus/copy.png", "label": "nevus", "group": "nevus 4"})
    images = prepared(write_csv(tmp_path / "data.csv", rows), run)
    splits: dict[str, set[str]] = {}
    for row in rows:
        splits.setdefault(row["group"], set()).add(images[row["path"]].split)
    assert all(len(sides) == 1 for sides in splits.values())
    assert splits["nevus 0"] == splits["nevus 4"], "a copy binds two lesions together"


def test_contradictory_data_are_refused_with_advice(data: Path, run: RunFolder) -> None:
    shutil.copy(data / "Test/nevus/000.png", data / "Train/melanoma/a.png")
    (data / "Train/nevus/empty.png").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        prepared(data, run)
    sentence = str(caught.value)
    assert "1 images with the finding “unreadable”, 2 images with the finding “two labels” and 2 images" in sentence
    assert "--conflicts drop" in sentence
    assert "--conflicts keep" in sentence
    assert run.audit.exists()
    assert not run.is_prepared


def test_drop_removes_test_images_from_training(data: Path, run: RunFolder) -> None:
    shutil.copy(data / "Test/nevus/000.png", data / "Train/melanoma/a.png")
    images = prepared(data, run, conflicts="drop")
    assert images["Train/melanoma/a.png"].dropped == "test in train"
    assert images["Train/melanoma/a.png"].row == -1
    assert images["Test/nevus/000.png"].dropped == ""
    assert len(run.load_array("test")) == 4


def test_drop_removes_images_whose_labels_disagree(data: Path, run: RunFolder) -> None:
    shutil.copy(data / "Train/nevus/000.png", data / "Train/melanoma/a.png")
    images = prepared(data, run, conflicts="drop")
    assert {path for path, image in images.items() if image.dropped} == {"Train/melanoma/a.png", "Train/nevus/000.png"}
    assert images["Train/nevus/000.png"].findings == "byte-identical; two labels"


def test_a_split_group_is_refused_and_drop_keeps_its_test_images(tmp_path: Path, run: RunFolder) -> None:
    draw_classes(tmp_path / "data", {"melanoma": 10, "nevus": 10})
    rows = [
        {"path": f"data/{name}/{number:03}.png", "label": name, "group": f"{name} {number // 2}", "split": "train"}
        for name in ("melanoma", "nevus")
        for number in range(10)
    ]
    rows[0]["split"] = "test"
    data = write_csv(tmp_path / "data.csv", rows)
    with pytest.raises(DataError, match="The audit found 2 images with the finding “torn group”"):
        prepared(data, run)
    images = prepared(data, run, conflicts="drop")
    assert {path: image.dropped for path, image in images.items() if image.dropped} == {
        "data/melanoma/001.png": "torn group"
    }


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"architecture": "paper-cnn", "small_size": 24}, "paper-cnn takes images of one size: give --small-epochs 0."),
        (
            {"architecture": "efficientnet-lite0", "small_size": 32},
            "--small-size is 32; give less than the other epochs have, which is 32, or --small-epochs 0.",
        ),
        (
            {"architecture": "efficientnet-lite0", "small_size": 24, "input_size": 40, "training_size": 24},
            "--small-size is 24; give less than the other epochs have, which is 24, or --small-epochs 0.",
        ),
        (
            {"architecture": "paper-cnn", "small_epochs": 0, "input_size": 40, "training_size": 32},
            "paper-cnn takes images of one size: give --training-size 0.",
        ),
    ],
)
def test_small_images_are_refused_if_network_or_input_size_do_not_allow_them(
    data: Path, run: RunFolder, settings: dict[str, object], sentence: str
) -> None:
    with pytest.raises(UsageError) as caught:
        prepared(data, run, **({"small_epochs": 1} | settings))
    assert str(caught.value) == sentence


def test_keep_drops_only_unreadable_images(data: Path, run: RunFolder) -> None:
    shutil.copy(data / "Train/nevus/000.png", data / "Train/melanoma/a.png")
    (data / "Train/nevus/empty.png").write_bytes(b"")
    images = prepared(data, run, conflicts="keep")
    assert {path for path, image in images.items() if image.dropped} == {"Train/nevus/empty.png"}
    assert images["Train/nevus/000.png"].split == images["Train/melanoma/a.png"].split


def test_a_label_left_with_two_images_remains_a_label(data: Path, run: RunFolder) -> None:
    for seed in range(5):
        draw(data / f"Train/nevus/s{seed}.png", "seborrheic keratosis", seed)
    draw_classes(data / "Train", {"seborrheic keratosis": 7})
    images = prepared(data, run, conflicts="drop")
    kept = [image for image in images.values() if image.label == "seborrheic_keratosis" and not image.dropped]
    assert len(kept) == 2
    assert "seborrheic_keratosis" in {label.id for label in run.load_record().labels}


def test_a_validation_split_in_the_data_is_used(tmp_path: Path, run: RunFolder) -> None:
    draw_classes(tmp_path / "data/train", {"melanoma": 3, "nevus": 3})
    draw_classes(tmp_path / "data/val", {"melanoma": 1, "nevus": 1}, first_seed=50)
    images = prepared(tmp_path / "data", run)
    assert {path for path, image in images.items() if image.split == "validation"} == {
        "val/melanoma/000.png",
        "val/nevus/000.png",
    }


def test_the_fingerprint_is_of_the_training_images_and_their_labels(data: Path, run: RunFolder) -> None:
    images = prepared(data, run)
    lines = [
        f"{hashlib.sha256((data / path).read_bytes()).hexdigest()} {image.label}"
        for path, image in images.items()
        if image.split == "train"
    ]
    expected = hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
    assert run.load_record().fingerprint == expected


def test_the_run_records_settings_and_versions(data: Path, run: RunFolder) -> None:
    prepared(data, run, seed=7)
    record = run.load_record()
    assert record.settings.seed == 7
    assert record.settings.input_size == 32
    assert {"lesionlens", "python", "numpy", "keras", "preprocessing"} <= set(record.versions)


def test_data_left_with_one_label_are_refused_with_a_sentence(tmp_path: Path, run: RunFolder) -> None:
    draw_classes(tmp_path / "data", {"melanoma": 8})
    shutil.copytree(tmp_path / "data/melanoma", tmp_path / "data/nevus")
    for seed in range(50, 60):
        draw(tmp_path / f"data/melanoma/more {seed}.png", "melanoma", seed)
    with pytest.raises(DataError, match="holds 1 of the 2 labels in its train split"):
        prepared(tmp_path / "data", run, conflicts="drop")


def test_a_full_disk_is_a_sentence(data: Path, run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("training.run.run_folder._take_blocks", no_room)
    with pytest.raises(DataError, match=r"The disk has no room for “.*train.npy”, 1 MB. Free some"):
        prepared(data, run)
    assert not run.array("train").exists()
    assert not run.is_prepared


def test_an_array_has_its_blocks_before_it_is_written_to(tmp_path: Path) -> None:
    array = new_array(tmp_path / "array.npy", (40, 100, 100, 3))
    state = (tmp_path / "array.npy").stat()
    assert not array.any()
    if sys.platform != "win32":
        assert state.st_blocks * 512 >= array.nbytes
    assert np.load(new_array(tmp_path / "empty.npy", (0, 8, 8, 3)).filename).shape == (0, 8, 8, 3)  # type: ignore[attr-defined]


def test_a_folder_without_a_run_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no prepared run"):
        RunFolder(tmp_path).load_record()
