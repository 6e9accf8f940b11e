"""Figures for a patient and a practice in words; those of the image alone always stand beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.labels import MELANOMA
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.widgets.answer import alert_words
from desktop.widgets.common.patient_words import age_name
from desktop.widgets.common.wording import alone_text, in_order, label_name, label_name_of, percent, translated

if TYPE_CHECKING:
    from desktop.core.inference import adjusted as adjusting
    from desktop.core.inference import judgement as judging
    from desktop.core.inference import prior
    from desktop.core.inference.adjusted import Adjusted
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import RaisedFlag
    from desktop.core.patient_context import PatientContext
    from desktop.session.answers import Answer
else:
    adjusting = Late("desktop.core.inference.adjusted")
    judging = Late("desktop.core.inference.judgement")
    prior = Late("desktop.core.inference.prior")

Groups = Sequence[tuple[str, tuple[str, ...]]]
"""The groups of a model's labels: name and labels."""

_NAMES = {
    "female": tr("female sex"),
    "male": tr("male sex"),
    "head and neck": tr("site head and neck"),
    "trunk": tr("site trunk"),
    "arm": tr("site arm and hand"),
    "leg": tr("site leg and foot"),
}
"""Of the sexes and sites of a model's layer, each readable on its own after “with”."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Adjusted", text)


def share_text(melanomas: float) -> str:
    """Return a share of melanomas without superfluous decimals: "3 %", "3.5 %"."""
    return f"{100 * melanomas:.1f}".removesuffix(".0") + " %"


def practice_text(shares: Mapping[str, float], own: Mapping[str, float], groups: Groups) -> str:
    """Return the shares of a practice: "3 % melanomas", with those of other labels that it has set in brackets.

    Args:
        shares: of each label, by its id.
        own: those that the model's probabilities assume; empty if they are not known, and melanoma alone is named.
        groups: the model's groups of labels, by name, which are named where they are in proportion.
    """
    named = prior.defining_shares(shares, own) if own.keys() >= shares.keys() else {}
    others = {label: share for label, share in named.items() if label != MELANOMA}
    told = []
    for name, labels in groups:
        is_one = others.keys() >= set(labels) and len({round(others[one] / own[one], 6) for one in labels}) == 1
        if is_one:
            told.append((translated(name), sum(others.pop(label) for label in labels)))
    told += [(label_name_of(label, label.replace("_", " ")), share) for label, share in others.items()]
    text = _tr("{share} melanomas").format(share=share_text(shares[MELANOMA]))
    return f"{text} ({', '.join(f'{name} {share_text(share)}' for name, share in told)})" if told else text


def for_practice_text(shares: Mapping[str, float], contract: Contract) -> str:
    """Return for which practice figures of a model are: "for 3 % melanomas"."""
    return _tr("for {shares}").format(shares=practice_text(shares, contract.prior or {}, groups_of(contract)))


def groups_of(contract: Contract) -> Groups:
    """Return the groups of a model's labels, by name."""
    return tuple((group.name, group.labels) for group in contract.groups)


def given_text(patient: PatientContext) -> str:
    """Return what counted of a patient: "age 70–79, male sex, site head and neck"."""
    age = _tr("age {band}").format(band=age_name(patient.age_band)) if patient.age_band else ""
    named = [translated(_NAMES[part]) if part in _NAMES else part for part in (patient.sex, patient.site)]
    return ", ".join(filter(None, (age, *named)))


def without_patient(text: str, known: Iterable[PatientContext]) -> str:
    """Return a text that does not name what is known of the patient, for a page without patient data."""
    hidden = _tr("what is known of the patient")
    for named in sorted({given_text(one) for one in known} - {""}, key=len, reverse=True):
        text = text.replace(f"{hidden} ({named})", hidden).replace(named, hidden)
    return text


def adjusted_text(answer: Answer, adjusted: Adjusted, raised: Sequence[RaisedFlag], *, shows_own: bool) -> str:
    """Return for whom the figures are, with those of melanoma, and of what an alert is about, beside the image's own.

    Empty where nothing is adjusted.

    Args:
        answer: the answer.
        adjusted: its figures for the patient and the practice.
        raised: the alerts of the image or region itself.
        shows_own: whether the figures of the image alone are on the screen.
    """
    contract = answer.contract
    own = dict(zip(contract.label_ids, answer.prediction.probabilities, strict=True))
    whose = whose_text(adjusted, contract.prior or {}, groups_of(contract))
    label = judging.alerted_label(raised, contract, own)
    alerted = None if label is None else (label, label_name(contract, label))
    return _text(own, adjusted, whose, alerted, is_region=answer.region is not None, shows_own=shows_own)


def stored_text(
    own: dict[str, float],
    adjusted: Adjusted,
    own_prior: Mapping[str, float],
    groups: Groups,
    alerted: tuple[str, str] | None,
    *,
    is_region: bool,
) -> str:
    """Return the same of an answer in the history: the figures that stood beside those of the image alone, which are `own`.

    `alerted` are id and name of the label that its alert is about, None without one.
    """
    whose = whose_text(adjusted, own_prior, groups)
    return _text(own, adjusted, whose, alerted, is_region=is_region, shows_own=False)


def whose_text(adjusted: Adjusted, own_prior: Mapping[str, float], groups: Groups) -> str:
    """Return whose adjusted figures are: "with age 70–79, for 3 % melanomas"; empty where nothing is adjusted."""
    parts = []
    if adjusted.with_context is not None:
        parts.append(_tr("with {given}").format(given=given_text(adjusted.patient)))
    if adjusted.prior is not None:
        parts.append(_tr("for {shares}").format(shares=practice_text(adjusted.prior, own_prior, groups)))
    return ", ".join(parts)


