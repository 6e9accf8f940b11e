"""Answers in words: flags and what they miss, why an answer is withheld, and its basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.labels import MELANOMA, Malignancy
from desktop.core.late import Late
from desktop.widgets.answer import adjusted_words, alert_words, quality_words
from desktop.widgets.answer.alert_words import AlertContext
from desktop.widgets.answer.measured_on import explanation, measured_on
from desktop.widgets.common.wording import count, translated

if TYPE_CHECKING:
    from desktop.core.inference import adjusted, alerts
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.adjusted import Adjusted
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Abstention, RaisedFlag
    from desktop.session.answers import Answer
else:
    adjusted = Late("desktop.core.inference.adjusted")
    alerts = Late("desktop.core.inference.alerts")
    judging = Late("desktop.core.inference.judgement")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Judged", text)


def flag_text(raised: RaisedFlag) -> str:
    """Return the line for a raised alert or flag, which precedes everything else; it never begins with a per cent sign."""
    return alert_words.name_of(raised.flag)


def own_flag_text(raised: RaisedFlag, answer: Answer, context: AlertContext) -> str:
    """Return the same of an alert of the image or region itself, and that only the patient's context raises it if it does."""
    if not raised.by_context:
        return flag_text(raised)
    return f"{flag_text(raised)}, {adjusted_words.raised_only_text(alert_words.adjusted_of(answer, context).patient)}"


def missed_text(contract: Contract) -> str:
    """Return the test figures of the flags, on images that did not set their thresholds if the model has such figures."""
    lines = []
    for flag in contract.flags:
        tested = flag.tested
        missed, positives = (flag.missed, flag.positives) if tested is None else (tested.missed, tested.positives)
        wrong = (
            alerts.out_of_hundred(tested.raised_wrongly, tested.negatives)
            if tested is not None and tested.negatives
            else round(100 * (1 - flag.specificity))
        )
        if positives:
            text = (
                _tr(
                    "{name}: on the images that set its limit raised for {found} of 100, and for {wrong} of 100 others."
                )
                if tested is None
                else _tr("{name}: in testing raised for {found} of 100, and for {wrong} of 100 other images.")
            )
            found = alerts.out_of_hundred(positives - missed, positives)
            lines.append(text.format(name=translated(flag.name), found=found, wrong=wrong))
    return "\n".join(lines)


def missed_explained(contract: Contract) -> str:
    """Return an explanation of the image sets in `missed_text`, empty if they are in the model file's own words."""
    return explanation(*((flag.tested or flag).measured_on for flag in contract.flags))


def leading_text(answer: Answer, context: AlertContext = alert_words.ALONE) -> str:
    """Return the first line of an answer: the alert or flags, not its top label."""
    raised = alerts_of(answer, context)
    if raised:
        return "\n".join(dict.fromkeys(map(flag_text, alert_words.leading(raised, answer.contract))))
    if answer.judgement.abstention is not None:
        return abstention_text(answer.judgement.abstention)
    if not answer.contract.raisable:
        return _tr("No alert limits for this model")
    if answer.entry is not None:
        return _tr("Earlier answer")
    return _unanswered_text(answer, context) or alert_words.none_title()


def _unanswered_text(answer: Answer, context: AlertContext) -> str:
    """Return which images of the lesion keep "no alert" from being said of it, empty where none does."""
    if answer.judgement.abstention is not None or answer.entry is not None or context.lesion is None:
        return ""
    return alert_words.hidden_text(context) if context.hidden else alert_words.unanswered_text(context.lesion)


def alerts_of(answer: Answer, context: AlertContext) -> tuple[RaisedFlag, ...]:
    """Return the alerts of the image and of the lesion's other images at this visit; an earlier answer counts alone."""
    own = own_alerts_of(answer, context)
    return own if answer.entry is not None else (*own, *(one.raised for one in context.alerts))


def own_alerts_of(answer: Answer, context: AlertContext) -> tuple[RaisedFlag, ...]:
    """Return the alerts of the image itself, first those that only what is known of the patient raises."""
    points = answer.judgement.working_points
    by_context = adjusted.raised_by(alert_words.adjusted_of(answer, context), answer.contract, points)
    return (*by_context, *answer.judgement.flags)


def plain_text(answer: Answer, context: AlertContext = alert_words.ALONE) -> str:
    """Return the text below the first line of an answer that is shown."""
    contract, lines = answer.contract, [sample_text(answer), size_text(answer)]
    raised = alert_words.first(alerts_of(answer, context), contract)
    if raised is None:
        lines += [] if contract.alerts else [missed_text(contract)]
        is_unfinished = bool(_unanswered_text(answer, context))
        lines += [alert_words.unfinished_text(is_hidden=context.hidden > 0)] if is_unfinished else []
        none = alert_words.none_text(answer, context) if contract.alerts else ""
        kind = _tr("Too uncertain to name one diagnosis.") if none and answer.judgement.kind_uncertain else ""
        return "\n".join(filter(None, (*lines, kind, none or doubt_text(answer))))
    counted = "" if answer.entry is not None else alert_words.images_text(raised, context)
    if not contract.alerts:
        return "\n".join(filter(None, (counted, *lines, missed_text(contract), doubt_text(answer))))
    is_certain = answer.judgement.abstention is None and not answer.judgement.kind_uncertain
    doubt = "" if is_certain else doubt_text(answer)
    own = _own_text(raised, answer, context)
    return "\n".join(filter(None, (counted, *_test_lines(raised, answer, context), own, *lines, doubt)))


