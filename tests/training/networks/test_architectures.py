import numpy as np
import pytest

from desktop.core.errors import UsageError
from training.networks.architectures import build, find
from training.networks.weights import load
from training.run.config import Config


def test_paper_cnn_has_the_papers_number_of_parameters() -> None:
    model = build(Config(input_size=128), 9)
    table = [(type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params()) for layer in model.layers]
    assert table == [
        ("InputLayer", (128, 128, 3), 0),
        ("Rescaling", (128, 128, 3), 0),
        ("Conv2D", (126, 126, 32), 896),
        ("MaxPooling2D", (63, 63, 32), 0),
        ("Conv2D", (61, 61, 64), 18_496),
        ("MaxPooling2D", (30, 30, 64), 0),
        ("Conv2D", (28, 28, 128), 73_856),
        ("MaxPooling2D", (14, 14, 128), 0),
        ("Flatten", (25_088,), 0),
        ("Dense", (128,), 3_211_392),
        ("Dropout", (128,), 0),
        ("Dense", (9,), 1_161),
    ]
    assert model.count_params() == 3_305_801
    assert model.get_layer("dropout").rate == 0.5
    assert all(layer.activation.__name__ == "relu" for layer in model.layers if type(layer).__name__ == "Conv2D")


def test_paper_cnn_stretches_images_to_128_pixels() -> None:
    architecture = find("paper-cnn")
    assert (architecture.input_size, architecture.fit) == (128, "stretch")


def test_the_network_scales_pixels_itself_and_answers_with_probabilities() -> None:
    model = build(Config(input_size=24), 4)
    pixels = np.full((2, 24, 24, 3), 255, np.float32)
    scaled = model.get_layer("scaling")(pixels)
    assert float(np.asarray(scaled).max()) == 1
    assert np.asarray(model(pixels)).sum(axis=1) == pytest.approx([1, 1], abs=1e-6)


def test_too_small_an_input_and_an_unknown_name_are_refused_with_a_sentence() -> None:
    with pytest.raises(UsageError, match="needs --input-size 22 or more"):
        build(Config(input_size=21), 2)
    with pytest.raises(UsageError, match="no architecture “resnet”"):
        find("resnet")


def test_paper_cnn_has_no_imagenet_weights() -> None:
    config = Config(input_size=24, weights="imagenet")
    with pytest.raises(UsageError, match="no ImageNet weights of paper-cnn"):
        load(build(config, 2), config, ("melanoma", "nevus"))
