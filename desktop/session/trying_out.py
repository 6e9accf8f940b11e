"""Counts what a model is worth on labelled images, off the GUI thread: a folder's, a table's, or the history's outcomes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.learned_images import exported_lesions
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.imaging import opening
    from desktop.core.inference import loading
    from desktop.core.inference.classifier import Classifier
    from desktop.core.judging import judged, judged_images, judging, learned_lesions
    from desktop.core.judging.judged import Judged
    from desktop.core.judging.judged_images import LabelledData
    from desktop.core.labelled_images import labelled
    from desktop.core.records.history import History
    from desktop.core.records.outcome_export import ProvedImage, ProvedImages
else:
    opening = Late("desktop.core.imaging.opening")
    loading = Late("desktop.core.inference.loading")
    judged = Late("desktop.core.judging.judged")
    judged_images = Late("desktop.core.judging.judged_images")
    judging = Late("desktop.core.judging.judging")
    learned_lesions = Late("desktop.core.judging.learned_lesions")
    labelled = Late("desktop.core.labelled_images.labelled")

_SIDE = 320
"""Longer side of a picture of a mistake in pixels."""


@dataclass(frozen=True)
class Source:
    """What a model is tried on, called `name`: a folder or table at `path`, or lesions of the history that were `proved`.

    `learned` are the lesions of the history, by their ids, that the model learned from by an export.
    """

    name: str
    path: Path | None = None
    proved: ProvedImages | None = None
    learned: frozenset[int] = frozenset()


@dataclass(frozen=True)
class TriedOut:
    """A judged model, and by the place of a lesion that it answered wrong a PNG picture; the worst have one."""

    judged: Judged
    pictures: dict[int, bytes]


def outcomes_of(history: History, name: str, labels: Sequence[str], model: Path) -> Source:
    """Return the lesions of the history that histology proved to have one of these labels, to try a model file on them.

    Raises:
        DataError: what is noted beside the file of the lesions that it learned from cannot be read.
    """
    learned = frozenset(exported_lesions(history, (model,)))
    return Source(name, proved=history.proved_images(labels), learned=learned)


def try_out(
    tasks: Tasks,
    history_service: HistoryService,
    classifier: Classifier,
    other: Path | None,
    source: Source,
    done: Callable[[TriedOut | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
) -> Task:
    """Try a model; nothing is written.

    Args:
        tasks: runs the work.
        history_service: reads the images of the history.
        classifier: the model in use.
        other: another model file to try instead, at the working points of the one in use.
        source: the images.
        done: gets None if the task was cancelled.
        failed: gets why nothing can be counted.
        progress: gets (steps done, steps in all).
    """

    def work(task: Task) -> TriedOut | None:
        model = classifier if other is None else loading.load_model(other, cancelled=task.cancelled)
        model = model.at(classifier.working_points)
        if source.proved is None:
            data = judged_images.read_labelled(source.path or Path(), model.contract)
            learned = learned_lesions.read_learned_lesions(model.path).names
            read: Callable[[Path], bytes] = opening.read_file
        else:
            data = _of_history(source.proved, model)
            learned = frozenset(_name(one) for one in source.proved.images if one.lesion_id in source.learned)
            kept = {one.image.path: one.image for one in source.proved.images}

            def read(path: Path) -> bytes:
                return history_service.read_image(kept[path])

        found = judging.judge_images(
            source.name,
            data,
            model,
            read=read,
            learned=learned,
            cancelled=task.cancelled,
            progress=lambda now, total: task.report((now, total)),
        )
        return None if found is None else TriedOut(found, _pictures(found, read))

    return tasks.run(Lane.BATCH if source.proved is None else Lane.BACKUP, work, done, failed, progress)


def _of_history(proved: ProvedImages, classifier: Classifier) -> LabelledData:
    """Return the history's proved lesions as labelled images; those without a label of this model were left out before."""
    known = set(classifier.contract.label_ids)
    images = [
        labelled.LabelledImage(
            one.image.path,
            one.image.name,
            one.label,
            group=f"patient {one.patient}",
            lesion=_name(one),
            confirmed_by="histopathology",
        )
        for one in proved.images
        if one.label in known
    ]
    return judged_images.LabelledData(tuple(images), tuple(one.label for one in images), {}, {}, (), 0)


def _name(image: ProvedImage) -> str:
    return f"lesion {image.lesion}"


def _pictures(found: Judged, read: Callable[[Path], bytes]) -> dict[int, bytes]:
    made = {}
    for lesion in found.figures.mistakes[: judged.MOST_CASES]:
        image = found.images.data.images[found.answers.places[found.lesions.images[lesion][0]]]
        try:
            picture = opening.decode(read(image.path), image.name, at_least=_SIDE)
        except AppError:  # it was moved or changed since it was answered: the page does without its picture
            continue
        picture.thumbnail((_SIDE, _SIDE))
        file = io.BytesIO()
        picture.convert("RGB").save(file, "PNG")
        made[lesion] = file.getvalue()
    return made
