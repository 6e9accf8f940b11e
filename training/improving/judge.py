"""Judges a new model against its base: on the clinic's lesions (C), and on the base's held-out ones (H)."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.inference.classifier import Classifier
from desktop.core.judging.better import (
    FEWEST_CALIBRATING,
    FEWEST_TO_LEARN_FROM,
    Bar,
    Measure,
    Rule,
    compare,
)
from desktop.core.judging.counted_nouns import MELANOMAS, OTHERS
from desktop.core.judging.improvement import Improvement
from desktop.core.judging.judged_images import JudgedImages, LabelledData, compare_images
from desktop.core.judging.lesion_answers import ImageAnswers, LesionAnswers, votes
from desktop.core.judging.paired_lesions import PairedLesions, pair
from desktop.core.judging.training_pictures import TrainingPictures, find_training_pictures
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.labels import MELANOMA
from desktop.core.statistics.calibration import calibration_error
from training.improving.answers import FileAnswers, answer, saved_as_jpeg
from training.improving.data import ImprovementData
from training.judging.held_out import BIOPSIED
from training.run.run_folder import PreparedImage

_CALIBRATION, _NOVELTY, _COPIES = 0.03, 0.04, 0.95
"""The bars of the shipped recipe: calibration error of the top label; share of dermatoscope images called unlike the training
images, which is set to half of this; share of copies as JPEG with the same answer."""

_MOST_COPIES = 200


@dataclass(frozen=True)
class _Both:
    """Both models' answers to some lesions."""

    images: list[LabelledImage]
    old: LesionAnswers
    new: LesionAnswers
    old_files: FileAnswers
    new_files: FileAnswers
    paired: PairedLesions
    left_out: dict[str, int]


_AGAIN = "The doctor exports again once there are more, or uses lesionlens-train recalibrate for the present model."


def refuse_few_to_learn_from(images: Sequence[LabelledImage]) -> None:
    """Refuse data of which no part could set the new model's alert, before they are looked at.

    Raises:
        DataError: all that is not for testing has too few melanomas or other lesions with histology.
    """
    proved = [one for one in images if one.split != "test" and one.confirmed_by == BIOPSIED]
    melanomas = len({one.lesion or one.group for one in proved if one.label == MELANOMA})
    others = len({one.lesion or one.group for one in proved if one.label != MELANOMA})
    if min(melanomas, others) < FEWEST_CALIBRATING:
        raise DataError(
            "The lesions to learn from are too few to make a model of: {melanomas} and {others}. To set the "
            "new model's alert, {fewest} of each must be put aside, a fifth of all: about {all} of each are needed. "
            + _AGAIN,
            melanomas=MELANOMAS.of(melanomas),
            others=OTHERS.of(others),
            fewest=FEWEST_CALIBRATING,
            all=FEWEST_TO_LEARN_FROM,
        )


def refuse_few_calibrating(images: Sequence[PreparedImage]) -> None:
    """Refuse a training whose alert for melanoma could not be set, before it takes its hours.

    Raises:
        DataError: the validation split has too few melanomas or other lesions with histology.
    """
    held = [one for one in images if one.split == "validation" and one.row >= 0 and one.confirmed_by == BIOPSIED]
    melanomas = len({one.lesion or one.group for one in held if one.label == MELANOMA})
    others = len({one.lesion or one.group for one in held if one.label != MELANOMA})
    if min(melanomas, others) < FEWEST_CALIBRATING:
        raise DataError(
            "Of the lesions to learn from, {melanomas} and {others} were put aside to set the new model's "
            "alert; {fewest} of each are needed. Give --base-data, or put more aside with fewer --folds. " + _AGAIN,
            melanomas=MELANOMAS.of(melanomas),
            others=OTHERS.of(others),
            fewest=FEWEST_CALIBRATING,
        )


