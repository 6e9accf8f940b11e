"""The size of a lesion in an image of a visit, alone and beside an earlier one, for paper: all at once, off the GUI thread.

The rules are those of `LesionSizes`, which measures the pair of images on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.inference.lesion_size import (
    ComparedSizes,
    LesionSize,
    MeasuredLesion,
    SizeObstacle,
    compare,
)
from desktop.core.registration.registering import RegistrationError
from desktop.session.alignment import aligned
from desktop.session.lesion_sizes import measured, measured_by_hand

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.history import History
    from desktop.core.records.outlines import Points
    from desktop.core.registration.similarity import Similarity
    from desktop.session.picture import Picture


@dataclass(frozen=True)
class KnownImage:
    """What the history knows of an image to measure: its scale, and its outline by hand; None where there is none."""

    mm_per_pixel: float | None
    outline: Points | None


@dataclass(frozen=True)
class OwnSize:
    """The size of a lesion in one image, in millimetres; for `error` and `is_at_edge` see `MeasuredLesion`."""

    size: LesionSize
    error: float | None
    is_at_edge: bool


@dataclass(frozen=True)
class VisitSizes:
    """The size in the image of the visit, and both sizes if there is an earlier one, or why there are none.

    None stands for what cannot be said: there is no such image, or it cannot be opened. `is_aligned` is whether the two images
    could be aligned.
    """

    own: OwnSize | SizeObstacle | None = None
    compared: ComparedSizes | SizeObstacle | None = None
    is_aligned: bool = False


def read_known(history: History, sha256: str) -> KnownImage:
    """Read what the history knows of an image."""
    scale = history.scales.of(sha256)
    return KnownImage(None if scale is None else scale.mm_per_pixel, history.outlines.of(sha256))


def measure_visit(
    newer: tuple[Picture, KnownImage],
    older: tuple[Picture, KnownImage] | None,
    kept: Similarity | None,
    classifier: Classifier | None,
) -> VisitSizes:
    """Measure a lesion in the image of a visit, and in an earlier one. Slow: to be run off the GUI thread.

    Nothing is measured in an image without a scale.

    Args:
        newer: the image of the visit.
        older: the earlier one, None if there is none.
        kept: the alignment from the older image to the newer one that the history has; without it they are aligned here.
        classifier: the model that draws outlines, None if there is none.
    """
    lesion = _measure(*newer, classifier)
    own = _own(lesion, newer[1].mm_per_pixel)
    if older is None:
        return VisitSizes(own)
    scales = older[1].mm_per_pixel, newer[1].mm_per_pixel
    if None in scales:
        return VisitSizes(own, SizeObstacle.NO_SCALE)
    transform = _align(older[0], newer[0]) if kept is None else kept
    compared = compare(_measure(*older, classifier), lesion, scales, transform)
    return VisitSizes(own, compared, is_aligned=transform is not None)


def _measure(picture: Picture, known: KnownImage, classifier: Classifier | None) -> MeasuredLesion:
    if known.mm_per_pixel is None:
        return MeasuredLesion(obstacle=SizeObstacle.NO_SCALE)
    if known.outline is not None:
        return measured_by_hand(known.outline, picture, classifier)
    if classifier is None or classifier.contract.outline is None:
        return MeasuredLesion(obstacle=SizeObstacle.NO_OUTLINES)
    try:
        return measured(picture, classifier)
    except AppError:  # the picture is on the paper all the same
        return MeasuredLesion(obstacle=SizeObstacle.NO_LESION)


def _own(lesion: MeasuredLesion, mm_per_pixel: float | None) -> OwnSize | SizeObstacle:
    if mm_per_pixel is None:
        return SizeObstacle.NO_SCALE
    if lesion.size is None:
        return lesion.obstacle or SizeObstacle.NO_LESION
    return OwnSize(lesion.size.in_mm(mm_per_pixel), lesion.error, lesion.is_at_edge)


def _align(older: Picture, newer: Picture) -> Similarity | None:
    try:
        return aligned(older.levels, newer.levels).transform
    except RegistrationError:
        return None
