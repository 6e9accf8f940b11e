"""What may be said of an answer, put into words: flags and what they miss, why it is withheld, what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.labels import Malignancy
from desktop.core.late import Late
from desktop.widgets.answer import alert_words, quality_words
from desktop.widgets.answer.alert_words import AlertContext
from desktop.widgets.answer.measured_on import explanation, measured_on
from desktop.widgets.common.wording import count, percent, translated

if TYPE_CHECKING:
    from desktop.core.inference import alerts
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Abstention, RaisedFlag
    from desktop.session.answers import Answer
else:
    alerts = Late("desktop.core.inference.alerts")
    judging = Late("desktop.core.inference.judgement")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Judged", text)


def flag_text(raised: RaisedFlag) -> str:
    """Return the line of a raised alert or flag, which stands before everything else; no per cent sign begins a line."""
    if isinstance(raised.flag, alerts.Alert):
        return alert_words.title(raised.flag)
    text = _tr("{name} not excluded ({probability}, threshold {threshold})").format(
        name=translated(raised.flag.name),
        probability=percent(raised.probability),
        threshold=percent(raised.flag.threshold),
    )
    return text.replace(" %", "\u00a0%")


def missed_text(contract: Contract) -> str:
    """Say what the thresholds cost, on images that did not set them if the model has such figures."""
    lines: dict[str, list[str]] = {}
    for flag in contract.flags:
        missed, positives, where = flag.missed, flag.positives, flag.measured_on
        if flag.tested is not None:
            missed, positives, where = flag.tested.missed, flag.tested.positives, flag.tested.measured_on
        part = _tr("{name} {k} of {n}").format(name=translated(flag.name), k=count(missed), n=count(positives))
        lines.setdefault(where, []).append(part)
    return "\n".join(
        _tr("At its thresholds the model missed: {parts} ({where}).").format(
            parts=", ".join(parts), where=measured_on(where, briefly=True)
        )
        for where, parts in lines.items()
    )


def missed_explained(contract: Contract) -> str:
    """Return what the words of `missed_text` for its images mean; empty where they are the model file's own."""
    return explanation(*((flag.tested or flag).measured_on for flag in contract.flags))


def leading_text(answer: Answer, context: AlertContext = alert_words.ALONE) -> str:
    """Return the first line of an answer: the alert or the flags, not its top label."""
    contract, judgement = answer.contract, answer.judgement
    if contract.alerts:
        return _leading_of_alerts(answer, context)
    if judgement.flags:
        return "\n".join(map(flag_text, judgement.flags))
    if judgement.abstention is judging.Abstention.UNCERTAIN:
        return abstention_text(judgement.abstention)
    if not contract.flags:
        return _tr("No alert limits for this model")
    flagged = {label for flag in contract.flags for label in flag.labels}
    if flagged.issuperset(label.id for label in contract.labels if label.malignancy is Malignancy.MALIGNANT):
        return _tr("No malignant label above its threshold")
    return _tr("No flag above its threshold")


def _leading_of_alerts(answer: Answer, context: AlertContext) -> str:
    raised = alert_words.first(alerts_of(answer, context), answer.contract)
    if raised is not None:
        return alert_words.title(raised.flag)
    if answer.judgement.abstention is not None:
        return abstention_text(answer.judgement.abstention)
    if answer.entry is not None:
        return _tr("Answer of an earlier model")
    return _tr("No alert raised")


def alerts_of(answer: Answer, context: AlertContext) -> tuple[RaisedFlag, ...]:
    """Return the alerts of the image and of the lesion's other images at this visit: an older answer stands for itself."""
    own = answer.judgement.flags
    return own if answer.entry is not None else (*own, *context.of_lesion)


def plain_text(answer: Answer, context: AlertContext = alert_words.ALONE) -> str:
    """Return what stands below the first line of an answer that is shown."""
    lines = [sample_text(answer), size_text(answer)]
    if not answer.contract.alerts:
        return "\n".join(filter(None, (*lines, missed_text(answer.contract), doubt_text(answer))))
    raised = alert_words.first(alerts_of(answer, context), answer.contract)
    if raised is not None:
        counted = "" if answer.entry is not None else alert_words.images_text(context)
        lines = [counted, alert_words.figures_text(raised), *lines]
        doubt = "" if answer.judgement.abstention is None else doubt_text(answer)
    else:
        doubt = alert_words.none_text(answer, context) or doubt_text(answer)
    return "\n".join(filter(None, (*lines, doubt)))


def size_text(answer: Answer) -> str:
    """Warn of an image that has fewer pixels than the model looks at: there is little in it to see."""
    contract = answer.contract
    detail = min(contract.input_size, contract.effective_resolution or contract.input_size)
    if answer.seen.side >= detail:
        return ""
    return _tr("The image is small ({side} pixels, the model looks at {size}): do not rely on the answer.").format(
        side=answer.seen.side, size=detail
    )


def sample_text(answer: Answer) -> str:
    """Say of a drawing that came with the program that its figures are of no lesion; empty for any other picture."""
    return _tr("A drawing: what a model says of it means nothing.") if answer.is_sample else ""


def abstention_text(abstention: Abstention) -> str:
    """Return why there is no answer, in one line: the same over the picture and in the rows of tables."""
    match abstention:
        case judging.Abstention.DAMAGED:
            return _tr("No answer: the image file is damaged")
        case judging.Abstention.QUALITY:
            return _tr("No answer: the image is not good enough for the model")
        case judging.Abstention.NOVELTY:
            return _tr("No answer: not like the images that the model learned from")
        case judging.Abstention.UNCERTAIN:
            return _tr("No answer: uncertain between the labels")


