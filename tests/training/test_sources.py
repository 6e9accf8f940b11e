"""Three small sets, drawn as the real ones lie and with their faults, become one CSV that training takes."""

import csv
import shutil
from pathlib import Path

import pytest

from desktop.core.errors import DataError, UsageError
from desktop.core.inference.classifier import Classifier
from tests.training.drawn import draw, picture, write_csv
from training.__main__ import main
from training.images.catalogue import read_catalogue
from training.measuring import tested
from training.sources import LESION_OF_A_TEST_IMAGE, Folders, collect, counted

FOLDERS = ("ham10000", "ham10000_224", "isic2017", "isic9")


def squashed(path: Path, name: str, seed: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(name, seed).resize((60, 60)).save(path)
    return path


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """HAM10000 with two images of a lesion, ISIC 2017 with validation, isic9 with contradictions; JPEGs by name only."""
    rows = []
    for number in range(12):
        name = "nevus" if number < 6 else "melanoma"
        draw(tmp_path / f"ham10000/images/H{number}.jpg", name, number)
        lesion = f"L{number // 2}"
        rows.append(
            {"image_id": f"H{number}", "lesion_id": lesion, "label": name, "age": "45.0", "sex": "male", "site": "back"}
        )
    write_csv(tmp_path / "ham10000/labels.csv", rows)
    for number in (0, 1, 6):
        file = tmp_path / f"ham10000_224/H{number}.jpg"
        file.parent.mkdir(exist_ok=True)
        picture("nevus" if number < 6 else "melanoma", number).crop((6, 0, 54, 48)).resize((72, 72)).save(
            file, quality=95
        )

    for part, first in (("train", 20), ("validation", 40)):
        table = []
        for number in range(first, first + 4):
            squashed(tmp_path / f"isic2017/{part}/I{number}.jpg", "seborrheic keratosis", number)
            note = "pixel duplicate of a training image under another id: drop" if number == 43 else ""
            table.append({"image_id": f"I{number}", "label": "seborrheic keratosis", "note": note})
        write_csv(tmp_path / f"isic2017/{part}.csv", table)

    nine = tmp_path / "isic9"
    squashed(nine / "Test/nevus/H0.jpg", "nevus", 0)  # in HAM10000 too; H1 shows the same lesion
    squashed(nine / "Test/vascular lesion/N80.jpg", "vascular lesion", 80)
    squashed(nine / "Train/nevus/H3.jpg", "nevus", 3)  # in HAM10000 too
    squashed(nine / "Train/vascular lesion/N81.jpg", "vascular lesion", 81)
    shutil.copy(nine / "Train/vascular lesion/N81.jpg", nine / "Train/vascular lesion/N81(1).jpg")
    squashed(nine / "Train/vascular lesion/other name.jpg", "vascular lesion", 80)  # the pixels of a test image
    for folder in ("melanoma", "seborrheic keratosis"):  # nobody knows which is right
        squashed(nine / f"Train/{folder}/N82.jpg", "melanoma", 82)
    for folder in ("nevus", "actinic keratosis"):  # the archive knows
        squashed(nine / f"Train/{folder}/N83.jpg", "nevus", 83)
    write_csv(
        nine / "conflicts.csv",
        [
            {"image_id": "N82", "folder": "Train/melanoma", "note": "also in Train/seborrheic keratosis"},
            {
                "image_id": "N83",
                "folder": "Train/nevus",
                "note": "also in Train/actinic keratosis; official label: actinic keratosis",
            },
        ],
    )
    return tmp_path


@pytest.fixture
def rows(sets: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The CSV's rows by picture and copy."""
    options = [part for name in FOLDERS for part in (_option(name), str(sets / name))]
    assert main(["sources", *options, "--out", str(sets / "out/all.csv")]) == 0
    with (sets / "out/all.csv").open(encoding="utf-8", newline="") as file:
        return {(row["picture"], row["copy"]): row for row in csv.DictReader(file)}


def _option(name: str) -> str:
    return "--ham10000-copies" if name == "ham10000_224" else f"--{name}"


Rows = dict[tuple[str, str], dict[str, str]]


def test_no_picture_and_no_lesion_of_a_test_image_is_left_to_train_on(rows: Rows) -> None:
    assert {key for key, row in rows.items() if row["split"] == "test"} == {
        ("H0", "isic9"),
        ("N80", "isic9"),
        ("I40", "isic2017"),
        ("I41", "isic2017"),
        ("I42", "isic2017"),
    }
    assert not {("H0", "ham10000"), ("H0", "ham10000_224"), ("H1", "ham10000"), ("H1", "ham10000_224")} & set(rows)
    assert ("other name", "isic9") not in rows


def test_an_id_in_two_sets_is_taken_from_the_official_one_and_accidental_copies_from_none(rows: Rows) -> None:
    assert ("H3", "ham10000") in rows
    assert ("H3", "isic9") not in rows
    assert ("N81", "isic9") in rows
    assert not any("(1)" in row["path"] for row in rows.values())


def test_labels_are_put_right_where_they_are_known_and_left_out_where_they_are_not(rows: Rows) -> None:
    assert rows["N83", "isic9"]["label"] == "actinic_keratosis"
    assert ("N82", "isic9") not in rows


def test_groups_are_lesions_and_copies(rows: Rows) -> None:
    assert rows["H2", "ham10000"]["group"] == rows["H3", "ham10000"]["group"] == "L1"
    assert rows["H6", "ham10000"]["group"] == rows["H6", "ham10000_224"]["group"] == "L3"
    assert rows["I20", "isic2017"]["group"] == "I20"
    assert rows["H0", "isic9"]["group"] == "L0", "so that whoever adds images can see it"


def test_what_was_squashed_and_who_was_seen_stands_in_the_row(rows: Rows) -> None:
    assert {row["aspect"] for (_, copy), row in rows.items() if copy in {"isic9", "isic2017"}} == {"1.333333"}
    assert {row["aspect"] for (_, copy), row in rows.items() if copy.startswith("ham")} == {""}
    one = rows["H6", "ham10000_224"]
    assert (one["age"], one["sex"], one["site"], one["source"]) == ("45.0", "male", "back", "HAM10000")
    assert rows["I40", "isic2017"]["source"] == "ISIC 2017 validation"


def test_training_takes_the_csv_and_finds_no_conflict_in_it(rows: Rows, sets: Path) -> None:
    catalogue = read_catalogue(sets / "out/all.csv")
    assert len(catalogue.images) == len(rows)
    arguments = ["prepare", "--data", str(sets / "out/all.csv"), "--out", str(sets / "run"), "--input-size", "24"]
    assert main([*arguments, "--folds", "2"]) == 0


def test_what_was_left_out_is_told(sets: Path) -> None:
    found = collect(Folders(*(sets / name for name in FOLDERS)))
    assert found.left_out == {
        "the same id in another set": 1,
        "test in train": 3,
        "two labels": 2,
        LESION_OF_A_TEST_IMAGE: 2,
    }
    lines = counted(found).splitlines()
    assert "2 images left out: lesion of a test image." in lines


def test_one_set_alone_will_do(sets: Path) -> None:
    assert {row.image.source for row in collect(Folders(ham10000=sets / "ham10000")).rows} == {"HAM10000"}


def test_sets_that_do_not_lie_as_they_should_get_a_sentence(sets: Path) -> None:
    with pytest.raises(UsageError, match="nothing to collect"):
        collect(Folders())
    with pytest.raises(UsageError, match="give --ham10000 too"):
        collect(Folders(ham10000_copies=sets / "ham10000_224"))
    with pytest.raises(DataError, match=r"labels.csv” is not there"):
        collect(Folders(ham10000=sets / "isic9"))
    with pytest.raises(DataError, match="holds no Train/<class> folders"):
        collect(Folders(isic9=sets / "ham10000"))
    (sets / "ham10000/images/H5.jpg").unlink()
    with pytest.raises(DataError, match=r"H5.jpg” is named by its set's table"):
        collect(Folders(ham10000=sets / "ham10000"))
    (sets / "isic2017/train.csv").write_text("image_id\nI20\n")
    with pytest.raises(DataError, match="has no column “label”, “note”"):
        collect(Folders(isic2017=sets / "isic2017"))


def test_a_model_file_answers_the_test_images_of_the_sets(sets: Path, model_file: Path) -> None:
    write_csv(
        sets / "isic9/conflicts.csv",
        [
            {"image_id": "N80", "folder": "Test/vascular lesion", "note": "also in Train/nevus"},
            {"image_id": "N82", "folder": "Train/melanoma", "note": "also in Train/seborrheic keratosis"},
        ],
    )
    out = sets / "kept/test.csv"
    call = ["test", "--model", str(model_file), "--isic2017", str(sets / "isic2017"), "--isic9", str(sets / "isic9")]
    assert main([*call, "--out", str(out)]) == 0
    found = tested.read(out)
    assert found is not None
    assert sorted(found.images) == ["H0", "I40", "I41", "I42", "N80"]
    assert set(found.sources) == {"isic9 Test", "ISIC 2017 validation"}
    assert [image for image, is_so in zip(found.images, found.conflicting, strict=True) if is_so] == ["N80"]
    classifier = Classifier(model_file)
    assert found.model_sha256 == classifier.sha256
    file = sets / "isic9/Test/nevus/H0.jpg"
    expected = classifier.run(classifier.prepare(file.read_bytes(), file.name)[None]).probabilities[0]
    assert found.probabilities[found.images.index("H0")] == pytest.approx(expected, rel=1e-3)


def test_testing_on_nothing_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--model", "m.onnx", "--out", str(tmp_path / "test.csv")]) == 2
    assert "There is nothing to test on" in capsys.readouterr().err
    assert tested.read(tmp_path / "test.csv") is None
