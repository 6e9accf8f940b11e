"""What the networks of folds do with changed copies, spoilt images and other pictures: all out of fold, pooled over the folds.

Each fold's exported network is asked about images that it held out. What every fold answered is kept in its folder, so that
a stopped probe carries on; the pooled figures are `probe.json`, which is committed beside the answers of the folds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.imaging.preprocessing import model_input
from desktop.core.imaging.quality import Quality, measure, shortfalls
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import QualityLimits
from training import spoiling
from training.agree import CHANGES, Agreement, File, agreement, answers_to, by_name
from training.figures import balanced_accuracy
from training.merging import SEVEN, owners, summed
from training.pictures import Picture
from training.progress import Progress
from training.run_folder import PreparedImage, RunFolder

FILE = "probe.json"
_BATCH = 64

OF_A_FOLD = 600
"""Held-out images of each fold whose changed copies are compared, evenly spread."""

OF_A_LABEL = 40
"""Held-out images of each fold and label that are spoilt, evenly spread: balanced accuracy needs the rare labels."""

_TRUTH, _WHOLE, _MEASURED = "truth", "whole", "measured"


@dataclass(frozen=True)
class Far:
    """How far one picture that is no dermoscopy lies from what each fold's network learned from."""

    kind: str
    name: str
    novelty: tuple[float, ...]


@dataclass(frozen=True)
class Spoilt:
    """What spoiling did: of `images` images, balanced accuracy of seven classes as they are and at each step.

    `limits` is what follows; `beyond` is the share of the images as they are that lie beyond one of the limits.
    """

    images: int
    balanced_accuracy: float
    steps: tuple[spoiling.Step, ...]
    limits: QualityLimits
    beyond: float


@dataclass(frozen=True)
class Probed:
    """All that was pooled; `drawn` are the project's own samples, which are neither dermoscopy nor any other kind."""

    agreements: tuple[Agreement, ...]
    spoilt: Spoilt
    far: tuple[Far, ...] = ()
    drawn: tuple[Far, ...] = ()


def probe(
    runs: Sequence[RunFolder], originals: Sequence[Path], samples: Path, others: Callable[[], Iterable[Picture]]
) -> Probed:
    """Ask the network of each fold, unless it was asked before, and pool what they answered.

    Args:
        runs: the finished folds.
        originals: folders of larger copies of some of the images, named by the ids of their pictures.
        samples: the folder of the project's drawn samples.
        others: makes the pictures that are no dermoscopy.

    Raises:
        DataError: a fold has no model file or no arrays any more.
        ImageError: an image cannot be opened.
    """
    for run in runs:
        if not run.probed.exists():
            _ask(run, originals, samples, others)
    asked = []
    for run in runs:
        with np.load(run.probed, allow_pickle=False) as saved:
            asked.append(dict(saved))
    record = runs[0].load_record()
    labels = [label.id for label in record.labels]
    far, drawn = (_far(asked, kind) for kind in ("far", "drawn"))
    spoilt = _spoilt(asked, labels, record.settings.input_size)
    return Probed(_agreements(asked, labels), spoilt, far, drawn)


def save(found: Probed, path: Path) -> None:
    """Write what was pooled as JSON."""
    RunFolder.write(path, msgspec.json.format(msgspec.json.encode(found), indent=1))


def load(path: Path) -> Probed | None:
    """Read what `save` wrote; None where there is no such file.

    Raises:
        DataError: the file cannot be read.
    """
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Probed)
    except msgspec.DecodeError as error:
        raise DataError("“{path}” cannot be read ({detail}). Probe again.", path=path, detail=error) from error


def _ask(run: RunFolder, originals: Sequence[Path], samples: Path, others: Callable[[], Iterable[Picture]]) -> None:
    if not run.classifier.exists() or not run.array("validation").exists():
        raise DataError(
            "“{path}” has no model file or no arrays any more, without which a fold cannot be asked. Delete the folder, and "
            "make the fold anew with cross.",
            path=run.path,
        )
    classifier = Classifier(run.classifier, threads=0)
    images = [image for image in run.load_images() if image.split == "validation" and image.row >= 0]
    answers = _asked_changed(run, classifier, images, originals)
    answers |= _asked_spoilt(run, classifier, sorted(images, key=lambda image: image.row))
    answers |= _asked_far(classifier, samples, others())
    part = run.probed.with_name(f"part-{run.probed.name}")
    with part.open("wb") as file:
        np.savez(file, **dict[str, Any](answers))
    part.replace(run.probed)


