"""A share of lesions with its interval and the lesions themselves: no figure is shown without a way to its cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from desktop.core.judging.figures import FEWEST
from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.proportions import exact_interval, proportion_by_group

T = TypeVar("T")


@dataclass(frozen=True)
class Share(Generic[T]):
    """Of so many cases those in which something holds (`counted`), and the `others`.

    `estimate` is the share with its 95 % interval, None with fewer than `FEWEST` cases. The interval is Wilson's for as many
    independent cases as the patients' are worth (`proportion_by_group`); for none or all of them it is the exact one of as many
    patients.
    """

    counted: tuple[T, ...]
    others: tuple[T, ...]
    estimate: Estimate | None

    @property
    def k(self) -> int:
        """In how many it holds."""
        return len(self.counted)

    @property
    def n(self) -> int:
        """Of how many."""
        return len(self.counted) + len(self.others)


def share_of(cases: Sequence[T], counted: Sequence[bool], patient: Callable[[T], object]) -> Share[T]:
    """Return in how many of the cases something holds, by `counted`; `patient` tells whose a case is."""
    return Share(
        tuple(case for case, is_so in zip(cases, counted, strict=True) if is_so),
        tuple(case for case, is_so in zip(cases, counted, strict=True) if not is_so),
        _estimate(counted, [patient(case) for case in cases]) if len(cases) >= FEWEST else None,
    )


def _estimate(counted: Sequence[bool], patients: Sequence[object]) -> Estimate:
    numbers = {patient: number for number, patient in enumerate(dict.fromkeys(patients))}
    held = np.array(counted, bool)
    if held.all() or not held.any():
        return Estimate(float(held.all()), *exact_interval(is_all=bool(held.all()), n=len(numbers)))
    found = proportion_by_group(held, np.array([numbers[patient] for patient in patients], np.int64))
    return Estimate(found.value, found.low, found.high)
