"""The agreement of answers to two copies of an image, with a model whose answers are known."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop.core.inference.classifier import Classifier
from tests.making import NINE, contract, lesion, write_model
from training.__main__ import main
from training.measuring.copy_agreement import CHANGES, Copies, agreement, compare_copies

LABELS = [label.id for label in NINE]


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, Path]:
    """Six images, and copies of five of them in another size, format and folder."""
    for number in range(6):
        image = lesion(number)
        (tmp_path / "first").mkdir(exist_ok=True)
        image.save(tmp_path / f"first/I{number}.png")
        if number < 5:
            (tmp_path / "second/nevus").mkdir(parents=True, exist_ok=True)
            image.resize((320, 240)).save(tmp_path / f"second/nevus/I{number}.jpg", quality=90)
    return tmp_path / "first", tmp_path / "second"


def rows(*places: int) -> np.ndarray:
    return np.eye(9, dtype=np.float32)[list(places)] * 0.8 + np.float32(0.2 / 9)


def test_labels_merged_into_seven_classes_agree_there_and_not_among_nine() -> None:
    nevus, pigmented, seborrheic = (LABELS.index(name) for name in LABELS[4:7])
    found = agreement("", rows(nevus, pigmented, nevus), rows(nevus, seborrheic, seborrheic), LABELS)
    assert LABELS[4:7] == ["nevus", "pigmented_benign_keratosis", "seborrheic_keratosis"]
    assert (found.same.k, found.same.n) == (1, 3)
    assert found.same_of_seven is not None
    assert (found.same_of_seven.k, found.same_of_seven.n) == (2, 3)
    assert found.largest_change == pytest.approx(0.8 * 2 / 3)


def test_a_model_without_these_labels_has_no_seven_classes() -> None:
    assert agreement("", rows(0)[:, :2], rows(0)[:, :2], ["scar", "wart"]).same_of_seven is None


def test_copies_are_matched_by_name_and_changes_are_measured_on_the_first(
    copies: tuple[Path, Path], model_file: Path
) -> None:
    found = compare_copies(Classifier(model_file), Copies(copies[0]), Copies(copies[1]))
    assert [one.same.n for one in found] == [5] * (1 + len(CHANGES))
    assert found[0].change == "“first” against “second”"
    assert all(0 <= one.largest_change < 0.2 for one in found), "a mean colour hardly changes"
    assert found[0].largest_change > 0


def test_the_same_folder_agrees_with_itself(copies: tuple[Path, Path], model_file: Path) -> None:
    found = compare_copies(Classifier(model_file), Copies(copies[0]), Copies(copies[0]))
    assert found[0].same.k == found[0].same.n == 6
    assert found[0].largest_change == 0


def test_a_squashed_copy_is_compared_in_the_geometry_of_its_original(tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.onnx", dataclasses.replace(contract(), fit="crop"))
    for number in range(4):
        wide = Image.new("RGB", (320, 240), (200 - 40 * number, 20, 20))  # outside the crop the colour is another
        wide.paste((20, 200, 20), (40, 0, 280, 240))
        for name, image in (("first", wide), ("second", wide.resize((180, 180)))):
            (tmp_path / name).mkdir(exist_ok=True)
            image.save(tmp_path / name / f"{number}.png")
    first = Copies(tmp_path / "first")
    right, *_ = compare_copies(Classifier(model), first, Copies(tmp_path / "second", 4 / 3))
    wrong, *_ = compare_copies(Classifier(model), first, Copies(tmp_path / "second"))
    assert right.largest_change < 0.01 < wrong.largest_change


def test_the_command_shows_a_table_and_writes_json(
    copies: tuple[Path, Path], model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = map(str, copies)
    output = tmp_path / "agreement.json"
    call = ["agree", "--model", str(model_file), "--first", first, "--second", second, "--out", str(output)]
    assert main(call) == 0
    table = capsys.readouterr().out
    assert "“first” saved as JPEG 50" in table
    assert "5 / 5 = 100.0 % (56.6 – 100.0)" in table
    content = json.loads(output.read_text(encoding="utf-8"))
    assert content["model_sha256"] == Classifier(model_file).sha256
    assert len(content["agreements"]) == 1 + len(CHANGES)


def test_folders_without_a_common_name_are_refused_with_a_sentence(
    copies: tuple[Path, Path], model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    call = ["agree", "--model", str(model_file), "--first", str(copies[0]), "--second", str(tmp_path / "empty")]
    assert main(call) == 1
    assert "have no images of the same name" in capsys.readouterr().err
