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


_NEW = tr("{n} images new to the network")
_KNOWN = (
    _Known(
        re.compile(r"(\d+) images out of fold, by the other folds' thresholds"),
        tr("{n} images new to the network, at thresholds set without them"),
        _NEW,
    ),
    _Known(
        re.compile(r"(\d+) images out of fold, spoilt step by step"),
        tr("{n} images new to the network, spoilt step by step"),
        _NEW,
    ),
    _Known(re.compile(r"(\d+) images out of fold"), _NEW, _NEW),
)
_EXPLAINED = tr(
    "New to the network: each image was answered by a network of the same recipe that had not learned from it, at thresholds "
    "that were set without it."
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
    return translated(_EXPLAINED) if any(measured_on(where) != where for where in sets) else ""
