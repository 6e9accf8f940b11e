from collections import Counter

import pytest

from desktop.core.errors import DataError
from training.images.grouping import held_out


def test_a_fifth_of_each_label_is_held_out_without_splitting_groups() -> None:
    labels = ["a"] * 100 + ["b"] * 50
    groups = [place // 2 for place in range(150)]
    held = held_out(labels, groups, folds=5, seed=42)
    assert Counter(labels[place] for place in held) == {"a": 20, "b": 10}
    assert {groups[place] for place in held}.isdisjoint(groups[place] for place in range(150) if place not in held)


def test_the_held_out_images_depend_on_the_seed() -> None:
    labels = ["a"] * 40 + ["b"] * 30 + ["c"] * 20
    groups = list(range(90))
    assert held_out(labels, groups, 5, 42) == held_out(labels, groups, 5, 42)
    assert held_out(labels, groups, 5, 42) != held_out(labels, groups, 5, 43)


def test_the_folds_hold_every_image_once() -> None:
    labels = ["a"] * 40 + ["b"] * 30
    groups = [place // 2 for place in range(70)]
    folds = [held_out(labels, groups, 5, 42, fold) for fold in range(1, 6)]
    assert sorted(place for held in folds for place in held) == list(range(70))
    assert folds[0] == held_out(labels, groups, 5, 42)


def test_a_label_with_two_images_is_split_without_a_warning() -> None:
    labels = ["a"] * 20 + ["b"] * 2
    assert len(held_out(labels, list(range(22)), 5, 42)) in {4, 5}


def test_too_few_images_are_refused_with_a_sentence() -> None:
    with pytest.raises(DataError, match="too few images to hold some out"):
        held_out(["a", "b"], [0, 1], 5, 42)
