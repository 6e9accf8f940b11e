import numpy as np
import pytest
from numpy.typing import NDArray

from training.calibrate import flags

LABELS = ["basal_cell_carcinoma", "melanoma", "nevus", "squamous_cell_carcinoma"]


def answers(of_melanoma: list[float]) -> NDArray[np.float32]:
    """Rows whose probability of melanoma is given and whose rest is nevus."""
    melanoma = np.array(of_melanoma, np.float32)
    zero = np.zeros_like(melanoma)
    return np.stack([zero, melanoma, 1 - melanoma, zero], axis=1)


def test_the_threshold_is_the_highest_that_finds_95_per_cent() -> None:
    positives = [round(0.30 + place / 100, 2) for place in range(40)]  # two of 40 may be missed
    negatives = [0.10] * 30 + [0.50] * 10
    (melanoma, malignant) = flags(answers(positives + negatives), ["melanoma"] * 40 + ["nevus"] * 40, LABELS, "these")
    assert melanoma.threshold == pytest.approx(0.32, abs=1e-4)
    assert (melanoma.missed, melanoma.positives) == (2, 40)
    assert melanoma.sensitivity == 0.95
    assert melanoma.specificity == 0.75
    assert melanoma.measured_on == "these"
    assert malignant.labels == ("melanoma", "squamous_cell_carcinoma", "basal_cell_carcinoma")


def test_the_threshold_is_rounded_down_to_what_is_shown() -> None:
    probabilities = answers([0.123456] * 20 + [0.0] * 20)
    (melanoma, _) = flags(probabilities, ["melanoma"] * 20 + ["nevus"] * 20, LABELS, "these")
    assert melanoma.threshold == 0.1234
    assert melanoma.missed == 0


def test_the_malignant_flag_goes_by_the_sum() -> None:
    probabilities = np.array([[0.3, 0.3, 0.1, 0.3]] * 20 + [[0.1, 0.1, 0.7, 0.1]] * 20, np.float32)
    truth = ["melanoma", "basal_cell_carcinoma"] * 10 + ["nevus"] * 20
    (malignant,) = flags(probabilities, truth, LABELS, "these")
    assert malignant.id == "malignant"
    assert malignant.threshold == pytest.approx(0.9, abs=2e-4)
    assert malignant.specificity == 1


@pytest.mark.parametrize(("positives", "negatives"), [(19, 40), (40, 19)])
def test_too_few_images_on_one_side_make_no_flag(positives: int, negatives: int) -> None:
    probabilities = answers([0.9] * positives + [0.1] * negatives)
    assert flags(probabilities, ["melanoma"] * positives + ["nevus"] * negatives, LABELS, "these") == ()


def test_a_model_without_the_labels_has_no_flags() -> None:
    probabilities = np.full((80, 2), 0.5, np.float32)
    assert flags(probabilities, ["scar"] * 40 + ["nevus"] * 40, ["nevus", "scar"], "these") == ()
