"""What follows from an alert's figures here: may it be used as it is?"""

from enum import StrEnum

from desktop.core.judging.figures import FEWEST, AlertFigures

TOLERATED = 0.05
"""By how much the lower limit of a sensitivity may lie below the aim of the working point."""


LITTLE = 0.25
"""Sensitivity less the share of the others in which an alert is raised: with less, it tells hardly anything apart."""


class Verdict(StrEnum):
    """What follows from an alert's figures; the first of these that applies."""

    UNKNOWN_TRAINING = "no verdict: training images unknown"
    TOO_FEW = "too few"
    TELLS_NOTHING_APART = "do not use: tells nothing apart"
    MISSES_MORE = "do not use: misses more than it was set to"
    NO_DIFFERENCE_SHOWN = "no difference shown"
    CANNOT_TELL = "cannot tell"
    NO_FAULT_SHOWN = "no fault shown"


def verdict(alert: AlertFigures, *, knows_training: bool) -> Verdict:
    """Judge an alert at its working point.

    An alert is not to be used if it is raised in its own lesions about as often as in others (the 95 % interval of the
    difference includes zero and ends below `LITTLE`), or if the whole interval of its sensitivity lies below its aim. Where the
    interval of the difference includes zero and is wide, no difference is shown: that speaks neither for nor against the alert.
    No fault is shown only if the interval of the sensitivity begins no lower than `TOLERATED` below the aim.

    Args:
        alert: its figures.
        knows_training: whether the images that the model learned from are known, and so left out.
    """
    if not knows_training:
        return Verdict.UNKNOWN_TRAINING
    if min(alert.count.positives, alert.count.others) < FEWEST or alert.sensitivity is None or alert.gain is None:
        return Verdict.TOO_FEW
    if alert.gain.low <= 0 and alert.gain.high < LITTLE:
        return Verdict.TELLS_NOTHING_APART
    if alert.sensitivity.high < alert.aim:
        return Verdict.MISSES_MORE
    if alert.gain.low <= 0:
        return Verdict.NO_DIFFERENCE_SHOWN
    return Verdict.NO_FAULT_SHOWN if alert.sensitivity.low >= alert.aim - TOLERATED else Verdict.CANNOT_TELL
