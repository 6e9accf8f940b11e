"""What the window shows of an answer, as plain values whose words are ready to be read."""

from dataclasses import dataclass


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
