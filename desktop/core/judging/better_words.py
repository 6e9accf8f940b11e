"""Whether a new model is better, in plain words, for the page of an improvement and for the window, which translates them."""

from collections.abc import Iterator, Mapping

from desktop.core.judging.better import (
    FEWEST_CLINIC,
    FEWEST_HELD_OUT,
    GAIN,
    MALIGNANT,
    MELANOMAS,
    Comparison,
    Measure,
    Rule,
    Verdict,
)
from desktop.core.judging.paired_lesions import Shares
from desktop.core.marking import tr
from desktop.core.sentence import Counted, Sentence


def verdict_sentence(found: Comparison) -> Sentence:
    """Return what follows, and what to do."""
    if found.verdict is Verdict.TOO_FEW:
        return _TOO_FEW.of(found.clinic[MELANOMAS].n, fewest=FEWEST_CLINIC)
    return Sentence(_VERDICTS[found.verdict], {"held_out": FEWEST_HELD_OUT})


def unknown_sentence(found: Comparison) -> Sentence | None:
    """Return the caution with which harm is to be read if what the models learned from is not known; None without harm."""
    if found.knows_training or found.verdict is not Verdict.WORSE:
        return None
    return Sentence(
        tr(
            "Which images the old or the new model learned from is not known, so they could not be left out. A model that "
            "learned from these lesions looks better on them than it is."
        )
    )


_VERDICTS = {
    Verdict.BETTER: tr("Better: it alerts on no fewer melanomas, and gains what it was made for. It may be adopted."),
    Verdict.NO_DIFFERENCE: tr("No difference shown: keep the old model."),
    Verdict.WORSE: tr("Worse: do not use the new model. What failed stands below."),
    Verdict.NOT_MEASURED: tr(
        "No verdict: what the new model forgot was not measured. That needs images of the old model that it was not trained "
        "on, {held_out} melanomas among them. Keep the old model."
    ),
    Verdict.UNKNOWN_TRAINING: tr(
        "No verdict: which images the old or the new model learned from is not known, so they could not be left out. Keep the "
        "old model."
    ),
}

_TOO_FEW = Counted(
    tr(
        "Too few melanomas here to tell: {count} of your lesions for judging is a melanoma, and {fewest} are needed. Keep the "
        "old model."
    ),
    tr(
        "Too few melanomas here to tell: {count} of your lesions for judging are melanomas, and {fewest} are needed. Keep the "
        "old model."
    ),
)

RULES: Mapping[Rule, str] = {
    Rule.MELANOMAS_HELD_OUT: tr("Held-out lesions: no melanomas lost (not below −1 point, lower bound above −5)"),
    Rule.MELANOMAS_CLINIC: tr("Your lesions: alerts on no fewer melanomas"),
    Rule.GAIN: tr("Your lesions: gains what was named before"),
    Rule.MALIGNANT_HELD_OUT: tr("Held-out lesions: no malignant lesions lost (as for melanomas)"),
    Rule.MALIGNANT_CLINIC: tr("Your lesions: alerts on no fewer malignant lesions"),
    Rule.AGES: tr("Held-out lesions: at no age more than 5 points of the melanomas lost"),
    Rule.CALIBRATION: tr("Percentages come true as often as they say"),
    Rule.NOVELTY: tr("Few dermatoscope images are called unlike the training images"),
    Rule.COPIES: tr("The same answer to a copy saved as JPEG"),
}
"""What better needs, by rule."""


def figure_sentences(found: Comparison) -> Iterator[Sentence]:
    """Yield the counts of both models, those of the clinic first."""
    clinic, held_out = found.clinic, found.held_out
    yield _counted(tr("Your melanomas: the old model alerts on {old} of {n}, the new one on {new}."), clinic[MELANOMAS])
    if MALIGNANT in clinic:
        yield _counted(
            tr("Your malignant lesions: the old model alerts on {old} of {n}, the new one on {new}."), clinic[MALIGNANT]
        )
    yield _counted(_MEASURES[found.measure], clinic[GAIN])
    if MELANOMAS in held_out:
        yield _counted(
            tr("Held-out melanomas: the old model alerts on {old} of {n}, the new one on {new}."), held_out[MELANOMAS]
        )
    if MALIGNANT in held_out:
        yield _counted(
            tr("Held-out malignant lesions: the old model alerts on {old} of {n}, the new one on {new}."),
            held_out[MALIGNANT],
        )


_MEASURES = {
    Measure.ALARMS: tr(
        "Named before as the gain: alarms on your biopsied benign lesions. The old model alerts on {old} of {n}, the new one "
        "on {new}."
    ),
    Measure.MELANOMAS: tr(
        "Named before as the gain: your melanomas alerted on. The old model alerts on {old} of {n}, the new one on {new}."
    ),
    Measure.MALIGNANT: tr(
        "Named before as the gain: your malignant lesions with any alert. The old model alerts on {old} of {n}, the new one on "
        "{new}."
    ),
}


def _counted(template: str, shares: Shares) -> Sentence:
    return Sentence(template, {"old": shares.old, "new": shares.new, "n": shares.n})
