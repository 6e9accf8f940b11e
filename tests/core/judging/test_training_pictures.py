import numpy as np
import pytest

from desktop.core.image_copies.hashes import THUMBNAIL
from desktop.core.inference.classifier import Classifier
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures, find_training_pictures, shipped_pictures
from desktop.core.paths import SHIPPED_MODEL
from tests.judged import blotches


def thumbnails(*seeds: int):
    return np.array([np.asarray(blotches(seed, (THUMBNAIL, THUMBNAIL))) for seed in seeds])


def test_what_was_noted_is_read_and_recognised(tmp_path) -> None:
    noted = TrainingPictures.of("abc", thumbnails(1, 2, 2))
    (tmp_path / f"model{SUFFIX}").write_bytes(noted.to_bytes())
    found = find_training_pictures(tmp_path / "model.onnx", "abc")
    assert found is not None
    assert len(found.known) == 2
    assert found.shows(thumbnails(2, 3, 1)).tolist() == [True, False, True]


@pytest.mark.parametrize(
    "change", [lambda data: data[:-1], lambda data: b"x" + data, lambda _: b"", lambda data: data[:40]]
)
def test_a_broken_note_is_none(change, tmp_path) -> None:
    path = tmp_path / f"model{SUFFIX}"
    path.write_bytes(change(TrainingPictures.of("abc", thumbnails(1)).to_bytes()))
    assert find_training_pictures(tmp_path / "model.onnx", "abc") is None


def test_a_note_of_other_training_data_is_not_taken(tmp_path) -> None:
    (tmp_path / f"model{SUFFIX}").write_bytes(TrainingPictures.of("abc", thumbnails(1)).to_bytes())
    assert find_training_pictures(tmp_path / "model.onnx", "other") is None


def test_a_model_that_began_with_another_has_its_pictures_too() -> None:
    both = TrainingPictures.of("new", thumbnails(1)).and_of(TrainingPictures.of("old", thumbnails(1, 2)))
    assert (both.fingerprint, len(both.known)) == ("new", 2)


def test_the_shipped_model_has_its_pictures() -> None:
    shipped = shipped_pictures()
    contract = Classifier(SHIPPED_MODEL).contract
    assert shipped is not None
    assert shipped.fingerprint == contract.training_data.fingerprint
    assert len(shipped.known) > sum(contract.training_data.label_counts.values())
    assert find_training_pictures(SHIPPED_MODEL.with_name("recalibrated.onnx"), shipped.fingerprint) is not None
