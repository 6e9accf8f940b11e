import dataclasses
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import DataError
from tests.training.answers import made_up
from training.folds.out_of_fold import read, write


def test_what_is_written_is_read_again_to_four_digits(tmp_path: Path) -> None:
    found = made_up(60)
    write(found, tmp_path / "answers.csv.gz")
    again = read(tmp_path / "answers.csv.gz")
    assert (again.labels, again.images) == (found.labels, found.images)
    assert again.probabilities == pytest.approx(found.probabilities, rel=1e-3)
    assert again.probabilities.sum(axis=1) == pytest.approx(1)
    assert again.novelty == pytest.approx(found.novelty, rel=1e-3)
    write(again, tmp_path / "again.csv.gz")
    twice = read(tmp_path / "again.csv.gz")
    assert (twice.labels, twice.images) == (again.labels, again.images)
    assert np.array_equal(twice.novelty, again.novelty)
    assert twice.probabilities == pytest.approx(again.probabilities, abs=1e-4)


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write(made_up(40), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_networks_without_novelty_have_none(tmp_path: Path) -> None:
    write(dataclasses.replace(made_up(20), novelty=None), tmp_path / "answers")
    assert read(tmp_path / "answers").novelty is None


def test_a_file_that_is_no_table_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no gzip")
    for name in ("broken", "missing"):
        with pytest.raises(DataError, match="cannot be read as the answers of folds"):
            read(tmp_path / name)


def test_some_of_the_images_keep_their_answers() -> None:
    found = made_up(30)
    chosen = found.folds == 2
    some = found.where(chosen)
    assert {one.fold for one in some.images} == {2}
    assert np.array_equal(some.probabilities, found.probabilities[chosen])
    assert np.array_equal(some.truth, found.truth[chosen])
