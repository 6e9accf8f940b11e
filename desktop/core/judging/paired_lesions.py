"""Two models' answers to the same lesions, and the differences of their figures, the new model's less the old one's.

A lesion has one vote. Intervals are by bootstrap over patients, in pairs: each draw takes the same patients for both models, so
that what is hard for both cancels in the difference. With few lesions or patients that is too narrow: where 20 lesions are
answered by equal models, the interval of the third look lies below 0 in up to 11 of 1,000 tries, and 4 are allowed; where 7
patients have three each, that of the first look in 48, and 25 are. So an exact interval counts where it reaches farther.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.inference.contract import Contract
from desktop.core.judging.labels import members
from desktop.core.judging.lesion_answers import LesionAnswers
from desktop.core.labels import MELANOMA, Malignancy
from desktop.core.marking import tr
from desktop.core.statistics.bootstrap import Estimate, Weights, bootstrapped
from desktop.core.statistics.paired_shares import exact_difference

DRAWS = 20_000
"""Of the bootstrap: at the tenth look 9 of them lie beyond either end of an interval."""

_MALIGNANT = "malignant"
"""The id of the alert for the sum of the malignant labels."""

Judged = tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]
"""Among which lesions a share is counted, and in which of all it holds by the old and by the new model; each [m]."""


@dataclass(frozen=True)
class PairedLesions:
    """m lesions, and whether each of two models alerts on them at its own working points; all arrays are [m].

    `malignant` and `benign` are by the labels that the lesions turned out to have; a precursor is neither. `proved` are those
    with histology, `patients` numbers, `ages` years, NaN where unknown. The old and the new model raise an alert for melanoma
    (`old_melanoma`, `new_melanoma`), and one for the malignant sum, None where either model has none.
    """

    melanoma: NDArray[np.bool_]
    malignant: NDArray[np.bool_]
    benign: NDArray[np.bool_]
    proved: NDArray[np.bool_]
    patients: NDArray[np.int64]
    ages: NDArray[np.float64]
    old_melanoma: NDArray[np.bool_]
    new_melanoma: NDArray[np.bool_]
    old_malignant: NDArray[np.bool_] | None
    new_malignant: NDArray[np.bool_] | None

    def any_alert(self, *, new: bool) -> NDArray[np.bool_]:
        """Tell on which lesions one of the models alerts at all."""
        melanoma, malignant = (
            (self.new_melanoma, self.new_malignant) if new else (self.old_melanoma, self.old_malignant)
        )
        return melanoma if malignant is None else melanoma | malignant

    def newly_missed(self) -> NDArray[np.int64]:
        """Return the places of the melanomas on which the old model alerts and the new one does not."""
        return np.flatnonzero(self.melanoma & self.old_melanoma & ~self.new_melanoma)


@dataclass(frozen=True)
class Shares:
    """In which share of `n` lesions, of `patients` patients, something holds: in `old` of them, and in `new` by the new model.

    `difference` is the new share less the old one, with an interval from `low` to `high`; all three are NaN where n is 0.
    """

    n: int
    patients: int
    old: int
    new: int
    difference: float
    low: float
    high: float


def pair(old: LesionAnswers, new: LesionAnswers, contract: Contract, ages: NDArray[np.float64]) -> PairedLesions:
    """Put two models' answers to the same lesions beside each other.

    Args:
        old: the votes of one model.
        new: those of the other, on the same lesions in the same order.
        contract: of one of the models, which have the same labels.
        ages: [m], years, NaN where unknown.

    Raises:
        DataError: a model has no alert for melanoma.
    """
    kinds = {label.id: label.malignancy for label in contract.labels}
    own = [{kinds[label] for label in members(truth, contract)} for truth in old.truth]
    return PairedLesions(
        melanoma=old.is_of(MELANOMA),
        malignant=np.array([kind == {Malignancy.MALIGNANT} for kind in own], bool),
        benign=np.array([kind == {Malignancy.BENIGN} for kind in own], bool),
        proved=old.proved,
        patients=old.patients,
        ages=ages,
        old_melanoma=_melanoma_alert(old),
        new_melanoma=_melanoma_alert(new),
        old_malignant=_raised(old, _MALIGNANT),
        new_malignant=_raised(new, _MALIGNANT),
    )


def differences(
    lesions: PairedLesions, wanted: Mapping[str, Judged], tail: float, draws: int = DRAWS, *, is_exact: bool
) -> dict[str, Shares]:
    """Return the shares of each name, drawn together.

    Args:
        lesions: the lesions.
        wanted: what is counted, by name.
        tail: the share of the draws beyond either end of the intervals.
        draws: of the bootstrap.
        is_exact: whether intervals reach at least as far as those of `exact_difference`.
    """
    counted = {name: one for name, one in wanted.items() if one[0].any()}
    found: dict[str, Estimate] = {}
    if counted:
        among = np.stack([one for one, _, _ in counted.values()]).astype(float)
        changes = np.stack([(one & new).astype(float) - (one & old) for one, old, new in counted.values()])

        def figures(weights: Weights) -> dict[str, float]:
            with np.errstate(invalid="ignore"):
                return dict(zip(counted, ((changes @ weights) / (among @ weights)).tolist(), strict=True))

        found = bootstrapped(figures, lesions.patients, draws, tail)
    if is_exact:
        found = {name: _widened(one, counted[name], lesions.patients, tail) for name, one in found.items()}
    nothing = float("nan")
    return {
        name: Shares(
            n=int(one.sum()),
            patients=len(np.unique(lesions.patients[one])),
            old=int((one & old).sum()),
            new=int((one & new).sum()),
            difference=found[name].value if name in found else nothing,
            low=found[name].low if name in found else nothing,
            high=found[name].high if name in found else nothing,
        )
        for name, (one, old, new) in wanted.items()
    }


def _widened(drawn: Estimate, counted: Judged, patients: NDArray[np.int64], tail: float) -> Estimate:
    """Return a difference with the ends of its exact interval where these lie farther out."""
    among, old, new = counted
    numbers = np.unique(patients[among], return_inverse=True)[1]
    changes = np.zeros(int(numbers.max()) + 1, np.int64)
    np.add.at(changes, numbers, new[among].astype(np.int64) - old[among])
    low, high = exact_difference(changes, len(numbers), tail)
    return Estimate(drawn.value, min(drawn.low, low), max(drawn.high, high))


def _melanoma_alert(answers: LesionAnswers) -> NDArray[np.bool_]:
    raised = _raised(answers, MELANOMA)
    if raised is None:
        raise DataError(
            tr(
                "One of the models has no alert for melanoma: there were too few held-out lesions to set one. They cannot be "
                "compared."
            )
        )
    return raised


def _raised(answers: LesionAnswers, alert: str) -> NDArray[np.bool_] | None:
    return next((one.raised for one in answers.alerts if one.id == alert), None)
