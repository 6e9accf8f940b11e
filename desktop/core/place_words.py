"""Which place of the body map words name: in the search of the window, and in the tables and files of other programs."""

import re
from collections.abc import Iterable
from functools import lru_cache

from desktop.core.body_places import LEFT, NAIL, RIGHT, BodyPlace, places
from desktop.core.text_matching import folded, identity

_LITTLE_WORDS = frozenset({"of", "the", "skin"})

_LETTERS = {"l": LEFT, "r": RIGHT}
"""Sides as the body map shows them, and as other programs often write them."""

_SAME_WORDS, _WORDS_OF_NAME = 1, 4
"""Ranks, see `_rank`."""


def matching(text: str, among: Iterable[BodyPlace]) -> list[BodyPlace]:
    """Return the places that match every word of a text, best match first; all places for an empty text.

    Where a text is the name of a place, those that have its words only here and there in their search terms are left out:
    “lower back” is not the back of the lower leg.
    """
    words = identity(text).split()
    if not words:
        return list(among)
    ranked = [
        (_rank(place, words), place)
        for place in among
        if all(word in f"{place.side} {place.bare} {place.also}" for word in words)
    ]
    is_named = any(rank <= _SAME_WORDS for rank, _place in ranked)
    kept = [(rank, place) for rank, place in ranked if not is_named or rank <= _WORDS_OF_NAME]
    return [place for _rank_of_it, place in sorted(kept, key=lambda one: one[0])]


def called(text: str, among: Iterable[BodyPlace]) -> BodyPlace | None:
    """Return the place that a text names in full, or the only one that matches it; None if several match."""
    found = matching(text, among)
    exact = [place for place in found if identity(place.name) == identity(text)]
    if len(exact) == 1:
        return exact[0]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=1_000)
def recognised(text: str) -> str:
    """Return the id of the place of the body map that a text from elsewhere names; empty if none or several do.

    An id is one itself. Words are those of the window's search, in any order and case, but whole ones; signs between them,
    “of”, “the” and “skin” do not matter, and L and R are sides. A toe or finger is no nail, which
    the search alone offers for it.

    >>> recognised("Lower back, R"), recognised("back")
    ('back-lower-right', '')
    """
    if text in places():
        return text
    words = [_LETTERS.get(word, word) for word in re.findall(r"\w+", folded(text)) if word not in _LITTLE_WORDS]
    place = called(" ".join(words), places().values()) if words else None
    if place is None or not _has_whole(place, words) or (place.group == NAIL and "nail" not in folded(text)):
        return ""
    return place.id


def is_place(site: str) -> bool:
    """Return whether a lesion's site is a place of the body map, and not in somebody's own words."""
    return site in places()


def _has_whole(place: BodyPlace, words: list[str]) -> bool:
    """Return whether every word is a whole one of the place: “ear” is no part of a forearm."""
    return set(words) <= set(f"{place.side} {place.bare} {place.also}".split())


def _rank(place: BodyPlace, words: list[str]) -> int:
    """Return the rank of a match: the name itself, its words in any order, in its order, whole words, then parts of words.

    “left upper back” is nearer to the scapula, which has the term “upper back”, than to the back of the upper arm.
    """
    sides = place.side.split()
    rest = [word for word in words if word not in sides]
    phrase = f" {' '.join(rest)} "
    bare, also = f" {place.bare} ", f" {place.also} "
    steps = (
        phrase == bare,
        set(rest) - _LITTLE_WORDS == set(place.bare.split()) - _LITTLE_WORDS,
        phrase in bare,
        phrase in also,
        all(f" {word} " in bare for word in rest),
        all(f" {word} " in f"{bare}{also}" for word in rest),
        all(word in bare for word in rest),
    )
    return next((number for number, holds in enumerate(steps) if holds), len(steps))
