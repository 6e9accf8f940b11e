"""Loads the images of a visit for the paper, and measures the lesions in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.widgets.common.wording import sentence

if TYPE_CHECKING:
    from desktop.core.imaging.capture import Capture
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.people import PlacedImage
    from desktop.core.records.values import KeptImage
    from desktop.session import captures, picture, visit_sizes
    from desktop.session.captures import KnownDevice
    from desktop.session.picture import Picture
    from desktop.session.visit_sizes import VisitSizes
    from desktop.widgets.report.visit_subject import VisitSubject
else:
    captures = Late("desktop.session.captures")
    picture = Late("desktop.session.picture")
    visit_sizes = Late("desktop.session.visit_sizes")

_ENOUGH = 1600
"""Pixels of the longer side that suffice on paper."""

Read = Callable[["KeptImage"], bytes]


@dataclass
class LoadedVisit:
    """The images and how they were taken by SHA-256, and the sizes of the lesions by their ids.

    What could not be loaded or measured is missing.

    `failures` say for the screen why images are missing: they name files and folders, which are not for the paper.
    """

    pictures: dict[str, QImage] = field(default_factory=dict)
    captures: dict[str, Capture] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    sizes: dict[int, VisitSizes] = field(default_factory=dict)


def load_pictures(images: Iterable[PlacedImage], read: Read) -> LoadedVisit:
    """Load images, and measure nothing. Slow: to be run off the GUI thread."""
    loaded = LoadedVisit()
    for one in images:
        _open(one, read, loaded)
    return loaded


def load_visit(
    subject: VisitSubject, read: Read, classifier: Classifier | None, devices: Sequence[KnownDevice]
) -> LoadedVisit:
    """Load the images of a visit and measure its lesions; the model draws the outlines. Slow: to be run off the GUI thread.

    `devices` are those that were entered for the images of a camera.
    """
    loaded = LoadedVisit()
    for overview in subject.overviews:
        _open(overview.image, read, loaded)
    for one in subject.lesions:
        older = None if one.earlier is None else _open(one.earlier[0], read, loaded)
        newer = None if one.shown is None else _open(one.shown, read, loaded)
        for opened in filter(None, (older, newer)):
            entered = one.captures[opened.sha256]
            loaded.captures[opened.sha256] = entered or captures.capture_of(opened.taken, devices)
        if newer is not None and one.shown is not None and one.shown.kind == "dermoscopy":
            loaded.sizes[one.lesion.id] = visit_sizes.measure_visit(
                (newer, one.known[one.shown.image.sha256]),
                None if older is None or one.earlier is None else (older, one.known[one.earlier[0].image.sha256]),
                one.alignment,
                classifier,
            )
    return loaded


def _open(one: PlacedImage, read: Read, loaded: LoadedVisit) -> Picture | None:
    """Open an image and keep of it what paper needs; None if it cannot be opened."""
    try:
        opened = picture.open_picture(one.image.name, None, partial(read, one.image))
    except AppError as error:
        loaded.failures.append(sentence(error))
        return None
    enough = (level for level in reversed(opened.levels) if max(level.width(), level.height()) >= _ENOUGH)
    loaded.pictures[one.image.sha256] = next(enough, opened.levels[0])
    return opened
