"""From a catalogue to the arrays of a run: which images are dropped, which are held out, and every image as model input."""

import hashlib
import importlib.metadata
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from desktop import __version__
from desktop.core.ctrl_c import on_every_core
from desktop.core.errors import DataError, UsageError
from desktop.core.imaging.opening import read_file
from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION, Fit
from desktop.core.inference.contract import Label
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures, find_training_pictures, shipped_pictures
from desktop.core.labelled_images.audit import Audit, audit, summary, write_audit
from desktop.core.labelled_images.labelled import SPLITS, LabelledImage, Split
from desktop.core.progress import Progress
from training.images.catalogue import Catalogue, read_catalogue
from training.images.conflicts import dropped_images, refuse_conflicts, unreadable_images
from training.images.corrections import with_corrections
from training.images.exclusions import dropped_beside, excluded_images
from training.images.grouping import held_out
from training.images.squashed_copies import input_of_copy
from training.networks.architectures import ArchitectureEntry, find
from training.run.config import Config
from training.run.run_folder import PreparedImage, RunFolder, RunRecord, new_array

_PACKAGES = (
    "numpy",
    "pillow",
    "scipy",
    "scikit-learn",
    "keras",
    "tensorflow",
    "torch",
    "jax",
    "tf2onnx",
    "onnxruntime",
)
_HELD_OUT = "held out of tuning"
"""The reason why tuning drops an image: the final figure is told on it."""


def prepare(config: Config, run: RunFolder, *, for_tuning: bool = False, labels: tuple[Label, ...] = ()) -> RunRecord:
    """Audit the data, drop images where necessary, split, and write the arrays and tables of the run.

    Args:
        config: the settings.
        run: the folder.
        labels: those of the model, also where the data lack some; none of the data's may be another. Empty: the data's own.
        for_tuning: drop what a run with these settings would hold out or test on, and split the rest once more.

    Raises:
        UsageError: the architecture or input size does not allow the small images that were asked for.
        DataError: the data cannot be trained on, or contradict each other and `config.conflicts` is "refuse".
    """
    architecture = find(config.architecture)
    config = replace(config, input_size=config.input_size or architecture.input_size)
    _refuse_small(config, architecture)
    data = Path(config.data)
    catalogue = read_catalogue(data, labels_from_folders=config.labels_from_folders, malignancy=config.malignancy)
    if config.corrections:
        catalogue = with_corrections(catalogue, Path(config.corrections))
    if labels:
        catalogue = replace(catalogue, labels=labels)
    run.path.mkdir(parents=True, exist_ok=True)
    found = audit(catalogue.images)
    write_audit(found, run.audit)
    print(summary(found, catalogue.remarks))
    if config.conflicts == "refuse":
        refuse_conflicts(found, run.audit)
    dropped = dropped_images(found) if config.conflicts == "drop" else unreadable_images(found)
    groups = found.groups
    out = excluded_images(found.images, config.without) if config.without else frozenset()
    if out:
        dropped = dropped_beside(found.images, groups, out) | dropped
    splits = _splits(found, dropped, groups, config, out)
    if for_tuning:
        dropped = {index: _HELD_OUT for index, split in enumerate(splits) if split != "train"} | dropped
        splits = _split_again(found, dropped, groups, config)
    images = _prepared(found, dropped, groups, splits)
    _check(images, catalogue, has_validation=bool(config.fold) or for_tuning)
    _save_arrays(run, found.images, images, config.input_size, architecture.fit)
    run.save_images(images)
    record = RunRecord(config, fingerprint(images), catalogue.labels, _versions())
    _save_pictures(run, record, found, images)
    run.save_record(record)
    print(_told(images, catalogue))
    return record


def _refuse_small(config: Config, architecture: ArchitectureEntry) -> None:
    if config.small_epochs and not architecture.grows:
        raise UsageError("{name} takes images of one size: give --small-epochs 0.", name=architecture.name)
    if config.full_size < config.input_size and not architecture.grows:
        raise UsageError("{name} takes images of one size: give --training-size 0.", name=architecture.name)
    if config.small_epochs and config.small_size >= config.full_size:
        raise UsageError(
            "--small-size is {small}; give less than the other epochs have, which is {size}, or --small-epochs 0.",
            small=config.small_size,
            size=config.full_size,
        )


def fingerprint(images: Iterable[PreparedImage]) -> str:
    """Return the SHA-256 over the sorted SHA-256 and label of each training image."""
    lines = sorted(f"{image.sha256} {image.label}" for image in images if image.split == "train" and image.row >= 0)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _splits(
    found: Audit, dropped: dict[int, str], groups: Sequence[int], config: Config, out: frozenset[int]
) -> tuple[Split, ...]:
    splits: list[Split] = [
        "test" if index in out else image.split or "train" for index, image in enumerate(found.images)
    ]
    if "validation" not in splits and config.fold:
        for index in _held_out(found, [split == "train" for split in splits], dropped, groups, config, config.fold):
            splits[index] = "validation"
    return tuple(splits)


def _split_again(found: Audit, dropped: dict[int, str], groups: Sequence[int], config: Config) -> tuple[Split, ...]:
    """Hold out one fold of what a run would train on."""
    held = _held_out(found, [True] * len(groups), dropped, groups, config, 1)
    return tuple("validation" if index in held else "train" for index in range(len(groups)))


