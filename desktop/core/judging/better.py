"""When a new model may be called better than the one that it began with.

Two sets of lesions: H, which histology proved and which were held out from the old model, and C, the clinic's own, confirmed
after the old model was made. Better needs all three: safety (no melanoma lost), gain (the one measure that was named before),
and no harm (malignant sum, ages, calibration, novelty, copies). C is looked at again with each new model: look k is tested at
0.05 / (k (k + 1)) on one side, so that all looks together err at most once in twenty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.judging.paired_lesions import DRAWS, Judged, PairedLesions, Shares, differences

FEWEST_HELD_OUT = 150
"""Melanomas of H, or malignant lesions for the malignant sum, below which a loss of 5 points could hide."""

FEWEST_CLINIC = 20
"""Melanomas of C, and the lesions on which the gain is counted: if all of a few change, the interval has no width."""

FEWEST_CALIBRATING = 20
"""Melanomas, and other lesions, put aside of those to learn from, to set the new model's alert."""

FEWEST_TO_LEARN_FROM = 5 * FEWEST_CALIBRATING
"""Melanomas, and other lesions, of which the fifth that is put aside holds about so many."""

LOWEST_BOUND, LOWEST_POINT = -0.05, -0.01
"""Of the difference in sensitivity on H: its one-sided 95 % lower bound must lie above the one, its value not below the other.

In an age band, where fewer are counted, the value must not be below the first."""

AGE_BANDS = ((0, 40), (40, 60), (60, 130))
"""Years, from and below."""

FEWEST_OF_AGE = 20
"""Melanomas of an age band below which it is not told; with so many a difference of one melanoma is 5 points."""

_ERROR = 0.05
"""Of all looks at C together, on one side."""


class Verdict(StrEnum):
    """What may be said of the new model; the first of these that applies."""

    WORSE = "worse, do not use"
    UNKNOWN_TRAINING = "no verdict: training images unknown"
    TOO_FEW = "too few melanomas here to tell"
    NOT_MEASURED = "forgetting not measured"
    NO_DIFFERENCE = "no difference shown, keep the old"
    BETTER = "better"


class Measure(StrEnum):
    """What the new model is meant to gain on C, named before it is made."""

    ALARMS = "alarms on biopsied benign lesions"
    MELANOMAS = "melanomas alerted on"
    MALIGNANT = "malignant lesions alerted on"


class Rule(StrEnum):
    """What better needs."""

    MELANOMAS_HELD_OUT = "melanomas of the held-out lesions"
    MELANOMAS_CLINIC = "melanomas of the clinic"
    GAIN = "gain"
    MALIGNANT_HELD_OUT = "malignant held-out lesions"
    MALIGNANT_CLINIC = "malignant lesions of the clinic"
    AGES = "ages"
    CALIBRATION = "calibration"
    NOVELTY = "novelty"
    COPIES = "copies"


class State(StrEnum):
    """Whether a rule holds."""

    MET = "met"
    FAILED = "failed"
    NOT_MEASURED = "not measured"


_NEEDED = tuple(rule for rule in Rule if rule is not Rule.GAIN)
"""What must not fail, and must have been measured."""

MELANOMAS, MALIGNANT, GAIN = "melanomas", "malignant lesions", "gain"
"""Names of the figures of H and C."""


@dataclass(frozen=True)
class Bar:
    """A figure of both models that must not leave its bounds: `bar` is the shipped recipe's.

    It fails if the new model is beyond the bar and worse than the old one. `most` is whether the bar is the most allowed, else
    the least. Either figure is None where it was not measured.
    """

    rule: Rule
    bar: float
    most: bool
    old: float | None
    new: float | None

    @property
    def state(self) -> State:
        """Whether the new model stays within."""
        if self.old is None or self.new is None:
            return State.NOT_MEASURED
        sign = 1 if self.most else -1
        is_beyond, is_worse = sign * self.new > sign * self.bar, sign * self.new > sign * self.old
        return State.FAILED if is_beyond and is_worse else State.MET


@dataclass(frozen=True)
class Comparison:
    """Whether a new model is better, and by what.

    `held_out` and `clinic` have the figures of H and C by name; see `MELANOMAS`. Those of H have the sensitivity for melanoma
    of each band of `AGE_BANDS` too, those of C the gain. `missed` are the places in C of the melanomas on which the old model
    alerts and the new one does not. Where both models are equal, an interval of C leaves 0 out at either end in a share `error`
    of cases at most; those of H are 90 %, whose lower end is the one-sided 95 % bound. `knows_training` is whether what the
    models learned from is known.
    """

    verdict: Verdict
    measure: Measure
    look: int
    error: float
    rules: dict[Rule, State]
    held_out: dict[str, Shares]
    clinic: dict[str, Shares]
    bars: tuple[Bar, ...]
    missed: tuple[int, ...]
    knows_training: bool


def error_of(look: int) -> float:
    """Return the one-sided error of a look at C, the first being 1; over all looks the sum is 0.05."""
    return _ERROR / (look * (look + 1))


