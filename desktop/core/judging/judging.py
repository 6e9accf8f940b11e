"""From a clinic's labelled images to all that is said of a model."""

import threading
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from desktop.core.errors import DataError
from desktop.core.imaging.opening import read_file
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.judging.collecting import collected, said_of
from desktop.core.judging.counting import figures_of
from desktop.core.judging.judged import Judged
from desktop.core.judging.judged_images import JudgedImages, LabelledData, compare_images
from desktop.core.judging.known_context import context_in
from desktop.core.judging.lesion_answers import ImageAnswers, votes
from desktop.core.judging.training_pictures import find_training_pictures
from desktop.core.judging.words import nothing_counted
from desktop.core.marking import tr

_STEPS = 1000
"""Steps of the progress: one half is opening and comparing, the other answering."""


class _StoppedError(Exception):
    """Raised between two steps to end the work."""


def judge_images(
    name: str,
    data: LabelledData,
    classifier: Classifier,
    *,
    read: Callable[[Path], bytes] = read_file,
    learned: Collection[str] = (),
    cancelled: threading.Event,
    progress: Callable[[int, int], None],
) -> Judged | None:
    """Open, compare and answer images, and count every figure; return None once `cancelled` is set.

    Args:
        name: of the data, as the report names them.
        data: the images.
        classifier: the model, at its working points.
        read: returns the bytes of a file, from several threads at a time, or raises `AppError`.
        learned: the names of lesions that the model learned from.
        cancelled: ends the work early.
        progress: called with the steps done, and all.

    Raises:
        DataError: no image can be counted.
    """
    contract = classifier.contract

    def advance(share: float) -> None:
        if cancelled.is_set():
            raise _StoppedError
        progress(round(_STEPS * share), _STEPS)

    context = None
    if contract.context is not None:
        context, remarks = context_in(data.images)
        data = replace(data, remarks=(*data.remarks, *remarks))
    training = find_training_pictures(classifier.path, contract.training_data.fingerprint)
    said = {}
    try:
        images = compare_images(data, contract, training, lambda share: advance(share / 2), read, learned)
        refuse_nothing_counted(images, name)
        paths = list(dict.fromkeys(image.path for image in data.images))
        with closing(classify_files(paths, classifier, cancelled=cancelled, read=read)) as answers:
            for number, answer in enumerate(answers, 1):
                if (found := said_of(answer, contract, context)) is not None:
                    said[answer.path] = found
                advance(0.5 + number / len(paths) / 2)
    except _StoppedError:
        return None
    if cancelled.is_set():
        return None
    return judge_answers(name, classifier, images, collected(said, images, contract.label_ids))


def refuse_nothing_counted(images: JudgedImages, data: str) -> None:
    """Refuse images none of which counts.

    Raises:
        DataError: it names the first images that are left out for each reason.
    """
    if None in images.left_out:
        return
    raise DataError(
        tr("No image of “{data}” can be counted: {reasons}."),
        data=data,
        reasons="; ".join(str(sentence) for sentence in nothing_counted(images)),
    )


def judge_answers(data: str, classifier: Classifier, images: JudgedImages, answers: ImageAnswers) -> Judged:
    """Count every figure of a model.

    Args:
        data: what was judged, as the report names it.
        classifier: the model, at its working points.
        images: the images.
        answers: to those that count.

    Raises:
        DataError: there is no answer.
    """
    if not answers.names:
        raise DataError(tr("None of the images of “{data}” could be answered: see the table of answers."), data=data)
    contract = classifier.contract
    lesions = votes(answers, contract, classifier.working_points)
    return Judged(
        data=data,
        model=classifier.path.name,
        model_sha256=classifier.sha256,
        contract=contract,
        images=images,
        answers=answers,
        lesions=lesions,
        figures=figures_of(lesions, contract, has_patients=images.has_patients),
    )
