"""The order by unlikeness: known vectors give the known order."""

import numpy as np
from numpy.typing import NDArray

from desktop.core.imaging.capture import Capture
from desktop.core.inference.similarity import DIMENSIONS, from_bytes, to_bytes
from desktop.core.inference.unlikeness import by_unlikeness, shared_capture


def at(*degrees: float, axis: int = 1) -> NDArray[np.float32]:
    """Return a unit vector [n, d] at each angle to the usual look, towards an axis of its own."""
    vectors = np.zeros((len(degrees), DIMENSIONS), np.float32)
    vectors[:, 0], vectors[:, axis] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vectors


def test_what_looks_least_like_the_others_comes_first_and_equals_keep_their_order() -> None:
    assert by_unlikeness([at(0), at(0), at(60), at(0), at(30), at(0)]) == [2, 4, 0, 1, 3, 5]
    assert by_unlikeness([at(0)] * 4) == [0, 1, 2, 3]


def test_a_lesion_is_the_mean_of_its_images() -> None:
    assert by_unlikeness([at(0), at(0), at(10, 50), at(29), at(0), at(0)]) == [2, 3, 0, 1, 4, 5]
    assert by_unlikeness([at(0), at(0), at(10, 50), at(31), at(0), at(0)]) == [3, 2, 0, 1, 4, 5]


def test_a_few_of_another_kind_do_not_make_the_others_unlike() -> None:
    # By the mean of distances, the one between the two kinds would count as more usual than the most frequent kind.
    lesions = [*(at(0) for _ in range(6)), at(40, axis=1), *(at(90, axis=1) for _ in range(4))]
    assert by_unlikeness(lesions) == [7, 8, 9, 10, 6, 0, 1, 2, 3, 4, 5]


def test_rounding_of_kept_vectors_orders_nothing() -> None:
    generator = np.random.default_rng(7)
    one = generator.normal(size=DIMENSIONS)
    turned = [one + generator.normal(scale=1e-4, size=DIMENSIONS) for _ in range(12)]
    kept = [from_bytes(to_bytes((vector / np.linalg.norm(vector)).astype(np.float32))) for vector in turned]
    assert by_unlikeness(kept) == list(range(12))


def test_an_image_without_a_look_is_no_fault() -> None:
    assert by_unlikeness([at(0), np.zeros((1, DIMENSIONS), np.float32), at(0)]) == [1, 0, 2]


def test_the_shared_capture_is_that_of_most_lesions_whose_device_is_known() -> None:
    polarised, other = Capture("DermLite", "contact", "polarised"), Capture("DermLite", "contact", "not polarised")
    assert shared_capture([]) is None
    assert shared_capture([[Capture()], [Capture("", "contact", "polarised")]]) is None
    assert shared_capture([[other], [polarised], [polarised]]) == polarised
    assert shared_capture([[other, other, other], [polarised], [polarised]]) == polarised, "a lesion counts once"
    assert shared_capture([[other], [polarised]]) == other
