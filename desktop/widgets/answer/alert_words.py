"""The words of the alert box: which alert, on how many images, what it did in testing, and what no alert means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.frozen import frozen
from desktop.core.labels import MELANOMA
from desktop.core.late import Late
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext
from desktop.widgets.common.wording import translated

if TYPE_CHECKING:
    from desktop.core.inference import adjusted, alerts
    from desktop.core.inference.adjusted import Adjusted
    from desktop.core.inference.alerts import Alert, WorkingPoints
    from desktop.core.inference.contract import Contract, Flag
    from desktop.core.inference.judgement import RaisedFlag
    from desktop.core.inference.several_images import LesionAlert, LesionAnswer
    from desktop.core.records.lesion_answers import LesionTally
    from desktop.session.answers import Answer
else:
    adjusted = Late("desktop.core.inference.adjusted")
    alerts = Late("desktop.core.inference.alerts")


@frozen
class LesionImage:
    """An image of the lesion: its SHA-256, its name in the strip, and whether it is the one on the screen."""

    sha256: str
    name: str
    is_shown: bool


@frozen
class AlertContext:
    """The context of the alert box, apart from the answer itself.

    `not_tested` names the site or patient group on which the alerts were not tested and which applies here, empty if none
    is known to. For `has_plan` see `alert_context.has_plan`. `lesion` is the one answer to all images of the lesion at this
    visit, None for an image without a lesion, and `images` are those images in its order; it counts the `hidden` ones, whose
    answers blind-first conceals, as not answered. `patient` is what is known of the patient at the image's visit, `shares`
    those of labels in the practice, None where it has no prior of its own.
    """

    not_tested: str = ""
    has_plan: bool = False
    lesion: LesionAnswer | None = None
    images: tuple[LesionImage, ...] = ()
    hidden: int = 0
    patient: PatientContext = NOTHING_GIVEN
    shares: Mapping[str, float] | None = None

    @property
    def alerts(self) -> tuple[LesionAlert, ...]:
        """The alerts of the lesion, none for an image without one."""
        return () if self.lesion is None else self.lesion.alerts

    @property
    def is_answered(self) -> bool:
        """Whether every image of the lesion has a certain answer, so that "no alert" may be said of it."""
        return self.lesion is None or self.lesion.is_answered


ALONE = AlertContext()
"""An image without a lesion, about which nothing is known."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Alerts", text)


def title(alert: Alert | Flag) -> str:
    """Return the name of an alert for the box."""
    return title_of(alert.id)


def name_of(raisable: Alert | Flag) -> str:
    """Return the name of an alert, or of the flag of a model without alerts."""
    if isinstance(raisable, alerts.Alert):
        return title(raisable)
    return _tr("{name} alert").format(name=translated(raisable.name))


def title_of(alert_id: str) -> str:
    """Return the name of an alert that a saved answer gives only by id."""
    return _tr("Melanoma alert") if alert_id == MELANOMA else _tr("Skin cancer alert (BCC, SCC)")


def limit_text(alert_id: str, aim: float, tested: tuple[int, int] | None) -> str:
    """Return the name of a working point: by what it found in testing, which may be less than it was set for.

    Args:
        alert_id: the alert.
        aim: what it was set for.
        tested: how many of how many lesions it found; None if that is not known.
    """
    is_melanoma = alert_id == MELANOMA
    if tested is None or not tested[1]:
        text = _tr("melanomas: set for {aim:g} %") if is_melanoma else _tr("skin cancers: set for {aim:g} %")
        return text.format(aim=100 * aim)
    text = (
        _tr("found {found:.1f} % of melanomas in testing (set for {aim:g} %)")
        if is_melanoma
        else _tr("found {found:.1f} % of skin cancers in testing (set for {aim:g} %)")
    )
    return text.format(found=100 * tested[0] / tested[1], aim=100 * aim)


def limits_text(contract: Contract, working_points: WorkingPoints) -> str:
    """Return the names of the working points under which an answer was given, empty for a model without alerts."""
    points = [(alert.id, alert.point(working_points.get(alert.id))) for alert in contract.alerts]
    return ", ".join(limit_text(name, point.aim, (point.found, point.positives)) for name, point in points)


def first(raised: Sequence[RaisedFlag], contract: Contract) -> RaisedFlag | None:
    """Return the alert to show if several are raised: the first in the contract."""
    by_id = {one.flag.id: one for one in raised}
    return next((by_id[alert.id] for alert in contract.raisable if alert.id in by_id), None)


def adjusted_of(answer: Answer, context: AlertContext) -> Adjusted:
    """Return the figures for the patient and the practice; an earlier answer keeps those that stood beside it."""
    if answer.entry is not None:
        return answer.entry.adjusted
    return adjusted.adjust(answer.prediction, answer.judgement, answer.contract, context.patient, context.shares)


def leading(raised: Sequence[RaisedFlag], contract: Contract) -> list[RaisedFlag]:
    """Return what is named of all that is raised: the most serious alert, or all flags of a model without alerts."""
    found = first(raised, contract)
    return [found] if contract.alerts and found is not None else list(raised)


def images_text(raised: RaisedFlag, context: AlertContext) -> str:
    """Return on which images of the lesion this alert was raised, empty for a single image."""
    if context.lesion is None or context.lesion.images == 1:
        return ""
    found = context.lesion.alert(raised.flag.id)
    if found is None:
        return ""
    alerted = [context.images[place] for place in found.places]
    names = [_tr("{name} (shown)").format(name=one.name) if one.is_shown else one.name for one in alerted]
    return count_text(names, context.lesion.images)


def shown_name(context: AlertContext) -> str:
    """Return what the strip calls the image shown, empty if it is the only one of its lesion at this visit."""
    return next((one.name for one in context.images if one.is_shown and len(context.images) > 1), "")


