"""The answers of a model to images of the history that are not given to anybody, but kept apart (`records.tried_answers`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import __version__
from desktop.core.late import Late
from desktop.system.tasks import Task, Tasks

if TYPE_CHECKING:
    from desktop.core.imaging import preprocessing
    from desktop.core.inference import adjusted, batch
    from desktop.core.inference.classifier import Classifier
    from desktop.core.patient_context import PatientContext
    from desktop.core.records import tried_answers, values
    from desktop.core.records.tried_answers import Answerer, TriedAnswer
    from desktop.core.records.values import KeptImage
else:
    preprocessing = Late("desktop.core.imaging.preprocessing")
    adjusted = Late("desktop.core.inference.adjusted")
    batch = Late("desktop.core.inference.batch")
    tried_answers = Late("desktop.core.records.tried_answers")
    values = Late("desktop.core.records.values")


def answerer(classifier: Classifier) -> Answerer:
    """Return what the history knows a model's answers by."""
    return tried_answers.Answerer(
        classifier.sha256, preprocessing.PREPROCESSING_VERSION, classifier.working_points, classifier.contract
    )


def answer_images(
    images: Sequence[KeptImage],
    contexts: Mapping[str, PatientContext],
    classifier: Classifier,
    read: Callable[[KeptImage], bytes],
    task: Task,
    tasks: Tasks,
) -> list[TriedAnswer]:
    """Answer images; those that are gone or cannot be read are left out. Slow: to be run off the GUI thread.

    Args:
        images: of the history.
        contexts: what is known of the patient of each, by SHA-256.
        classifier: the model, at its working points.
        read: returns the bytes of an image, from several threads at a time, or raises `AppError`.
        task: ends the work early.
        tasks: an image that is opened meanwhile goes first.
    """
    kept = {Path(image.sha256): image for image in images}
    contract = classifier.contract
    found = []
    for one in batch.classify_files(
        kept, classifier, cancelled=task.cancelled, calm=tasks.calm, read=lambda path: read(kept[path])
    ):
        if one.prediction is None or one.judgement is None:
            continue
        sha256 = kept[one.path].sha256
        answer = values.StoredAnswer.of(one.prediction, one.judgement, contract.label_ids, __version__)
        more = adjusted.adjust(one.prediction, one.judgement, contract, contexts[sha256], None)
        found.append(tried_answers.TriedAnswer(sha256, answer, more.raised))
    return found
