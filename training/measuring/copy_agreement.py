"""Whether an answer depends on the copy of a picture rather than on the lesion: one model on two copies of the same images.

Both copies take the app's own path from the file to the model. Besides, the first folder is compared with itself after changes
that files undergo: saved as JPEG, rescaled, slightly blurred or sharpened.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from desktop.core.errors import DataError
from desktop.core.imaging.opening import EXTENSIONS, decode, read_file
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.model_outputs import ModelOutputs
from desktop.core.progress import Progress
from desktop.core.statistics.proportions import Proportion, proportion
from training.images.label_groups import SEVEN_CLASS_GROUPS, ProbabilityArray, group_owners, group_sums
from training.images.squashed_copies import input_of_copy
from training.judging.probe_results import Agreement

_BATCH = 64
_PNG_LEVEL = 1
"""Compression level; the files exist for a moment only."""


@dataclass(frozen=True)
class Copies:
    """A folder of images; `aspect` is width / height of the original frames if the copies are squashed, else None."""

    folder: Path
    aspect: float | None = None


def agreement(change: str, one: ProbabilityArray, other: ProbabilityArray, labels: Sequence[str]) -> Agreement:
    """Compare the probabilities [n, labels] of two copies of n images."""
    owner = group_owners(labels, SEVEN_CLASS_GROUPS)
    has_seven = bool((owner != np.arange(len(labels))).any())
    return Agreement(
        change,
        _same(one, other),
        _same(group_sums(one, owner), group_sums(other, owner)) if has_seven else None,
        float(np.abs(one - other).max(axis=1).mean()),
    )


def compare_copies(classifier: Classifier, first: Copies, second: Copies) -> tuple[Agreement, ...]:
    """Compare a model's answers to two folders, and to the first folder before and after each of `CHANGES`.

    Images are matched by their names without extension, in any subfolder.

    Raises:
        DataError: the folders have no image name in common.
        ImageError: an image cannot be opened.
    """
    paths, others = by_name(first.folder), by_name(second.folder)
    names = sorted(paths.keys() & others.keys())
    if not names:
        raise DataError(
            "“{first}” and “{second}” have no images of the same name. Give two folders of copies.",
            first=first.folder,
            second=second.folder,
        )
    labels = classifier.contract.label_ids
    progress = Progress("Comparing copies", (2 + len(CHANGES)) * len(names))
    files = [(paths[name], first.aspect) for name in names]
    kept = answers_to(classifier, files, progress)
    other = answers_to(classifier, [(others[name], second.aspect) for name in names], progress)
    found = [agreement(f"“{first.folder.name}” against “{second.folder.name}”", kept, other, labels)]
    for change, change_file in CHANGES.items():
        answers = answers_to(classifier, files, progress, change_file)
        found.append(agreement(f"“{first.folder.name}” {change}", kept, answers, labels))
    progress.finish()
    return tuple(found)


def as_table(found: Sequence[Agreement]) -> str:
    """Return the agreements as a table for the screen."""
    width = max(len(one.change) for one in found) + 2
    lines = [f"{'copies':<{width}}{'same label':>36}{'of seven classes':>36}{'largest change':>16}"]
    for one in found:
        seven = _told(one.same_of_seven) if one.same_of_seven else "–"
        lines.append(f"{one.change:<{width}}{_told(one.same):>36}{seven:>36}{one.largest_change:>16.4f}")
    return "\n".join(lines)


def as_json(classifier: Classifier, found: Sequence[Agreement]) -> bytes:
    """Return the agreements and the model that they belong to as JSON."""
    content = {"model": classifier.contract.name, "model_sha256": classifier.sha256, "agreements": list(found)}
    return msgspec.json.format(msgspec.json.encode(content), indent=2)


def _told(share: Proportion) -> str:
    return f"{share.k} / {share.n} = {100 * share.value:.1f} % ({100 * share.low:.1f} – {100 * share.high:.1f})"


def _same(one: ProbabilityArray, other: ProbabilityArray) -> Proportion:
    return proportion(int((one.argmax(axis=1) == other.argmax(axis=1)).sum()), len(one))


def by_name(folder: Path) -> dict[str, Path]:
    """Return the images of a folder and its subfolders by their names without extension."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.casefold() in EXTENSIONS and path.is_file():
            found.setdefault(path.stem, path)
    return found


Change = Callable[[bytes, str, int], bytes]
File = tuple[Path, float | None]
"""An image file, and width / height of its original frame if the copy is squashed, else None."""


def answers_to(
    classifier: Classifier, files: Sequence[File], progress: Progress, change: Change | None = None
) -> NDArray[np.float32]:
    """Return a model's probabilities for image files, after a change if one is given.

    Raises:
        ImageError: an image cannot be opened.
    """
    return np.concatenate([one.probabilities for one in outputs_for(classifier, files, progress, change)])


def outputs_for(
    classifier: Classifier, files: Sequence[File], progress: Progress, change: Change | None = None
) -> Iterator[ModelOutputs]:
    """Yield all outputs of a model for image files, batch by batch, after a change if one is given.

    Raises:
        ImageError: an image cannot be opened.
    """
    size, fit = classifier.contract.input_size, classifier.contract.fit
    for start in range(0, len(files), _BATCH):
        inputs = []
        for path, aspect in files[start : start + _BATCH]:
            data = read_file(path)
            inputs.append(
                input_of_copy(change(data, path.name, size) if change else data, size, fit, aspect, path.name)
            )
        yield classifier.run(np.stack(inputs))
        progress.advance(len(inputs))


def _saved(quality: int) -> Change:
    def change(data: bytes, name: str, size: int) -> bytes:  # noqa: ARG001 - as every change
        file = io.BytesIO()
        decode(data, name).save(file, "JPEG", quality=quality)
        return file.getvalue()

    return change


def _edited(edit: Callable[[Image.Image, float], Image.Image]) -> Change:
    """Return a change of the pixels; `edit` also gets the number of file pixels for each pixel of the model's input."""

    def change(data: bytes, name: str, size: int) -> bytes:
        image = decode(data, name)
        file = io.BytesIO()
        edit(image, max(1.0, min(image.size) / size)).save(file, "PNG", compress_level=_PNG_LEVEL)
        return file.getvalue()

    return change


def _rescaled(factor: float) -> Change:
    def edit(image: Image.Image, grain: float) -> Image.Image:  # noqa: ARG001 - as every edit
        sides = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        return image.resize(sides, Image.Resampling.BICUBIC)

    return _edited(edit)


def _blurred(radius: float) -> Change:
    return _edited(lambda image, grain: image.filter(ImageFilter.GaussianBlur(radius * grain)))


def _sharpened(percent: int) -> Change:
    return _edited(lambda image, grain: image.filter(ImageFilter.UnsharpMask(grain, percent, 0)))


CHANGES: Mapping[str, Change] = {
    **{f"saved as JPEG {quality}": _saved(quality) for quality in (95, 80, 65, 50)},
    **{f"rescaled by {factor}": _rescaled(factor) for factor in (0.5, 0.75, 1.5, 2.0)},
    **{f"blurred by {radius} of the model's pixels": _blurred(radius) for radius in (0.5, 1.0)},
    **{f"sharpened by {percent} %": _sharpened(percent) for percent in (50, 100)},
}
"""Changes that files undergo; blur and sharpening are measured in pixels of the model's input."""
