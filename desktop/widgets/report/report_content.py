"""The content of a report, as plain values in final words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from desktop.core.records.audit_acts import Detail
    from desktop.widgets.answer.shown_answer import ModelPart


@dataclass(frozen=True)
class ReportStatement:
    """An assessment or outcome: its content, its author and time, a note of any length, and whether it was corrected.

    `course` is a line of its own on what belongs to the content, such as the days of a biopsy; it may be empty.
    """

    text: str
    origin: str
    note: str = ""
    is_corrected: bool = False
    course: str = ""


@dataclass(frozen=True)
class ReportSection:
    """A heading, and the text below it if the section is empty."""

    heading: str
    absent: str


@dataclass(frozen=True)
class Report:
    """Everything on the page.

    `patient` are pairs of name and value, `versions` is the line of versions and hashes.
    `band` is that of a demonstration model. `answer` is None if there is
    none or it is concealed: `model.absent` says why. `overlay` belongs to the answer.
    """

    title: str
    clinic: tuple[str, ...]
    made: str
    band: str
    patient: tuple[tuple[str, str], ...]
    patient_absent: str
    image: QImage
    caption: str
    own: ReportSection
    assessments: tuple[ReportStatement, ...]
    outcome_heading: str
    outcomes: tuple[ReportStatement, ...]
    model: ReportSection
    answer: ModelPart | None
    versions: str
    annex: ReportSection
    """The pages for notes that do not fit on the first page, which shows `absent` in their place."""
    disclaimer: str
    overlay: QImage | None = None
    overlay_caption: str = ""

    @property
    def held(self) -> dict[str, Detail]:
        """What the report holds beside the image by which it is logged: nothing."""
        return {}