def count_text(names: Sequence[str], total: int) -> str:
    """Return how many of a lesion's images these are, and which: "1 of 2 images: derm 2"; all of them need no names."""
    text = _tr("{alerted} of {images} images").format(alerted=len(names), images=total)
    if len(names) == total:
        return text
    return _tr("{count}: {names}").format(count=text, names=", ".join(names))


def numbered(places: Sequence[int]) -> list[str]:
    """Return the names of images by their number at a visit: "image 2" for the place 1."""
    return [_tr("image {number}").format(number=place + 1).replace(" ", "\N{NO-BREAK SPACE}") for place in places]


def unanswered_text(lesion: LesionAnswer | LesionTally) -> str:
    """Return how many images of a lesion have no answer, or no certain one; empty where all have."""
    if lesion.unanswered:
        text = _tr("{unanswered} of {images} images not answered")
        return text.format(unanswered=lesion.unanswered, images=lesion.images)
    if lesion.uncertain:
        text = _tr("{uncertain} of {images} images too uncertain to name one diagnosis")
        return text.format(uncertain=lesion.uncertain, images=lesion.images)
    return ""


def hidden_text(context: AlertContext) -> str:
    """Return of how many images of a lesion the answer is hidden until the clinician's diagnosis."""
    text = _tr("{hidden} of {images} images: your diagnosis first")
    return text.format(hidden=context.hidden, images=len(context.images))


def unfinished_text(*, is_hidden: bool = False) -> str:
    """Return what it means that a lesion's images are not all answered, or that answers are still hidden."""
    if is_hidden:
        return _tr("The others raise no alert. Nothing is said of the lesion until all its answers are shown.")
    return _tr("The other images raise no alert. Nothing is said of the lesion until each of its images is answered.")


def untested_text() -> str:
    """Return why an alert has no test figures: the lesion does not raise it as lesions were counted in testing."""
    return _tr(
        "The mean of the images does not raise it. Testing counted lesions by that mean: this alert has no test figures."
    )


def is_tested(raised: RaisedFlag, context: AlertContext) -> bool:
    """Return whether an alert's test figures hold: the lesion raises it as lesions were counted in testing."""
    found = None if context.lesion is None else context.lesion.alert(raised.flag.id)
    return found is None or found.is_tested


def cancers_text(alert: Alert | Flag) -> str:
    """Return what the lesions are of which an alert's counts say how many raised it: melanomas, or skin cancers."""
    if alert.id == MELANOMA:
        return _tr("melanomas")
    return _tr("skin cancers (melanomas too)") if MELANOMA in alert.labels else _tr("skin cancers")


def figures_text(raised: RaisedFlag) -> str:
    """Return the test figures of an alert at the working point by which it was raised."""
    point = raised.point
    if point is None:
        return ""
    found = alerts.out_of_hundred(point.found, point.positives)
    if raised.flag.id == MELANOMA and point.nevi:
        text = _tr("In testing raised for {found} of 100 {cancers} and {wrong} of 100 naevi, all biopsied.")
        wrong = alerts.out_of_hundred(point.nevi_raised, point.nevi)
    else:
        # Not all benign: precursors are among them.
        text = _tr("In testing raised for {found} of 100 {cancers} and {wrong} of 100 other lesions, all biopsied.")
        wrong = alerts.out_of_hundred(point.nevi_raised + point.others_raised, point.nevi + point.others)
    return text.format(found=found, cancers=cancers_text(raised.flag), wrong=wrong)


def nothing_excluded_text() -> str:
    """Return what the absence of an alert means at least."""
    return _tr("That rules nothing out.")


def none_title() -> str:
    """Return that there is no alert, for the first line."""
    return _tr("No alert raised")


def none_text(answer: Answer, context: AlertContext) -> str:
    """Return what the absence of an alert means, empty where that must not be said.

    It is never shown with a withheld or earlier answer, nor with that of a region or a sample, which were not tested.
    """
    if answer.judgement.abstention is not None or answer.entry is not None or not context.is_answered:
        return ""
    is_counted = answer.region is None and not answer.is_sample
    return none_meaning(answer.contract, answer.judgement.working_points, context, is_counted=is_counted)


def none_meaning(
    contract: Contract, working_points: WorkingPoints, context: AlertContext, *, is_counted: bool = True
) -> str:
    """Return what the absence of an alert means at these working points.

    `is_counted` is whether the image is of a kind that was tested: no region and no sample.
    """
    lines = [nothing_excluded_text()]
    if context.not_tested:
        lines.append(context.not_tested)
    elif is_counted:
        lines += filter(None, [_missed_text(contract, working_points)])
    if context.has_plan:
        lines.append(_tr("Your plan stands: no alert is no reason against a biopsy."))
    return " ".join(lines)


def _missed_text(contract: Contract, working_points: WorkingPoints) -> str:
    """Return how many of its lesions each alert missed in testing, empty for a model without alerts."""
    points = [(alert, alert.point(working_points.get(alert.id))) for alert in contract.alerts]
    clauses = [
        _missed_clause(alert, alerts.out_of_hundred(point.positives - point.found, point.positives))
        for alert, point in points
    ]
    text = _tr("In testing {missed}; those that nobody suspected were not tested.")
    return text.format(missed=_tr(", and ").join(clauses)) if clauses else ""


def _missed_clause(alert: Alert, missed: int) -> str:
    text = (
        _tr("{missed} of 100 biopsied {cancers} raised no melanoma alert")
        if alert.id == MELANOMA
        else _tr("{missed} of 100 biopsied {cancers} raised no skin cancer alert")
    )
    return text.format(missed=missed, cancers=cancers_text(alert))
