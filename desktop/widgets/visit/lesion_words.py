"""What people say of a lesion, in lines for its card and the report of a visit; nothing of a model's answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import diagnosis_name
from desktop.core.frozen import frozen
from desktop.widgets.common.wording import local_day, translated
from desktop.widgets.visit.assessment_words import short_finding_text
from desktop.widgets.visit.reexcision_words import with_note

if TYPE_CHECKING:
    from desktop.core.records.lesion_facts import LesionFacts
    from desktop.core.records.people import Outcome


@frozen
class LesionLine:
    """One line of a card; `is_due` is whether something is waiting to be done now.

    `narrow` stands on a card that has no room for all lines, `short` on one that has none even for what is due; where they are
    None, the longer one does.
    """

    text: str
    is_due: bool = False
    narrow: str | None = None
    short: str | None = None

    @property
    def forms(self) -> tuple[str, str, str]:
        """What stands on a card that has room for all lines, for what is due, or not even for that."""
        narrow = self.text if self.narrow is None else self.narrow
        return self.text, narrow, narrow if self.short is None else self.short


def _tr(text: str) -> str:
    return QCoreApplication.translate("LesionWords", text)


def card_lines(facts: LesionFacts, today: dt.date) -> list[LesionLine]:
    """Return what is known of a lesion, in the order in which lines may be left out from the end where there is no room.

    Where there is an outcome, what waits to be done stands before the assessment and the days of the result, and what is due
    before all but the finding itself: where room is short the day of the histology stands behind it.
    """
    waiting, assessed = open_lines(facts, today), _assessment_lines(facts, today)
    closed = _closed_lines(facts)
    if facts.outcome is None:
        return [*(assessed or [LesionLine(_tr("Not assessed yet"))]), *waiting, *closed]
    finding, kind = _finding(facts.outcome), _kind(facts.outcome)
    found = f"{kind} {day_text(facts.outcome.date)}"
    whole, days = f"{finding}, {found}", _days(facts.outcome)
    others = _other_lines(facts.other_specimen)
    if any(line.is_due for line in waiting):
        of_days = LesionLine(_as_line(days), narrow=_as_line([found, *days]))
        return [LesionLine(whole, narrow=f"{finding}, {kind}"), *waiting, of_days, *others, *closed, *assessed]
    return [LesionLine(whole), *([LesionLine(_as_line(days))] if days else []), *others, *waiting, *closed, *assessed]


def image_lines(named: Sequence[tuple[str, LesionFacts]], today: dt.date) -> list[LesionLine]:
    """Return what is known of images without a lesion, as `card_lines`; a line begins with its image's name, unless empty."""
    return [_of_image(name, line) if name else line for name, facts in named for line in card_lines(facts, today)]


def _of_image(name: str, line: LesionLine) -> LesionLine:
    def begun(text: str | None) -> str | None:
        return f"{name}: {text}" if text else text

    return LesionLine(begun(line.text) or "", line.is_due, begun(line.narrow), begun(line.short))


def _other_lines(other: Outcome | None) -> list[LesionLine]:
    if other is None:
        return []
    text = _tr("Other histology {day}: {finding}").format(day=day_text(other.date), finding=_finding(other))
    return [LesionLine("; ".join(filter(None, (text, ", ".join(_days(other))))))]


def _assessment_lines(facts: LesionFacts, today: dt.date) -> list[LesionLine]:
    if facts.assessment is None or not facts.assessment.diagnosis:
        return []
    is_today = facts.assessed == today
    if facts.of_visit is None:
        text = _tr("Assessed today: {diagnosis}") if is_today else _tr("Assessed {day}: {diagnosis}")
    elif is_today:
        text = _tr("Assessed today for the visit of {visit}: {diagnosis}")
    else:
        text = _tr("Assessed {day} for the visit of {visit}: {diagnosis}")
    day, visit = (day_text(one or today) for one in (facts.assessed, facts.of_visit))
    return [LesionLine(text.format(day=day, visit=visit, diagnosis=_diagnosis(facts.assessment.diagnosis)))]


def open_lines(facts: LesionFacts, today: dt.date) -> list[LesionLine]:
    """Return what is still to be done for a lesion: its histology, its biopsy, its follow-up."""
    lines = []
    for one in facts.taken:
        text = _tr("Biopsy taken on {day}, histology open")
        text = _tr("Re-excision taken on {day}, histology open") if one.is_reexcision else text
        lines.append(LesionLine(text.format(day=day_text(one.day)), is_due=True))
    if facts.biopsy is not None and facts.reexcision is not None:
        text = _tr("Re-excision planned since {day}").format(day=day_text(facts.biopsy))
        lines.append(LesionLine(with_note(text, facts.reexcision), is_due=True, short=text))
    elif facts.biopsy is not None:
        text = _tr("Biopsy or excision planned since {day}").format(day=day_text(facts.biopsy))
        lines.append(LesionLine(text, is_due=True))
    if facts.follow_up is not None:
        is_due = facts.follow_up <= today
        text = _tr("Follow-up due since {day}") if facts.follow_up < today else _tr("Follow-up on {day}")
        text = _tr("Follow-up due today") if facts.follow_up == today else text
        lines.append(LesionLine(text.format(day=day_text(facts.follow_up)), is_due=is_due))
    return lines


def _closed_lines(facts: LesionFacts) -> list[LesionLine]:
    """Return which biopsies were taken whose result nobody waits for."""
    lines = []
    for one in facts.closed:
        text = _tr("Biopsy taken on {day}, closed without result")
        text = _tr("Re-excision taken on {day}, closed without result") if one.is_reexcision else text
        lines.append(LesionLine(text.format(day=day_text(one.day))))
    return lines


def short_finding(facts: LesionFacts) -> str:
    """Return the outcome in a few words, else the last assessment, which is called so; empty if there is neither."""
    if facts.outcome is not None:
        return f"{_diagnosis(facts.outcome.diagnosis)} {facts.outcome.date.year}, {_kind(facts.outcome)}"
    if facts.assessment is not None and facts.assessed is not None and facts.assessment.diagnosis:
        return _tr("Assessed {year}: {diagnosis}").format(
            year=facts.assessed.year, diagnosis=_diagnosis(facts.assessment.diagnosis)
        )
    return ""


def day_text(day: dt.date) -> str:
    """Return a date that is not broken at the end of a line."""
    return local_day(day).replace(" ", "\N{NO-BREAK SPACE}")


def _days(outcome: Outcome) -> list[str]:
    """Return when the biopsy was taken and when the patient was told, as far as that is known."""
    taken = _tr("re-excision {day}") if outcome.is_of_reexcision else _tr("biopsy {day}")
    known = ((taken, outcome.taken), (_tr("patient told {day}"), outcome.told))
    return [text.format(day=day_text(day)) for text, day in known if day is not None]


def _as_line(days: list[str]) -> str:
    line = ", ".join(days)
    return line[:1].upper() + line[1:]


def _kind(outcome: Outcome) -> str:
    return _tr("histology") if outcome.kind == "histopathology" else _tr("follow-up")


def _finding(outcome: Outcome) -> str:
    return short_finding_text(_diagnosis(outcome.diagnosis), outcome.breslow_mm, outcome.margins)


def _diagnosis(diagnosis: str) -> str:
    return translated(diagnosis_name(diagnosis))
