"""The paper's figures of its network, and its set of images."""

from collections import Counter
from collections.abc import Iterable

from training.run.run_folder import PreparedImage

NETWORK = "paper-cnn"

FIGURES = {
    "while training": ("48.96 %", "1.38"),
    "validation": ("51.34 %", "1.49"),
    "test": ("47.35 %", "1.57"),
}
"""Accuracy and loss after 25 epochs. The paper does not say of how many images; no k of 118 gives 47.35 %."""

IMAGES = {
    "actinic_keratosis": (114, 16),
    "basal_cell_carcinoma": (378, 16),
    "dermatofibroma": (95, 16),
    "melanoma": (438, 16),
    "nevus": (357, 16),
    "pigmented_benign_keratosis": (462, 16),
    "seborrheic_keratosis": (77, 3),
    "squamous_cell_carcinoma": (181, 16),
    "vascular_lesion": (139, 3),
}
"""The nine-class ISIC set: the number of files of each label in Train (which includes validation) and in Test."""


def is_papers_set(images: Iterable[PreparedImage]) -> bool:
    """Tell whether a run's images, dropped ones included, have the paper's counts for every label and split."""
    counts = Counter((image.label, image.split == "test") for image in images)
    wanted = {(label, is_test): n for label, parts in IMAGES.items() for is_test, n in enumerate(parts)}
    return dict(counts) == wanted
