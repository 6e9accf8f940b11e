"""The content of a report of a visit, as plain values in final words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.records.audit_acts import HELD_LESIONS
from desktop.widgets.report.report_content import ReportStatement

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from desktop.core.records.audit_acts import Detail


@dataclass(frozen=True)
class VisitPicture:
    """An image with its caption; where there is no image the caption says why."""

    image: QImage | None
    caption: str


@dataclass(frozen=True)
class LesionPart:
    """One lesion. The older picture comes first; `answers` are the lines of what the model says, empty if they are left out.

    `size_remark` is said of the sizes in two pictures, below them; empty if there is nothing to say.
    """

    lesion_id: int
    heading: str
    pictures: tuple[VisitPicture, ...]
    assessments: tuple[ReportStatement, ...]
    outcomes: tuple[ReportStatement, ...]
    answers: tuple[str, ...]
    size_remark: str = ""


@dataclass(frozen=True)
class VisitReport:
    """Everything on the pages; for the fields of the head and the foot see `Report`."""

    title: str
    clinic: tuple[str, ...]
    made: str
    band: str
    patient: tuple[tuple[str, str], ...]
    patient_absent: str
    lesions: tuple[LesionPart, ...]
    no_lesion: str
    own_heading: str
    no_assessment: str
    outcome_heading: str
    model_heading: str
    conclusion_heading: str
    conclusion: str
    signature: str
    versions: str
    disclaimer: str
    page_name: str
    """Whose visit a page is of, above each page but the first; empty without patient data."""

    @property
    def held(self) -> dict[str, Detail]:
        """What the report holds, for the audit log: its lesions, and the number of its images."""
        return {
            HELD_LESIONS: " ".join(str(part.lesion_id) for part in self.lesions),
            "images": sum(one.image is not None for part in self.lesions for one in part.pictures),
        }
