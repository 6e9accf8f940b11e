"""The sample images that come with the program: synthetic drawings, answered like any image and never kept."""

import hashlib
from functools import cache

from desktop.core.paths import SAMPLES


@cache
def sample_hashes() -> frozenset[str]:
    """Return the SHA-256 of each sample: one that was copied elsewhere is still a sample."""
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in SAMPLES.glob("*.png"))
