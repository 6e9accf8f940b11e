"""Corrected labels: they hold for a whole lesion, and a table that does not fit the data is refused with a sentence."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from desktop.core.errors import DataError
from tests.training.drawn import draw, draw_classes, write_csv
from training.images.catalogue import read_catalogue
from training.images.corrections import with_corrections


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two images of lesion A, one of B, and two copies of a picture."""
    rows = [
        {"path": "1.png", "label": "nevus", "lesion": "A", "picture": ""},
        {"path": "2.png", "label": "nevus", "lesion": "A", "picture": ""},
        {"path": "3.png", "label": "melanoma", "lesion": "B", "picture": ""},
        {"path": "4.png", "label": "nevus", "lesion": "", "picture": "P"},
        {"path": "5.png", "label": "nevus", "lesion": "", "picture": "P"},
    ]
    for number, row in enumerate(rows):
        draw(tmp_path / row["path"], row["label"], number)
    return write_csv(tmp_path / "data.csv", rows)


def corrected(data: Path, rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    table = write_csv(data.with_name("corrections.csv"), rows)
    return {image.name: image.label for image in with_corrections(read_catalogue(data), table).images}


def test_a_correction_holds_for_all_images_of_the_lesion_or_picture(data: Path) -> None:
    rows = [{"path": "2.png", "corrected": "Melanoma"}, {"path": "3.png", "corrected": ""}]
    assert corrected(data, rows) == {
        "1.png": "melanoma",
        "2.png": "melanoma",
        "3.png": "melanoma",
        "4.png": "nevus",
        "5.png": "nevus",
    }
    assert corrected(data, [{"path": "4.png", "corrected": "melanoma"}])["5.png"] == "melanoma"


def test_an_image_is_left_out_where_a_dash_stands(data: Path) -> None:
    assert corrected(data, [{"path": "1.png", "corrected": "-"}]).keys() == {"3.png", "4.png", "5.png"}


def test_the_remark_counts_what_changed_and_a_label_without_images_goes(data: Path) -> None:
    table = write_csv(
        data.with_name("c.csv"), [{"path": "3.png", "corrected": "-"}, {"path": "1.png", "corrected": ""}]
    )
    catalogue = with_corrections(read_catalogue(data), table)
    assert (
        catalogue.remarks[-1] == "By “c.csv”, labels corrected: 0, images left out: 1. No image is left with: Melanoma."
    )
    assert [label.id for label in catalogue.labels] == ["nevus"]


def test_images_of_class_folders_are_corrected_by_their_path(tmp_path: Path) -> None:
    folder = draw_classes(tmp_path / "data", {"melanoma": 2, "nevus": 2})
    table = write_csv(tmp_path / "c.csv", [{"path": "nevus/001.png", "label": "Nevus", "corrected": "melanoma"}])
    catalogue = with_corrections(read_catalogue(folder), table)
    assert {image.name: image.label for image in catalogue.images}["nevus/001.png"] == "melanoma"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"path": "9.png", "corrected": "nevus"}], "line 2: the data hold no image “9.png”"),
        (
            [{"path": "1.png", "corrected": "mole"}],
            "line 2: the corrected label “mole” is none of the data's: Melanoma, Nevus",
        ),
        (
            [{"path": "1.png", "corrected": "melanoma"}, {"path": "2.png", "corrected": "nevus"}],
            "lines 2 and 3: “1.png” and “2.png” are of one lesion or picture, and corrected to different labels",
        ),
        (
            [{"path": "3.png", "label": "Dermatofibroma", "corrected": "nevus"}],
            "line 2: “3.png” is labelled “Dermatofibroma” there and “melanoma” in the data",
        ),
        ([{"path": "1.png", "label": "nevus"}], "corrected"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(data: Path, rows: list[dict[str, object]], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        corrected(data, rows)


def test_a_row_that_another_one_corrects_is_told(data: Path) -> None:
    rows = [{"path": "1.png", "corrected": "melanoma"}, {"path": "2.png", "corrected": ""}]
    table = write_csv(data.with_name("c.csv"), rows)
    assert with_corrections(read_catalogue(data), table).remarks[-1] == (
        "By “c.csv”, labels corrected: 2, images left out: 0. Rows without a correction that have that of their lesion or "
        "picture: 1."
    )


def test_corrections_that_meet_in_a_third_image_are_one_or_refused(tmp_path: Path) -> None:
    rows = [
        {"path": "1.png", "label": "nevus", "lesion": "A", "picture": ""},
        {"path": "2.png", "label": "nevus", "lesion": "A", "picture": "P"},
        {"path": "3.png", "label": "nevus", "lesion": "B", "picture": "P"},
        {"path": "4.png", "label": "melanoma", "lesion": "C", "picture": ""},
    ]
    for number, row in enumerate(rows):
        draw(tmp_path / row["path"], row["label"], number)
    data = write_csv(tmp_path / "data.csv", rows)
    assert set(corrected(data, [{"path": "1.png", "corrected": "melanoma"}]).values()) == {"melanoma"}
    with pytest.raises(DataError, match=r"lines 2 and 3: “1\.png” and “3\.png” are of one lesion or picture"):
        corrected(data, [{"path": "1.png", "corrected": "melanoma"}, {"path": "3.png", "corrected": "nevus"}])


def test_what_the_data_have_already_is_accepted(data: Path) -> None:
    rows = [{"path": "3.png", "label": "nevus", "corrected": "melanoma"}]
    assert corrected(data, rows)["3.png"] == "melanoma"
