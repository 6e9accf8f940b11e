"""How far a change moves the probabilities of the same images: the table in docs/performance.md."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def print_changes(before: NDArray[np.float32], after: Mapping[str, NDArray[np.float32]]) -> None:
    """Print a line for each way: mean and worst change over images and labels, and how many images change their first label.

    Args:
        before: probabilities of shape [images, labels].
        after: those of each way, of the same shape, by what it is called.
    """
    print("| change of a probability | mean | worst | other label |\n| --- | ---: | ---: | ---: |")
    for words, found in after.items():
        change = np.abs(found - before)
        other = int((found.argmax(axis=1) != before.argmax(axis=1)).sum())
        print(f"| {words} | {change.mean():.5f} | {change.max():.4f} | {other} |")
