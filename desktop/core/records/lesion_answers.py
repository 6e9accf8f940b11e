"""Several dermatoscope images of one lesion at one visit: the saved answer to each, their mean, and the one answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.inference.adjusted import adjust
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Abstention, Judgement, judge
from desktop.core.inference.several_images import ImageAnswer, LesionAnswer, answer_lesion
from desktop.core.inference.stability import Spread
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext
from desktop.core.records.values import Entry, StoredAnswer


@dataclass(frozen=True)
class LesionAnswers:
    """`judgements` has the order of the images, None for an image without an answer.

    An image without figures is in no mean. `malignant` is the sum over the labels that the contract calls malignant; None
    where no image has figures, or the contract no such label. `lesion` is the one answer.
    """

    judgements: tuple[Judgement | None, ...]
    lesion: LesionAnswer
    malignant: Spread | None


def compare_images(
    stored: Sequence[StoredAnswer | None], contract: Contract, patient: PatientContext = NOTHING_GIVEN
) -> LesionAnswers:
    """Compare one model's answers to images of one lesion, with what is known of the patient.

    Each is judged at the working points under which it was given. `stored` has None for an image that the model has not
    answered.
    """
    answers = [None if one is None or one.is_damaged else _read(one, contract, patient) for one in stored]
    counted = [one.judgement.malignant_probability for one in answers if one is not None and one.has_figures]
    sums = [one for one in counted if one is not None]
    return LesionAnswers(
        tuple(None if one is None else one.judgement for one in answers),
        answer_lesion(answers, contract),
        Spread(sum(sums) / len(sums), min(sums), max(sums)) if sums else None,
    )


@dataclass(frozen=True)
class LesionTally:
    """Which of a lesion's `images` raised each alert, by its id, and how many have no answer or no certain one.

    `raised` has the places of the images, the first having 0.
    """

    images: int
    raised: dict[str, tuple[int, ...]]
    unanswered: int
    uncertain: int


def tally(entries: Sequence[Entry | None]) -> LesionTally:
    """Count the saved answers to the images of a lesion at one visit; None for an image without one.

    Where several models answered, that of the newest answer counts, and an image that only another one answered has none.
    """
    given = {place: one for place, one in enumerate(entries) if one is not None and not one.answer.is_damaged}
    model = max(given.values(), key=lambda one: one.id).answer.model_sha256 if given else ""
    of_model = {place: one for place, one in given.items() if one.answer.model_sha256 == model}
    abstentions = [one.answer.abstention for one in of_model.values()]
    hidden = sum(one is not None and one.hides_figures for one in abstentions)
    raised: dict[str, list[int]] = {}
    for place, one in of_model.items():
        for flag in one.flags:
            raised.setdefault(flag, []).append(place)
    return LesionTally(
        len(entries),
        {flag: tuple(places) for flag, places in raised.items()},
        len(entries) - len(of_model) + hidden,
        abstentions.count(Abstention.UNCERTAIN),
    )


def _read(answer: StoredAnswer, contract: Contract, patient: PatientContext) -> ImageAnswer:
    prediction = answer.prediction
    judgement = judge(prediction, contract, answer.working_points)
    return ImageAnswer(prediction, judgement, adjust(prediction, judgement, contract, patient, None))