def doubt_text(answer: Answer) -> str:
    """Return what is to be borne in mind with an answer that is shown."""
    judgement = answer.judgement
    reassurance = _tr("No answer is not reassurance.")
    match judgement.abstention:
        case judging.Abstention.UNCERTAIN:
            return f"{_uncertain(answer)} {reassurance}"
        case judging.Abstention.NOVELTY:
            shown = _tr("Shown although the image is not like those that the model learned from.")
            return f"{shown} {reassurance}"
        case judging.Abstention.DAMAGED:
            return _tr("Shown although the image file is damaged.") + " " + reassurance
        case judging.Abstention.QUALITY:
            return _tr("Shown although the image is beyond the model's limits of quality.") + " " + reassurance
    if judgement.kind_uncertain and not judgement.flags:  # beside a flag it would take the flag back
        return _tr("Benign-type labels, kind uncertain.")
    return "" if judgement.flags else _tr("That rules nothing out.")


def _uncertain(answer: Answer) -> str:
    judgement, contract = answer.judgement, answer.contract
    by_id = dict(zip(contract.label_ids, answer.prediction.probabilities, strict=True))
    highest = sum(by_id[label] for label in judgement.leading)
    return _tr("Uncertain: the highest is {highest}; from {limit} on, a label is named.").format(
        highest=percent(highest), limit=percent(contract.certainty_threshold or 0)
    )


def withheld_lines(answer: Answer, abstention: Abstention, context: AlertContext) -> tuple[str, str]:
    """Return the first line and what stands below it where the figures are folded away; an alert comes first."""
    raised = alert_words.first(alerts_of(answer, context), answer.contract)
    if raised is not None:
        counted = "" if answer.entry is not None else alert_words.images_text(context)
        lines = (counted, alert_words.figures_text(raised), f"{abstention_text(abstention)}.")
        return alert_words.title(raised.flag), "\n".join(filter(None, lines))
    flagged = " ".join(flag_text(one) + "." for one in answer.judgement.flags)
    return abstention_text(abstention), flagged or withheld_reason(answer)


def withheld_reason(answer: Answer) -> str:
    """Return what was measured against which limit, in a few words."""
    if answer.judgement.abstention is judging.Abstention.DAMAGED:
        return _tr("Part of the picture was lost when the file was copied or stored.")
    if answer.judgement.abstention is judging.Abstention.QUALITY:
        return " ".join(map(quality_words.measured, answer.judgement.shortfalls))
    return _tr("Novelty {value:.3g}, limit {limit:.3g}.").format(
        value=answer.prediction.novelty, limit=answer.contract.novelty_threshold
    )


def withheld_text(answer: Answer) -> str:
    """Return what stands in the place of the figures: what to do, after the reason where flags have taken its place."""
    has_reason = bool(answer.judgement.flags)
    reassurance = _tr("No answer is not reassurance.")
    if answer.judgement.abstention is judging.Abstention.DAMAGED:
        advice = _tr("Copy or export the image again from where it was taken.")
        return " ".join([*([withheld_reason(answer)] if has_reason else []), advice, reassurance])
    if answer.judgement.abstention is judging.Abstention.QUALITY:
        parts = [
            f"{quality_words.measured(one)} {quality_words.remedy(one)}" if has_reason else quality_words.remedy(one)
            for one in answer.judgement.shortfalls
        ]
        limits = answer.contract.quality
        if limits is not None:
            parts.append(
                _tr(
                    "Beyond its limits the model loses more than {points:.0f} points of balanced accuracy ({where})."
                ).format(points=100 * limits.accuracy_lost, where=measured_on(limits.measured_on))
            )
        return "\n\n".join([*parts, reassurance])
    advice = (
        _tr(
            "This sample is a drawing, no dermatoscope image, and the model learned from dermatoscope images alone: it rightly "
            "withholds its answer."
        )
        if answer.is_sample
        else _tr("Is it a dermatoscope image, sharp, of one lesion? Take it again if not.")
    )
    return " ".join([*([withheld_reason(answer)] if has_reason else []), advice, reassurance])


def calibration_text(contract: Contract) -> str:
    """Return what the probabilities assume; empty where that is not known."""
    counts = contract.training_data.label_counts
    learned = sum(counts.values())
    mix = contract.calibration_mix
    if mix is not None and "melanoma" in mix:
        return _tr("Calibrated on archive images, with {share:.0f} % melanoma; yours differ.").format(
            share=100 * mix["melanoma"]
        )
    if "melanoma" in counts and learned:
        text = _tr("Not calibrated. Learned on {n} images, {share:.0f} % of them melanoma; yours differ.")
        return text.format(n=count(learned), share=100 * counts["melanoma"] / learned)
    return ""


def basis_text(contract: Contract) -> str:
    """Return which model answers, and what it cannot tell at all."""
    lines = [contract.name]
    if contract.novelty_threshold is None:
        lines.append(_tr("This model cannot tell whether an image is like those it learned from."))
    if any(label.malignancy is Malignancy.UNKNOWN for label in contract.labels):
        lines.append(_tr("What its labels mean clinically is not known to the app."))
    return "\n".join(lines)


def demonstration_text(contract: Contract) -> str:
    """Return the band over the answers of a model that is for demonstration alone."""
    figure = next(
        (one for one in contract.figures if one.name == "accuracy" and one.measured_on == "test images"), None
    )
    if figure is None or figure.k is None:
        return _tr("Demonstration model. Not for patients.")
    return _tr("Demonstration model: right on {k} of {n} test images. Not for patients.").format(k=figure.k, n=figure.n)
