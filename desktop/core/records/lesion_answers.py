"""Several dermatoscope images of one lesion at one visit: the answer to each, their mean and spread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.core.inference.adjusted import adjust, raised_by
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Judgement, RaisedFlag, judge
from desktop.core.inference.stability import Spread
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext
from desktop.core.records.values import Entry, StoredAnswer


@dataclass(frozen=True)
class LesionAnswers:
    """`judgements` has the order of the entries. An image whose figures are withheld is in no mean, but its flags count.

    `flags` are the alerts or flags of the contract that at least one image raised, each at its highest: the worst one wins. One
    that an image alone raised stands before one that only the patient's context raised.
    `malignant` is the sum over the labels that the contract calls malignant; None where no image has figures, or the contract
    no such label.
    """

    judgements: tuple[Judgement, ...]
    counted: int
    flags: tuple[RaisedFlag, ...]
    malignant: Spread | None


def compare_images(
    entries: Sequence[Entry], contract: Contract, patient: PatientContext = NOTHING_GIVEN
) -> LesionAnswers:
    """Compare one model's answers to images of one lesion, with what is known of the patient.

    Each is judged at the working points under which it was given.
    """
    judgements = tuple(_judge(entry.answer, contract, patient) for entry in entries)
    counted = [one for one in judgements if one.abstention is None or not one.abstention.hides_figures]
    highest: dict[str, RaisedFlag] = {}
    for raised in (raised for one in judgements for raised in one.flags):
        known = highest.get(raised.flag.id)
        if known is None or (not raised.by_context, raised.probability) > (not known.by_context, known.probability):
            highest[raised.flag.id] = raised
    flags = tuple(highest[flag.id] for flag in contract.raisable if flag.id in highest)
    sums = [one.malignant_probability for one in counted if one.malignant_probability is not None]
    malignant = Spread(sum(sums) / len(sums), min(sums), max(sums)) if sums else None
    return LesionAnswers(judgements, len(counted), flags, malignant)


def _judge(answer: StoredAnswer, contract: Contract, patient: PatientContext) -> Judgement:
    prediction = answer.prediction
    judgement = judge(prediction, contract, answer.working_points)
    adjusted = adjust(prediction, judgement, contract, patient, None)
    by_context = raised_by(adjusted, contract, judgement.working_points)
    return replace(judgement, flags=(*judgement.flags, *by_context))