def _own_text(raised: RaisedFlag, answer: Answer, context: AlertContext) -> str:
    """Return the alert of the image shown where that of another image leads; empty where it leads itself, or has none."""
    mine = own_alerts_of(answer, context)
    own = alert_words.first(mine, answer.contract)
    if own is None or raised.flag.id in {one.flag.id for one in mine}:
        return ""
    text = _tr("This region: {alert}") if answer.region is not None else _tr("This image: {alert}")
    return f"{text.format(alert=own_flag_text(own, answer, context))}."


def _test_lines(raised: RaisedFlag, answer: Answer, context: AlertContext) -> tuple[str, str]:
    """Return an alert's figures in testing, for whom they do not hold, and what the patient's context has to do with it."""
    figures, is_region = alert_words.adjusted_of(answer, context), answer.region is not None
    if answer.entry is None and not alert_words.is_tested(raised, context):
        tested = alert_words.untested_text()
        explained = (
            adjusted_words.raised_with_context_text(figures.patient)
            if raised.by_context
            else _raised_here(raised, figures, is_region=is_region)
        )
    elif raised.by_context:
        tested = adjusted_words.raised_text(raised, figures, answer.contract)
        explained = ""
    else:
        tested = alert_words.figures_text(raised)
        explained = _raised_here(raised, figures, is_region=is_region)
        own = dict(zip(answer.contract.label_ids, answer.prediction.probabilities, strict=True))
        explained = explained or adjusted_words.lowered_text(raised, figures, own, figures.figures)
    return " ".join(filter(None, (tested, context.not_tested))), explained


def _raised_here(raised: RaisedFlag, figures: Adjusted, *, is_region: bool) -> str:
    """Return that only the context raises, on the image shown, an alert of the lesion; empty where the image alone does."""
    return adjusted_words.raised_here_text(figures, is_region=is_region) if raised.flag.id in figures.raised else ""


def size_text(answer: Answer) -> str:
    """Return a warning if the image, or the region of it, has fewer pixels across than the model looks at."""
    return small_text(answer.seen.side, answer.side_needed, is_region=answer.region is not None)


def small_text(side: int, side_needed: int, *, is_region: bool) -> str:
    """Return the same of an image or region of so many pixels across."""
    if side >= side_needed:
        return ""
    text = (
        _tr("The region is small ({side} pixels, the model looks at {size}): do not rely on the answer.")
        if is_region
        else _tr("The image is small ({side} pixels, the model looks at {size}): do not rely on the answer.")
    )
    return text.format(side=side, size=side_needed)


def sample_text(answer: Answer) -> str:
    """Return that a bundled sample is no lesion, empty for any other picture."""
    return _tr("A drawing: what a model says of it means nothing.") if answer.is_sample else ""


def abstention_text(abstention: Abstention) -> str:
    """Return in one line why there is no answer, the same over the picture and in tables."""
    match abstention:
        case judging.Abstention.DAMAGED:
            return _tr("No answer: the image file is damaged")
        case judging.Abstention.QUALITY:
            return _tr("No answer: the image is not good enough for the model")
        case judging.Abstention.NOVELTY:
            return _tr("No answer: not like the images that the model learned from")
        case judging.Abstention.UNCERTAIN:
            return _tr("Too uncertain to name one diagnosis")


def no_answer_word(abstention: Abstention | None) -> str:
    """Return in a word why no label is named, the same in every list; without an abstention there is no answer."""
    return _tr("uncertain") if abstention is judging.Abstention.UNCERTAIN else _tr("not answered")


def doubt_text(answer: Answer) -> str:
    """Return what to bear in mind with an answer that is shown."""
    judgement = answer.judgement
    reassurance = not_benign_text()
    match judgement.abstention:
        case judging.Abstention.UNCERTAIN:
            uncertain = _tr("Too uncertain to name one diagnosis.")
            return f"{uncertain} {reassurance}" if judgement.flags else reassurance  # the first line says so
        case judging.Abstention.NOVELTY:
            shown = _tr("Shown although the image is not like those that the model learned from.")
            return f"{shown} {reassurance}"
        case judging.Abstention.DAMAGED:
            return _tr("Shown although the image file is damaged.") + " " + reassurance
        case judging.Abstention.QUALITY:
            return _tr("Shown although the image is beyond the model's limits of quality.") + " " + reassurance
    if judgement.kind_uncertain:
        return _tr("Too uncertain to name one diagnosis.")
    if judgement.flags:
        return ""
    return no_flag_text(answer.contract)


