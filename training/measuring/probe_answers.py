"""Ask a network about changed and degraded held-out images and other pictures, and for the embeddings of nevi."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.imaging.preprocessing import model_input
from desktop.core.imaging.quality import measure
from desktop.core.inference.classifier import Classifier
from desktop.core.progress import Progress
from training.judging.held_out import FOLLOWED
from training.measuring import quality_limits
from training.measuring.copy_agreement import CHANGES, File, answers_to, by_name
from training.measuring.nevus_proofs import proved_nevi
from training.measuring.non_dermoscopy import NonDermoscopyPicture
from training.run.run_folder import PreparedImage, RunFolder

_BATCH = 64

CHANGED = 600
"""Number of held-out images, evenly spread, whose changed copies are compared."""

OF_A_LABEL = 100
"""Number of held-out images of each label, evenly spread, that are degraded: balanced accuracy needs the rare labels."""

TRUTH, WHOLE, MEASURED = "truth", "whole", "measured"
"""Names in `probe.npz`, for the images that are degraded: their labels, the answers to the originals, their quality."""


def write_probe_answers(
    run: RunFolder, originals: Sequence[Path], samples: Path, others: Callable[[], Iterable[NonDermoscopyPicture]]
) -> None:
    """Ask a run's network, and write its answers to `probe.npz` in the run; see `probe.probe`.

    Raises:
        DataError: the run has no model file, or no longer has its arrays.
        ImageError: an image cannot be opened.
    """
    if not run.classifier.exists() or not run.array("validation").exists():
        raise DataError(
            "“{path}” has no model file, or no longer has its arrays: its network cannot be probed. Repeat the run.",
            path=run.path,
        )
    classifier = Classifier(run.classifier, threads=0)
    images = [image for image in run.load_images() if image.split == "validation" and image.row >= 0]
    answers = _asked_changed(run, classifier, images, originals)
    answers |= _asked_spoilt(run, classifier, sorted(images, key=lambda image: image.row))
    answers |= _asked_far(classifier, samples, others())
    answers |= _asked_nevi(run, classifier, images)
    part = run.probed.with_name(f"part-{run.probed.name}")
    with part.open("wb") as file:
        np.savez(file, **dict[str, Any](answers))
    part.replace(run.probed)


def _asked_changed(
    run: RunFolder, classifier: Classifier, images: Sequence[PreparedImage], originals: Sequence[Path]
) -> dict[str, NDArray[np.generic]]:
    data = Path(run.load_record().settings.data)
    root = data if data.is_dir() else data.parent
    chosen = _spread(images, CHANGED)
    pairs = _pairs(images, originals)
    progress = Progress("Changed copies", len(chosen) * (1 + len(CHANGES)) + 2 * sum(map(len, pairs.values())))

    def files(some: Sequence[PreparedImage]) -> list[File]:
        return [(root / image.path, image.frame) for image in some]

    answers = {"as it is": answers_to(classifier, files(chosen), progress)}
    for name, change in CHANGES.items():
        answers[f"change {name}"] = answers_to(classifier, files(chosen), progress, change)
    for name, pair in pairs.items():
        answers[f"small {name}"] = answers_to(classifier, files([image for image, _ in pair]), progress)
        answers[f"large {name}"] = answers_to(classifier, [(path, None) for _, path in pair], progress)
    progress.finish()
    return dict(answers)


def _pairs(images: Sequence[PreparedImage], originals: Sequence[Path]) -> dict[str, list[tuple[PreparedImage, Path]]]:
    """Return the images that have an original in one of the folders, by folder and kind of copy."""
    pairs: dict[str, list[tuple[PreparedImage, Path]]] = {}
    for folder in originals:
        large = by_name(folder)
        for image in images:
            if image.picture in large:
                name = f"“{folder.name}” against “{image.copy or image.source}”"
                pairs.setdefault(name, []).append((image, large[image.picture]))
    return pairs


def _asked_spoilt(
    run: RunFolder, classifier: Classifier, images: Sequence[PreparedImage]
) -> dict[str, NDArray[np.generic]]:
    labels = [label.id for label in run.load_record().labels]
    chosen = [
        image for label in labels for image in _spread([image for image in images if image.label == label], OF_A_LABEL)
    ]
    array = run.load_array("validation")
    pixels = [np.array(array[image.row]) for image in chosen]
    steps = [(series, amount) for series, kind in quality_limits.SERIES.items() for amount in kind.steps]
    progress = Progress("Spoilt images", len(steps))
    found = [measure(one) for one in pixels]
    answers: dict[str, NDArray[np.generic]] = {
        TRUTH: np.array([labels.index(image.label) for image in chosen]),
        WHOLE: _probabilities(classifier, np.stack(pixels)),
        MEASURED: np.array([(one.sharpness, one.dark, one.bright, one.glare) for one in found]),
    }
    for series, amount in steps:
        spoilt = quality_limits.degraded(pixels, series, amount)
        answers[f"spoilt {series} {amount:g}"] = _probabilities(classifier, spoilt)
        answers[f"measured {series} {amount:g}"] = np.array(quality_limits.mean_quality(spoilt, series, amount))
        progress.advance()
    progress.finish()
    return answers


def _asked_far(
    classifier: Classifier, samples: Path, others: Iterable[NonDermoscopyPicture]
) -> dict[str, NDArray[np.generic]]:
    """Return the novelty of every other picture and of the drawn samples; empty if the network has no novelty."""
    size, fit = classifier.contract.input_size, classifier.contract.fit
    drawn = sorted(samples.glob("*.png"))
    named = {
        "far": [(one.kind, one.name, one.data) for one in others],
        "drawn": [("drawn samples", path.stem, path.read_bytes()) for path in drawn],
    }
    found: dict[str, NDArray[np.generic]] = {}
    for which, some in named.items():
        inputs = np.stack([model_input(data, size, fit, name) for _, name, data in some])
        novelty = classifier.run(inputs).novelty
        if novelty is not None:
            found[f"{which} novelty"] = novelty
            found[f"{which} kind"] = np.array([kind for kind, _, _ in some])
            found[f"{which} name"] = np.array([name for _, name, _ in some])
    return found


def _asked_nevi(
    run: RunFolder, classifier: Classifier, images: Sequence[PreparedImage]
) -> dict[str, NDArray[np.generic]]:
    """Return the embeddings of the nevi that were followed up or biopsied; nothing where the network gives none."""
    chosen = proved_nevi(images)
    array = run.load_array("validation")
    found = [
        classifier.run(np.stack([array[image.row] for image in chosen[start : start + _BATCH]])).embedding
        for start in range(0, len(chosen), _BATCH)
    ]
    embeddings = [one for one in found if one is not None]
    if not embeddings:
        return {}
    return {
        "nevi embedding": np.concatenate(embeddings),
        "nevi source": np.array([image.source for image in chosen]),
        "nevi group": np.array([image.group for image in chosen]),
        "nevi followed": np.array([image.confirmed_by == FOLLOWED for image in chosen]),
    }


def _spread(images: Sequence[PreparedImage], most: int) -> list[PreparedImage]:
    """Return at most `most` of the images, evenly spread."""
    return list(images[:: max(1, -(-len(images) // most))])


def _probabilities(classifier: Classifier, inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.concatenate(
        [classifier.run(inputs[start : start + _BATCH]).probabilities for start in range(0, len(inputs), _BATCH)]
    )
