import numpy as np
import pytest
from numpy.typing import NDArray

from training.calibrate import OFFSETS_FROM, Prior, fit_calibration, fit_flags, prior_weights

LABELS = ["basal_cell_carcinoma", "melanoma", "nevus", "squamous_cell_carcinoma"]


def answers(of_melanoma: list[float]) -> NDArray[np.float32]:
    """Rows with a given probability of melanoma; the rest is nevus."""
    melanoma = np.array(of_melanoma, np.float32)
    zero = np.zeros_like(melanoma)
    return np.stack([zero, melanoma, 1 - melanoma, zero], axis=1)


def test_the_threshold_is_the_highest_that_finds_95_per_cent() -> None:
    positives = [round(0.30 + place / 100, 2) for place in range(40)]  # two of 40 may be missed
    negatives = [0.10] * 30 + [0.50] * 10
    (melanoma, malignant) = fit_flags(
        answers(positives + negatives), ["melanoma"] * 40 + ["nevus"] * 40, LABELS, "these"
    )
    assert melanoma.threshold == pytest.approx(0.32, abs=1e-4)
    assert (melanoma.missed, melanoma.positives) == (2, 40)
    assert melanoma.sensitivity == 0.95
    assert melanoma.specificity == 0.75
    assert melanoma.measured_on == "these"
    assert malignant.labels == ("melanoma", "squamous_cell_carcinoma", "basal_cell_carcinoma")


def test_the_threshold_is_rounded_down_to_four_decimals() -> None:
    probabilities = answers([0.123456] * 20 + [0.0] * 20)
    (melanoma, _) = fit_flags(probabilities, ["melanoma"] * 20 + ["nevus"] * 20, LABELS, "these")
    assert melanoma.threshold == 0.1234
    assert melanoma.missed == 0


def test_the_malignant_flag_uses_the_sum() -> None:
    probabilities = np.array([[0.3, 0.3, 0.1, 0.3]] * 20 + [[0.1, 0.1, 0.7, 0.1]] * 20, np.float32)
    truth = ["melanoma", "basal_cell_carcinoma"] * 10 + ["nevus"] * 20
    (malignant,) = fit_flags(probabilities, truth, LABELS, "these")
    assert malignant.id == "malignant"
    assert malignant.threshold == pytest.approx(0.9, abs=2e-4)
    assert malignant.specificity == 1


@pytest.mark.parametrize(("positives", "negatives"), [(19, 40), (40, 19)])
def test_too_few_positives_or_negatives_give_no_flag(positives: int, negatives: int) -> None:
    probabilities = answers([0.9] * positives + [0.1] * negatives)
    assert fit_flags(probabilities, ["melanoma"] * positives + ["nevus"] * negatives, LABELS, "these") == ()


def test_a_model_without_the_labels_has_no_flags() -> None:
    probabilities = np.full((80, 2), 0.5, np.float32)
    assert fit_flags(probabilities, ["scar"] * 40 + ["nevus"] * 40, ["nevus", "scar"], "these") == ()
    (own,) = fit_flags(probabilities, ["scar"] * 40 + ["nevus"] * 40, ["nevus", "scar"], "these", ["scar"])
    assert (own.id, own.labels, own.positives) == ("malignant", ("scar",), 40)


def overconfident(count: int, sharpness: float) -> tuple[NDArray[np.float32], list[str]]:
    """Draw labels from known probabilities, and answers that are overconfident by a factor."""
    random = np.random.default_rng(0)
    logits = random.normal(0, 1.5, (count, len(LABELS)))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = [LABELS[random.choice(len(LABELS), p=row)] for row in true]
    powers = np.exp(logits * sharpness)
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32), truth


