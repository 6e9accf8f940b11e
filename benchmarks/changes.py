"""Changes of the probabilities of the same images: the table in docs/performance.md."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def print_changes(before: NDArray[np.float32], after: Mapping[str, NDArray[np.float32]]) -> None:
    """Print a line for each variant: mean and largest change over images and labels, and the images with another top label.

    Args:
        before: probabilities of shape [images, labels].
        after: those of each variant by its name, of the same shape.
    """
    print("| change of a probability | mean | largest | other label |\n| --- | ---: | ---: | ---: |")
    for words, found in after.items():
        change = np.abs(found - before)
        other = int((found.argmax(axis=1) != before.argmax(axis=1)).sum())
        print(f"| {words} | {change.mean():.5f} | {change.max():.4f} | {other} |")
