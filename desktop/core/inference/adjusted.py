"""An answer's figures for this patient and this practice, which stand beside the model's own.

They change no judgement but one: what is known of the patient may raise an alert that the image alone does not raise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.inference.judgement import RaisedFlag
from desktop.core.labels import MELANOMA
from desktop.core.late import Late
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext

if TYPE_CHECKING:
    from desktop.core.inference import prior as priors
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.classifier import Prediction
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Judgement
else:
    priors = Late("desktop.core.inference.prior")

_SHOWN_AS_NONE = 0.01
"""A figure below this is shown as less than 1 %."""


@frozen
class Adjusted:
    """What is adjusted about one answer.

    `with_context` are the probabilities with what the model's layer knows of the `patient`, by label id, None where it knows
    nothing; `raised` are the ids of the alerts that they raise and the image alone does not. `for_prior` are the probabilities
    (those with context, if any) for the practice's own `prior`; both are None where the practice has none.
    """

    patient: PatientContext = NOTHING_GIVEN
    with_context: dict[str, float] | None = None
    raised: tuple[str, ...] = ()
    prior: dict[str, float] | None = None
    for_prior: dict[str, float] | None = None

    def __bool__(self) -> bool:
        return self.figures is not None

    @property
    def figures(self) -> dict[str, float] | None:
        """The adjusted probabilities, None where nothing is adjusted."""
        return self.with_context if self.for_prior is None else self.for_prior

    @property
    def melanomas(self) -> float | None:
        """The share of melanomas in the practice, None where it has no prior of its own."""
        return None if self.prior is None else self.prior[MELANOMA]

    def probabilities(self, own: Sequence[float], labels: Sequence[str]) -> tuple[float, ...]:
        """Return the adjusted probabilities in the order of the labels, `own` where nothing is adjusted."""
        figures = self.figures
        return tuple(own) if figures is None else tuple(figures[label] for label in labels)

    def belittles(self, raised: Iterable[RaisedFlag], own: Mapping[str, float]) -> bool:
        """Return whether one of these alerts would stand beside an adjusted figure that belittles it, see `belittles_figures`.

        `own` are the probabilities of the image alone, by label id.
        """
        figures = self.figures
        return figures is not None and any(belittles_figures(own, figures, one.flag.labels) for one in raised)


NOT_ADJUSTED = Adjusted()


def belittles_figures(own: Mapping[str, float], adjusted: Mapping[str, float], labels: Iterable[str]) -> bool:
    """Return whether the adjusted figure for these labels together is less than 1 %, where that of the image alone is not.

    Beside an alert it would mislead then. Where both are less, nothing is gained by leaving it out.
    """
    named = tuple(labels)
    alone, figure = (sum(shares.get(label, 0.0) for label in named) for shares in (own, adjusted))
    return figure < _SHOWN_AS_NONE <= alone


def adjust(
    prediction: Prediction,
    judgement: Judgement,
    contract: Contract,
    patient: PatientContext,
    shares: Mapping[str, float] | None,
) -> Adjusted:
    """Adjust an answer as far as its model allows.

    Args:
        prediction: what the model answered.
        judgement: of that prediction, by its contract.
        contract: of that model.
        patient: what is known of the patient at the image's visit.
        shares: of labels in the practice, that of melanoma at least; None where it has no prior of its own.
    """
    own = dict(zip(contract.label_ids, prediction.probabilities, strict=True))
    layer, own_prior = contract.context, contract.prior
    given = NOTHING_GIVEN if layer is None else layer.given(patient)
    with_context: dict[str, float] | None = None
    raised: tuple[str, ...] = ()
    if layer is not None and given:
        with_context = layer.apply(own, given)
        alone, points = {one.flag.id for one in judgement.flags}, judgement.working_points
        raised = tuple(one.id for one in layer.raised(contract.alerts, with_context, points) if one.id not in alone)
    prior = for_prior = None
    if shares is not None and own_prior is not None:
        prior = priors.prior_for(own_prior, shares)
        for_prior = priors.shifted(with_context or own, own_prior, prior)
    return Adjusted(given, with_context, raised, prior, for_prior)


def raised_by(adjusted: Adjusted, contract: Contract, working_points: WorkingPoints) -> tuple[RaisedFlag, ...]:
    """Return the alerts that only the context raises, with their probabilities, at the working points of the answer."""
    figures = adjusted.with_context or {}
    return tuple(
        RaisedFlag(
            alert,
            min(sum(figures.get(label, 0.0) for label in alert.labels), 1.0),
            alert.point(working_points.get(alert.id)),
            by_context=True,
        )
        for alert in contract.alerts
        if alert.id in adjusted.raised
    )
