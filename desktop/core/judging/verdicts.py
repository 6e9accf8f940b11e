"""What follows from an alert's figures here: may it be used as it is?"""

from enum import StrEnum

from desktop.core.judging.figures import FEWEST, AlertFigures
from desktop.core.judging.lesion_answers import AlertTest
from desktop.core.statistics.proportions import proportion

TOLERATED = 0.05
"""By how much the lower limit of a sensitivity may lie below the aim of the working point."""


class Verdict(StrEnum):
    """What follows from an alert's figures; the first of these that applies."""

    TELLS_LESS_APART = "do not use: no difference shown, and less than in testing"
    MISSES_MORE = "do not use: misses more than it was set to"
    UNKNOWN_TRAINING = "no verdict: training images unknown"
    TOO_FEW = "too few"
    NO_DIFFERENCE_SHOWN = "no difference shown"
    CANNOT_TELL = "cannot tell"
    NO_FAULT_SHOWN = "no fault shown"


def verdict(alert: AlertFigures, *, knows_training: bool) -> Verdict:
    """Judge an alert at its working point.

    Its gain is sensitivity less the share of the others in which it is raised. An alert is not to be used as it is if the 95 %
    interval of its gain includes zero and lies below what testing allows, or if the whole interval of its sensitivity lies
    below its aim. Where the interval of the gain includes zero and what testing allows, no difference is shown: that speaks
    neither for nor against the alert. No fault is shown only if the interval of the sensitivity begins no lower than
    `TOLERATED` below the aim.

    Faults are told also where it is not known what the model learned from: whatever it learned from these lesions makes it look
    better here, not worse.

    Args:
        alert: its figures.
        knows_training: whether the images that the model learned from are known, and so left out.
    """
    has_enough = min(alert.count.positives, alert.count.others) >= FEWEST
    if not has_enough or alert.sensitivity is None or alert.gain is None:
        return Verdict.TOO_FEW if knows_training else Verdict.UNKNOWN_TRAINING
    is_unshown = alert.gain.low <= 0
    if is_unshown and alert.tested is not None and alert.gain.high < least_tested_gain(alert.tested):
        return Verdict.TELLS_LESS_APART
    if alert.sensitivity.high < alert.aim:
        return Verdict.MISSES_MORE
    if not knows_training:
        return Verdict.UNKNOWN_TRAINING
    if is_unshown:
        return Verdict.NO_DIFFERENCE_SHOWN
    return Verdict.NO_FAULT_SHOWN if alert.sensitivity.low >= alert.aim - TOLERATED else Verdict.CANNOT_TELL


def least_tested_gain(tested: AlertTest) -> float:
    """Return the least gain that testing allows: the lower limit of the sensitivity less the upper one of false alarms."""
    if not tested.positives or not tested.others:
        return float("-inf")
    return proportion(tested.found, tested.positives).low - proportion(tested.raised, tested.others).high
