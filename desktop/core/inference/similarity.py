"""How alike two images are to a model: the cosine distance of its embeddings, reduced to few numbers to be kept and searched.

The reduction is a projection on random signs (Achlioptas 2003), which keeps distances nearly as they are and needs nothing
that was learned. The signs come from a hash, so that every version and machine has the same.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

METHOD = 1
"""The version of the reduction: vectors of different versions are not compared."""

DIMENSIONS = 256
"""Numbers that are kept of an image."""

BYTES = 2 * DIMENSIONS
"""The length of a kept vector."""


@frozen
class VectorKind:
    """What vectors must have in common to be compared: the model's file, the preparation of the image, and the reduction."""

    model_sha256: str
    preprocessing_version: int
    method: int = METHOD


def reduced(embedding: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return unit vectors [n, DIMENSIONS] of embeddings [n, d], rounded as they are kept; an embedding of zeros stays so."""
    projected = embedding.astype(np.float32) @ _signs(embedding.shape[1])
    lengths = np.linalg.norm(projected, axis=1, keepdims=True)
    kept: NDArray[np.float32] = (projected / np.where(lengths == 0, 1, lengths)).astype("<f2").astype(np.float32)
    return kept


def to_bytes(vector: NDArray[np.float32]) -> bytes:
    """Return one vector of `reduced` as it is kept: little-endian float16."""
    return vector.astype("<f2").tobytes()


def from_bytes(kept: bytes) -> NDArray[np.float32]:
    """Return the vectors [n, DIMENSIONS] of n kept ones, one after the other.

    Raises:
        ValueError: these are not whole vectors.
    """
    vectors: NDArray[np.float32] = np.frombuffer(kept, "<f2").astype(np.float32).reshape(-1, DIMENSIONS)
    return vectors


def distances(vectors: NDArray[np.float32], own: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine distance of each of n vectors to one, [n]: 0 is the same direction, 1 a right angle."""
    found: NDArray[np.float32] = 1 - vectors @ own
    return found


@lru_cache(maxsize=2)
def _signs(size: int) -> NDArray[np.float32]:
    digest = hashlib.shake_256(f"LesionLens {METHOD} {size}".encode()).digest(size * DIMENSIONS // 8)
    bits = np.unpackbits(np.frombuffer(digest, np.uint8)).reshape(size, DIMENSIONS)
    signs: NDArray[np.float32] = (2 * bits.astype(np.float32) - 1) / np.sqrt(np.float32(DIMENSIONS))
    return signs
