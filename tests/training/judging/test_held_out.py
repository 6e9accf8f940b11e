"""The answers to held-out images: saved reproducibly, and dealt into folds that split no lesion."""

from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import DataError
from tests.training.answers import made_up
from training.judging.held_out import FOLDS, read, write


def test_written_answers_are_read_back_unchanged(tmp_path: Path) -> None:
    found = made_up(60, is_proved=True)
    write(found, tmp_path / "a.csv.gz")
    again = read(tmp_path / "a.csv.gz")
    assert (again.labels, again.images) == (found.labels, found.images)
    assert again.probabilities == pytest.approx(found.probabilities, rel=1e-4)
    assert again.novelty == pytest.approx(found.novelty, rel=1e-4)
    write(found, tmp_path / "b.csv.gz")
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


def test_folds_split_no_group_and_have_their_share_of_each_label() -> None:
    found = made_up(900)
    assert set(found.folds.tolist()) == set(range(1, FOLDS + 1))
    assert (found.folds[::2] == found.folds[1::2]).all()
    for label in range(len(found.labels)):
        counts = np.bincount(found.folds[found.truth == label], minlength=FOLDS + 1)[1:]
        assert np.ptp(counts) <= 2, "a group of two images more or less"


def test_folds_do_not_depend_on_the_order_of_the_images() -> None:
    found = made_up(200)
    order = np.random.default_rng(1).permutation(200)
    images = tuple(found.images[place] for place in order)
    shuffled = type(found)(found.labels, images, found.probabilities[order])
    assert (shuffled.folds == found.folds[order]).all()


@pytest.mark.parametrize("content", [b"", b"no gzip"])
def test_file_without_answers_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.csv.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as the answers to held-out images"):
        read(path)
