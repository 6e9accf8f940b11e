"""Several dermatoscope images of one lesion at one visit: the answer to each, their mean and spread."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Judgement, RaisedFlag, judge
from desktop.core.inference.stability import Spread
from desktop.core.records.values import Entry


@dataclass(frozen=True)
class LesionAnswers:
    """`judgements` has the order of the entries. An image whose figures are withheld is in no mean, but its flags count.

    `flags` are the alerts or flags of the contract that at least one image raised, each at its highest: the worst one wins.
    `malignant` is the sum over the labels that the contract calls malignant; None where no image has figures, or the contract
    no such label.
    """

    judgements: tuple[Judgement, ...]
    counted: int
    flags: tuple[RaisedFlag, ...]
    malignant: Spread | None


def compare_images(entries: Sequence[Entry], contract: Contract) -> LesionAnswers:
    """Compare one model's answers to images of one lesion."""
    judgements = tuple(judge(entry.answer.prediction, contract) for entry in entries)
    counted = [one for one in judgements if one.abstention is None or not one.abstention.hides_figures]
    highest: dict[str, RaisedFlag] = {}
    for raised in (raised for one in judgements for raised in one.flags):
        if raised.flag.id not in highest or raised.probability > highest[raised.flag.id].probability:
            highest[raised.flag.id] = raised
    flags = tuple(highest[flag.id] for flag in contract.raisable if flag.id in highest)
    sums = [one.malignant_probability for one in counted if one.malignant_probability is not None]
    malignant = Spread(sum(sums) / len(sums), min(sums), max(sums)) if sums else None
    return LesionAnswers(judgements, len(counted), flags, malignant)