def judge(data: ImprovementData, old: Classifier, new: Classifier, measure: Measure, look: int) -> Improvement:
    """Answer the clinic's and the held-out lesions with both models, and say whether the new one is better.

    Args:
        data: the images.
        old: the base.
        new: the new model, which was not trained on any of them.
        measure: what is to be gained.
        look: how often the clinic's lesions were looked at, with this time.

    Raises:
        DataError: no lesion of the clinic counts, or a model has no alert for melanoma.
    """
    known = [find_training_pictures(one.path, one.contract.training_data.fingerprint) for one in (old, new)]
    pictures: TrainingPictures | None = None
    for one in known:
        if one is not None:
            pictures = one if pictures is None else pictures.and_of(one)
    clinic = _both(data.clinic, old, new, pictures)
    if clinic is None:
        raise DataError(
            "None of the clinic's lesions can be judged on: none for testing was confirmed after the model was made that is to "
            "be improved, and is known to neither model. Collect more outcomes, then export again."
        )
    held_out = _both(data.held_out, old, new, None)
    comparison = compare(
        None if held_out is None else held_out.paired,
        clinic.paired,
        _bars(held_out, old, new),
        measure=measure,
        look=look,
        knows_training=None not in known,
    )
    missed = [clinic.images[place] for lesion in comparison.missed for place in clinic.old.images[lesion]]
    return Improvement(
        **vars(comparison),
        lesions=len(clinic.old.truth),
        held_out_lesions=0 if held_out is None else len(held_out.old.truth),
        left_out=clinic.left_out,
        learned=data.learned_and_judged,
        missed_images=tuple(one.name for one in missed),
        missed_lesions=tuple(dict.fromkeys(one.lesion for one in missed)),
        old_model_sha256=old.sha256,
        new_model_sha256=new.sha256,
    )


def _both(
    images: Sequence[LabelledImage], old: Classifier, new: Classifier, pictures: TrainingPictures | None
) -> _Both | None:
    """Return both models' answers to the images that count; None if there are none."""
    if not images:
        return None
    data = LabelledData(tuple(images), tuple(one.label for one in images), {}, {}, (), 0)
    judged = compare_images(data, old.contract, pictures)
    places = [place for place, reason in enumerate(judged.left_out) if reason is None]
    if not places:
        return None
    kept = [judged.data.images[place] for place in places]
    files = [answer(one, kept) for one in (old, new)]
    voted = [
        votes(_answers(judged, places, found.probabilities), one.contract, one.working_points)
        for found, one in zip(files, (old, new), strict=True)
    ]
    ages = [kept[own[0]].age for own in voted[0].images]
    return _Both(
        images=kept,
        old=voted[0],
        new=voted[1],
        old_files=files[0],
        new_files=files[1],
        paired=pair(voted[0], voted[1], old.contract, np.array([np.nan if age is None else age for age in ages])),
        left_out=dict(Counter(reason.value for reason in judged.left_out if reason is not None)),
    )


def _answers(judged: JudgedImages, places: Sequence[int], probabilities: NDArray[np.float64]) -> ImageAnswers:
    kept = [judged.data.images[place] for place in places]
    return ImageAnswers(
        places=tuple(places),
        names=tuple(one.name for one in kept),
        truth=tuple(one.label for one in kept),
        lesions=judged.lesions[list(places)],
        patients=judged.patients[list(places)],
        proved=np.array([one.confirmed_by == BIOPSIED for one in kept], bool),
        probabilities=probabilities,
        with_context=np.full_like(probabilities, np.nan),
        withheld=("",) * len(kept),
        sides=(None,) * len(kept),
    )


def _bars(held_out: _Both | None, old: Classifier, new: Classifier) -> tuple[Bar, ...]:
    """Return calibration, novelty and copy agreement of both models on H; nothing of them is measured without it."""
    if held_out is None:
        return ()
    some = slice(None, None, math.ceil(len(held_out.images) / _MOST_COPIES))
    return (
        Bar(Rule.CALIBRATION, _CALIBRATION, most=True, old=_error(held_out.old), new=_error(held_out.new)),
        Bar(
            Rule.NOVELTY,
            _NOVELTY,
            most=True,
            old=_novel(held_out.old_files, old.contract.novelty_threshold),
            new=_novel(held_out.new_files, new.contract.novelty_threshold),
        ),
        Bar(
            Rule.COPIES,
            _COPIES,
            most=False,
            old=_agreement(old, held_out.images[some], held_out.old_files.probabilities[some]),
            new=_agreement(new, held_out.images[some], held_out.new_files.probabilities[some]),
        ),
    )


def _error(lesions: LesionAnswers) -> float:
    top = lesions.probabilities.argmax(axis=1)
    right = np.array([lesions.labels[place] == truth for place, truth in zip(top, lesions.truth, strict=True)], bool)
    return calibration_error(lesions.probabilities.max(axis=1), right)


def _novel(files: FileAnswers, threshold: float | None) -> float | None:
    if threshold is None or files.novelty is None:
        return None
    return float((files.novelty > threshold).mean())


def _agreement(classifier: Classifier, images: Sequence[LabelledImage], before: NDArray[np.float64]) -> float:
    after = answer(classifier, images, saved_as_jpeg).probabilities
    return float((before.argmax(axis=1) == after.argmax(axis=1)).mean())
