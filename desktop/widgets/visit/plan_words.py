"""Plans in words: what is planned, and which of several plans hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import plan_name
from desktop.widgets.common.wording import local_day, translated

if TYPE_CHECKING:
    from desktop.core.draft import Draft
    from desktop.core.records.people import Assessment
    from desktop.core.records.plans import BiopsyState, Plans


def _tr(text: str) -> str:
    return QCoreApplication.translate("Said", text)


def plan_text(assessment: Assessment | Draft) -> str:
    """Return a plan, with its date if it has one; empty if none was entered."""
    if not assessment.plan:
        return ""
    name = translated(plan_name(assessment.plan))
    return (
        name
        if assessment.plan_date is None
        else _tr("{plan} on {day}").format(plan=name, day=local_day(assessment.plan_date))
    )


def said_of_plan(assessment: Assessment | Draft) -> str:
    """Return the plan for the middle of a sentence, or that none was entered."""
    plan = _inside(assessment)
    return _tr("plan: {plan}").format(plan=plan) if plan else _tr("no plan entered")


def standing_of_plan(assessment: Assessment, plans: Plans, made: dt.date | None) -> str:
    """Return the plan for the middle of a sentence; one that no longer holds is called earlier.

    The last plan is followed by what it left open.

    Args:
        assessment: the assessment.
        plans: those that hold of its lesion or image.
        made: the day to name with the plan; None for none.
    """
    plan = _inside(assessment)
    if not plan:
        return said_of_plan(assessment)
    plan = "; ".join((plan, *_still_open(plans.left_open_by(assessment))))
    if made is None:
        text = _tr("earlier plan: {plan}") if plans.is_earlier(assessment) else _tr("plan: {plan}")
        return text.format(plan=plan)
    text = _tr("earlier plan of {day}: {plan}") if plans.is_earlier(assessment) else _tr("plan of {day}: {plan}")
    return text.format(day=local_day(made), plan=plan)


def _inside(assessment: Assessment | Draft) -> str:
    plan = plan_text(assessment)
    return plan[:1].lower() + plan[1:]


def _still_open(plans: Plans) -> list[str]:
    due = []
    if plans.follow_up is not None:
        due.append(_tr("follow-up of {day} still due").format(day=local_day(plans.follow_up.day)))
    return [*due, *open_biopsies(plans.biopsies)]


def open_biopsies(biopsies: Iterable[BiopsyState]) -> list[str]:
    """Return what is open of biopsies, for the middle of a sentence; two of one day are said once."""
    return list(dict.fromkeys(map(_open_biopsy, biopsies)))


def _open_biopsy(biopsy: BiopsyState) -> str:
    if biopsy.taken is not None:
        text = _tr("re-excision taken on {day}, histology still open")
        if not biopsy.is_reexcision:
            text = _tr("biopsy taken on {day}, histology still open")
        return text.format(day=local_day(biopsy.taken))
    return _tr("re-excision still planned") if biopsy.is_reexcision else _tr("biopsy still planned")