def _held_out(
    found: Audit,
    is_candidate: Sequence[bool],
    dropped: dict[int, str],
    groups: Sequence[int],
    config: Config,
    fold: int,
) -> frozenset[int]:
    """Return the images of a fold of the candidates that are not dropped."""
    candidates = [index for index, may in enumerate(is_candidate) if may and index not in dropped]
    if not candidates:
        raise DataError("No image is left to train on; see {table}.", table="audit.csv")
    held = held_out(
        [found.images[index].label for index in candidates],
        [groups[index] for index in candidates],
        config.folds,
        config.seed,
        fold,
    )
    return frozenset(candidates[place] for place in held)


def _prepared(
    found: Audit, dropped: dict[int, str], groups: Sequence[int], splits: Sequence[Split]
) -> tuple[PreparedImage, ...]:
    rows: Counter[Split] = Counter()
    prepared = []
    for index, (image, kinds) in enumerate(zip(found.images, found.kinds_of(), strict=True)):
        row = -1
        if index not in dropped:
            row = rows[splits[index]]
            rows[splits[index]] += 1
        prepared.append(
            PreparedImage(
                path=image.name,
                label=image.label,
                split=splits[index],
                row=row,
                dropped=dropped.get(index, ""),
                group=groups[index],
                findings="; ".join(kinds),
                sha256=found.sha256[index],
                source=image.source,
                aspect="" if image.aspect is None else str(image.aspect),
                age="" if image.age is None else str(image.age),
                sex=image.sex,
                site=image.site,
                picture=image.picture,
                copy=image.copy,
                lesion=image.lesion,
                diagnosis=image.diagnosis,
                confirmed_by=image.confirmed_by,
                skin_tone=image.skin_tone,
            )
        )
    return tuple(prepared)


def _check(images: Sequence[PreparedImage], catalogue: Catalogue, has_validation: bool) -> None:
    for split in ("train", "validation"):
        labels = {image.label for image in images if image.split == split and image.row >= 0}
        if len(labels) < (2 if split == "train" else has_validation):
            raise DataError(
                "What is left holds {count} of the {total} labels in its {split} split, too few to train and judge a "
                "model. Add images.",
                count=len(labels),
                total=len(catalogue.labels),
                split=split,
            )


def _save_arrays(
    run: RunFolder, sources: Sequence[LabelledImage], images: Sequence[PreparedImage], size: int, fit: Fit
) -> None:
    kept = [(source, image) for source, image in zip(sources, images, strict=True) if image.row >= 0]
    progress = Progress("Preparing images", len(kept))
    for split in SPLITS:
        here = [source for source, image in kept if image.split == split]
        array = new_array(run.array(split), (len(here), size, size, 3))
        inputs = on_every_core(lambda one: input_of_copy(read_file(one.path), size, fit, one.aspect, one.name), here)
        with closing(inputs):
            for row, pixels in enumerate(inputs):
                array[row] = pixels
                progress.advance()
        array.flush()
    progress.finish()


def _save_pictures(run: RunFolder, record: RunRecord, found: Audit, images: Sequence[PreparedImage]) -> None:
    """Note beside the model file what it learns from; nothing if it begins with weights of which that is not known."""
    taught = np.array([image.row >= 0 and image.split != "test" for image in images])
    pictures = TrainingPictures.of(record.fingerprint, found.thumbnails[taught])
    weights = record.settings.weights
    if weights not in {"none", "imagenet"}:
        earlier = shipped_pictures() if weights == "shipped" else _pictures_of(record.settings.weights_file.parent)
        if earlier is None:
            return
        pictures = pictures.and_of(earlier)
    run.classifier.with_suffix(SUFFIX).write_bytes(pictures.to_bytes())


def _pictures_of(folder: Path) -> TrainingPictures | None:
    """Return what the model of an earlier run learned from, None where its folder does not tell."""
    run = RunFolder(folder)
    return find_training_pictures(run.classifier, run.load_record().fingerprint) if run.is_prepared else None


def _versions() -> dict[str, str]:
    versions = {
        "lesionlens": __version__,
        "preprocessing": str(PREPROCESSING_VERSION),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def _told(images: Sequence[PreparedImage], catalogue: Catalogue) -> str:
    counts = Counter((image.label, image.split) for image in images if image.row >= 0)
    dropped = Counter(image.label for image in images if image.row < 0)
    width = max(len(label.name) for label in catalogue.labels) + 2
    lines = [f"{'label':<{width}}{''.join(f'{split:>12}' for split in SPLITS)}{'left out':>12}"]
    for label in catalogue.labels:
        cells = [counts[label.id, split] for split in SPLITS] + [dropped[label.id]]
        lines.append(f"{label.name:<{width}}{''.join(f'{cell:>12}' for cell in cells)}")
    totals = [sum(counts[label.id, split] for label in catalogue.labels) for split in SPLITS] + [dropped.total()]
    lines.append(f"{'all':<{width}}{''.join(f'{cell:>12}' for cell in totals)}")
    return "\n".join(lines)
