"""Treatments and pregnancy in words: what they are called, their days, and who entered them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.marking import tr
from desktop.widgets.common.wording import local_day, local_time, translated

if TYPE_CHECKING:
    from desktop.core.records.influences import Influence, Span

NAMES = {
    "cryotherapy": tr("Cryotherapy"),
    "topical treatment": tr("Topical treatment"),
    "pregnancy": tr("Pregnancy"),
}
"""By the values of `InfluenceKind`, in the order in which they are offered."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Influences", text)


def name_of(kind: str) -> str:
    """Return what a kind is called; the text itself where it is none of ours."""
    return translated(NAMES[kind]) if kind in NAMES else kind


def days_text(span: Span) -> str:
    """Return the day or days, for the middle of a sentence."""
    since = local_day(span.since)
    if span.until is None:
        return _tr("since {day}").format(day=since)
    if span.until == span.since:
        return _tr("on {day}").format(day=since)
    return _tr("{since} to {until}").format(since=since, until=local_day(span.until))


def influence_text(influence: Influence) -> str:
    """Return a treatment or pregnancy with its days and note, in one line."""
    text = _tr("{kind}, {days}").format(kind=name_of(influence.kind), days=days_text(influence.span))
    return f"{text}, “{influence.note}”" if influence.note else text


def influence_origin(influence: Influence) -> str:
    """Return when a treatment or pregnancy was entered or corrected last, and by whom."""
    entered = _tr("entered {time}").format(time=local_time(influence.time))
    return (
        _tr("{text}, by {initials}").format(text=entered, initials=influence.initials)
        if influence.initials
        else entered
    )
