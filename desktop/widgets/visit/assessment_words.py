"""Assessments and outcomes in words: one line for the content, and one for author and time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.core.diagnoses import (
    OTHER_BENIGN,
    OTHER_MALIGNANT,
    UNCERTAIN_POTENTIAL,
    confidence_name,
    diagnosis_name,
)
from desktop.core.labels import BY_ID
from desktop.widgets.common.wording import local_day, local_time, translated
from desktop.widgets.visit import plan_words

if TYPE_CHECKING:
    from desktop.core.draft import Draft
    from desktop.core.records.people import Assessment, Margins, Outcome, Withdrawal
    from desktop.core.records.plans import Plans
    from desktop.core.records.result_days import Biopsy


def _tr(text: str) -> str:
    return QCoreApplication.translate("Said", text)


def diagnosis_text(diagnosis: str, label: str | None) -> str:
    """Return a diagnosis, with its label in statistics if that is a different one."""
    name = translated(diagnosis_name(diagnosis))
    if label is None or label == diagnosis:
        return name
    if label in BY_ID:
        counted = translated(BY_ID[label].name).casefold()
    else:
        others = {
            OTHER_MALIGNANT: _tr("another malignant diagnosis"),
            UNCERTAIN_POTENTIAL: _tr("uncertain malignant potential"),
            OTHER_BENIGN: _tr("another benign diagnosis"),
        }
        if label not in others:
            return name
        counted = others[label]
    return _tr("{diagnosis} (for statistics: {label})").format(diagnosis=name, label=counted)


def change_text(change: str) -> str:
    """Return whether a lesion had changed since the visits before, for the middle of a sentence."""
    names = {
        "changed": _tr("changed"),
        "unchanged": _tr("unchanged"),
        "cannot tell": _tr("cannot tell whether changed"),
    }
    return names.get(change, change)


def assessment_text(assessment: Assessment, plans: Plans, made: dt.date | None = None) -> str:
    """Return the content of an assessment in one line; of a plan alone the plan. For the arguments see `standing_of_plan`."""
    return _content(assessment, plan_words.standing_of_plan(assessment, plans, made))


def draft_text(draft: Draft) -> str:
    """Return the content of an assessment that is not saved yet in one line."""
    return _content(draft, plan_words.said_of_plan(draft))


def _content(assessment: Assessment | Draft, plan: str) -> str:
    parts = [diagnosis_text(assessment.diagnosis, assessment.label)] if assessment.diagnosis else []
    if assessment.change:
        parts.append(change_text(assessment.change))
    if assessment.confidence:
        parts.append(
            _tr("confidence {word}").format(word=translated(confidence_name(assessment.confidence)).casefold())
        )
    parts.append(plan)
    if assessment.note:
        parts.append(f"“{assessment.note}”")
    text = ", ".join(parts)
    return text if assessment.diagnosis else text[:1].upper() + text[1:]


def assessment_origin(assessment: Assessment) -> str:
    """Return whether an assessment was entered before the model's answer, or made elsewhere, its author and time.

    Of a plan alone it does not matter what was seen before. One that was made elsewhere has the day alone: files often have no
    time.
    """
    if assessment.before_model is None:
        day = local_day(assessment.time.astimezone().date())
        return _by(_tr("imported, made elsewhere, {day}").format(day=day), assessment.initials)
    when = _tr("before the model, {time}") if assessment.before_model else _tr("after the model, {time}")
    when = _tr("planned {time}") if assessment.is_plan else when
    return _by(when.format(time=local_time(assessment.time)), assessment.initials)


def outcome_text(outcome: Outcome, *, is_corrected: bool = False) -> str:
    """Return the content of an outcome in one line, which begins with “Corrected” if it no longer counts."""
    text = ", ".join((_finding(outcome), *_days(outcome), *_number(outcome)))
    if is_corrected:
        text = _tr("Corrected: {text}").format(text=text)
    return f"{text}, “{outcome.note}”" if outcome.note else text


def finding_text(outcome: Outcome, *, is_corrected: bool = False) -> str:
    """Return the finding of an outcome alone, as `outcome_text` begins."""
    return _tr("Corrected: {text}").format(text=_finding(outcome)) if is_corrected else _finding(outcome)


def short_finding_text(diagnosis: str, breslow_mm: float | None, margins: Margins | None) -> str:
    """Return a finding in a few words: its diagnosis, as it is to be named, with thickness and margins."""
    if breslow_mm is not None:
        thickness = QLocale().toString(breslow_mm, "g", 4)
        diagnosis = _tr("{diagnosis} {value} mm").format(diagnosis=diagnosis, value=thickness)
    return diagnosis if margins is None else f"{diagnosis}, {_margins(margins)}"


def finding_course(outcome: Outcome) -> str:
    """Return what `outcome_text` says besides finding and note: biopsy taken, patient told, the laboratory's number."""
    text = ", ".join((*_days(outcome), *_number(outcome)))
    return text[:1].upper() + text[1:]


