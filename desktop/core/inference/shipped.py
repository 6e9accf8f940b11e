"""Identifies the model shipped with this program by its hash, whatever file is in its place."""

from functools import cache

import msgspec

from desktop.core.paths import SAMPLES

GOLDEN = SAMPLES / "golden.json"
"""What the shipped model answered to the samples when it was shipped; `scripts/write_golden.py` writes it."""


@cache
def shipped_sha256() -> str:
    """Return the SHA-256 of the shipped model, empty if the installation does not record it."""
    try:
        return str(msgspec.json.decode(GOLDEN.read_bytes())["model_sha256"])
    except (OSError, ValueError, LookupError):
        return ""
