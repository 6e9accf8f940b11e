"""Assessments of the bundled samples: the window behaves as with any image, but nothing is saved."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from desktop.core.late import Late

if TYPE_CHECKING:
    from desktop.core.draft import Draft
    from desktop.core.records import people
    from desktop.core.records.people import Assessment
else:
    people = Late("desktop.core.records.people")


class SampleAssessments:
    """What was said of each sample in this session, oldest first."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[Assessment, ...]] = {}

    def of(self, sha256: str) -> tuple[Assessment, ...]:
        """Return the assessments of a sample."""
        return self._of.get(sha256, ())

    def add(self, sha256: str, draft: Draft, *, before_model: bool, initials: str) -> Assessment:
        """Add an assessment of a sample, and return it."""
        earlier = self.of(sha256)
        assessment = people.Assessment(
            id=-1 - len(earlier),
            lesion_id=None,
            visit_id=None,
            image_id=-1,
            before_model=before_model,
            diagnosis=draft.diagnosis,
            label=draft.label,
            confidence=draft.confidence,
            plan=draft.plan,
            plan_date=draft.plan_date,
            note=draft.note,
            change=draft.change,
            initials=initials,
            time=dt.datetime.now(dt.UTC),
        )
        self._of[sha256] = (*earlier, assessment)
        return assessment