def _finding(outcome: Outcome) -> str:
    kind = _tr("Histopathology") if outcome.kind == "histopathology" else _tr("Follow-up")
    text = _tr("{kind} of {day}: {diagnosis}").format(
        kind=kind, day=local_day(outcome.date), diagnosis=diagnosis_text(outcome.diagnosis, outcome.label)
    )
    if outcome.breslow_mm is not None:
        text += _tr(", Breslow {value} mm").format(value=QLocale().toString(outcome.breslow_mm, "g", 4))
    return ", ".join((text, *_details(outcome)))


def _details(outcome: Outcome) -> list[str]:
    parts = []
    if outcome.ulceration is not None:
        parts.append(_tr("ulcerated") if outcome.ulceration == "present" else _tr("not ulcerated"))
    if outcome.margins is not None:
        parts.append(_margins(outcome.margins))
    return parts


def _margins(margins: Margins) -> str:
    names = {
        "clear": _tr("margins clear"),
        "involved": _tr("margins involved"),
        "not assessable": _tr("margins not assessable"),
    }
    return names[margins]


def _number(outcome: Outcome) -> list[str]:
    """Return the laboratory's number. "no." never stands at the end of a line: it would deny what is before it."""
    text, number = _tr("laboratory no. {number}"), outcome.laboratory_number
    return [text.replace(" ", "\N{NO-BREAK SPACE}").format(number=number)] if number else []


def _days(outcome: Outcome) -> list[str]:
    parts = []
    if outcome.taken is not None:
        taken = _tr("re-excision taken on {day}") if outcome.is_of_reexcision else _tr("biopsy taken on {day}")
        parts.append(_done_by(taken.format(day=local_day(outcome.taken)), outcome.taken_by))
    if outcome.told is not None:
        parts.append(_done_by(_tr("patient told on {day}").format(day=local_day(outcome.told)), outcome.told_by))
    return parts


def _done_by(act: str, initials: str) -> str:
    """Return an act of a list, with who did it: a comma between the two would tell them as two acts."""
    return _tr("{act} by {initials}").format(act=act, initials=initials) if initials else act


def biopsies_without_finding(biopsies: Iterable[Biopsy], outcomes: Iterable[Outcome]) -> list[Biopsy]:
    """Return the biopsies that stand with none of the outcomes, and those with a note, which no outcome shows."""
    days = {one.taken for one in outcomes}
    return [one for one in biopsies if one.note or one.day not in days]


def biopsy_text(biopsy: Biopsy, plans: Plans | None = None) -> str:
    """Return that a biopsy or re-excision was taken, when and by whom, with the note on it.

    Its histology is called open if it is so by the `plans` of its lesion, or of an image without one: it is of no finding that
    is told beside it.
    """
    text = _tr("Re-excision taken on {day}") if biopsy.is_reexcision else _tr("Biopsy taken on {day}")
    text = text.format(day=day_and_person(biopsy.day, biopsy.person))
    if plans is not None and any(one.assessment.id == biopsy.assessment_id for one in plans.biopsies):
        text = _tr("{text}; histology still open").format(text=text)
    return f"{text}, “{biopsy.note}”" if biopsy.note else text


def day_and_person(day: dt.date, person: str) -> str:
    """Return a day, and who did it then, if that is known."""
    return _by(local_day(day), person)


def biopsy_origin(biopsy: Biopsy) -> str:
    """Return when it was entered that a biopsy was taken, and by whom."""
    return _entered(biopsy)


def outcome_origin(outcome: Outcome, correction: Outcome | None = None) -> str:
    """Return when an outcome was entered, and by whom, and the same of its `correction` if it has one."""
    entered = _entered(outcome)
    if correction is None:
        return entered
    corrected = _by(_tr("corrected {time}").format(time=local_time(correction.time)), correction.initials)
    return f"{corrected}; {entered}"


def withdrawal_reason(reason: str) -> str:
    """Return why an outcome was withdrawn; `reason` is a `WithdrawalReason`, or one of a later version."""
    names = {
        "wrong lesion": _tr("entered for the wrong lesion"),
        "wrong patient": _tr("entered for the wrong patient"),
        "wrong finding": _tr("wrong finding entered"),
    }
    return names.get(reason, reason)


def withdrawal_text(withdrawal: Withdrawal) -> str:
    """Return the content of a withdrawn outcome in one line."""
    return _tr("Withdrawn: {text}").format(text=outcome_text(withdrawal.outcome))


def withdrawal_origin(withdrawal: Withdrawal) -> str:
    """Return why, when and by whom an outcome was withdrawn, and when it was entered."""
    withdrawn = _by(_tr("withdrawn {time}").format(time=local_time(withdrawal.time)), withdrawal.initials)
    reason = withdrawal_reason(withdrawal.reason)
    return _tr("{reason}; {withdrawn}; {entered}").format(
        reason=reason, withdrawn=withdrawn, entered=outcome_origin(withdrawal.outcome)
    )


def _entered(what: Outcome | Biopsy) -> str:
    return _by(_tr("entered {time}").format(time=local_time(what.time)), what.initials)


def _by(text: str, initials: str) -> str:
    return _tr("{text}, by {initials}").format(text=text, initials=initials) if initials else text
