"""The alignment of the two images that a comparison shows: found automatically, or set by spots in both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from desktop.core.records.alignments import KeptAlignment
from desktop.session.alignment import Alignment
from desktop.session.picture import Picture
from desktop.widgets.image.hand_points import HandPoints


class PairAlignment(QObject):
    """Knows how the shown images are aligned, until `leave`."""

    found = Signal(object)
    """The KeptAlignment with which the images are to be shown."""
    failed = Signal(object)
    """The AppError: the images are not aligned, also where they were by hand until then."""

    lost = Signal()
    """The images are not aligned any more: the alignment by hand was undone."""

    def __init__(self, alignment: Alignment, points: HandPoints, parent: QObject) -> None:
        super().__init__(parent)
        self._alignment = alignment
        self.points = points
        self.kept: KeptAlignment | None = None
        alignment.found.connect(self._take)
        alignment.failed.connect(self.failed)
        alignment.lost.connect(self.lost)

    @property
    def is_running(self) -> bool:
        """Whether the images are being aligned."""
        return self._alignment.is_running

    @property
    def is_by_hand(self) -> bool:
        """Whether the images are aligned by spots set by hand."""
        return self.kept is not None and self.kept.agreement is None

    def align(self, pictures: Sequence[Picture]) -> None:
        """Align two images, unless that is under way."""
        self.points.end()
        if not self.is_running and len(pictures) == 2:
            older, newer = pictures
            self._alignment.align(older, newer)

    def begin_by_hand(self, pictures: Sequence[Picture]) -> None:
        """Take clicks as spots that are the same in both images."""
        self.points.begin([(picture.width, picture.height) for picture in pictures])

    def leave(self) -> None:
        """Forget the images and how they are aligned: others are shown, or the user wants these as they are."""
        self._alignment.leave()
        self.drop()

    def drop(self) -> None:
        """Forget how the images are aligned, until an undo or a redo aligns them again."""
        self.kept = None
        self.points.end()

    def _take(self, kept: KeptAlignment) -> None:
        by_points = self.points.transform
        if by_points is not None and by_points != kept.transform:  # an undo has aligned them otherwise
            self.points.end()
        self.kept = kept
        self.found.emit(kept)
