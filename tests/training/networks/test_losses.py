import keras
import numpy as np
import pytest

from training.networks.losses import AdjustedCrossentropy


def learned(adjustment: float) -> np.ndarray:
    """Return what a network answers that can learn nothing of its images but how often each label is shown."""
    keras.utils.set_random_seed(1)
    labels = np.array([0] * 80 + [1] * 20)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2, activation="softmax")])
    shares = np.bincount(labels) / len(labels)
    model.compile(keras.optimizers.Adam(0.1), AdjustedCrossentropy(shares, adjustment))
    model.fit(np.zeros((100, 1)), labels, batch_size=100, epochs=150, verbose=0)
    return model.predict(np.zeros((1, 1)), verbose=0)[0]


@pytest.mark.parametrize(("adjustment", "expected"), [(0.0, [0.8, 0.2]), (1.0, [0.5, 0.5])])
def test_with_adjustment_a_label_that_is_shown_more_often_is_no_more_probable(
    adjustment: float, expected: list[float]
) -> None:
    assert learned(adjustment) == pytest.approx(expected, abs=0.02)


def test_rows_of_shares_and_label_indices_have_the_same_loss() -> None:
    loss = AdjustedCrossentropy([0.7, 0.2, 0.1], 1.0)
    answers = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]], np.float32)
    rows, indices = np.eye(3, dtype=np.float32)[[1, 2]], np.array([1, 2])
    assert float(loss(rows, answers)) == pytest.approx(float(loss(indices, answers)))


def test_it_survives_a_checkpoint() -> None:
    loss = AdjustedCrossentropy([0.7, 0.3], 0.5)
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    answers, indices = np.array([[0.4, 0.6]], np.float32), np.array([0])
    assert float(again(indices, answers)) == float(loss(indices, answers))
