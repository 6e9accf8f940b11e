"""A small drawn pool with the structure and faults of the real one becomes one CSV for training."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import DataError
from desktop.core.judging.training_pictures import find_training_pictures
from desktop.core.labelled_images.audit import open_images
from desktop.core.labelled_images.labelled import LabelledImage
from tests.making import write_model
from tests.training.drawn import draw, write_csv
from training.__main__ import main
from training.images.catalogue import read_catalogue
from training.sources import collect, counts_table


def row(name: str, folder: str, label: str, lesion: str = "", **told: str) -> dict[str, str]:
    """A row of the manifest."""
    return {
        "image_id": name,
        "path": f"{folder}/{name}.png",
        "label": label,
        "diagnosis": label,
        "confirmed_by": "histopathology",
        "lesion_id": lesion,
        "source": {"ham": "HAM10000", "milk10k": "MILK10k"}.get(folder, "ISIC 2017"),
        "age": "45.0",
        "sex": "male",
        "site": "back",
        "skin_tone": "",
        "isic9_test": "",
    } | told


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    """Two lesions of two images each, one lesion in two sets, test images, and everything that must be left out."""
    rows = [
        *(row(f"H{number}", "ham", "nevus", f"L{number // 2}", confirmed_by="follow_up") for number in range(4)),
        row("H4", "ham", "melanoma", "L2"),
        row("M4", "milk10k", "melanoma", "L2", skin_tone="3", diagnosis="melanoma in situ"),
        *(row(f"M{number}", "milk10k", "melanoma", f"L{number}", skin_tone="2") for number in range(5, 9)),
        row("M9", "milk10k", "", "L9", diagnosis="lentigo"),
        row("H9", "ham", "nevus", "L10", isic9_test="yes"),
        row("I1", "isic2017_train", "seborrheic keratosis"),
        row("I2", "isic2017_train", "seborrheic keratosis", "L12"),
        row("I3", "isic2017_train", "nevus"),
        row("V1", "isic2017_validation", "seborrheic keratosis", "L12"),
        row("V2", "isic2017_validation", "nevus", age=""),
        row("D1", "ham", "nevus", "L20"),
        row("D2", "milk10k", "melanoma", "L21"),
    ]
    for number, one in enumerate(rows):
        draw(tmp_path / one["path"], one["label"], number)
    shutil.copy(tmp_path / "isic2017_validation/V2.png", tmp_path / "isic2017_train/I3.png")
    shutil.copy(tmp_path / "ham/D1.png", tmp_path / "milk10k/D2.png")  # nobody knows which label is right
    return write_csv(tmp_path / "manifest.csv", rows)


Rows = dict[str, dict[str, str]]


@pytest.fixture
def rows(pool: Path) -> Rows:
    """The CSV's rows by picture."""
    out = pool.parent / "out/pool.csv"
    assert main(["sources", str(pool), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return {one["picture"]: one for one in csv.DictReader(file)}


def test_no_picture_or_lesion_of_a_test_image_remains_for_training(rows: Rows) -> None:
    assert {name for name, one in rows.items() if one["split"] == "test"} == {"V1", "V2"}
    assert not {"H9", "I2", "I3"} & set(rows)


def test_images_without_a_label_or_with_two_are_left_out(rows: Rows) -> None:
    assert not {"M9", "D1", "D2"} & set(rows)


def test_groups_are_lesions_across_all_sets(rows: Rows) -> None:
    assert rows["H0"]["group"] == rows["H1"]["group"] == "L0"
    assert rows["H4"]["group"] == rows["M4"]["group"] == "L2"
    assert rows["I1"]["group"] == "I1"


def test_rows_have_all_metadata_of_the_manifest(rows: Rows) -> None:
    one = rows["M4"]
    assert (one["age"], one["sex"], one["site"], one["source"]) == ("45.0", "male", "back", "MILK10k")
    assert (one["lesion"], one["diagnosis"], one["skin_tone"]) == ("L2", "melanoma in situ", "3")
    assert rows["H0"]["confirmed_by"] == "follow_up"
    assert (rows["V2"]["source"], rows["V2"]["age"]) == ("ISIC 2017 validation", "")


def test_training_reads_the_csv_and_keeps_its_metadata_in_the_run(rows: Rows, pool: Path) -> None:
    data, run = pool.parent / "out/pool.csv", pool.parent / "run"
    assert len(read_catalogue(data).images) == len(rows)
    arguments = ["prepare", "--data", str(data), "--out", str(run), "--input-size", "24", "--folds", "2"]
    assert main(arguments) == 0
    with (run / "images.csv").open(encoding="utf-8", newline="") as file:
        prepared = {one["picture"]: one for one in csv.DictReader(file)}
    for name in ("lesion", "diagnosis", "confirmed_by", "skin_tone"):
        assert {one[name] for one in prepared.values()} == {one[name] for one in rows.values()}


def test_images_that_are_left_out_are_reported(pool: Path) -> None:
    found = collect(pool)
    assert found.left_out == {
        "none of the nine labels": 1,
        "image or lesion of isic9's Test folder": 1,
        "test in train": 1,
        "two labels": 2,
        "torn group": 1,
    }
    lines = counts_table(found).splitlines()
    assert "1 images left out: torn group." in lines
    assert f"{len(found.rows)} images in 10 groups." in lines


def test_what_was_learned_from_a_pool_is_noted_beside_the_model(pool: Path, tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.onnx")
    assert main(["pictures", str(pool), "--model", str(model)]) == 0
    noted = find_training_pictures(model, "0" * 64)
    assert noted is not None
    asked = ("ham/H0", "milk10k/M4", "isic2017_train/I2", "isic2017_validation/V1", "ham/H9")
    images = [LabelledImage(pool.parent / f"{name}.png", name, "") for name in asked]
    thumbnails = np.array([one.thumbnail for one in open_images(images, lambda: None)])
    assert noted.shows(thumbnails).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda pool: pool.unlink(), "manifest.csv” is not there"),
        (lambda pool: (pool.parent / "ham/H2.png").unlink(), "H2.png”, which the manifest names, does not exist"),
        (
            lambda pool: pool.write_text("image_id,path\nH0,ham/H0.png\n"),
            "has no column “label”, “diagnosis”",
        ),
        (
            lambda pool: write_csv(pool, [row("M9", "milk10k", "", "L9")]),
            "names no image with one of the nine labels",
        ),
    ],
)
def test_an_invalid_pool_is_refused_with_a_sentence(
    pool: Path, change: Callable[[Path], object], sentence: str
) -> None:
    change(pool)
    with pytest.raises(DataError) as caught:
        collect(pool)
    assert sentence in str(caught.value)
