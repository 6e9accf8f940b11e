from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.explain import OCCLUSION_CELLS, ExplanationMaps, explain
from tests.making import SIZE, lesion, write_model


def picture(seed: int = 3) -> NDArray[np.uint8]:
    return np.asarray(lesion(seed).resize((SIZE, SIZE), 2))


def test_activation_maps_sum_to_the_logits(tmp_path: Path) -> None:
    classifier = Classifier(write_model(tmp_path / "maps.onnx", cells=4))
    told: list[tuple[int, int]] = []
    maps = explain(classifier, picture(), told.append, lambda: False)
    assert maps is not None
    assert maps.kind == "activation"
    assert maps.values.shape == (4, 4, 9)
    powers = np.exp(maps.values.sum(axis=(0, 1)))
    np.testing.assert_allclose(powers / powers.sum(), classifier.run(picture()[None]).probabilities[0], atol=1e-5)
    assert told == []


def test_occlusion_measures_how_much_each_hidden_cell_lowers_the_probability(model_file: Path) -> None:
    classifier = Classifier(model_file)
    image = picture()
    told: list[tuple[int, int]] = []
    maps = explain(classifier, image, told.append, lambda: False)
    assert maps is not None
    assert maps.kind == "occlusion"
    assert maps.values.shape == (OCCLUSION_CELLS, OCCLUSION_CELLS, 9)
    assert told[-1] == (OCCLUSION_CELLS**2, OCCLUSION_CELLS**2)
    edges = np.linspace(0, SIZE, OCCLUSION_CELLS + 1).round().astype(int)
    hidden = image.copy()
    hidden[edges[5] : edges[6], edges[7] : edges[8]] = image.reshape(-1, 3).mean(axis=0).round()
    expected = classifier.run(np.stack([image, hidden])).probabilities
    np.testing.assert_allclose(maps.values[5, 7], expected[0] - expected[1], atol=1e-5)


def test_occlusion_ends_when_it_is_cancelled(model_file: Path) -> None:
    told: list[tuple[int, int]] = []
    assert explain(Classifier(model_file), picture(), told.append, lambda: len(told) == 2) is None
    assert len(told) == 2


def test_cells_that_speak_against_a_label_are_not_tinted() -> None:
    values = np.array([[[-2.0, 0.5], [0.0, -1.0]], [[1.0, -3.0], [4.0, -0.5]]], np.float32)
    maps = ExplanationMaps("activation", values)
    np.testing.assert_array_equal(maps.shades(0), np.array([[0, 0], [0.25, 1]], np.float32))
    np.testing.assert_array_equal(maps.shades(1), np.array([[1, 0], [0, 0]], np.float32))
    assert maps.greatest(0) == pytest.approx(4)
    against = ExplanationMaps("activation", -np.abs(values))
    assert against.shades(0).max() == 0
    assert against.greatest(1) == pytest.approx(-0.5)
