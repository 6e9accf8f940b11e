"""Counts own figures again, from what was written and by other means: scipy's tests in place of closed forms."""

from collections.abc import Sequence

import numpy as np
from scipy import optimize, stats

from desktop.core.records.people import EXCISION, REFERRAL
from tests.core.practice.clinic import CANCERS, MELANOMAS, MadeUp, Said


def suspects(said: Said, positives: Sequence[str]) -> bool:
    if said.diagnosis == "undecided":
        return said.plan in {EXCISION, REFERRAL}
    return said.diagnosis in positives


def is_called(lesion: MadeUp, judge: str, positives: Sequence[str]) -> bool | None:
    if judge == "alert":
        wanted = {"melanoma"} if positives == MELANOMAS else {"melanoma", "malignant"}
        return any(wanted & set(alerts) for alerts in lesion.alerts)
    said = lesion.before if judge == "before" else lesion.changed or lesion.before
    return None if said is None else suspects(said, positives)


def interval(counted: Sequence[bool], patients: Sequence[int]) -> tuple[float, float, float]:
    """Return a share with its 95 % interval: the shares that the score test does not reject for so many effective lesions."""
    held = np.array(counted, float)
    n, share = len(held), float(held.mean())
    groups = {
        patient: [value for value, one in zip(held, patients, strict=True) if one == patient] for patient in patients
    }
    if share in {0.0, 1.0}:
        found = stats.binomtest(int(share) * len(groups), len(groups)).proportion_ci(0.95, "exact")
        return share, float(found.low), float(found.high)
    between = sum((sum(values) - len(values) * share) ** 2 for values in groups.values())
    effective = n / max(between / (n * share * (1 - share)), 1.0)
    limit = stats.norm.ppf(0.975)

    def excess(true: float) -> float:
        return abs(share - true) / np.sqrt(true * (1 - true) / effective) - limit

    precise = {"xtol": 1e-15, "rtol": 8.9e-16}
    return (
        share,
        float(optimize.brentq(excess, 1e-12, share, **precise)),
        float(optimize.brentq(excess, share, 1 - 1e-12, **precise)),
    )


def positives_of(target: str) -> Sequence[str]:
    return MELANOMAS if target == "melanoma" else CANCERS


def calibration_error(said: Sequence[float], came: Sequence[bool], bins: int = 15) -> float:
    """Return the distance between confidence and frequency over bins of equal count, lesion by lesion."""
    order = sorted(range(len(said)), key=lambda place: said[place])
    gaps = [0.0] * bins
    for rank, place in enumerate(order):
        gaps[int((rank + 0.5) / len(order) * bins)] += said[place] - came[place]
    return sum(map(abs, gaps)) / len(order)


def direction(before: Said, after: Said) -> int:
    """Return 1 for a change towards malignant or a biopsy, -1 for one away from it, 0 for another one."""

    def kind(said: Said) -> int:
        return 1 if said.diagnosis == "undecided" else 2 * (said.diagnosis in CANCERS)

    def acts(said: Said) -> bool:
        return said.plan in {EXCISION, REFERRAL}

    if kind(before) != kind(after):
        return 1 if kind(after) > kind(before) else -1
    if after.plan == "" or acts(before) == acts(after):
        return 0
    return 1 if acts(after) else -1