def compare(
    held_out: PairedLesions | None,
    clinic: PairedLesions,
    bars: Sequence[Bar],
    *,
    measure: Measure = Measure.ALARMS,
    look: int,
    knows_training: bool,
    draws: int = DRAWS,
) -> Comparison:
    """Say whether a new model is better than the old one.

    Args:
        held_out: H, None if there are no images of it.
        clinic: C, at least one lesion, without those that either model learned from.
        bars: calibration, novelty and copy agreement of both models; one that is missing was not measured.
        measure: what is to be gained.
        look: how often C was looked at, with this time.
        knows_training: whether what the models learned from is known, and so left out of C. Where it is not, harm is told all
            the same: it does not become smaller by what the new model may have learned, and where the old one learned from C,
            nothing is lost by keeping it.
        draws: of the bootstrap.
    """
    error = error_of(look)
    wanted = _sensitivities(clinic) | {GAIN: _measured(clinic, measure)}
    of_clinic = differences(clinic, wanted, error, draws, is_exact=True)
    of_held_out: dict[str, Shares] = {}
    if held_out is not None:
        wanted = _sensitivities(held_out) | _by_age(held_out)
        of_held_out = differences(held_out, wanted, _ERROR, draws, is_exact=False)
    rules = {
        Rule.MELANOMAS_HELD_OUT: _kept(of_held_out.get(MELANOMAS)),
        Rule.MELANOMAS_CLINIC: _no_fewer(of_clinic[MELANOMAS]),
        Rule.GAIN: _gained(of_clinic[GAIN], measure),
        Rule.MALIGNANT_HELD_OUT: _kept(of_held_out.get(MALIGNANT)),
        Rule.MALIGNANT_CLINIC: _no_fewer(of_clinic.get(MALIGNANT)),
        Rule.AGES: _kept_at_every_age(of_held_out),
        **dict.fromkeys((Rule.CALIBRATION, Rule.NOVELTY, Rule.COPIES), State.NOT_MEASURED),
        **{bar.rule: bar.state for bar in bars},
    }
    return Comparison(
        verdict=_verdict(rules, of_clinic[MELANOMAS].n, knows_training=knows_training),
        measure=measure,
        look=look,
        error=error,
        rules=rules,
        held_out=of_held_out,
        clinic=of_clinic,
        bars=tuple(bars),
        missed=tuple(clinic.newly_missed().tolist()),
        knows_training=knows_training,
    )


def _verdict(rules: Mapping[Rule, State], melanomas: int, *, knows_training: bool) -> Verdict:
    needed = [rules[rule] for rule in _NEEDED]
    if State.FAILED in needed:  # harm is said first: to have learned from these lesions would hide it, not make it
        return Verdict.WORSE
    if not knows_training:
        return Verdict.UNKNOWN_TRAINING
    if melanomas < FEWEST_CLINIC:
        return Verdict.TOO_FEW
    if State.NOT_MEASURED in needed:
        return Verdict.NOT_MEASURED
    return Verdict.BETTER if rules[Rule.GAIN] is State.MET else Verdict.NO_DIFFERENCE


def _sensitivities(lesions: PairedLesions) -> dict[str, Judged]:
    found = {MELANOMAS: (lesions.melanoma, lesions.old_melanoma, lesions.new_melanoma)}
    if lesions.old_malignant is not None and lesions.new_malignant is not None:
        found[MALIGNANT] = (lesions.malignant, lesions.old_malignant, lesions.new_malignant)
    return found


def _by_age(lesions: PairedLesions) -> dict[str, Judged]:
    """Return the sensitivity for melanoma of each age band that has enough of them."""
    bands = {
        age_band(first, below): lesions.melanoma & (lesions.ages >= first) & (lesions.ages < below)
        for first, below in AGE_BANDS
    }
    return {
        name: (own, lesions.old_melanoma, lesions.new_melanoma)
        for name, own in bands.items()
        if own.sum() >= FEWEST_OF_AGE
    }


def age_band(first: int, below: int) -> str:
    """Return the name of the figure of an age band."""
    return f"melanomas, age {first} to {below - 1}"


def _measured(lesions: PairedLesions, measure: Measure) -> Judged:
    if measure is Measure.ALARMS:
        return lesions.benign & lesions.proved, lesions.any_alert(new=False), lesions.any_alert(new=True)
    if measure is Measure.MELANOMAS:
        return lesions.melanoma, lesions.old_melanoma, lesions.new_melanoma
    return lesions.malignant, lesions.any_alert(new=False), lesions.any_alert(new=True)


def _kept(shares: Shares | None) -> State:
    """Whether a sensitivity on H is not lost."""
    if shares is None or shares.n < FEWEST_HELD_OUT:
        return State.NOT_MEASURED
    return State.MET if shares.low > LOWEST_BOUND and shares.difference >= LOWEST_POINT else State.FAILED


def _no_fewer(shares: Shares | None) -> State:
    if shares is None:
        return State.NOT_MEASURED
    return State.MET if shares.new >= shares.old else State.FAILED


def _gained(shares: Shares, measure: Measure) -> State:
    if shares.n < FEWEST_CLINIC:
        return State.NOT_MEASURED
    is_gained = shares.high < 0 if measure is Measure.ALARMS else shares.low > 0
    return State.MET if is_gained else State.FAILED


def _kept_at_every_age(of_held_out: Mapping[str, Shares]) -> State:
    bands = [of_held_out[name] for first, below in AGE_BANDS if (name := age_band(first, below)) in of_held_out]
    if not bands:
        return State.NOT_MEASURED
    return State.MET if all(band.difference >= LOWEST_BOUND for band in bands) else State.FAILED
