"""Leave a whole source or label out of training and use it as test images, to see how the network treats unseen data."""

from collections.abc import Sequence

from desktop.core.errors import DataError, UsageError
from desktop.core.labelled_images.labelled import LabelledImage

SOURCE, LABEL = "source", "label"
_NOT_ASKED, _BESIDE = "not of what is left out", "same lesion or picture as what is left out"


def parse_exclusion(without: str) -> tuple[str, str]:
    """Return what `--without` leaves out: `source` or `label`, and its value.

    Raises:
        UsageError: the option names neither.
    """
    kind, _, value = without.partition("=")
    if kind not in {SOURCE, LABEL} or not value:
        raise UsageError("--without is “{without}”; give source=NAME or label=ID.", without=without)
    return kind, value


def excluded_images(images: Sequence[LabelledImage], without: str) -> frozenset[int]:
    """Return the indices of the images that `--without` leaves out.

    Raises:
        DataError: there are no such images.
    """
    kind, value = parse_exclusion(without)
    found = frozenset(index for index, image in enumerate(images) if getattr(image, kind) == value)
    if not found:
        raise DataError(
            "No image has the {kind} “{value}” that --without names. The data have: {names}.",
            kind=kind,
            value=value,
            names=", ".join(sorted({getattr(image, kind) for image in images})),
        )
    return found


def dropped_beside(images: Sequence[LabelledImage], groups: Sequence[int], out: frozenset[int]) -> dict[int, str]:
    """Return which other images are dropped, with reasons: all other test images, and images of the same lesions.

    Args:
        images: all images.
        groups: the group of each image; images of one group show the same lesion or picture.
        out: the indices of the images that are left out.
    """
    torn = {groups[index] for index in out}
    return {
        index: _NOT_ASKED if image.split == "test" else _BESIDE
        for index, image in enumerate(images)
        if index not in out and (image.split == "test" or groups[index] in torn)
    }
