"""Plans the re-excision of a lesion after a finding with involved margins."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from desktop.core.records.people import EXCISION, Assessment

if TYPE_CHECKING:
    from desktop.core.records.history import History


def plan_reexcision(
    history: History,
    *,
    lesion_id: int | None,
    image_id: int | None,
    note: str,
    today: dt.date,
    by: str,
) -> Assessment:
    """Save the plan of a re-excision of a lesion, or of an image without one: an assessment without a diagnosis.

    The laboratory's finding is nobody's own view. The plan stands with the newest visit at which the lesion was assessed;
    without one, with the newest visit, or one of `today`.
    """
    visit_id = None if lesion_id is None else _visit(history, lesion_id, today, by)
    return history.assessments.assess(
        lesion_id=lesion_id,
        visit_id=visit_id,
        image_id=image_id if lesion_id is None else None,
        before_model=False,
        diagnosis="",
        plan=EXCISION,
        note=note,
        by=by,
    )


def _visit(history: History, lesion_id: int, today: dt.date, by: str) -> int:
    patient_id = history.people.lesion(lesion_id).patient_id
    visits = [visit.id for visit in history.people.visits(patient_id)]
    assessed = {one.visit_id for one in history.assessments.of([lesion_id]) if not one.is_plan}
    found = next((visit for visit in visits if visit in assessed), next(iter(visits), None))
    return history.people.begin_visit(patient_id, today, "", by=by).id if found is None else found
