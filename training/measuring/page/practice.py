"""The sections on the patient's age, sex and site, and on a practice's own share of melanomas."""

from collections.abc import Sequence

from desktop.core.inference.context import ContextGain, ContextTest
from desktop.core.inference.prior import LeadingFigures, before_and_after
from desktop.core.statistics.proportions import proportion
from training.formatting import NOT_MEASURED, Rows, format_share, side_by_side
from training.judging.alerts import ALERT_KINDS
from training.measuring.card_figures import CardFigures

_SHARES = (0.01, 0.03, 0.05, 0.10, 0.15, 0.20, 0.30, 0.50)
_FEWEST = 20
_NAMES = {kind.id: kind.name for kind in ALERT_KINDS}
_POSITIVES = {"melanoma": "melanomas", "malignant": "malignant"}


def context(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on age, sex and site; one sentence if nothing was biopsied."""
    if not any(one.context_gains for one in all_figures):
        return ["Not measured: too few of the lesions held out are known to be biopsied."]
    made = [
        (
            "A layer behind the image's answer adds to the logarithm of each probability a term for age, sex and site; missing "
            "values add nothing. An alert is raised by the score of the image alone or by that with the layer, whichever is "
            "higher, at the same threshold, so the layer can only raise more alerts. It is fitted on nine tenths of the "
            "held-out images and measured on the tenth, like everything else; ages are those of the image. AUCs are against "
            "biopsied nevi, their difference is paired, by bootstrap over lesions. A model has the layer for an alert only if "
            "the interval of that difference lies above 0; otherwise a lower threshold would find as many."
        ),
        side_by_side(
            ["alert"],
            ["AUC, image alone", "AUC, with the layer", "difference", "carried"],
            {one.name: {(_NAMES[gain.alert],): _gain(gain) for gain in one.context_gains} for one in all_figures},
        ),
    ]
    for alert in dict.fromkeys(test.alert for one in all_figures for test in one.context_tests):
        positives = _POSITIVES[alert]
        rows: dict[str, Rows] = {
            one.name: {
                (f"{100 * test.aim:.0f} %", test.ages): _test(test) for test in one.context_tests if test.alert == alert
            }
            for one in all_figures
        }
        made += [
            f"### {_NAMES[alert]}, by age in years",
            "Biopsied lesions, with Wilson's intervals; fewer than 20 lesions have only counts.",
            side_by_side(
                ["set for", "age"],
                [
                    f"{name}: {how}"
                    for name in (f"{positives} found", "nevi raised", "other raised")
                    for how in ("image alone", "with the layer")
                ],
                rows,
            ),
        ]
    return made


def priors(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on another prior; one sentence where no model's own prior is known."""
    if not any(one.prior_test for one in all_figures):
        return ["Not measured: no own prior is known, or a label has no share in it."]
    rows: dict[str, Rows] = {
        one.name: {(f"{100 * melanomas:.0f} %",): _prior(one, melanomas) for melanomas in _SHARES}
        for one in all_figures
    }
    return [
        (
            "How often the right label, or its group, leads the answer to an image held out: by the model's own figures, and "
            "by those for a practice in which so many of the images are melanomas, the other labels in the proportions of the "
            "model's own prior. Accuracy is that in such a practice. Only figures follow the practice's prior: alerts, "
            "withholding, the order and the marked label stay with the model's own."
        ),
        side_by_side(
            ["melanomas"],
            [
                f"{name}: {how}"
                for name in ("accuracy", "balanced accuracy", "melanoma leads")
                for how in ("own prior", "practice's prior")
            ],
            rows,
        ),
    ]


def _gain(one: ContextGain) -> list[str]:
    difference = f"{one.gain:+.3f} ({one.low:+.3f} – {one.high:+.3f})"
    return [f"{one.alone:.3f}", f"{one.either:.3f}", difference, "yes" if one.low > 0 else "no"]


def _test(one: ContextTest) -> list[str]:
    return [
        _count(k, n)
        for n, parts in (
            (one.positives, (one.found_alone, one.found)),
            (one.nevi, (one.nevi_alone, one.nevi_raised)),
            (one.others, (one.others_alone, one.others_raised)),
        )
        for k in parts
    ]


def _count(k: int, n: int) -> str:
    return format_share(proportion(k, n)) if n >= _FEWEST else f"{k} / {n}"


def _prior(one: CardFigures, melanomas: float) -> list[str]:
    if one.prior_test is None or one.thresholds.calibration is None:
        return [NOT_MEASURED] * 6
    before, after = before_and_after(one.prior_test, one.thresholds.calibration.mix, melanomas)
    told: list[str] = []
    for name in ("accuracy", "balanced_accuracy"):
        told += [f"{100 * getattr(figures, name):.1f} %" for figures in (before, after)]
    return [*told, _leads(before), _leads(after)]


def _leads(figures: LeadingFigures) -> str:
    return _count(figures.found, figures.melanomas) if figures.melanomas else NOT_MEASURED
