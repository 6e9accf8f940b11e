"""The lesions of a visit in the order by appearance: which of them are in it, by which images, and the order itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.imaging.capture import Capture
from desktop.core.inference import unlikeness
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.records.people import Lesion, PlacedImage
else:
    np = Late("numpy")


@frozen
class VisitLesion:
    """A lesion with dermoscopy of one visit, oldest first."""

    lesion: Lesion
    images: tuple[PlacedImage, ...]


class LeftOut(Enum):
    """Why a lesion is not in the order."""

    OTHER_CAPTURE = "other capture"
    NOT_ANSWERED = "not answered"
    NOT_READABLE = "not readable"


@frozen
class OrderPlan:
    """What may be compared. `lesions` are all of the visit.

    `alike` are those of which most were photographed by one device in one way, each with these images alone; `answered` are
    those among them with an image whose answer is not withheld, each with such images alone.
    """

    lesions: tuple[VisitLesion, ...]
    alike: tuple[VisitLesion, ...]
    answered: tuple[VisitLesion, ...]


@frozen
class AppearanceOrder:
    """The lesions in order, each with its newest image that was compared, and those left out as they stood before."""

    ordered: tuple[tuple[Lesion, PlacedImage], ...]
    left_out: tuple[tuple[Lesion, LeftOut], ...]


def plan_order(lesions: Sequence[VisitLesion], captures: Mapping[str, Capture]) -> OrderPlan:
    """Find the lesions that may be compared.

    Args:
        lesions: of the visit, in the order that equals keep.
        captures: how each image was taken, by its SHA-256; nothing is known of one that is missing.
    """

    def capture(image: PlacedImage) -> Capture:
        return captures.get(image.image.sha256, Capture())

    shared = unlikeness.shared_capture([[capture(image) for image in one.images] for one in lesions])
    alike = [_with(one, [image for image in one.images if capture(image) == shared]) for one in lesions]
    answered = [_with(one, [image for image in one.images if not _is_withheld(image)]) for one in alike]
    return OrderPlan(
        tuple(lesions), tuple(one for one in alike if one.images), tuple(one for one in answered if one.images)
    )


def put_in_order(plan: OrderPlan, vectors: Mapping[str, NDArray[np.float32]]) -> AppearanceOrder | None:
    """Put the lesions in order; None if fewer than `unlikeness.FEWEST` can be compared.

    Args:
        plan: of the visit.
        vectors: of the images, by SHA-256; one that is missing could not be read.
    """
    compared = [_with(one, [image for image in one.images if image.image.sha256 in vectors]) for one in plan.answered]
    whole = [one for one in compared if one.images]
    if len(whole) < unlikeness.FEWEST:
        return None
    order = unlikeness.by_unlikeness([np.stack([vectors[image.image.sha256] for image in one.images]) for one in whole])
    reasons = dict.fromkeys((one.lesion.id for one in plan.lesions), LeftOut.OTHER_CAPTURE)
    reasons |= dict.fromkeys((one.lesion.id for one in plan.alike), LeftOut.NOT_ANSWERED)
    reasons |= dict.fromkeys((one.lesion.id for one in plan.answered), LeftOut.NOT_READABLE)
    for one in whole:
        del reasons[one.lesion.id]
    return AppearanceOrder(
        tuple((whole[place].lesion, whole[place].images[-1]) for place in order),
        tuple((one.lesion, reasons[one.lesion.id]) for one in plan.lesions if one.lesion.id in reasons),
    )


def _with(one: VisitLesion, images: Sequence[PlacedImage]) -> VisitLesion:
    return VisitLesion(one.lesion, tuple(images))


def _is_withheld(image: PlacedImage) -> bool:
    """Whether the newest answer to the whole image is withheld, because it is not what the model was made for."""
    answers = [one.answer for one in image.entries if not one.region]
    if not answers:
        return False
    abstention = answers[-1].abstention
    return answers[-1].is_damaged or (abstention is not None and abstention.hides_figures)
