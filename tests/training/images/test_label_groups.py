import numpy as np

from training.images.label_groups import SEVEN_CLASS_GROUPS, group_owners, group_sums

LABELS = ("actinic_keratosis", "nevus", "pigmented_benign_keratosis", "seborrheic_keratosis", "squamous_cell_carcinoma")


def test_a_group_counts_as_its_first_label_with_its_sum() -> None:
    owner = group_owners(LABELS, SEVEN_CLASS_GROUPS)
    assert list(owner) == [0, 1, 2, 2, 0]
    probabilities = np.array([[0.15, 0.3, 0.2, 0.15, 0.2]], np.float32)
    sums = group_sums(probabilities, owner)
    assert np.allclose(sums, [[0.35, 0.3, 0.35, 0, 0]])
    assert probabilities.argmax() == 1


def test_an_incomplete_group_is_ignored() -> None:
    assert list(group_owners(LABELS[:3], SEVEN_CLASS_GROUPS)) == [0, 1, 2]
