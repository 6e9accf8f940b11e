from pathlib import Path

import pytest

from desktop.core.errors import DataError, UsageError
from desktop.core.labels import Malignancy
from tests.training.drawn import draw, draw_classes, write_csv
from training.images.catalogue import read_catalogue


def test_train_and_test_folders_give_the_split(tmp_path: Path) -> None:
    draw_classes(tmp_path / "Train", {"melanoma": 2, "nevus": 2})
    draw_classes(tmp_path / "Test", {"nevus": 1})
    catalogue = read_catalogue(tmp_path)
    assert [(image.name, image.split) for image in catalogue.images] == [
        ("Test/nevus/000.png", "test"),
        ("Train/melanoma/000.png", "train"),
        ("Train/melanoma/001.png", "train"),
        ("Train/nevus/000.png", "train"),
        ("Train/nevus/001.png", "train"),
    ]


def test_class_folders_alone_give_no_split(tmp_path: Path) -> None:
    draw_classes(tmp_path, {"melanoma": 1, "nevus": 1})
    assert {image.split for image in read_catalogue(tmp_path).images} == {None}


def test_class_names_are_recognised_in_any_case_with_spaces_or_underscores(tmp_path: Path) -> None:
    draw_classes(tmp_path, {"Basal Cell_Carcinoma": 1, "VASCULAR-LESION": 1, "nevus": 1, "Nevus ": 2})
    catalogue = read_catalogue(tmp_path)
    assert [label.id for label in catalogue.labels] == ["basal_cell_carcinoma", "nevus", "vascular_lesion"]
    assert catalogue.labels[0].name == "Basal cell carcinoma"
    assert catalogue.labels[0].malignancy is Malignancy.MALIGNANT
    assert sum(image.label == "nevus" for image in catalogue.images) == 3


def test_own_classes_become_labels_of_unknown_malignancy(tmp_path: Path) -> None:
    draw_classes(tmp_path, {"Scar": 1, "nevus": 1})
    labels = read_catalogue(tmp_path, labels_from_folders=True).labels
    assert [(label.id, label.name, label.malignancy) for label in labels] == [
        ("nevus", "Nevus", Malignancy.BENIGN),
        ("scar", "Scar", Malignancy.UNKNOWN),
    ]


def test_own_labels_have_the_malignancy_that_the_table_or_the_command_gives(tmp_path: Path) -> None:
    draw_classes(tmp_path, {"Merkel cell carcinoma": 1, "Scar": 1, "Spitz nevus": 1, "nevus": 1})
    rows = [
        {"path": f"{name}/000.png", "label": name, "malignancy": word}
        for name, word in (
            ("Merkel cell carcinoma", "Malignant"),
            ("Scar", ""),
            ("Spitz nevus", ""),
            ("nevus", "benign"),
        )
    ]
    data = write_csv(tmp_path / "data.csv", rows)
    labels = read_catalogue(data, malignancy="spitz nevus = benign; Scar=unknown").labels
    assert [(label.id, label.malignancy) for label in labels] == [
        ("merkel_cell_carcinoma", Malignancy.MALIGNANT),
        ("nevus", Malignancy.BENIGN),
        ("scar", Malignancy.UNKNOWN),
        ("spitz_nevus", Malignancy.BENIGN),
    ]
    with pytest.raises(DataError, match="The class names “Scar” and “Spitz nevus” are not among"):
        read_catalogue(data)
    with pytest.raises(UsageError, match="“Merkel cell carcinoma” is benign in one place and malignant in another"):
        read_catalogue(data, malignancy="merkel cell carcinoma=benign", labels_from_folders=True)
    with pytest.raises(UsageError, match="--malignancy speaks of “wart”, which no image carries"):
        read_catalogue(data, malignancy="Wart=benign", labels_from_folders=True)
    rows[1]["malignancy"] = "good"
    with pytest.raises(
        DataError, match="line 3: the malignancy “good” is none of malignant, precursor, benign, unknown"
    ):
        read_catalogue(write_csv(data, rows))


def test_other_and_hidden_files_are_ignored(tmp_path: Path) -> None:
    draw_classes(tmp_path, {"melanoma": 1, "nevus": 1, ".trash": 1})
    (tmp_path / "nevus" / "notes.txt").write_text("seen by MK")
    (tmp_path / "nevus" / ".DS_Store").write_bytes(b"")
    catalogue = read_catalogue(tmp_path)
    assert len(catalogue.images) == 2
    assert catalogue.remarks == ()


def test_dicom_files_are_found_by_content_and_linked_folders_are_followed(tmp_path: Path) -> None:
    data = draw_classes(tmp_path / "data", {"melanoma": 1, "nevus": 1})
    draw_classes(tmp_path / "elsewhere", {"more": 1})
    (data / "melanoma/linked").symlink_to(tmp_path / "elsewhere/more", target_is_directory=True)
    for name in ("IM0001", "1.2.276.0.7230010.3"):
        (data / "nevus" / name).write_bytes(bytes(128) + b"DICM")
    assert [image.name for image in read_catalogue(data).images] == [
        "melanoma/000.png",
        "melanoma/linked/000.png",
        "nevus/000.png",
        "nevus/1.2.276.0.7230010.3",
        "nevus/IM0001",
    ]