def _asked_changed(
    run: RunFolder, classifier: Classifier, images: Sequence[PreparedImage], originals: Sequence[Path]
) -> dict[str, NDArray[np.generic]]:
    data = Path(run.load_record().settings.data)
    root = data if data.is_dir() else data.parent
    chosen = _spread(images, OF_A_FOLD)
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
    steps = [(series, amount) for series, kind in spoiling.SERIES.items() for amount in kind.steps]
    progress = Progress("Spoilt images", len(steps))
    found = [measure(one) for one in pixels]
    answers: dict[str, NDArray[np.generic]] = {
        _TRUTH: np.array([labels.index(image.label) for image in chosen]),
        _WHOLE: _probabilities(classifier, np.stack(pixels)),
        _MEASURED: np.array([(one.sharpness, one.dark, one.bright, one.glare) for one in found]),
    }
    for series, amount in steps:
        spoilt = spoiling.spoilt(pixels, series, amount)
        answers[f"spoilt {series} {amount:g}"] = _probabilities(classifier, spoilt)
        answers[f"measured {series} {amount:g}"] = np.array(spoiling.measured(spoilt, series, amount))
        progress.advance()
    progress.finish()
    return answers


def _asked_far(classifier: Classifier, samples: Path, others: Iterable[Picture]) -> dict[str, NDArray[np.generic]]:
    """Return the novelty of every picture that is none, and of the drawn samples; nothing where the network has none."""
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


def _agreements(asked: Sequence[Mapping[str, NDArray[np.float32]]], labels: Sequence[str]) -> tuple[Agreement, ...]:
    def pooled(key: str) -> NDArray[np.float32]:
        return np.concatenate([one[key] for one in asked if key in one])

    pairs = sorted({key.removeprefix("small ") for one in asked for key in one if key.startswith("small ")})
    found = [agreement(name, pooled(f"large {name}"), pooled(f"small {name}"), labels) for name in pairs]
    return (*found, *(agreement(name, pooled("as it is"), pooled(f"change {name}"), labels) for name in CHANGES))


def _spoilt(asked: Sequence[Mapping[str, NDArray[np.float32]]], labels: Sequence[str], size: int) -> Spoilt:
    owner = owners(labels, SEVEN)
    truth = owner[np.concatenate([one[_TRUTH] for one in asked]).astype(np.int64)]

    def balanced(key: str) -> float:
        answered = summed(np.concatenate([one[key] for one in asked]), owner).argmax(axis=1)
        return balanced_accuracy(answered == truth, truth)

    def mean(key: str) -> float:
        return float(np.average([one[key] for one in asked], weights=[len(one[_TRUTH]) for one in asked]))

    steps = [
        spoiling.Step(series, amount, mean(f"measured {series} {amount:g}"), balanced(f"spoilt {series} {amount:g}"))
        for series, kind in spoiling.SERIES.items()
        for amount in kind.steps
    ]
    whole, images = balanced(_WHOLE), len(truth)
    found = [Quality(*row) for one in asked for row in one[_MEASURED].tolist()]
    start = {
        series: float(size if kind.measured == "side" else np.mean([getattr(one, kind.measured) for one in found]))
        for series, kind in spoiling.SERIES.items()
    }
    limits = spoiling.limits(whole, steps, start, f"{images} images out of fold, spoilt step by step")
    too_poor = sum(
        bool(
            shortfalls(
                one,
                sharpness_least=limits.sharpness_least,
                dark_most=limits.exposure_dark_most,
                bright_most=limits.exposure_bright_most,
                glare_most=limits.glare_most,
            )
        )
        for one in found
    )
    return Spoilt(images, whole, tuple(steps), limits, too_poor / images)


def _far(asked: Sequence[Mapping[str, NDArray[np.generic]]], which: str) -> tuple[Far, ...]:
    if not all(f"{which} novelty" in one for one in asked):
        return ()
    novelty = np.stack([one[f"{which} novelty"] for one in asked], axis=1)
    kinds, names = asked[0][f"{which} kind"], asked[0][f"{which} name"]
    return tuple(
        Far(str(kind), str(name), tuple(float(f"{value:.4g}") for value in row))
        for kind, name, row in zip(kinds, names, novelty, strict=True)
    )


def _spread(images: Sequence[PreparedImage], most: int) -> list[PreparedImage]:
    """Return at most so many of the images, evenly spread."""
    return list(images[:: max(1, -(-len(images) // most))])


def _probabilities(classifier: Classifier, inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.concatenate(
        [classifier.run(inputs[start : start + _BATCH]).probabilities for start in range(0, len(inputs), _BATCH)]
    )
