"""How text is compared: one rule for what a search finds, and one for whether two identifiers are the same."""

import unicodedata
from functools import lru_cache

DOTTED_I = "i\u0307"
"""What case folding makes of the Turkish capital İ: it is found by a plain i."""


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """Return text as a search compares it: without regard to case, to width and to how letters are composed.

    >>> folded("İSTANBUL １２")
    'istanbul 12'
    """
    return unicodedata.normalize("NFKC", text).casefold().replace(DOTTED_I, "i")


def identity(text: str) -> str:
    """Return what two identifiers have in common if they are the same: `folded`, with runs of spaces as one.

    >>> identity(" Ａ  b ") == identity("a B")
    True
    """
    return " ".join(folded(text).split())
