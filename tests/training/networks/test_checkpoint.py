from pathlib import Path

import keras
import numpy as np
import pytest

from desktop.core.errors import DataError
from training.networks.averaging import EVERY, AverageWeights
from training.networks.checkpoint import PartialEpoch, random_states, read, save

IMAGES = np.random.default_rng(0).uniform(0, 1, (4 * EVERY, 3)).astype(np.float32)
LABELS = (IMAGES.sum(axis=1) > 1.5).astype(int)


def network() -> keras.Model:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.5), keras.layers.Dense(2, "softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


def trained(model: keras.Model, average: AverageWeights) -> list[np.ndarray]:
    model.fit(IMAGES, LABELS, batch_size=2, callbacks=[average], shuffle=False, verbose=0)
    return [*model.get_weights(), *average.values, *map(np.asarray, random_states(model))]


def test_training_resumes_from_its_checkpoint_with_the_same_result(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    model = network()
    average = AverageWeights(model, 0.9)
    trained(model, average)
    save(path, model, average, 2 * EVERY, [PartialEpoch(0.5, 0.75, 64)])
    expected = trained(model, average)

    again = network()
    mean = AverageWeights(again, 0.9)
    saved = read(path)
    saved.restore(again, mean)
    assert (saved.steps, saved.parts) == (2 * EVERY, (PartialEpoch(0.5, 0.75, 64),))
    assert all(np.array_equal(one, other) for one, other in zip(trained(again, mean), expected, strict=True))


def test_a_damaged_checkpoint_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    path.write_bytes(b"PK\3\4 and no more")
    with pytest.raises(DataError, match=r"checkpoint.npz” cannot be read"):
        read(path)


def test_the_running_mean_is_updated_every_16_steps() -> None:
    model = network()
    average = AverageWeights(model, 0.999)
    average.set_model(model)
    before = model.get_weights()
    model.set_weights([weight + 1 for weight in before])
    for step in range(EVERY - 1):
        average.on_train_batch_end(step, {})
    assert all(np.array_equal(one, other) for one, other in zip(average.values, before, strict=True))
    average.on_train_batch_end(EVERY, {})
    assert all(
        one == pytest.approx(other + 0.9, abs=1e-6) for one, other in zip(average.values, before, strict=True)
    ), "at first it forgets nine tenths"
    with average.in_place(model):
        assert all(np.array_equal(one, other) for one, other in zip(average.values, model.get_weights(), strict=True))
    assert all(np.array_equal(one, other + 1) for one, other in zip(model.get_weights(), before, strict=True))
