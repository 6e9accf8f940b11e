"""The thresholds of a model and their costs: missed lesions, false alarms, withheld answers."""

from PySide6.QtWidgets import QWidget

from desktop.core.inference.alerts import Alert, WorkingPoints
from desktop.core.inference.contract import CertaintyTest, Contract, Flag, NoveltyTest, QualityLimits
from desktop.widgets.answer import alert_words
from desktop.widgets.answer.measured_on import measured_on
from desktop.widgets.common.card import Card, facts_card
from desktop.widgets.common.wording import count, label_name_of, translated


def thresholds_card(contract: Contract, working_points: WorkingPoints, parent: QWidget) -> Card:
    """Lay out every threshold of a model, and which of the alerts' working points are in use."""
    rows = [(alert_words.title(alert), _alert(alert, working_points[alert.id], parent)) for alert in contract.alerts]
    if not contract.alerts:
        rows = [(label_name_of(flag.id, translated(flag.name)), _flag(flag, parent)) for flag in contract.flags]
    if contract.certainty_threshold is not None:
        rows.append((parent.tr("Certainty"), _certainty(contract.certainty_threshold, contract.certainty_test, parent)))
    if contract.novelty_threshold is not None:
        rows.append((parent.tr("Novelty"), _novelty(contract.novelty_threshold, contract.novelty_test, parent)))
    if contract.quality is not None:
        rows.append((parent.tr("Quality"), _quality(contract.quality, parent)))
    return facts_card(
        parent.tr("Thresholds, and what they cost"),
        rows or [("", parent.tr("This model has no measured thresholds."))],
    )


def _alert(alert: Alert, in_use: float, parent: QWidget) -> str:
    """Show the effect of each working point, as counts of biopsied lesions and of nevi that were benign at follow-up."""
    words = []
    for aim in alert.working_points:
        point = alert.point(aim)
        name = parent.tr("in use, set for {aim:.0f} %") if aim == in_use else parent.tr("set for {aim:.0f} %")
        words.append(
            parent.tr(
                "{name}: found {found} of {positives}; raised for {nevi_raised} of {nevi} naevi and "
                "{others_raised} of {others} other lesions, all biopsied, and for {followed_raised} of {followed} naevi "
                "under follow-up"
            ).format(
                name=name.format(aim=100 * aim),
                found=count(point.found),
                positives=count(point.positives),
                nevi_raised=count(point.nevi_raised),
                nevi=count(point.nevi),
                others_raised=count(point.others_raised),
                others=count(point.others),
                followed_raised=count(point.followed_raised),
                followed=count(point.followed),
            )
        )
    words.append(parent.tr("measured on {where}").format(where=measured_on(alert.measured_on)))
    return "\n".join(words)


def _flag(flag: Flag, parent: QWidget) -> str:
    words = [
        parent.tr("from {threshold:.1f} %").format(threshold=100 * flag.threshold),
        parent.tr("set on {where}: missed {missed} of {positives}, specificity {specificity:.1f} %").format(
            where=measured_on(flag.measured_on),
            missed=count(flag.missed),
            positives=count(flag.positives),
            specificity=100 * flag.specificity,
        ),
    ]
    if flag.tested is not None:
        test = flag.tested
        words.append(
            parent.tr("on {where}: missed {missed} of {positives}, raised wrongly on {wrong} of {negatives}").format(
                where=measured_on(test.measured_on),
                missed=count(test.missed),
                positives=count(test.positives),
                wrong=count(test.raised_wrongly),
                negatives=count(test.negatives),
            )
        )
    return "\n".join(words)


def _certainty(threshold: float, test: CertaintyTest | None, parent: QWidget) -> str:
    words = [parent.tr("no label is named under {threshold:.0f} %").format(threshold=100 * threshold)]
    if test is not None:
        words.append(
            parent.tr(
                "on {where}: {answered} of {n} got a label, wrong in {error:.1f} % of these, in {all:.1f} % of all"
            ).format(
                where=measured_on(test.measured_on),
                answered=count(test.answered),
                n=count(test.n),
                error=100 * test.error_answered,
                all=100 * test.error_all,
            )
        )
        words.append(
            parent.tr("{abstained} of {melanomas} melanomas got none; an alert stays in sight for these too").format(
                abstained=count(test.melanomas_abstained), melanomas=count(test.melanomas)
            )
        )
        if test.sensitivity_if_missed is not None and test.sensitivity_if_referred is not None:
            words.append(
                parent.tr(
                    "sensitivity of the melanoma alert {missed:.1f} % if these count as missed, {referred:.1f} % if as referred"
                ).format(missed=100 * test.sensitivity_if_missed, referred=100 * test.sensitivity_if_referred)
            )
    return "\n".join(words)


def _novelty(threshold: float, test: NoveltyTest | None, parent: QWidget) -> str:
    words = [
        parent.tr("from a distance of {threshold:.3g} the image counts as unlike the training images").format(
            threshold=threshold
        )
    ]
    if test is not None:
        words.append(
            parent.tr("on {where}: {flagged} of {n} dermoscopy images were called unlike the training images").format(
                where=measured_on(test.measured_on), flagged=count(test.flagged), n=count(test.n)
            )
        )
        if test.auroc is not None:
            words.append(
                parent.tr("told from dermoscopy: area under the curve {auroc:.2f} on average").format(auroc=test.auroc)
            )
        words += [
            parent.tr("{kind}: {auroc:.2f}, n = {n}").format(kind=translated(kind.name), auroc=kind.auroc, n=kind.n)
            for kind in test.kinds
        ]
    return "\n".join(words)


def _quality(limits: QualityLimits, parent: QWidget) -> str:
    """Show each limit, in the units in which quality is measured."""
    named = (
        (parent.tr("sharpness at least {value:.3g}"), limits.sharpness_least, 1.0),
        (parent.tr("too dark at most {value:.0f} %"), limits.exposure_dark_most, 100.0),
        (parent.tr("too bright at most {value:.0f} %"), limits.exposure_bright_most, 100.0),
        (parent.tr("reflections at most {value:.0f} %"), limits.glare_most, 100.0),
        (parent.tr("side at least {value:.0f} pixels"), limits.side_least, 1.0),
    )
    words = [text.format(value=value * scale) for text, value, scale in named if value is not None]
    words.append(
        parent.tr("at each of them balanced accuracy on {where} had fallen by {lost:.0f} points").format(
            where=measured_on(limits.measured_on), lost=100 * limits.accuracy_lost
        )
    )
    return "\n".join(words)
