"""What may be said of a model that was tried on the history: whether it is worse there.

That it is better needs held-out lesions of the old model too (`judging.better`), which a practice does not have: the most that
can be found here is that nothing speaks against it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from desktop.core.judging.better import MALIGNANT, MELANOMAS, Rule, State, Verdict, compare
from desktop.core.judging.paired_lesions import PairedLesions
from desktop.core.labels import BY_ID, MELANOMA, Malignancy
from desktop.core.practice.cases import Target, alerts_for
from desktop.core.practice.flips import Flips, Kind, Pair

_MALIGNANT_ALERT = "malignant"
_PROVED = frozenset({Kind.MELANOMA, Kind.OTHER_CANCER, Kind.BENIGN})


@dataclass(frozen=True)
class Loss:
    """An alert, by its id, that fewer of its lesions raise: `old` by the old model, `new` by the new one."""

    alert: str
    old: int
    new: int


@dataclass(frozen=True)
class FlipVerdict:
    """A verdict on the lesions that histology proved since the old model was made: `lesions` of them, `melanomas` among these.

    `verdict` is None where a model has no alert for melanoma, so that they cannot be compared on it. `losses` say why the new
    model is worse.
    """

    verdict: Verdict | None
    lesions: int
    melanomas: int
    losses: tuple[Loss, ...] = ()


def verdict_on(flips: Flips, made: str, *, knows_training: bool) -> FlipVerdict:
    """Judge the new model.

    Args:
        flips: what changes.
        made: the day on which the old model was made, as its contract states it: what histology proved later is new to it. If
            it is no day, nothing is.
        knows_training: whether it is known what both models learned from; without proved lesions that does not matter.
    """
    since = _day(made)
    pairs = [
        pair
        for one in flips.kinds
        if one.kind in _PROVED
        for pair in (*one.old.counted, *one.old.others)
        if pair.old.outcome is not None and pair.old.outcome.date > since
    ]
    melanomas = sum(pair.kind is Kind.MELANOMA for pair in pairs)
    if not all(alerts_for(model, Target.MELANOMA) for model in (flips.old, flips.new)):
        return FlipVerdict(None, len(pairs), melanomas)
    if not pairs:
        has_proved = any(one.kind in _PROVED for one in flips.kinds)
        return FlipVerdict(Verdict.UNKNOWN_TRAINING if has_proved and not knows_training else Verdict.TOO_FEW, 0, 0)
    # The number of the look bears on the gain alone, of which nothing is said without held-out lesions.
    found = compare(None, _paired(flips, pairs), (), look=1, knows_training=knows_training)
    losses = tuple(
        Loss(alert, found.clinic[name].old, found.clinic[name].new)
        for alert, name, rule in (
            (MELANOMA, MELANOMAS, Rule.MELANOMAS_CLINIC),
            (_MALIGNANT_ALERT, MALIGNANT, Rule.MALIGNANT_CLINIC),
        )
        if found.rules[rule] is State.FAILED
    )
    return FlipVerdict(found.verdict, len(pairs), melanomas, losses)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.max


def _paired(flips: Flips, pairs: Sequence[Pair]) -> PairedLesions:
    numbers = {patient: number for number, patient in enumerate(dict.fromkeys(pair.old.at.patient for pair in pairs))}
    has_sum = all(_MALIGNANT_ALERT in model.raises for model in (flips.old, flips.new))
    return PairedLesions(
        melanoma=np.array([pair.kind is Kind.MELANOMA for pair in pairs], bool),
        malignant=np.array([pair.kind is not Kind.BENIGN for pair in pairs], bool),
        benign=np.array([pair.kind is Kind.BENIGN and not _is_precursor(pair) for pair in pairs], bool),
        proved=np.ones(len(pairs), bool),
        patients=np.array([numbers[pair.old.at.patient] for pair in pairs], np.int64),
        ages=np.full(len(pairs), np.nan),
        old_melanoma=np.array([pair.old_calls_melanoma for pair in pairs], bool),
        new_melanoma=np.array([pair.new_calls_melanoma for pair in pairs], bool),
        old_malignant=_raised([pair.old_alerts for pair in pairs]) if has_sum else None,
        new_malignant=_raised([pair.new_alerts for pair in pairs]) if has_sum else None,
    )


def _raised(alerts: Sequence[frozenset[str]]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.array([_MALIGNANT_ALERT in one for one in alerts], bool)


def _is_precursor(pair: Pair) -> bool:
    label = None if pair.old.outcome is None else pair.old.outcome.label
    return label in BY_ID and BY_ID[label].malignancy is Malignancy.PRECURSOR
