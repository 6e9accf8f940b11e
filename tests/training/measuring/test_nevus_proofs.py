"""What an embedding holds of how a nevus was proved: all, nothing, and never told of too few lesions."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from training.judging.probe_results import NevusProofs
from training.measuring.alert_figures import FEWEST
from training.measuring.nevus_proofs import told_apart


def made_up(lesions: int, shift: float, seed: int = 0) -> tuple[NevusProofs, ...]:
    """Tell apart lesions of two images each, every third biopsied, whose first feature lies `shift` apart."""
    random = np.random.default_rng(seed)
    followed: NDArray[np.bool_] = np.arange(lesions) % 3 > 0
    own = random.normal(0, 1, (lesions, 20))
    own[:, 0] += shift * followed
    twice = np.repeat(own, 2, axis=0) + random.normal(0, 0.1, (2 * lesions, 20))
    return told_apart(
        np.array(["clinic"] * (2 * lesions)), np.repeat(np.arange(lesions), 2), np.repeat(followed, 2), twice
    )


def test_embedding_that_shows_the_device_tells_the_two_apart() -> None:
    (found,) = made_up(300, 6.0)
    assert (found.source, found.followed, found.biopsied) == ("clinic", 200, 100)
    assert found.auc.value > 0.99


def test_embedding_that_shows_nothing_of_it_does_not() -> None:
    (found,) = made_up(600, 0.0)
    assert found.auc.low < 0.5 < found.auc.high


def test_shift_of_one_deviation_is_told_as_well_as_it_can_be() -> None:
    (found,) = made_up(3000, 1.0)
    assert found.auc.low < norm.cdf(1 / np.sqrt(2)) < found.auc.high


def test_lesion_with_a_biopsied_image_is_biopsied_and_of_too_few_nothing_is_told() -> None:
    count = 2 * FEWEST
    groups = np.repeat(np.arange(count), 2)
    followed = np.arange(2 * count) % 2 == 0
    followed[: 2 * FEWEST] = True
    random = np.random.default_rng(2)
    embeddings = random.normal(0, 1, (2 * count, 5))
    (found,) = told_apart(np.array(["clinic"] * (2 * count)), groups, followed, embeddings)
    assert (found.followed, found.biopsied) == (FEWEST, FEWEST)
    assert told_apart(np.array(["clinic"] * 76), groups[:76], followed[:76], embeddings[:76]) == ()
