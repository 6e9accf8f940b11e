"""The sample images shipped with the program: synthetic drawings, classified like any image and never saved."""

from functools import cache
from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.core.paths import SAMPLES

if TYPE_CHECKING:
    import hashlib
else:
    hashlib = Late("hashlib")


@cache
def sample_hashes() -> frozenset[str]:
    """Return the SHA-256 of each sample, which also identifies a copy elsewhere."""
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in SAMPLES.glob("*.png"))