def test_skipped_images_are_reported(tmp_path: Path) -> None:
    draw_classes(tmp_path / "Train", {"melanoma": 1, "nevus": 1})
    draw_classes(tmp_path, {"Basal Cell Carcinoma": 2})
    draw(tmp_path / "Train/one.png", "nevus", 3)
    (tmp_path / "Train/nevus/IMG_1.NEF").write_bytes(b"")
    (tmp_path / "Train/nevus/IMG_2.NEF").write_bytes(b"")
    assert read_catalogue(tmp_path).remarks == (
        "“Basal Cell Carcinoma” stands beside Train and is not read, images in it: 2. Move it into Train, Validation or Test.",
        "Loose images in “Train”, which are not read: 1, the first is “one.png”. Move each into the folder of its class.",
        "2 files of kinds that LesionLens does not open: 2 NEF. Export them as JPEG or PNG.",
    )


def test_a_label_without_training_images_is_reported(tmp_path: Path) -> None:
    draw_classes(tmp_path / "Train", {"melanoma": 1, "nevus": 1})
    draw_classes(tmp_path / "Test", {"vascular lesion": 3})
    assert read_catalogue(tmp_path).remarks == (
        "“Vascular lesion” has 3 images to measure on and none to learn from: the model will never name it.",
    )


def test_columns_that_are_not_read_are_reported(tmp_path: Path) -> None:
    draw_classes(tmp_path, {"melanoma": 1, "nevus": 1})
    rows = [{"path": f"{name}/000.png", "label": name, "Lesion_ID": "L1", "note": ""} for name in ("melanoma", "nevus")]
    told = read_catalogue(write_csv(tmp_path / "data.csv", rows)).remarks
    assert told == (
        "Columns that are not read: Lesion_ID, note.",
        "“Lesion_ID” is not read: call it group if its images belong together, or they may stand on both sides of the split.",
    )
    grouped = [row | {"group": "L1"} for row in rows]
    assert len(read_catalogue(write_csv(tmp_path / "data.csv", grouped)).remarks) == 1


def test_numbers_of_a_table_with_semicolons_may_have_commas(tmp_path: Path) -> None:
    draw_classes(tmp_path, {"melanoma": 1, "nevus": 1})
    data = tmp_path / "data.csv"
    data.write_text("path;label;age\nmelanoma/000.png;melanoma;45,5\nnevus/000.png;nevus;30\n", encoding="utf-8")
    assert [image.age for image in read_catalogue(data).images] == [45.5, 30]


def test_all_columns_of_a_csv_are_read(tmp_path: Path) -> None:
    draw_classes(tmp_path / "pictures", {"melanoma": 1, "nevus": 1})
    data = write_csv(
        tmp_path / "data.csv",
        [
            {"Path": "pictures/melanoma/000.png", "Label": "Melanoma", "group": "L1", "split": "val", "source": "A",
             "aspect": "1.3333", "age": "45.0", "sex": "male", "site": "trunk"},
            {"Path": "pictures/nevus/000.png", "Label": "nevus", "group": "", "split": "", "source": "", "aspect": "",
             "age": "", "sex": "", "site": ""},
        ],
    )  # fmt: skip
    first, second = read_catalogue(data).images
    assert (first.label, first.split, first.group, first.source) == ("melanoma", "validation", "L1", "A")
    assert (first.aspect, first.age, first.sex, first.site) == (1.3333, 45.0, "male", "trunk")
    assert (second.split, second.aspect, second.age) == (None, None, None)


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        ({}, "holds no images with a label. Expected is DIR/Train/<class>/"),
        ({"melanoma": 3}, "carry the one label “melanoma”; a model needs at least two"),
        ({"nevus": 1, "scar": 1}, "The class name “scar” is not among the labels"),
        ({"nevus": 1, "scar": 1, "wart": 1}, "The class names “scar” and “wart” are not among the labels"),
        ({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, "“a”, “b”, “c” and 2 more are not among the labels"),
    ],
)
def test_a_folder_that_cannot_be_trained_on_is_refused_with_a_sentence(
    tmp_path: Path, classes: dict[str, int], sentence: str
) -> None:
    draw_classes(tmp_path, classes)
    with pytest.raises(DataError) as caught:
        read_catalogue(tmp_path)
    assert sentence in str(caught.value)


def test_a_path_that_is_neither_folder_nor_csv_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is neither a folder nor a CSV file"):
        read_catalogue(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("file,label\na.png,nevus\n", "has no column “path”. Its first line must name the columns path, label"),
        ("image,diagnosis\n", "has no column “path”, “label”"),
        ("", "has no column “path”"),
        ("path,label\n", "holds no images with a label"),
        ("path,label\nnevus/000.png,nevus\nlost.png,nevus\n", "1 of the 2 files that"),
        ("path,label\nnevus/000.png,nevus\nlost.png,nevus\n", "the first is “lost.png” in line 3"),
        ("path,label\nnevus/000.png,\n", "line 2: the label is empty"),
        ("path,label,split\nnevus/000.png,nevus,holdout\n", "line 2: the split “holdout” is none of"),
        ("path,label,age\nnevus/000.png,nevus,old\n", "line 2: the age “old” is not a number"),
        ("path,label,age\nnevus/000.png,nevus,nan\n", "line 2: the age “nan” is not a number"),
        ("path,label,age\nnevus/000.png,nevus,-1e999\n", "line 2: the age “-1e999” is not a number"),
        ('path,label,age\nnevus/000.png,nevus,"45,5"\n', "line 2: the age “45,5” is not a number"),
        ("path,label\nnevus/000.png,nevus\n", "carry the one label “nevus”"),
    ],
)
def test_a_csv_that_cannot_be_trained_on_is_refused_with_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    draw_classes(tmp_path, {"nevus": 1})
    data = tmp_path / "data.csv"
    data.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_catalogue(data)
    assert sentence in str(caught.value)
