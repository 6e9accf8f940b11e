import keras
import numpy as np
import pytest

from training.networks.losses import AdjustedCrossentropy


def learned(adjustment: float) -> np.ndarray:
    """Return the answers of a network that can learn only how often each label is shown."""
    keras.utils.set_random_seed(1)
    labels = np.array([0] * 80 + [1] * 20)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2, activation="softmax")])
    shares = np.bincount(labels) / len(labels)
    model.compile(keras.optimizers.Adam(0.1), AdjustedCrossentropy(shares, adjustment))
    model.fit(np.zeros((100, 1)), labels, batch_size=100, epochs=150, verbose=0)
    return model.predict(np.zeros((1, 1)), verbose=0)[0]


@pytest.mark.parametrize(("adjustment", "expected"), [(0.0, [0.8, 0.2]), (1.0, [0.5, 0.5])])
def test_with_logit_adjustment_a_label_shown_more_often_is_not_more_probable(
    adjustment: float, expected: list[float]
) -> None:
    assert learned(adjustment) == pytest.approx(expected, abs=0.02)


def test_rows_of_shares_and_label_indices_have_the_same_loss() -> None:
    loss = AdjustedCrossentropy([0.7, 0.2, 0.1], 1.0)
    answers = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]], np.float32)
    rows, indices = np.eye(3, dtype=np.float32)[[1, 2]], np.array([1, 2])
    assert float(loss(rows, answers)) == pytest.approx(float(loss(indices, answers)))


def test_labels_of_one_group_are_distinguished_by_a_share_of_the_loss() -> None:
    answers, indices = np.array([[0.2, 0.5, 0.3]], np.float32), np.array([1])
    shares = [1 / 3] * 3
    alone = -np.log(0.5)
    together = -np.log(0.5 + 0.3)
    for apart, expected in ((1.0, alone), (0.0, together), (0.25, 0.25 * alone + 0.75 * together)):
        loss = AdjustedCrossentropy(shares, 1.0, owners=[0, 1, 1], apart=apart)
        assert float(loss(indices, answers)) == pytest.approx(expected, abs=1e-5)


def test_images_of_a_pair_add_the_loss_of_the_choice_between_the_two() -> None:
    answers = np.array([[0.2, 0.5, 0.3]], np.float32)
    loss = AdjustedCrossentropy([1 / 3] * 3, 1.0, pair=[1, 2], pair_weight=0.5)
    assert float(loss(np.array([2]), answers)) == pytest.approx(-np.log(0.3) - 0.5 * np.log(0.3 / 0.8), abs=1e-5)
    assert float(loss(np.array([0]), answers)) == pytest.approx(-np.log(0.2), abs=1e-5), "it is none of the two"
