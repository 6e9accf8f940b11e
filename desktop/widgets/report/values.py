"""What stands in a report, as plain values whose words are ready to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from desktop.widgets.answer.shown_answer import ModelPart


@dataclass(frozen=True)
class Saying:
    """A view or an outcome: what it says, who said it when, and a note of any length."""

    text: str
    origin: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A heading, and what stands below it where there is nothing else."""

    heading: str
    absent: str


@dataclass(frozen=True)
class Report:
    """All that stands on the page.

    `patient` and `facts` are pairs of what it is and what it says. `band` is that of a demonstration model. `answer` is None
    where it is concealed or there is none: `model.absent` says why. `overlay` belongs to the answer.
    """

    title: str
    clinic: tuple[str, ...]
    made: str
    band: str
    patient: tuple[tuple[str, str], ...]
    patient_absent: str
    image: QImage
    caption: str
    own: Section
    views: tuple[Saying, ...]
    model: Section
    answer: ModelPart | None
    technical: Section
    facts: tuple[tuple[str, str], ...]
    annex: Section
    """The pages behind the first, for notes that found no room there; `absent` stands on the first in their place."""
    standing: str
    overlay: QImage | None = None
    overlay_caption: str = ""
