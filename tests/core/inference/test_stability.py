from pathlib import Path

import numpy as np
import pytest

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Flag, Group
from desktop.core.inference.stability import VIEWS, measure_stability, views_of
from desktop.core.paths import SHIPPED_MODEL
from tests.making import SIZE, contract, lesion, write_model

KERATOSES = ("pigmented_benign_keratosis", "seborrheic_keratosis")


def image(size: int = SIZE) -> np.ndarray:
    return np.asarray(lesion(3, (size, size)))


def test_the_views_are_all_flips_and_turns_of_the_image_each_also_shifted() -> None:
    seen = image(56)
    views = views_of(seen)
    assert views.shape == (VIEWS, 56, 56, 3)
    assert views.dtype == np.uint8
    assert np.array_equal(views[0], seen)
    assert len({view.tobytes() for view in views}) == VIEWS, "no view is another's twin"
    assert np.array_equal(views[8][:-2], views[0][2:]), "up by two of 56 pixels"
    assert np.array_equal(views[8][-2:], views[0][-1:-3:-1]), "and the mirror of its edge comes in"
    for still, moved in zip(views[:8], views[8:], strict=True):
        assert np.abs(still.astype(int) - moved).mean() < 25


def test_a_model_of_the_mean_colour_gives_the_same_answer_for_turned_images(tmp_path: Path) -> None:
    flags = (Flag("melanoma", "Melanoma", ("melanoma",), 0.0, 0.9, 0.5, 1, 10, "the test images"),)
    path = write_model(tmp_path / "m.onnx", contract(flags=flags, groups=(Group("k", "Keratosis", KERATOSES),)))
    classifier = Classifier(path)
    seen = np.full((SIZE, SIZE, 3), (200, 150, 120), np.uint8)
    found = measure_stability(classifier, seen)
    assert found is not None
    (whole,) = classifier.predict(seen[None])
    for label, probability in zip(classifier.contract.label_ids, whole.probabilities, strict=True):
        spread = found.spread_of((label,))
        assert (spread.mean, spread.low, spread.high) == pytest.approx((probability,) * 3, abs=1e-4)
    assert [led for _labels, led in found.leads] == [VIEWS]
    (always,) = found.flags
    assert (always.flag.id, always.raised, always.is_raised) == ("melanoma", VIEWS, True)
    together = found.spread_of(KERATOSES)
    assert together.mean == pytest.approx(sum(found.spread_of((label,)).mean for label in KERATOSES))


def test_the_shipped_models_answers_to_views_spread_around_its_answer() -> None:
    classifier = Classifier(SHIPPED_MODEL)
    seen = image(classifier.contract.input_size)
    found = measure_stability(classifier, seen)
    assert found is not None
    (whole,) = classifier.predict(seen[None])
    for label, probability in zip(classifier.contract.label_ids, whole.probabilities, strict=True):
        spread = found.spread_of((label,))
        assert spread.low - 1e-4 <= probability <= spread.high + 1e-4
        assert spread.low <= spread.mean <= spread.high
    counts = [led for _labels, led in found.leads]
    assert (sum(counts), counts) == (VIEWS, sorted(counts, reverse=True))
    assert len(found.flags) == len(classifier.contract.alerts or classifier.contract.flags)
    assert all(0 <= hold.raised <= VIEWS and hold.is_raised <= hold.raised for hold in found.flags)


def test_stability_ends_when_cancelled() -> None:
    classifier = Classifier(SHIPPED_MODEL)
    assert measure_stability(classifier, image(classifier.contract.input_size), lambda: True) is None
