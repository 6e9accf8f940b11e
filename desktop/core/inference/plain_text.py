"""Text from an untrusted model file: shown literally, on one line, and cut to a maximum length."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of control characters, halves of surrogate pairs, and separators of lines and paragraphs."""

_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the text direction: in a name, one could make a label look like another."""


def is_plain(text: str) -> bool:
    """Tell whether a text has neither control characters nor changes of direction."""
    # `isprintable` is fast, but too strict: it rejects letter joiners and no-break spaces.
    return text.isprintable() or not any(
        unicodedata.category(character) in _UNSEEN or character in _DIRECTIONS for character in text
    )


def one_line(text: object, at_most: int = 200) -> str:
    """Return `str` of an object as plain text on one line, cut off after `at_most` characters."""
    words = " ".join(str(text)[: 4 * at_most].split())
    plain = "".join(character if is_plain(character) else "\N{REPLACEMENT CHARACTER}" for character in words)
    return plain if len(plain) <= at_most else f"{plain[: at_most - 1]}…"
