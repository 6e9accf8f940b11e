"""The content of a report of a visit, as plain values in final words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.records.audit_acts import HELD_LESIONS
from desktop.widgets.report.report_content import ReportStatement

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from desktop.core.records.audit_acts import Detail
    from desktop.widgets.common.body.body_marks import BodyMark


@dataclass(frozen=True)
class VisitPicture:
    """An image with its caption; where there is no image the caption says why.

    `mm_wide` is how many millimetres of skin the image is wide, None where that is not known or not sure.
    """

    image: QImage | None
    caption: str
    mm_wide: float | None = None


@dataclass(frozen=True)
class LesionPart:
    """One lesion. The older picture comes first; `answers` are the lines of what the model says, empty if they are left out.

    `sizes` are the lines of what was measured in the pictures, and `size_remark` says how far that can be trusted, or why there
    is nothing; both may be empty. `cautions` are what to bear in mind when the two pictures are compared. `apart` says why the
    sizes in two pictures cannot be compared, empty for two at one scale and for a single picture.
    """

    lesion_id: int
    heading: str
    pictures: tuple[VisitPicture, ...]
    assessments: tuple[ReportStatement, ...]
    outcomes: tuple[ReportStatement, ...]
    answers: tuple[str, ...]
    sizes: tuple[str, ...] = ()
    size_remark: str = ""
    cautions: tuple[str, ...] = ()
    apart: str = ""


@dataclass(frozen=True)
class OtherPart:
    """A lesion with neither image nor assessment of the visit: its findings, late assessments, and what is still to be done."""

    lesion_id: int
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class VisitMap:
    """The lesions on the body map: their marks, and a list of name and place of all lesions, below a heading.

    Those of `others`, without image and assessment of the visit, have secondary marks. `note` explains the marks.
    """

    heading: str
    marks: tuple[BodyMark, ...]
    lesions: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True)
class OverviewPart:
    """A clinical photograph, and the pins of the report's lesions on it.

    The `note` explains the marks; without an `image` it says why there is none.
    """

    heading: str
    image: QImage | None
    marks: tuple[BodyMark, ...]
    note: str


@dataclass(frozen=True)
class VisitReport:
    """Everything on the pages; for the fields of the head and the foot see `Report`.

    `map` is None without a map. `left_out` says which images the report leaves out, and `later` which visit, each empty where
    there is none. `page_name` says whose visit a page is of, above each page but the first; it is empty without patient data.
    `versions` stands at the foot of each page.
    """

    title: str
    clinic: tuple[str, ...]
    made: str
    band: str
    patient: tuple[tuple[str, str], ...]
    patient_absent: str
    map: VisitMap | None
    overviews: tuple[OverviewPart, ...]
    lesions: tuple[LesionPart, ...]
    no_lesion: str
    left_out: str
    later: str
    others_heading: str
    others: tuple[OtherPart, ...]
    own_heading: str
    no_assessment: str
    outcome_heading: str
    model_heading: str
    earlier_heading: str
    conclusion_heading: str
    conclusion: str
    signature: str
    versions: str
    disclaimer: str
    page_name: str

    @property
    def held(self) -> dict[str, Detail]:
        """What the report holds, for the audit log: its lesions, and the number of its pictures."""
        ids = [*(part.lesion_id for part in self.lesions), *(part.lesion_id for part in self.others)]
        images = [one.image for part in self.lesions for one in part.pictures] + [one.image for one in self.overviews]
        return {
            HELD_LESIONS: " ".join(map(str, ids)),
            "images": sum(image is not None for image in images),
        }
