"""On which images a figure was measured, in words that need no knowledge of training: a model file has them in its own."""

import re
from dataclasses import dataclass

from desktop.core.marking import tr
from desktop.widgets.common.wording import count, translated


@dataclass(frozen=True)
class _Known:
    """What `training` calls a set of images, and what the app calls it, in full and where there is little room."""

    pattern: re.Pattern[str]
    text: str
    brief: str


_HELD_OUT = tr("{n} images that it did not learn from")
_KNOWN = (
    _Known(
        re.compile(r"(\d+) images held out, cross-fitted"),
        tr("{n} images that it did not learn from, at limits set without them"),
        _HELD_OUT,
    ),
    _Known(
        re.compile(r"(\d+) images held out, by lesion, cross-fitted"),
        tr("lesions of {n} images that it did not learn from, at limits set without them"),
        _HELD_OUT,
    ),
    _Known(
        re.compile(r"(\d+) images held out, spoilt step by step"),
        tr("{n} images that it did not learn from, spoilt step by step"),
        _HELD_OUT,
    ),
    _Known(re.compile(r"(\d+) images held out"), _HELD_OUT, _HELD_OUT),
    _Known(
        re.compile(r"(\d+) images out of fold, by the other folds' thresholds"),
        tr("{n} images that it did not learn from, at limits set without them"),
        _HELD_OUT,
    ),
    _Known(
        re.compile(r"(\d+) images out of fold, spoilt step by step"),
        tr("{n} images that it did not learn from, spoilt step by step"),
        _HELD_OUT,
    ),
    _Known(re.compile(r"(\d+) images out of fold"), _HELD_OUT, _HELD_OUT),
)
_EXPLAINED = tr(
    "Each image was answered by a model of the same recipe that had not learned from it, at limits that were set without it."
)


def measured_on(where: str, *, briefly: bool = False) -> str:
    """Return the app's words for a set of images; those of the model file where it calls them otherwise."""
    for known in _KNOWN:
        found = known.pattern.fullmatch(where)
        if found:
            return translated(known.brief if briefly else known.text).format(n=count(int(found[1])))
    return where


def explanation(*sets: str) -> str:
    """Return what the app's words for these sets mean; empty where none of them needs it."""
    return translated(_EXPLAINED) if any("out of fold" in where for where in sets) else ""
