"""Out-of-fold results of the thresholds, each proportion with its 95 % interval by bootstrap over groups.

Images of one lesion and copies of one picture are not independent: a binomial interval would be too narrow.
"""

import numpy as np
from numpy.typing import NDArray

from desktop.core.inference.contract import Flag
from desktop.core.labels import MELANOMA
from desktop.core.statistics.bootstrap import Estimate, Weights, bootstrapped
from training.judging.held_out import HeldOutAnswers
from training.judging.thresholds import CrossFitted, is_wrong

SENSITIVITY, SPECIFICITY = "sensitivity", "specificity"
SHARE_WITHHELD, ERROR_ALL, ERROR_ANSWERED = "withheld", "error without", "error of the answered"
IF_MISSED, IF_REFERRED = "melanoma flag, withheld as missed", "melanoma flag, withheld as referred"


def recall_intervals(found: HeldOutAnswers, cross_fitted: CrossFitted) -> dict[str, Estimate]:
    """Return for each label with images, by id, the share of them that is answered with it or its group."""
    right = ~is_wrong(found, cross_fitted)
    parts = {label: found.truth == place for place, label in enumerate(found.labels)}
    return _shares(found, {label: (here & right, here) for label, here in parts.items() if here.any()})


def flag_intervals(flag: Flag, found: HeldOutAnswers, cross_fitted: CrossFitted) -> dict[str, Estimate]:
    """Return sensitivity and specificity of a flag at the other folds' thresholds; empty if these have none."""
    if flag.id not in cross_fitted.raised:
        return {}
    positive = np.isin(found.truth, [found.labels.index(label) for label in flag.labels])
    raised = cross_fitted.raised[flag.id]
    return _shares(found, {SENSITIVITY: (positive & raised, positive), SPECIFICITY: (~positive & ~raised, ~positive)})


def certainty_intervals(found: HeldOutAnswers, cross_fitted: CrossFitted) -> dict[str, Estimate]:
    """Return the share withheld at the other folds' thresholds, and its effect on errors and on the melanoma flag."""
    wrong, answered = is_wrong(found, cross_fitted), ~cross_fitted.withheld
    every = np.ones(len(wrong), bool)
    parts = {
        SHARE_WITHHELD: (cross_fitted.withheld, every),
        ERROR_ALL: (wrong, every),
        ERROR_ANSWERED: (wrong & answered, answered),
    }
    if MELANOMA in found.labels and MELANOMA in cross_fitted.raised:
        melanoma, raised = found.truth == found.labels.index(MELANOMA), cross_fitted.raised[MELANOMA]
        parts[IF_MISSED] = (melanoma & raised & answered, melanoma)
        parts[IF_REFERRED] = (melanoma & (raised | cross_fitted.withheld), melanoma)
    return _shares(found, parts)


def _shares(
    found: HeldOutAnswers, parts: dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]
) -> dict[str, Estimate]:
    """Return each proportion, given as two masks: the images counted, and the images among which they are counted."""
    counted, among = (np.stack(masks).astype(float) for masks in zip(*parts.values(), strict=True))

    def shares(weights: Weights) -> dict[str, float]:
        with np.errstate(invalid="ignore"):
            values = (counted @ weights) / (among @ weights)
        return dict(zip(parts, values.tolist(), strict=True))

    return bootstrapped(shares, found.groups)