def no_flag_text(contract: Contract) -> str:
    """Return what it means that nothing was raised."""
    return alert_words.nothing_excluded_text() if contract.raisable else low_figure_text()


def low_figure_text() -> str:
    """Return what a figure does not mean where no alert could be raised, or where that is not known."""
    return _tr("A low figure rules nothing out.")


def not_benign_text() -> str:
    """Return what an answer that names no diagnosis does not mean."""
    return _tr("This does not mean benign.")


def withheld_lines(answer: Answer, abstention: Abstention, context: AlertContext) -> tuple[str, str]:
    """Return the first line and the text below it for folded figures; an alert comes first."""
    raised = alert_words.first(alerts_of(answer, context), answer.contract)
    if raised is not None and answer.contract.alerts:
        counted = "" if answer.entry is not None else alert_words.images_text(raised, context)
        own = _own_text(raised, answer, context)
        lines = (counted, *_test_lines(raised, answer, context), own, f"{abstention_text(abstention)}.")
        return flag_text(raised), "\n".join(filter(None, lines))
    flagged = " ".join(flag_text(one) + "." for one in answer.judgement.flags)
    return abstention_text(abstention), flagged or withheld_reason(answer)


def withheld_reason(answer: Answer) -> str:
    """Return what the line “No answer: …” leaves out, briefly: what was lost, or measured against which limit."""
    if answer.judgement.abstention is judging.Abstention.DAMAGED:
        return _tr("Part of the picture was lost when the file was copied or stored.")
    if answer.judgement.abstention is judging.Abstention.QUALITY:
        return " ".join(quality_words.measured(one, answer) for one in answer.judgement.shortfalls)
    return ""


def withheld_text(answer: Answer) -> str:
    """Return the text in place of the figures: what to do, preceded by the reason if flags have taken its place."""
    has_reason = bool(answer.judgement.flags)
    reassurance = not_benign_text()
    if answer.judgement.abstention is judging.Abstention.DAMAGED:
        advice = _tr("Copy or export the image again from where it was taken.")
        return " ".join([*([withheld_reason(answer)] if has_reason else []), advice, reassurance])
    if answer.judgement.abstention is judging.Abstention.QUALITY:
        parts = [
            f"{quality_words.measured(one, answer)} {quality_words.remedy(one)}"
            if has_reason
            else quality_words.remedy(one)
            for one in answer.judgement.shortfalls
        ]
        limits = answer.contract.quality
        if limits is not None:
            parts.append(
                _tr("Beyond its limits the model was clearly less often right ({where}).").format(
                    where=measured_on(limits.measured_on)
                )
            )
        return "\n\n".join([*parts, reassurance])
    advice = (
        _tr(
            "This sample is a drawing, no dermatoscope image, and the model learned from dermatoscope images alone: it rightly "
            "gives no answer."
        )
        if answer.is_sample
        else _tr("Is it a dermatoscope image, sharp, of one lesion? Take it again if not.")
    )
    return f"{advice} {reassurance}"


def calibration_text(contract: Contract) -> str:
    """Return what the probabilities assume, empty if that is unknown."""
    counts = contract.training_data.label_counts
    learned = sum(counts.values())
    mix = contract.calibration_mix
    if mix is not None and MELANOMA in mix:
        return _tr("Percentages assume {share:.0f} % melanomas among the images; not your patient's risk.").format(
            share=100 * mix[MELANOMA]
        )
    if MELANOMA in counts and learned:
        text = _tr("Percentages are not calibrated. Learned on {n} images, {share:.0f} % of them melanomas.")
        return text.format(n=count(learned), share=100 * counts[MELANOMA] / learned)
    return ""


def basis_text(contract: Contract) -> str:
    """Return which model answered, and what it cannot recognise at all."""
    lines = [contract.name]
    if contract.novelty_threshold is None:
        lines.append(_tr("This model cannot tell whether an image is like those it learned from."))
    if any(label.malignancy is Malignancy.UNKNOWN for label in contract.labels):
        lines.append(_tr("What its labels mean clinically is not known to the app."))
    return "\n".join(lines)


def limits_text(contract: Contract, working_points: WorkingPoints) -> str:
    """Return at which working points the alerts were raised or not, empty for a model without alerts."""
    limits = alert_words.limits_text(contract, working_points)
    return _tr("Alert limits: {limits}.").format(limits=limits) if limits else ""


def demonstration_text(contract: Contract) -> str:
    """Return the band above the answers of a demonstration model."""
    figure = next(
        (one for one in contract.figures if one.name == "accuracy" and one.measured_on == "test images"), None
    )
    if figure is None or figure.k is None:
        return _tr("Demonstration model. Not for patients.")
    return _tr("Demonstration model: right on {k} of {n} test images. Not for patients.").format(k=figure.k, n=figure.n)
