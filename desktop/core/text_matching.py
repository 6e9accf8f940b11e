"""Text comparison: one rule for searching, and one for whether two identifiers are equal."""

import unicodedata
from functools import lru_cache

DOTTED_I = "i\u0307"
"""The case-folded Turkish capital İ, which a plain i must find."""


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """Return text as a search compares it, ignoring case, width and composition of letters.

    >>> folded("İSTANBUL １２")
    'istanbul 12'
    """
    return unicodedata.normalize("NFKC", text).casefold().replace(DOTTED_I, "i")


def identity(text: str) -> str:
    """Return a form that is the same for equal identifiers: `folded`, with runs of spaces as one.

    >>> identity(" Ａ  b ") == identity("a B")
    True
    """
    return " ".join(folded(text).split())
