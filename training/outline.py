"""Train the outline decoder on the frozen network of a run, and measure it on held-out lesions.

The network computes its feature maps of an augmented view of each training image once, and the decoder is trained on these. The
run's answers do not change. Training takes minutes; if interrupted, it starts from the beginning.
"""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError, UsageError
from desktop.core.inference.outline import OutlineTest
from desktop.core.progress import Progress
from training.images.outlines import find_outlines, read_outline
from training.judging.outlines import DETAIL, Compared, compared, judged
from training.networks.architectures import build, find
from training.networks.outline import decoder, maps_of
from training.networks.outline_data import BATCH, FeatureMaps, OutlineBatches, view
from training.networks.weights import load_file
from training.run.config import Config
from training.run.run_folder import OutlineRecord, PreparedImage, RunFolder, RunRecord

_LEARNING_RATE = 2e-3
_WEIGHT_DECAY = 1e-3

_AT_ONCE = 64
"""Images that the frozen network is shown at once."""

_FEWEST_OF_A_LABEL = 20
"""Fewest held-out images of a label for its mean Dice."""


@dataclass(frozen=True)
class _Outlined:
    """An image of the run with the file of its outline."""

    image: PreparedImage
    outline: Path


def teach(run: RunFolder, record: RunRecord, folder: Path, *, sources: str, epochs: int, images: int) -> str:
    """Train and measure the decoder, and save it with its figures in the run; return a summary.

    Args:
        run: the folder of a trained run.
        record: its record.
        folder: the outlines, PNG files with the names of the images.
        sources: who drew them; empty for the sources of the images.
        epochs: how often each view is shown.
        images: the most training images, evenly spread; 0 for all.

    Raises:
        UsageError: the run is not trained, or its network has no feature maps for outlines.
        DataError: an outline cannot be read, or there are none of training or of held-out images.
    """
    if not run.weights.exists():
        raise UsageError("“{path}” is not trained yet. Give “lesionlens-train fit” first.", path=run.path)
    config = record.settings
    network = build(config, len(record.labels))
    load_file(network, run.weights)
    maps = maps_of(network, config)
    found = _outlined(run.load_images(), folder)
    taught = [one for one in found if one.image.split == "train"]
    held = [one for one in found if one.image.split == "validation"]
    if not taught or not held:
        raise DataError(
            "In “{path}” are the outlines of {taught} training images and {held} held-out ones; both are needed.",
            path=folder,
            taught=len(taught),
            held=len(held),
        )
    if images:
        taught = taught[:: -(-len(taught) // images)]
    keras.utils.set_random_seed(config.seed)
    taps = keras.Model(network.input, maps)
    learner = decoder([tuple(one.shape[1:]) for one in maps])
    with tempfile.TemporaryDirectory(prefix="outline-", dir=run.path, ignore_cleanup_errors=True) as cache:
        data = FeatureMaps(Path(cache), maps, len(taught))
        _show(taps, run.load_array("train"), taught, config, data)
        _learn(learner, data, config, epochs)
        del data
    comparison = _compare(taps, learner, run.load_array("validation"), held, config)
    measured_on = f"held-out images with an outline, {len(held)} images"
    outline = judged(
        comparison, [one.image.group for one in held], maps[0].shape[1], measured_on, sources or _sources(held)
    )
    run.outline.unlink(missing_ok=True)
    run.replace(run.outline_weights, learner.save_weights)
    run.save_outline(OutlineRecord(hashlib.sha256(run.weights.read_bytes()).hexdigest(), outline))
    return _told(outline, comparison, [one.image.label for one in held], len(taught))


def _outlined(images: Sequence[PreparedImage], folder: Path) -> list[_Outlined]:
    """Return the images of a run that have an outline, in the order of their rows."""
    outlines = find_outlines(folder)
    found = [(image, Path(image.path).stem) for image in images if image.row >= 0]
    return sorted(
        (_Outlined(image, outlines[name]) for image, name in found if name in outlines), key=lambda one: one.image.row
    )


def _show(
    taps: keras.Model, pixels: NDArray[np.uint8], taught: Sequence[_Outlined], config: Config, data: FeatureMaps
) -> None:
    """Compute the feature maps of an augmented view of each training image."""
    fit, progress = find(config.architecture).fit, Progress("Feature maps", len(taught))
    for start in range(0, len(taught), _AT_ONCE):
        part = taught[start : start + _AT_ONCE]
        views = [
            view(pixels[one.image.row], read_outline(one.outline, config.input_size, fit), one.image.row, config)
            for one in part
        ]
        data.add(
            taps.predict_on_batch(np.stack([image for image, _ in views]).astype(np.float32)),
            [outline for _, outline in views],
        )
        progress.advance(len(part))
    progress.finish()


def _learn(learner: keras.Model, data: FeatureMaps, config: Config, epochs: int) -> None:
    steps = epochs * -(-len(data) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps)
    learner.compile(keras.optimizers.AdamW(rate, weight_decay=_WEIGHT_DECAY), _loss)
    progress = Progress("Outline", epochs)
    for epoch in range(epochs):
        loss = learner.fit(OutlineBatches(data, config.seed, epoch), verbose=0, shuffle=False).history["loss"][0]
        progress.advance()
        progress.note(f"epoch {epoch + 1}/{epochs}  loss {loss:.3f}  {progress.left()}".rstrip())
    progress.finish()


def _loss(truth: keras.KerasTensor, answer: keras.KerasTensor) -> keras.KerasTensor:
    """Return the binary cross-entropy plus one minus a smooth Dice (Milletari et al. 2016) of each image [batch]."""
    entropy = keras.ops.mean(keras.ops.binary_crossentropy(truth, answer), axis=(1, 2))
    both = keras.ops.sum(truth * answer, axis=(1, 2))
    each = keras.ops.sum(truth + answer, axis=(1, 2))
    return entropy + 1 - (2 * both + 1) / (each + 1)


def _compare(
    taps: keras.Model, learner: keras.Model, pixels: NDArray[np.uint8], held: Sequence[_Outlined], config: Config
) -> Compared:
    """Compare the decoder's outlines of the held-out images with the drawn ones."""
    fit, progress = find(config.architecture).fit, Progress("Held-out images", len(held))
    answers, drawn = [], []
    for start in range(0, len(held), _AT_ONCE):
        part = held[start : start + _AT_ONCE]
        images = np.stack([pixels[one.image.row] for one in part]).astype(np.float32)
        answers.append(learner.predict_on_batch(taps.predict_on_batch(images)))
        side = DETAIL * answers[-1].shape[1]
        drawn.append(np.stack([read_outline(one.outline, side, fit) for one in part]))
        progress.advance(len(part))
    progress.finish()
    return compared(np.concatenate(answers), np.concatenate(drawn))


def _sources(held: Sequence[_Outlined]) -> str:
    return ", ".join(sorted({one.image.source for one in held if one.image.source})) or "not named"


def _told(outline: OutlineTest, found: Compared, labels: Sequence[str], taught: int) -> str:
    told = (
        f"Taught by {taught} images, judged by {outline.images} held-out images of {outline.lesions} lesions "
        f"({outline.sources}).\n"
        f"Dice {outline.dice:.3f} ({outline.dice_low:.3f} to {outline.dice_high:.3f}); area off by {outline.area_error:.1%} "
        f"({outline.area_error_low:.1%} to {outline.area_error_high:.1%}) in the median, nine of ten within "
        f"{outline.area_error_most:.0%}.\n"
        f"Cut off, {outline.cut_off_share:.0%} or more of the outline on the edge: {outline.cut_off} of {outline.images}; "
        f"too small, under {outline.smallest_share:.1%} of the area: {outline.too_small}; no lesion found: "
        f"{int((found.area == 0).sum())}."
    )
    counts = Counter(labels)
    truth = np.array(labels)
    by_label = [
        f"{label}: Dice {found.dice[truth == label].mean():.3f} of {n} images"
        for label, n in sorted(counts.items())
        if n >= _FEWEST_OF_A_LABEL
    ]
    return "\n".join([told, *by_label])
