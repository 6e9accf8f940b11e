"""The words of a model that was tried on own images."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop.core.inference.contract import Contract
from desktop.core.judging.counting import count_raised
from desktop.core.judging.figures import AlertFigures, ClassFigures
from desktop.core.judging.lesion_answers import AlertVotes, LesionAnswers
from desktop.core.statistics.bootstrap import Estimate
from desktop.widgets.answer import alert_words
from desktop.widgets.common.wording import count, label_name, label_name_of, numbered, translated


def _tr(text: str) -> str:
    return QCoreApplication.translate("JudgedWords", text)


def alert_name(alert_id: str, name: str) -> str:
    """Return the name of an alert: the app's own if it knows the alert, else the model's."""
    return alert_words.title_of(alert_id) if alert_id in {"melanoma", "malignant"} else name


def truth_name(contract: Contract, truth: str) -> str:
    """Return the name of a label or group."""
    group = next((one.name for one in contract.groups if one.id == truth), None)
    return label_name(contract, truth) if group is None else translated(group)


def share(estimate: Estimate | None) -> str:
    """Return a share with its interval in per cent, a dash if there is none."""
    if estimate is None:
        return "–"
    return _tr("{value:.0f} % ({low:.0f}–{high:.0f})").format(
        value=100 * estimate.value, low=100 * estimate.low, high=100 * estimate.high
    )


def area(estimate: Estimate | None) -> str:
    """Return an area under the ROC curve with its interval, a dash if there is none."""
    if estimate is None:
        return "–"
    return _tr("{value:.2f} ({low:.2f}–{high:.2f})").format(value=estimate.value, low=estimate.low, high=estimate.high)


def alert_row(alert: AlertFigures) -> tuple[str, ...]:
    """Return an alert's row: name, found, raised in others, sensitivity, specificity, area under the curve."""
    counts = alert.count
    found = of(counts.raised, counts.positives)
    if alert.melanomas_among is not None:
        melanomas, raised = alert.melanomas_among
        found = _tr("{found}, melanomas {melanomas}").format(found=found, melanomas=of(raised, melanomas))
    return (
        alert_name(alert.id, alert.name),
        found,
        of(counts.others_raised, counts.others),
        share(alert.sensitivity),
        share(alert.specificity),
        area(alert.auc),
    )


def class_row(one: ClassFigures) -> tuple[str, ...]:
    """Return a label's row: name, lesions, named so, expected, sensitivity, specificity, area."""
    return (
        label_name_of(one.id, one.name),
        count(one.n),
        count(one.named),
        f"{one.expected:.1f}",
        share(one.sensitivity),
        share(one.specificity),
        area(one.auc),
    )


def of(part: int, whole: int) -> str:
    """Return a part of a whole."""
    return _tr("{part} of {whole}").format(part=count(part), whole=count(whole))


def counts_at(alert: AlertVotes, lesions: LesionAnswers, threshold: float) -> str:
    """Return what an alert would find and raise for nothing at another limit."""
    counts = count_raised(alert, lesions, alert.scores >= threshold, np.ones(len(lesions.truth), bool))
    nevi, nevi_raised = counts.by_label.get("nevus", (0, 0))
    text = _tr("Finds {found} of {positives}, misses {missed}. Raised for nothing in {raised} of {others}").format(
        found=count(counts.raised),
        positives=count(counts.positives),
        missed=count(counts.missed),
        raised=count(counts.others_raised),
        others=count(counts.others),
    )
    if nevi:
        among = numbered(
            nevi,
            _tr(", among them {raised} of 1 naevus"),
            _tr(", among them {raised} of {count} naevi"),
            raised=count(nevi_raised),
        )
        text += among
    return f"{text}."