def test_the_temperature_undoes_overconfidence() -> None:
    probabilities, truth = overconfident(4000, 2.5)
    calibration = fit_calibration(probabilities, truth, LABELS, "validation")
    assert calibration.temperature == pytest.approx(2.5, rel=0.05)
    assert calibration.images == 4000
    assert calibration.before.top > 0.1
    assert calibration.after.top < 0.025
    assert calibration.before.melanoma is not None
    assert calibration.after.melanoma is not None
    assert calibration.after.melanoma < calibration.before.melanoma
    assert sum(calibration.mix.values()) == pytest.approx(1)
    assert calibration.mix["nevus"] == pytest.approx(truth.count("nevus") / 4000)


def test_the_offsets_correct_labels_shown_more_often_than_the_prior() -> None:
    """A network trained on equally frequent labels answers images of which most have one label."""
    probabilities, truth = overconfident(8000, 1)
    kept = [place for place, label in enumerate(truth) if label == LABELS[0] or place % 4 == 0]
    calibration = fit_calibration(probabilities[kept], [truth[place] for place in kept], LABELS, "validation")
    assert calibration.temperature == pytest.approx(1, rel=0.08)
    assert calibration.offsets[0] - np.mean(calibration.offsets[1:]) == pytest.approx(np.log(4), abs=0.15)
    assert calibration.before.malignant is not None
    assert calibration.after.malignant is not None
    assert calibration.after.malignant < 0.03 < calibration.before.malignant
    assert calibration.undo(calibration.apply(probabilities)) == pytest.approx(probabilities, abs=1e-6)


def test_few_images_set_a_temperature_and_no_offsets() -> None:
    probabilities, truth = overconfident(OFFSETS_FROM, 2.0)
    assert any(fit_calibration(probabilities, truth, LABELS, "balanced").offsets)
    few = fit_calibration(probabilities[:-1], truth[:-1], LABELS, "balanced")
    assert few.offsets == ()
    assert few.temperature > 1.3
    assert few.undo(few.apply(probabilities)) == pytest.approx(probabilities, abs=1e-6)


def test_the_root_prior_lies_between_the_two_others() -> None:
    mixes: tuple[Prior, ...] = ("validation", "root", "balanced")
    weights = [prior_weights(np.array([0] * 90 + [1] * 10), 2, prior) for prior in mixes]
    shares = [one[:90].sum() / one.sum() for one in weights]
    assert shares == pytest.approx([0.9, 0.75, 0.5])
    assert all(one.mean() == pytest.approx(1) for one in weights)


def test_a_balanced_prior_weights_all_labels_equally() -> None:
    """The same answer is given for two labels, one with twice as many images: the prior decides how likely each is."""
    probabilities = np.array([[0.7, 0.1, 0.1, 0.1]] * 900, np.float32)
    truth = [LABELS[0]] * 600 + [LABELS[2]] * 300
    as_they_are = fit_calibration(probabilities, truth, LABELS, "validation")
    balanced = fit_calibration(probabilities, truth, LABELS, "balanced")
    assert balanced.mix == pytest.approx({LABELS[0]: 0.5, LABELS[1]: 0, LABELS[2]: 0.5, LABELS[3]: 0})
    assert as_they_are.apply(probabilities)[0, [0, 2]] == pytest.approx([2 / 3, 1 / 3], abs=0.02)
    assert balanced.apply(probabilities)[0, [0, 2]] == pytest.approx([0.5, 0.5], abs=0.02)


def test_a_model_without_the_flags_labels_has_no_calibration_error_for_them() -> None:
    probabilities = np.array([[0.8, 0.2]] * 10 + [[0.2, 0.8]] * 10, np.float32)
    calibration = fit_calibration(probabilities, ["scar"] * 10 + ["wart"] * 10, ["scar", "wart"], "validation")
    assert (calibration.before.melanoma, calibration.before.malignant) == (None, None)


def test_a_label_without_images_has_no_share_and_causes_no_error() -> None:
    probabilities, truth = overconfident(200, 1)
    kept = [place for place, label in enumerate(truth) if label != "nevus"]
    calibration = fit_calibration(probabilities[kept], [truth[place] for place in kept], LABELS, "balanced")
    assert calibration.mix["nevus"] == 0
    assert calibration.mix["melanoma"] == pytest.approx(1 / 3)
