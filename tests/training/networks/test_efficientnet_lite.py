"""The converted networks against their originals: stored answers of PyTorch, and a photograph from scikit-learn."""

import importlib.resources
from pathlib import Path

import keras
import numpy as np
import pytest

from desktop.core.errors import DataError, UsageError
from desktop.core.imaging.preprocessing import model_input
from training.networks.architectures import build, find
from training.networks.efficientnet_lite import imagenet
from training.networks.weights import load
from training.run.config import Config

LOGITS = Path(__file__).with_name("efficientnet_lite_logits.npz")
"""What efficientnet-lite-pytorch 0.1.0 answered on torch 2.13.0 to the noise below, scaled by (pixel - 127) / 128."""

PALACE, DAISY = 698, 985
"""Indices among ImageNet's 1000 classes."""


def small(name: str, labels: int = 3, **settings: object) -> keras.Model:
    return build(Config(architecture=name, input_size=32, **settings), labels)  # type: ignore[arg-type]


def with_imagenet(name: str) -> keras.Model:
    """Build the network with ImageNet's head, which `load` leaves out."""
    config = Config(architecture=name, input_size=find(name).input_size, weights="imagenet")
    model = build(config, 1000)
    load(model, config, ())
    model.get_layer("probabilities").set_weights(imagenet(config)["probabilities"])
    return model


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_converted_network_answers_as_the_original(number: int) -> None:
    name = f"efficientnet-lite{number}"
    model, size = with_imagenet(name), find(name).input_size

    noise = np.random.default_rng(number).integers(0, 256, (2, size, size, 3))[:1].astype(np.float32)
    logits = np.load(LOGITS)[name].astype(np.float64)
    expected = logits - np.log(np.exp(logits).sum())
    assert np.abs(np.log(np.asarray(model(noise, training=False))) - expected).max() < 1e-4

    photograph = (importlib.resources.files("sklearn") / "datasets/images/china.jpg").read_bytes()
    answers = np.asarray(model(model_input(photograph, size, "crop")[None].astype(np.float32), training=False))
    assert answers.argmax() == PALACE


def test_imagenet_weights_recognise_a_flower() -> None:
    flower = (importlib.resources.files("sklearn") / "datasets/images/flower.jpg").read_bytes()
    answers = with_imagenet("efficientnet-lite0")(model_input(flower, 224, "crop")[None].astype(np.float32))
    assert np.asarray(answers).argmax() == DAISY


@pytest.mark.parametrize(
    ("name", "blocks", "parameters"),
    [
        ("efficientnet-lite0", 16, 4_631_000),
        ("efficientnet-lite1", 21, 5_389_848),
        ("efficientnet-lite2", 21, 6_063_024),
    ],
)
def test_parameter_count_is_the_published_one_with_a_bias_for_each_normalisation(
    name: str, blocks: int, parameters: int
) -> None:
    model = small(name, labels=1000)
    assert model.count_params() == parameters
    assert sum(layer.name.endswith("_projection_convolution") for layer in model.layers) == blocks
    assert model.get_layer("stem_convolution").filters == 32
    assert model.get_layer("features").output.shape == (None, 1, 1, 1280)
    assert model.get_layer("embedding").output.shape == (None, 1280)


def test_every_layer_has_a_name_of_its_own() -> None:
    names = [layer.name for layer in small("efficientnet-lite0").layers]
    assert names[0] == "image"
    assert names[-5:] == ["head_convolution", "features", "embedding", "dropout", "probabilities"]
    assert not any(name.startswith(("conv2d", "batch_", "re_lu", "add")) for name in names)


def test_deeper_blocks_are_dropped_more_often() -> None:
    model = small("efficientnet-lite0", drop_connect=0.2)
    rates = [layer.rate for layer in model.layers if layer.name.endswith("_drop")]
    assert rates == sorted(rates)
    assert rates[-1] == pytest.approx(0.2 * 14 / 16)
    assert not any(layer.name.endswith("_drop") for layer in small("efficientnet-lite0").layers)


def test_a_head_for_other_labels_keeps_its_initial_weights() -> None:
    config = Config(architecture="efficientnet-lite0", input_size=32, weights="imagenet")
    model = build(config, 3)
    before = model.get_layer("probabilities").get_weights()
    load(model, config, ())
    after = model.get_layer("probabilities").get_weights()
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    assert np.array_equal(model.get_layer("stem_convolution").get_weights()[0], imagenet(config)["stem_convolution"][0])


def test_an_earlier_runs_weights_are_taken_over_whatever_the_number_of_labels(tmp_path: Path) -> None:
    earlier = small("efficientnet-lite0")
    earlier.save_weights(tmp_path / "model.weights.h5")
    keras.utils.set_random_seed(1)
    for labels in (3, 4):
        config = Config(architecture="efficientnet-lite0", input_size=32, weights=str(tmp_path / "model.weights.h5"))
        model = build(config, labels)
        load(model, config, ())
        for layer in model.layers[:-1]:
            for one, other in zip(layer.get_weights(), earlier.get_layer(layer.name).get_weights(), strict=True):
                assert np.array_equal(one, other)
        head = earlier.get_layer("probabilities").get_weights()[0]
        assert not np.array_equal(model.layers[-1].get_weights()[0][:, :3], head), "nobody says of which labels it is"


def test_invalid_weights_and_those_of_another_network_are_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "model.weights.h5"
    small("efficientnet-lite2").save_weights(path)
    config = Config(architecture="efficientnet-lite0", input_size=32, weights=str(path))
    with pytest.raises(DataError, match="the weights of another network: its “block_"):
        load(small("efficientnet-lite0"), config, ())
    path.write_bytes(b"no weights")
    with pytest.raises(DataError, match="cannot be read as weights"):
        load(small("efficientnet-lite0"), config, ())


def test_too_small_an_input_is_refused_with_a_sentence() -> None:
    with pytest.raises(UsageError, match="needs --input-size 32 or more"):
        build(Config(architecture="efficientnet-lite0", input_size=31), 2)
