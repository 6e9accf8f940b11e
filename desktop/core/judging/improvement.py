"""What `lesionlens-train improve` found of a new model, in a file beside the model file for whoever adopts it.

The file names both models by their SHA-256 and has a checksum of all that it says. That finds a figure that was changed or cut
off, and is no protection against somebody who writes a new checksum too.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from desktop.core.errors import DataError
from desktop.core.inference.alerts import working_points
from desktop.core.inference.classifier import Classifier
from desktop.core.judging.better import Comparison
from desktop.core.marking import tr

SUFFIX = ".verdict"
"""Takes the place of the model file's own."""

_CHECKSUM = "sha256"
_MOST_BYTES = 10_000_000
_MAY_BE_MISSING = ("difference", "low", "high")
"""Figures of `Shares` that are no numbers where nothing was counted; JSON has null for them."""


@dataclass(frozen=True, kw_only=True)
class Improvement(Comparison):
    """A new model, compared with the one that it was made from.

    `lesions` of the clinic and `held_out_lesions` of the old model were counted. `left_out` counts the clinic's images that do
    not count, by reason, and `learned` its lesions that the old model learned from. `missed_images` and `missed_lesions` are
    the names in the export of the clinic's melanomas on which the old model alerts and the new one does not.
    """

    lesions: int
    held_out_lesions: int
    left_out: dict[str, int]
    learned: int
    missed_images: tuple[str, ...]
    missed_lesions: tuple[str, ...]
    old_model_sha256: str
    new_model_sha256: str

    def figures(self) -> dict[str, object]:
        """Return all but the names of lesions and images, as it is kept with a decision: see `improvement_from`."""
        kept: dict[str, object] = msgspec.to_builtins(replace(self, missed_images=(), missed_lesions=()))
        return kept

    def to_json(self) -> bytes:
        """Return what `improvement_of` reads."""
        content: dict[str, object] = msgspec.json.decode(msgspec.json.encode(self))
        whole = content | {_CHECKSUM: _checksum(content)}
        return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def improvement_from(figures: Mapping[str, object]) -> Improvement | None:
    """Return what `Improvement.figures` returned and JSON kept; None if it is something else, or damaged."""
    try:
        return msgspec.convert({name: _with_numbers(one) for name, one in figures.items()}, Improvement)
    except msgspec.ValidationError:
        return None


def improvement_of(new: Classifier, old: Classifier) -> Improvement | None:
    """Return how a new model compares with the one in use; None if nothing beside its file says so.

    Args:
        new: the new model, at the working points at which it would be used.
        old: the model in use, likewise.

    Raises:
        DataError: the file beside it cannot be read, was changed, or is about other models or other working points.
    """
    path = new.path.with_suffix(SUFFIX)
    if not path.exists():
        return None
    fields = {"file": path.name, "name": new.path.name}
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DataError(_UNREADABLE, detail=tr("it is too large"), **fields)
        content = msgspec.json.decode(path.read_bytes(), type=dict[str, object])
    except (OSError, msgspec.MsgspecError) as error:
        raise DataError(_UNREADABLE, detail=error, **fields) from error
    checksum = content.pop(_CHECKSUM, None)
    found = improvement_from(content)
    if found is None or checksum != _checksum(content):
        raise DataError(
            tr(
                "“{file}” was changed, or is of another version: it does not say whether “{name}” is better. Give the command "
                "that made the model again: it judges anew, without training."
            ),
            **fields,
        )
    if found.new_model_sha256 != new.sha256:
        raise DataError(
            tr(
                "“{file}” is about another model file than “{name}”, which may have been replaced since. Give the command that "
                "made the model again: it judges anew, without training."
            ),
            **fields,
        )
    if found.old_model_sha256 != old.sha256:
        raise DataError(
            tr(
                "“{name}” was compared with another model than the one in use: whether it is better than this one is not "
                "known. Export for training with this one in use, and make a new model of that."
            ),
            **fields,
        )
    if any(one.working_points != working_points(one.contract.alerts) for one in (new, old)):
        raise DataError(
            tr(
                "“{name}” was compared at the models' own alert limits, and others are in use: at these it is not known "
                "whether it is better. Set the alert limits back to compare as there."
            ),
            **fields,
        )
    return found


_UNREADABLE = tr(
    "“{file}” cannot be read ({detail}): whether “{name}” is better is not known. Give the command that made the model again: "
    "it judges anew, without training."
)


def _checksum(content: Mapping[str, object]) -> str:
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def _with_numbers(figure: object) -> object:
    """Return what JSON kept of `Shares` by name, with the figures that are no numbers."""
    if not isinstance(figure, dict):
        return figure
    return {name: _share(one) if isinstance(one, dict) else one for name, one in figure.items()}


def _share(kept: dict[str, object]) -> dict[str, object]:
    return {name: math.nan if value is None and name in _MAY_BE_MISSING else value for name, value in kept.items()}
