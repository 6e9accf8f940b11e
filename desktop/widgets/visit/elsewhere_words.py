"""The doubt that an outcome is of another lesion, in words: which biopsy or re-excision waits, where, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.records.people import Lesion, PlacedImage
from desktop.widgets.common.body_places import place_name
from desktop.widgets.common.wording import local_day

if TYPE_CHECKING:
    from desktop.widgets.visit.outcome_subject import OpenElsewhere, OutcomeSubject


def _tr(text: str) -> str:
    return QCoreApplication.translate("Elsewhere", text)


def doubt_text(found: OutcomeSubject, subject: str) -> str:
    """Return what is known of the lesion's own biopsy, and of those that wait `elsewhere`.

    An image without a lesion is named by its file, or as `subject` if it has none.
    """
    image = subject if found.image is None else found.image.name
    own = _tr("No biopsy is planned for {lesion}.")
    if found.is_planned:
        own = _tr("The biopsy of {lesion} is planned, not recorded as taken.")
        if found.is_reexcision_planned:
            own = _tr("The re-excision of {lesion} is planned, not recorded as taken.")
    sentences = [own.format(lesion=image if found.lesion is None else found.lesion.name)]
    for text, is_taken, is_reexcision in (
        (_tr("Histology is open for {others}."), True, None),
        (_tr("A biopsy is planned for {others}."), False, False),
        (_tr("A re-excision is planned for {others}."), False, True),
    ):
        others = [
            _other(one)
            for one in found.elsewhere
            if one.is_taken is is_taken and is_reexcision in {None, one.is_reexcision}
        ]
        sentences += [text.format(others="; ".join(others))] if others else []
    return " ".join(sentences)


def name_of(one: Lesion | PlacedImage) -> str:
    """Return the name of a lesion, or of an image without one."""
    return one.name if isinstance(one, Lesion) else one.image.name


def _other(one: OpenElsewhere) -> str:
    place = place_name(one.subject.site) if isinstance(one.subject, Lesion) else ""
    since = _tr("since {day}")
    if one.is_taken:
        since = _tr("re-excision of {day}") if one.is_reexcision else _tr("biopsy of {day}")
    name = ", ".join(filter(None, (name_of(one.subject), place)))
    return _tr("{lesion} ({since})").format(lesion=name, since=since.format(day=local_day(one.day)))
