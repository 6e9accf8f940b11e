"""The sizes of one lesion in two images, measured by outlines: those that the model draws, or that were corrected by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.alignment import Alignment
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.picture import Picture
from desktop.session.pixel_scales import PixelScales
from desktop.session.undo import Step
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging import preprocessing
    from desktop.core.inference import lesion_size
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.lesion_size import ComparedSizes, MeasuredLesion, SizeObstacle
    from desktop.core.records.alignments import KeptAlignment
    from desktop.core.records.outlines import Points
    from desktop.core.registration.similarity import Similarity
    from desktop.session import lesion_outlines
else:
    np = Late("numpy")
    preprocessing = Late("desktop.core.imaging.preprocessing")
    lesion_size = Late("desktop.core.inference.lesion_size")
    lesion_outlines = Late("desktop.session.lesion_outlines")


class LesionSizes(QObject):
    """Measures one pair of images at a time, each in its own pixels and by its own scale.

    An outline is no answer, so that blind-first need not hold sizes back. Where both scales are known, the images are aligned
    as well, to see whether their zoom confirms the scales; images that cannot be aligned are compared without that.
    """

    changed = Signal()
    """`lesions` or `compared` may be different."""
    failed = Signal(object)  # AppError

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        open_image: OpenImage,
        scales: PixelScales,
        alignment: Alignment,
        parent: QObject | None = None,
    ) -> None:
        """`alignment` is for this object alone."""
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._open_image = open_image
        self._scales = scales
        self._alignment = alignment
        self._shown: list[str] = []
        self._pictures: tuple[Picture, ...] = ()
        self._task: Task | None = None
        self._transform: Similarity | None = None
        self._was_aligned = False
        self._drawn: tuple[MeasuredLesion, ...] = ()
        self._by_hand: dict[str, Points | None] = {}
        """By the SHA-256 of the image; an image is missing until it has been looked up."""
        history_service.erased.connect(self._forget)
        open_image.model_changed.connect(self._measure)
        scales.changed.connect(self._take_scale)
        alignment.found.connect(self._take_alignment)
        alignment.failed.connect(lambda _error: self.changed.emit())

    def measure(self, pictures: Sequence[Picture]) -> None:
        """Measure the lesion in two images, the older one first, in place of any others; fewer than two have no sizes."""
        shown = [one.sha256 for one in pictures]
        if shown == self._shown:
            return
        self._shown = shown
        self._pictures = tuple(pictures) if len(pictures) == 2 else ()
        self._transform = None
        self._was_aligned = False
        self._alignment.stop()
        for sha256 in shown:
            self._scales.look_up(sha256)
        for picture in self._pictures:
            self._look_up(picture.sha256)
        self._measure()
        self._check_scales()

    def align(self, transform: Similarity | None) -> None:
        """Take the alignment that the images are shown with; None if they could not be aligned."""
        self._alignment.stop()  # else what it finds later would count in place of what was set by hand
        self._transform = transform
        self.changed.emit()

    def align_again(self) -> None:
        """Forget the alignment, which may no longer count, and align the images anew if both scales are known."""
        self._alignment.stop()
        self._transform = None
        self._was_aligned = False
        self._check_scales()
        self.changed.emit()

    @property
    def lesions(self) -> tuple[MeasuredLesion, ...]:
        """The lesion in each image, empty until they are measured; an outline by hand counts before the model's."""
        if not self._drawn or any(one.sha256 not in self._by_hand for one in self._pictures):
            return ()
        return tuple(map(self._lesion, self._pictures, self._drawn))

    def _lesion(self, picture: Picture, drawn: MeasuredLesion) -> MeasuredLesion:
        points = self._by_hand[picture.sha256]
        return drawn if points is None else measured_by_hand(points, picture, self._open_image.classifier)

    def correct(self, side: int, points: NDArray[np.float64] | None) -> Step:
        """Return the step that keeps an outline by hand of the older (0) or newer (1) image, or (None) removes it."""
        return self._keep(self._pictures[side].sha256, points)

    def _keep(self, sha256: str, points: NDArray[np.float64] | None) -> Step:
        def carry_out(done: Callable[[Step | None], None], failed: Callable[[AppError], None]) -> None:
            known = self._by_hand.get(sha256)
            before = None if known is None else np.array(known, np.float64)
            kept = None if points is None else [(float(x), float(y)) for x, y in points]

            def take(_none: None) -> None:
                self._take_by_hand(sha256, kept)
                done(self._keep(sha256, before))

            self._history_service.write(
                lambda history, by: history.outlines.give(sha256, kept, by=by), take, failed, is_shown=False
            )

        return carry_out

    def _take_by_hand(self, sha256: str, points: Points | None) -> None:
        self._by_hand[sha256] = points
        self.changed.emit()

    @property
    def is_on(self) -> bool:
        """Whether there are two images to measure."""
        return bool(self._pictures)

    @property
    def scales(self) -> tuple[float | None, float | None]:
        """The millimetres per pixel of each image, None where they are not known."""
        older, newer = self._pictures
        return self._scales.mm_per_pixel(older.sha256), self._scales.mm_per_pixel(newer.sha256)

    @property
    def compared(self) -> ComparedSizes | SizeObstacle | None:
        """The two sizes, or why they are not compared; None while they are measured, and without two images."""
        if not self._pictures:
            return None
        if None in self.scales:
            return lesion_size.SizeObstacle.NO_SCALE
        if self._alignment.is_running or not self.lesions:
            return None
        older, newer = self.lesions
        return lesion_size.compare(older, newer, self.scales, self._transform)

    def _forget(self, hashes: Iterable[str]) -> None:
        for sha256 in hashes:
            self._by_hand.pop(sha256, None)

    def _look_up(self, sha256: str) -> None:
        self._history_service.ask(
            lambda history: history.outlines.of(sha256), partial(self._take_by_hand, sha256), self.failed.emit
        )

    def _measure(self) -> None:
        if self._task is not None:
            self._task.abandon()
            self._task = None
        self._drawn = ()
        classifier, pictures = self._open_image.classifier, self._pictures
        if not pictures or classifier is None:
            self.changed.emit()
            return
        if classifier.contract.outline is None:
            self._take((lesion_size.MeasuredLesion(obstacle=lesion_size.SizeObstacle.NO_OUTLINES),) * 2)
            return
        self._task = self._tasks.run(
            Lane.MODEL, lambda _task: tuple(measured(one, classifier) for one in pictures), self._take, self._fail
        )
        self.changed.emit()

    def _take(self, lesions: tuple[MeasuredLesion, ...]) -> None:
        self._task = None
        self._drawn = lesions
        self.changed.emit()

    def _fail(self, error: AppError) -> None:
        self._take((lesion_size.MeasuredLesion(obstacle=lesion_size.SizeObstacle.NO_LESION),) * 2)
        self.failed.emit(error)

    def _take_scale(self, sha256: str) -> None:
        if any(one.sha256 == sha256 for one in self._pictures):
            self._check_scales()
            self.changed.emit()

    def _check_scales(self) -> None:
        """Align the images, once, if both scales are known."""
        if self._pictures and None not in self.scales and not self._was_aligned:
            self._was_aligned = True
            self._alignment.align(*self._pictures)

    def _take_alignment(self, found: KeptAlignment) -> None:
        self.align(found.transform)


def measured(picture: Picture, classifier: Classifier) -> MeasuredLesion:
    """Measure the lesion in a picture by the outline that the model draws. Slow: to be run off the GUI thread.

    Raises:
        AppError: the image or the model fails.
    """
    drawn = lesion_outlines.draw_outline(picture, classifier)
    return lesion_size.measure(drawn.outline, drawn.seen, drawn.test)


def measured_by_hand(points: Points, picture: Picture, classifier: Classifier | None) -> MeasuredLesion:
    """Measure the lesion in a picture by an outline that was corrected by hand."""
    frame = preprocessing.Box(0, 0, picture.width, picture.height)
    seen = (
        frame if classifier is None else preprocessing.seen_box(picture.width, picture.height, classifier.contract.fit)
    )
    return lesion_size.measure_by_hand(np.array(points, np.float64), frame, seen)