def heading_text(answer: Answer, adjusted: Adjusted, *, shows_own: bool) -> str:
    """Return whose the figures on the screen are, for the line above them."""
    is_region = answer.region is not None
    if shows_own or not adjusted:
        alone = alone_text(is_region=is_region)
        return alone[:1].upper() + alone[1:]
    whose = whose_text(adjusted, answer.contract.prior or {}, groups_of(answer.contract))
    return (_tr("Region, {whose}") if is_region else _tr("Image, {whose}")).format(whose=whose)


def _text(
    own: dict[str, float],
    adjusted: Adjusted,
    whose: str,
    alerted: tuple[str, str] | None,
    *,
    is_region: bool,
    shows_own: bool,
) -> str:
    figures, alone = adjusted.figures, alone_text(is_region=is_region)
    if figures is None:
        return ""
    if MELANOMA not in own:
        text = _tr("Figures {whose}.") if not shows_own else _tr("Figures of the {alone}, not {whose}.")
        return text.format(whose=whose, alone=alone)
    named = [(MELANOMA, _tr("Melanoma"))]
    if alerted is not None and alerted[0] != MELANOMA and not adjusting.belittles_figures(own, figures, alerted[:1]):
        named.insert(0, alerted)  # else an alert would be read as falling with melanoma
    text = _tr("{name} {own}, {alone}; {adjusted}.") if shows_own else _tr("{name} {adjusted}; {alone} {own}.")
    sentences = list[str]()
    for label, name in named:
        adjusted_figure = percent(figures[label]) if sentences else f"{percent(figures[label])} {whose}"
        sentences.append(text.format(name=name, own=percent(own[label]), alone=alone, adjusted=adjusted_figure))
    return " ".join(sentences)


def belittled_text(*, is_region: bool) -> str:
    """Return why the figures of the image alone stand beside an alert."""
    text = _tr("Less than 1 % beside an alert would mislead: the figures of the {alone} are shown.")
    return text.format(alone=alone_text(is_region=is_region))


def own_figures_text(answer: Answer) -> str:
    """Return the figures of the image alone in one line, for a page on which the adjusted ones stand."""
    own = dict(zip(answer.contract.label_ids, answer.prediction.probabilities, strict=True))
    told = [f"{label_name(answer.contract, one.id)} {percent(own[one.id])}" for one in in_order(answer.contract.labels)]
    alone = alone_text(is_region=answer.region is not None)
    return _tr("The figures of the {alone}: {told}.").format(alone=alone, told=", ".join(told))


def raised_only_text(patient: PatientContext) -> str:
    """Return for a line of a list that only the context raised an alert."""
    return _tr("raised only with {given}").format(given=given_text(patient))


def raised_with_context_text(patient: PatientContext) -> str:
    """Return the same in a sentence."""
    return _tr("Raised only with what is known of the patient ({given}).").format(given=given_text(patient))


def raised_text(raised: RaisedFlag, adjusted: Adjusted, contract: Contract) -> str:
    """Return that only the context raised an alert, with what image and context together did in testing."""
    said = raised_with_context_text(adjusted.patient)
    test = None
    if contract.context is not None and raised.point is not None:
        test = contract.context.test_of(raised.flag.id, raised.point.aim)
    if test is None:
        return said
    figures = _tr(
        "In testing raised with or without age, sex and site for {found} of {positives} {cancers} and {wrong} of {others}, "
        "all biopsied."
    )
    wrong, counted, text = test.nevi_raised, test.nevi, _tr("{count} naevi")
    if raised.flag.id != MELANOMA:
        wrong, counted = test.nevi_raised + test.others_raised, test.nevi + test.others
        text = _tr("{count} other lesions")  # not all benign: precursors are among them
    if not (test.positives and counted):
        return said
    cancers = alert_words.cancers_text(raised.flag)
    return f"{said} " + figures.format(
        found=test.found, positives=test.positives, cancers=cancers, wrong=wrong, others=text.format(count=counted)
    )


def raised_here_text(adjusted: Adjusted, *, is_region: bool) -> str:
    """Return that the image shown raises, with the context alone, what another image of the lesion raises without it."""
    text = (
        _tr("The region shown raises it only with {given}.")
        if is_region
        else _tr("The image shown raises it only with {given}.")
    )
    return text.format(given=given_text(adjusted.patient))


def lowered_text(
    raised: RaisedFlag, adjusted: Adjusted, own: Mapping[str, float], shown: Mapping[str, float] | None
) -> str:
    """Return that an alert was raised without the context, which lowers its figure, empty where the context lowers none.

    The lowering is told only where the figures that are `shown` differ from the image's `own`: two equal ones beside it would
    contradict it. It is not said which image or region raised the alert: another one may have, and lines of their own tell
    that.
    """
    figures = adjusted.with_context
    if figures is None or shown is None or raised.flag.id in adjusted.raised:
        return ""
    labels = raised.flag.labels
    if sum(figures[label] for label in labels) >= sum(own[label] for label in labels):
        return ""
    lower = [label for label in labels if shown[label] < own[label] and percent(shown[label]) != percent(own[label])]
    higher = [label for label in labels if shown[label] > own[label] and percent(shown[label]) != percent(own[label])]
    text = (
        _tr("Raised without what is known of the patient ({given}).")
        if not lower or higher
        else _tr("Raised without what is known of the patient ({given}), which lowers the figure, not the alert.")
    )
    return text.format(given=given_text(adjusted.patient))


def assumed_text(adjusted: Adjusted, contract: Contract) -> str:
    """Return what figures for a practice assume, empty where they are not for one."""
    if adjusted.prior is None:
        return ""
    text = _tr("Percentages assume {shares} among the images, as set for your practice; not your patient's risk.")
    return text.format(shares=practice_text(adjusted.prior, contract.prior or {}, groups_of(contract)))
