"""Age, sex and site in a layer behind the image's answer.

The layer adds to the logarithm of each label's probability what was learned of the patient's age, the sex and the site; a part
that is not given, or that the layer does not know, adds nothing. It may raise an alert, never take away one that the image
alone raises. Skin tone is no part of it.
"""

import math
from collections.abc import Iterable, Mapping

from desktop.core.errors import UsageError
from desktop.core.frozen import frozen
from desktop.core.inference.alerts import Alert, WorkingPoints
from desktop.core.inference.checked_types import Count, Fraction, Text
from desktop.core.marking import tr
from desktop.core.patient_context import AGE_BANDS, ARM, HEAD, LEG, SEXES, SITES, TRUNK, PatientContext, age_band

AGE, SEX, SITE = "age", "sex", "site"

_WORDS = {
    **dict.fromkeys((HEAD, "head/neck", "head", "face", "scalp", "ear", "neck"), HEAD),
    **dict.fromkeys((TRUNK, "torso", "back", "chest", "abdomen", "shoulder", "buttock"), TRUNK),
    **dict.fromkeys(("anterior torso", "posterior torso", "lateral torso"), TRUNK),
    **dict.fromkeys((ARM, "upper extremity", "forearm", "upper arm", "hand", "acral hand"), ARM),
    **dict.fromkeys((LEG, "lower extremity", "thigh", "lower leg", "foot"), LEG),
}
"""Sites as public image collections and the user's tables name them."""

_NOT_GIVEN = frozenset({"", "unknown", "not known", "other"})
_OUTSIDE = frozenset({"genital", "oral/genital", "oral", "mouth", "mucosa", "nail"})
"""Sites of which there were too few lesions to learn from: they add nothing."""

_OLDEST = 120

_LARGEST = 20.0
"""The greatest offset of a logarithm: e to this power already turns the least share into nearly all."""


@frozen
class ContextValue:
    """What one value of a factor adds to the logarithm of each label's probability, by the label's id."""

    id: Text
    offsets: dict[str, float]


@frozen
class ContextFactor:
    """`age`, `sex` or `site` with its values; any other value adds nothing."""

    id: Text
    values: tuple[ContextValue, ...]


@frozen
class ContextTest:
    """What the layer does to an alert at the working point `aim`, on biopsied lesions of patients of some `ages`.

    Of `positives` lesions of the alert's own labels, `found_alone` raised it by the image alone and `found` by either;
    likewise of `nevi`, and of `others`, which are benign or precursors.
    """

    alert: Text
    aim: Fraction
    ages: Text
    positives: Count
    found_alone: Count
    found: Count
    nevi: Count
    nevi_alone: Count
    nevi_raised: Count
    others: Count
    others_alone: Count
    others_raised: Count


@frozen
class ContextGain:
    """How well an alert separates its lesions from biopsied nevi, as the area under the ROC curve.

    `alone` is that of the image alone, `either` that of image or layer, whichever score is higher. `gain` is the difference
    with its 95 % interval, paired, by lesion.
    """

    alert: Text
    alone: Fraction
    either: Fraction
    gain: float
    low: float
    high: float


@frozen
class Context:
    """The layer of a model file: its `factors`, and the ids of the alerts that it `raises`.

    It was fitted on `fitted_on`; `tests` and `gains` are cross-fitted, on `measured_on`.
    """

    fitted_on: Text
    measured_on: Text
    factors: tuple[ContextFactor, ...]
    raises: tuple[str, ...]
    tests: tuple[ContextTest, ...]
    gains: tuple[ContextGain, ...]

    def given(self, patient: PatientContext) -> PatientContext:
        """Return the part of a patient's context that the layer knows."""
        known = {factor.id: {value.id for value in factor.values} for factor in self.factors}
        parts = _by_factor(patient)
        age_band, sex, site = (parts[name] if parts[name] in known.get(name, ()) else "" for name in (AGE, SEX, SITE))
        return PatientContext(age_band, sex, site)

    def apply(self, probabilities: Mapping[str, float], patient: PatientContext) -> dict[str, float]:
        """Return the probability of each label, by its id, with what is given of the patient."""
        given = _by_factor(patient)
        chosen = [value for factor in self.factors for value in factor.values if value.id == given.get(factor.id)]
        weighed = {
            label: probability * math.exp(sum(value.offsets.get(label, 0.0) for value in chosen))
            for label, probability in probabilities.items()
        }
        total = sum(weighed.values())
        return {label: value / total for label, value in weighed.items()}

    def raised(
        self, alerts: Iterable[Alert], with_context: Mapping[str, float], wanted: WorkingPoints | None = None
    ) -> tuple[Alert, ...]:
        """Return which alerts of the model the probabilities with context raise, at the working points that are wanted."""
        points = wanted or {}
        return tuple(
            alert
            for alert in alerts
            if alert.id in self.raises and alert.score(with_context) >= alert.point(points.get(alert.id)).threshold
        )

    def test_of(self, alert: str, aim: float) -> ContextTest | None:
        """Return what was measured of an alert at a working point in patients of all ages, None if nothing was."""
        return next((test for test in self.tests if (test.alert, test.aim, test.ages) == (alert, aim, "all")), None)

    @property
    def is_consistent(self) -> bool:
        """Whether each factor is a known one, stands once, and no count is impossible."""
        factors = [factor.id for factor in self.factors]
        offsets = [offset for factor in self.factors for value in factor.values for offset in value.offsets.values()]
        return (
            {*factors} <= {AGE, SEX, SITE}
            and len({*factors}) == len(factors)
            and all(abs(offset) <= _LARGEST for offset in offsets)
            and all(_is_possible(test) for test in self.tests)
        )


def _by_factor(patient: PatientContext) -> dict[str, str]:
    return {AGE: patient.age_band, SEX: patient.sex, SITE: patient.site}


def _is_possible(test: ContextTest) -> bool:
    return (
        test.found_alone <= test.found <= test.positives
        and test.nevi_alone <= test.nevi_raised <= test.nevi
        and test.others_alone <= test.others_raised <= test.others
    )


def age_band_of(age: str) -> str:
    """Return the age band of an age in years, or of a band; empty where none is given.

    Raises:
        UsageError: it is neither.
    """
    text = age.strip().replace("–", "-")
    if text.casefold() in _NOT_GIVEN:
        return ""
    if text in AGE_BANDS:
        return text
    try:
        years = float(text)
    except ValueError:
        years = -1.0
    if not 0 <= years <= _OLDEST:
        raise UsageError(tr("“{text}” is no age in years, and no band such as 60-69."), text=age)
    return age_band(int(years))


def sex_of(text: str) -> str:
    """Return a sex, empty where it is not given or is neither female nor male.

    Raises:
        UsageError: the word is not known.
    """
    word = text.strip().casefold()
    sex = {"f": "female", "m": "male"}.get(word, word)
    if sex in _NOT_GIVEN:
        return ""
    if sex not in SEXES:
        raise UsageError(tr("“{text}” is no sex that is known: female, male, other or unknown."), text=text)
    return sex


def site_of(text: str) -> str:
    """Return the site that a word names, empty where none is given.

    Raises:
        UsageError: the word is not known.
    """
    word = text.strip().casefold()
    if word in _NOT_GIVEN or word in _OUTSIDE:
        return ""
    if word not in _WORDS:
        raise UsageError(tr("“{text}” is no site that is known: {sites}."), text=text, sites=", ".join(SITES))
    return _WORDS[word]
