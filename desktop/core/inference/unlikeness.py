"""The order of a patient's lesions by how little each looks like the others to a model, and for which lesions there is one.

The naevi of one person resemble each other; the one that does not, the ugly duckling, deserves a look (Grob and Bonerandi,
Arch Dermatol 1998;134:103). Soenksen et al. (Sci Transl Med 2021;13:eabb3652) looked for it by the features of a network, in
photographs of the skin and within one patient. This order takes that over to dermoscopy, where nobody has tested it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.core.imaging.capture import Capture
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

FEWEST = 10
"""Lesions from which on an order is offered: among fewer there is hardly a usual look that one could depart from."""

_DECIMALS = 4
"""To which distances are rounded: vectors are kept as float16, which moves a distance by about 2e-5. Lesions that differ less
are equals."""


def shared_capture(lesions: Sequence[Sequence[Capture]]) -> Capture | None:
    """Return how most lesions were photographed, by one device; None where the device of no image is known.

    Plate and light belong to it: the same device shows colours otherwise in other light. Of two that as many lesions share,
    the one that comes first is taken.

    Args:
        lesions: how each image of each lesion was taken.
    """
    counts = Counter(capture for images in lesions for capture in dict.fromkeys(images) if capture.device)
    return max(counts, key=counts.__getitem__) if counts else None


def by_unlikeness(lesions: Sequence[NDArray[np.float32]]) -> list[int]:
    """Return the places of lesions in their new order: the one that looks least like the others first.

    A lesion is the mean of its images' vectors, as a unit vector. How unlike it is, is the median of its cosine distances to
    all others: as long as most of these look alike, the few that do not have no say. Equals keep their order.

    Args:
        lesions: at least two; for each the unit vectors of its images [n, d], n at least 1.
    """
    means = np.stack([one.astype(np.float64).mean(axis=0) for one in lesions])
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    units = means / np.where(lengths == 0, 1, lengths)
    distances = 1 - units @ units.T
    others = distances[~np.eye(len(lesions), dtype=bool)].reshape(len(lesions), -1)
    unlike = np.round(np.median(others, axis=1), _DECIMALS)
    return [int(place) for place in np.argsort(-unlike, kind="stable")]
