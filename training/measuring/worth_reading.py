"""Where an alert is worth reading: the rule, and what it says of each source.

An alert is worth reading at a source if, at its default working point, it finds at least 90 of 100 lesions that it is for, and
is raised for at most 70 of 100 nevi. With less found, an answer without an alert says little; with more raised, an alert does.
The estimates decide, not their intervals. It is counted on biopsied lesions, or on all lesions of a source that does not say
how they were proved, and takes 20 lesions of either kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from training.measuring.alert_figures import AlertRow
from training.measuring.card_figures import CardFigures

LEAST_FOUND = 0.9
"""Of the lesions that the alert is for. It is set for 95 %, so an alert at this bound misses twice as many as intended."""

MOST_RAISED = 0.7
"""Of the nevi: the bar of the shipped model's recipe on biopsied nevi (docs/experiments.md)."""


class Verdict(StrEnum):
    """What the rule says, in the words of the card."""

    WORTH_READING = "worth reading"
    DO_NOT_USE = "do not use it there"
    NOT_TESTED = "not tested: too few lesions"


@dataclass(frozen=True)
class SourceVerdict:
    """The verdict on an alert at a source; `is_taught` if the network that was asked learned from this source."""

    alert: str
    source: str
    is_taught: bool
    lesions: str
    row: AlertRow
    verdict: Verdict


def verdict(row: AlertRow) -> Verdict:
    """Return what the rule says of an alert on some lesions."""
    if row.found is None or row.nevi_raised is None:
        return Verdict.NOT_TESTED
    finds = row.found.k >= LEAST_FOUND * row.found.n
    spares = row.nevi_raised.k <= MOST_RAISED * row.nevi_raised.n
    return Verdict.WORTH_READING if finds and spares else Verdict.DO_NOT_USE


def verdicts(one: CardFigures) -> Iterator[SourceVerdict]:
    """Yield the verdicts of one network: on the sources that it learned from, then by the trainings that left a source out."""
    for alert in one.alerts:
        for row in alert.sources:
            yield SourceVerdict(alert.name, row.part, True, row.value, row, verdict(row))
        for training in one.unseen:
            for asked in training.alerts:
                if asked.id == alert.id:
                    row = asked.left_out
                    yield SourceVerdict(alert.name, training.value, False, row.value, row, verdict(row))
