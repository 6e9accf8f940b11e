"""Names of the image sets on which figures were measured, in words for clinicians; a model file has its own."""

import re

from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.widgets.common.wording import count, translated


@frozen
class _Known:
    """The name of an image set in `training`, and the app's names for it: the full one and a short one."""

    pattern: re.Pattern[str]
    text: str
    brief: str


_HELD_OUT = tr("{n} images that it did not learn from")
_OWN = tr("{n} images of your own")
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
    _Known(
        re.compile(r"recalibration, (\d+) images, by lesion, cross-fitted"),
        tr("lesions of {n} images of your own, at limits set without them"),
        _OWN,
    ),
    _Known(
        re.compile(r"recalibration, (\d+) images, cross-fitted"),
        tr("{n} images of your own, at limits set without them"),
        _OWN,
    ),
    _Known(re.compile(r"recalibration, (\d+) images"), _OWN, _OWN),
)
_BEFORE = ", before"
"""Ends the names of image sets on which the file before a recalibration was measured."""
_EXPLAINED = tr(
    "Each image was answered by a model of the same recipe that had not learned from it, at limits that were set without it."
)


def measured_on(where: str, *, briefly: bool = False) -> str:
    """Return the app's name of an image set, or the model file's if it is an unknown one."""
    if where.endswith(_BEFORE):
        earlier = measured_on(where.removesuffix(_BEFORE), briefly=briefly)
        return translated(tr("{where}, before the recalibration")).format(where=earlier)
    for known in _KNOWN:
        found = known.pattern.fullmatch(where)
        if found:
            return translated(known.brief if briefly else known.text).format(n=count(int(found[1])))
    return where


def explanation(*sets: str) -> str:
    """Return an explanation of the app's names, empty if none needs one."""
    return translated(_EXPLAINED) if any("out of fold" in where for where in sets) else ""
