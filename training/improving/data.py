"""The images of an improvement: those that a clinic exported, and the base model's own where they are given."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from desktop.core.errors import DataError, UsageError
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Contract
from desktop.core.judging.learned_lesions import SUFFIX, LearnedLesions, read_learned_lesions
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.labelled_images.training_export import TABLE, TrainingExport, read_export
from desktop.core.paths import SHIPPED_MODEL
from training.images.catalogue import read_catalogue
from training.judging.held_out import BIOPSIED
from training.run.run_folder import RunFolder
from training.sources import CollectedImage, CollectedImages, write_csv

SHIPPED = "shipped"

_NAME = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class ImprovementData:
    """What is trained with and judged on.

    `own` are the clinic's images, `others` those of the base model, none where they were not given. `learned` are the lesions
    of the clinic that the base learned from already.
    """

    export: TrainingExport
    own: tuple[LabelledImage, ...]
    others: tuple[LabelledImage, ...]
    learned: frozenset[str]

    @property
    def clinic(self) -> list[LabelledImage]:
        """C: the images on which the new model is judged, of a dermatoscope; none of a lesion that the base learned from."""
        judged, photographs = set(self.export.judged) - self.learned, set(self.export.photographs)
        return [one for one in self.own if one.split == "test" and one.lesion in judged and one.name not in photographs]

    @property
    def learned_and_judged(self) -> int:
        """How many lesions are not counted since the base learned from them."""
        return len(self.learned & set(self.export.judged))

    @property
    def held_out(self) -> list[LabelledImage]:
        """H: the test images of the base's data that histology proved."""
        return [one for one in self.others if one.split == "test" and one.confirmed_by == BIOPSIED]


def base_model(base: str) -> Path:
    """Return the file of the model that is improved: the shipped one, or the one that `base` names."""
    return SHIPPED_MODEL if base == SHIPPED else Path(base)


def initial_weights(base: str) -> str:
    """Return the knob `weights` that begins with the base.

    Raises:
        UsageError: its weights do not lie beside the model file.
    """
    if base == SHIPPED:
        return SHIPPED
    weights = RunFolder(Path(base).parent).weights
    if not weights.is_file():
        raise UsageError(
            "“{path}” is not there: a model is improved from the folder of its run. Give that one's classifier.onnx, or "
            "--weights.",
            path=weights,
        )
    return str(weights.resolve())


def improvement_knobs(given: Mapping[str, Any], base: str, *, has_others: bool) -> dict[str, Any]:
    """Return the knobs of an improvement: what was given, and its own defaults for the rest.

    Without the base's own images its knowledge is kept by its answers: half of each target. The loss then takes the labels as
    frequent as they are shown, since a label that the clinic's lesions lack would otherwise count for nothing.
    """
    usual: dict[str, Any] = {"recipe": "refinement", "conflicts": "drop", "labels_from_folders": True}
    if not has_others:
        usual |= {"distillation": 0.5, "adjustment": 0.0}
    if "weights" not in given:
        usual["weights"] = initial_weights(base)
    return {**usual, **given}


def read_data(folder: Path, base: Classifier, base_data: Path | None) -> ImprovementData:
    """Read an export, and the base model's own images.

    Raises:
        DataError: the folder is no export, was made for another model, or the data cannot be read or have other labels.
    """
    export = read_export(folder)
    if export.model_sha256 != base.sha256:
        raise DataError(
            "“{folder}” was exported to improve another model than “{model}”: it says which lesions were confirmed after that "
            "one was made. Export again with this model in use, or give the other one as --base.",
            folder=folder,
            model=base.path,
        )
    own = _images(folder / TABLE, base.contract)
    if strange := sum(not _NAME.fullmatch(one.lesion) for one in own):
        raise DataError(
            "Rows of “{table}” without a lesion of the export: {count}. Leave the table as it was written.",
            count=strange,
            table=folder / TABLE,
        )
    others = () if base_data is None else _images(base_data, base.contract)
    if others and not any(one.split for one in others):
        raise DataError(
            "“{data}” has no column split that says which of its images the base was not trained on (test). Without it what is "
            "forgotten cannot be measured.",
            data=base_data,
        )
    return ImprovementData(export, own, others, learned_of(base.path, export.history))


def _images(data: Path, contract: Contract) -> tuple[LabelledImage, ...]:
    catalogue = read_catalogue(data, labels_from_folders=True)
    strange = sorted(label.name for label in catalogue.labels if label.id not in contract.label_ids)
    if strange:
        raise DataError(
            "“{data}” has labels that the base model does not: {names}. Leave these images out.",
            data=data,
            names=", ".join(strange),
        )
    return catalogue.images


def write_table(data: ImprovementData, table: Path) -> None:
    """Write one table of all images to train with: the clinic's, and the base model's own."""
    rows = [CollectedImage(one, one.group or one.lesion) for one in (*data.own, *data.others)]
    write_csv(CollectedImages(tuple(rows), {}), table)


def learned_of(model: Path, history: str) -> frozenset[str]:
    """Return the lesions of a history's exports that a model file learned from, as noted beside it.

    Raises:
        DataError: the note is there and cannot be read.
    """
    return frozenset(read_learned_lesions(model).lesions.get(history, ()))


def note_learned(model: Path, base: Path, export: TrainingExport, taught: Sequence[str]) -> None:
    """Note beside a new model file which lesions it and its base learned from, by their names in the exports."""
    earlier = read_learned_lesions(base).lesions
    own = sorted({*earlier.get(export.history, ()), *taught})
    noted = LearnedLesions({**earlier, export.history: tuple(own)})
    model.with_suffix(SUFFIX).write_bytes(msgspec.json.encode(noted))
