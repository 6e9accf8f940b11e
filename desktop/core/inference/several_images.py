"""Several images of one lesion at one visit are one answer: when the lesion raises an alert, and when it raises none.

Testing counted a lesion by its images together, as `Alert.over_images` says. An image that raises an alert by itself is told
nevertheless, without test figures. Nothing is said of a lesion, and "no alert" least of all, while an image has no answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop.core.inference.adjusted import Adjusted, raised_by
from desktop.core.inference.alerts import Alert
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.contract import Contract, Flag
from desktop.core.inference.judgement import Abstention, Judgement, RaisedFlag


@dataclass(frozen=True)
class ImageAnswer:
    """The answer of the model in use to one image, and what is adjusted about it for the patient."""

    prediction: Prediction
    judgement: Judgement
    adjusted: Adjusted

    @property
    def has_figures(self) -> bool:
        """Whether the answer has figures: it is not withheld, or for uncertainty alone."""
        return self.judgement.abstention is None or not self.judgement.abstention.hides_figures

    def raised(self, contract: Contract) -> tuple[RaisedFlag, ...]:
        """Return the alerts that the image raises, alone or with what is known of the patient."""
        by_context = raised_by(self.adjusted, contract, self.judgement.working_points)
        return (*self.judgement.flags, *by_context)


@dataclass(frozen=True)
class LesionAlert:
    """An alert or flag that at least one image of a lesion raises.

    `raised` is that of the image with the highest probability, one that an image alone raised before one that only the
    patient's context raised. `places` are those of the images that raise it, the first image having 0. `is_tested` says whether
    the lesion raises it as lesions were counted in testing: only then do the test figures hold.
    """

    raised: RaisedFlag
    places: tuple[int, ...]
    is_tested: bool


@dataclass(frozen=True)
class LesionAnswer:
    """What the model says of a lesion with so many `images` at one visit.

    `unanswered` have no answer of this model, or a withheld one without figures; `uncertain` are answered without certainty.
    `alerts` have the order of the contract.
    """

    images: int
    unanswered: int
    uncertain: int
    alerts: tuple[LesionAlert, ...]

    @property
    def is_answered(self) -> bool:
        """Whether every image has an answer that is certain: without this a lesion has no "no alert"."""
        return not self.unanswered and not self.uncertain

    def alert(self, alert_id: str) -> LesionAlert | None:
        """Return an alert by its id, None if no image raises it."""
        return next((one for one in self.alerts if one.raised.flag.id == alert_id), None)


def answer_lesion(answers: Sequence[ImageAnswer | None], contract: Contract) -> LesionAnswer:
    """Return the one answer to the images of a lesion at one visit.

    Args:
        answers: of the model with this contract, one for each image; None where it has none.
        contract: of that model.
    """
    given = [one for one in answers if one is not None]
    found = (_alert(of_model, answers, contract) for of_model in contract.raisable)
    return LesionAnswer(
        images=len(answers),
        unanswered=len(answers) - sum(one.has_figures for one in given),
        uncertain=sum(one.judgement.abstention is Abstention.UNCERTAIN for one in given),
        alerts=tuple(one for one in found if one is not None),
    )


def _alert(of_model: Alert | Flag, answers: Sequence[ImageAnswer | None], contract: Contract) -> LesionAlert | None:
    raised = {
        place: one
        for place, answer in enumerate(answers)
        if answer is not None
        for one in answer.raised(contract)
        if one.flag.id == of_model.id
    }
    if not raised:
        return None
    leading = max(raised.values(), key=lambda one: (not one.by_context, one.probability))
    given = [one for one in answers if one is not None]
    is_tested = isinstance(of_model, Flag) or of_model.over_images == "any" or _mean_raises(of_model, given, contract)
    return LesionAlert(leading, tuple(raised), is_tested)


def _mean_raises(alert: Alert, given: Sequence[ImageAnswer], contract: Contract) -> bool:
    """Return whether the mean score of a lesion's images reaches the threshold.

    Where no image alone raises the alert, each has the higher of its scores with and without the patient's context, as in the
    test of the context. Withheld answers count, as in testing, where only damaged files were left out.
    """
    counted = [one for one in given if one.judgement.abstention is not Abstention.DAMAGED] or given
    is_by_context = not any(alert.id in _ids(one.judgement.flags) for one in given)
    margins = [_score(alert, one, contract, is_by_context) - _threshold(alert, one) for one in counted]
    return sum(margins) / len(margins) >= 0


def _score(alert: Alert, answer: ImageAnswer, contract: Contract, is_by_context: bool) -> float:
    own = alert.score(dict(zip(contract.label_ids, answer.prediction.probabilities, strict=True)))
    with_context, layer = answer.adjusted.with_context, contract.context
    if not is_by_context or with_context is None or layer is None or alert.id not in layer.raises:
        return own
    return max(own, alert.score(with_context))


def _threshold(alert: Alert, answer: ImageAnswer) -> float:
    return alert.point(answer.judgement.working_points.get(alert.id)).threshold


def _ids(raised: Iterable[RaisedFlag]) -> set[str]:
    return {one.flag.id for one in raised}
