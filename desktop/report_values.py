"""What stands in a report, as plain values whose words are ready to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage


@dataclass(frozen=True)
class ProbabilityRow:
    """One line of the probabilities; `fraction` is the length of its bar, 0 to 1, `is_member` one of a bracketed group."""

    name: str
    value: str
    fraction: float
    is_top: bool = False
    is_member: bool = False
    remark: str = ""


@dataclass(frozen=True)
class ProbabilityGroup:
    """Rows under one heading, with their sum."""

    heading: str
    total: str
    rows: tuple[ProbabilityRow, ...]


@dataclass(frozen=True)
class ModelPart:
    """What the window shows of an answer, in its words; a part that it withholds is not in here.

    `age` says of which region it is and when an older answer was given, `withheld` stands in place of the `groups` where
    they are folded away, `signs` are quality and novelty, `basis` is what the figures rest on.
    """

    age: str
    is_flag: bool
    headline: str
    plain: str
    withheld: str
    groups: tuple[ProbabilityGroup, ...]
    signs: str
    basis: str


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
