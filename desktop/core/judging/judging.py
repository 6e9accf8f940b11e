"""From answers to a clinic's labelled images to all that is said of the model."""

from desktop.core.errors import DataError
from desktop.core.inference.classifier import Classifier
from desktop.core.judging.counting import figures_of
from desktop.core.judging.judged import Judged
from desktop.core.judging.judged_images import JudgedImages, LeftOut
from desktop.core.judging.lesion_answers import ImageAnswers, votes
from desktop.core.marking import tr


def refuse_nothing_counted(images: JudgedImages, data: str) -> None:
    """Refuse images none of which counts.

    Raises:
        DataError: it says how many are left out for which reason.
    """
    if None in images.left_out:
        return
    raise DataError(
        tr("None of the {count} images of “{data}” can be counted: {reasons}."),
        count=len(images.left_out),
        data=data,
        reasons=", ".join(f"{count} {reason.value}" for reason in LeftOut if (count := images.count(reason))),
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
