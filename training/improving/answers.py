"""What a model file answers to labelled images, through the app's own path."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.imaging.opening import decode, read_file
from desktop.core.inference.classifier import Classifier
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.progress import Progress
from training.images.squashed_copies import input_of_copy
from training.run.run_folder import RunFolder, RunRecord

_BATCH = 64

_QUALITY = 65
"""Of a JPEG that is passed on."""

Change = Callable[[bytes, str], bytes]


@dataclass(frozen=True)
class FileAnswers:
    """The answers to n images: `probabilities` [n, labels], and `novelty` [n], None where the model measures none."""

    probabilities: NDArray[np.float64]
    novelty: NDArray[np.float64] | None


def answer(classifier: Classifier, images: Sequence[LabelledImage], change: Change | None = None) -> FileAnswers:
    """Answer images from their files, after a change of their bytes if one is given.

    Raises:
        ImageError: an image cannot be opened.
    """
    contract = classifier.contract
    progress = Progress("Answering", len(images))
    probabilities, novelty = [], []
    for start in range(0, len(images), _BATCH):
        some = images[start : start + _BATCH]
        inputs = [
            input_of_copy(
                _content(one, change),
                contract.input_size,
                contract.fit,
                one.aspect,
                one.name,
                effective_resolution=contract.effective_resolution,
            )
            for one in some
        ]
        found = classifier.run(np.stack(inputs))
        probabilities.append(found.probabilities.astype(np.float64))
        if found.novelty is not None:
            novelty.append(found.novelty.astype(np.float64))
        progress.advance(len(some))
    progress.finish()
    if not probabilities:
        return FileAnswers(np.zeros((0, len(contract.labels))), None)
    return FileAnswers(np.concatenate(probabilities), np.concatenate(novelty) if novelty else None)


def _content(image: LabelledImage, change: Change | None) -> bytes:
    data = read_file(image.path)
    return data if change is None else change(data, image.name)


def saved_as_jpeg(data: bytes, name: str) -> bytes:
    """Return the content of an image file, saved as JPEG as when it is passed on."""
    file = io.BytesIO()
    decode(data, name).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def write_teacher(run: RunFolder, record: RunRecord, base: Classifier, images: Sequence[LabelledImage]) -> None:
    """Write what the base answers to the training images of a prepared run, in the order of its rows.

    Args:
        run: the prepared run.
        record: its record, with the base's labels in the base's order.
        base: the model that is improved.
        images: those of the run, among others.
    """
    by_path = {one.path.resolve(): one for one in images}
    folder = Path(record.settings.data).parent
    taught = sorted(
        (one for one in run.load_images() if one.split == "train" and one.row >= 0), key=lambda one: one.row
    )
    answers = answer(base, [by_path[(folder / one.path).resolve()] for one in taught]).probabilities
    content = io.BytesIO()
    np.save(content, answers.astype(np.float32))
    run.write(run.teacher, content.getvalue())
