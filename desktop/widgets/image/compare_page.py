"""The comparison: two images, the older one left, side by side or, once aligned, at one place."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTransform
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.imaging.capture import Capture
from desktop.core.records.alignments import KeptAlignment
from desktop.core.registration.similarity import Similarity
from desktop.session.alignment import Alignment
from desktop.session.picture import Picture
from desktop.widgets.common.key_chords import is_chord
from desktop.widgets.image import compare_notes, compare_words
from desktop.widgets.image.compare_bar import DIFFERENCE, SIDE
from desktop.widgets.image.compare_pair import WAYS, ComparedImage
from desktop.widgets.image.compare_panes import ComparePanes
from desktop.widgets.image.compare_ways import CompareWays
from desktop.widgets.image.hand_points import HandPoints
from desktop.widgets.image.pair_alignment import PairAlignment


class ComparePage(QWidget):
    """Shows only images, and no answers of a model: neither today's nor an earlier one."""

    image_requested = Signal()
    pair_changed = Signal()
    """Other images are shown, or none, side by side."""
    way_changed = Signal(str)
    """The way in which the images are shown: SIDE and the others of `compare_bar`."""
    hand_requested = Signal(object)
    """The images are to be aligned by this Similarity, which spots set by hand determine."""
    automatic_requested = Signal()
    """The images, aligned by hand, are to be aligned automatically again."""

    def __init__(
        self,
        scale_of: Callable[[str], float | None],
        capture_of: Callable[[Picture], Capture],
        alignment: Alignment,
        parent: QWidget | None = None,
    ) -> None:
        """Create an empty page.

        Args:
            scale_of: returns an image's millimetres per pixel by its SHA-256.
            capture_of: returns how an image was taken, as far as it is known.
            alignment: aligns the images.
            parent: the parent.
        """
        super().__init__(parent)
        self._capture_of = capture_of
        self._scale_of = scale_of
        self._images: list[ComparedImage] = []
        self._wanted = SIDE
        """The way in which the images are shown once they are aligned."""
        self._said: object = None
        """The message that is about these images alone."""
        self._error: object = None
        """The message that says that they could not be aligned."""
        self._off: object = None
        """The message that says why there is no difference."""
        self._is_film = False
        self._are_scales_doubted = False
        self.panes = ComparePanes(self)
        self.panes.image_requested.connect(self.image_requested)
        self.messages, self.bar, self.pair = self.panes.messages, self.panes.bar, self.panes.pair
        self.views = self.pair.views
        self.link = self.pair.link
        self.points = HandPoints(self.views, self)
        self._alignment = PairAlignment(alignment, self.points, self)
        self._ways = CompareWays(self.bar, self.pair, self)
        self.newer = self._ways.newer
        self._connect()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)
        self.setFocusProxy(self.views[0])

    @property
    def pictures(self) -> list[Picture]:
        """The images, the older one first; without visit dates the one added first."""
        return [image.picture for image in self._images]

    @property
    def titles(self) -> list[str]:
        """The titles of the images, in the same order."""
        return [image.title for image in self._images]

    @property
    def is_aligned(self) -> bool:
        """Whether the images are aligned."""
        return self._alignment.kept is not None

    def add(self, picture: Picture) -> int:
        """Add an image beside the latest one; return the number of images."""
        others = [known for known in self._images if known.picture.sha256 != picture.sha256]
        self._images = [*others, ComparedImage(picture)][-2:]
        self._show()
        return len(self._images)

    def show_pair(self, images: Sequence[ComparedImage]) -> None:
        """Show these images, at most two, the older one first, in the way that the images before were shown."""
        way, was_aligned = self._ways.current, self.is_aligned or self._alignment.is_running
        wanted = self._wanted if self._alignment.is_running else way
        self._images = list(images)
        self._show()
        if was_aligned and len(self._images) == 2:
            self._align(wanted)

    def be_film(self, wanted: bool, *, has_todays: bool = False) -> None:
        """Show the images of a lesion, which `show_pair` gives, or those that are added; see `ComparePair.be_film`."""
        self._is_film = wanted
        self.pair.be_film(wanted, has_todays=has_todays)
        self.bar.light.setHidden(wanted)
        self.panes.be_film(wanted)
        self._show_state()

    def describe(self, sha256: str, subject: str, day: dt.date | None, *, is_dermoscopy: bool) -> None:
        """Show patient, lesion and day of an image in place of its file name; the older image moves to the left."""
        self._images = [
            image.described(subject, day, is_dermoscopy) if image.picture.sha256 == sha256 else image
            for image in self._images
        ]
        days = [image.day for image in self._images]
        if len(days) == 2 and days[0] is not None and days[1] is not None and days[1] < days[0]:
            self._images.reverse()
            self._show()
        else:
            self._show_state()

    def show_known(self) -> None:
        """Show what has become known of the images: their scales, and how they were taken."""
        if not self._why_no_difference() and self.messages.is_showing(self._off):
            self.messages.hide()
        if self._ways.current == DIFFERENCE and self._why_no_difference():
            self._show_way(SIDE)
        else:
            self._show_state()

    def doubt_scales(self, wanted: bool) -> None:
        """Count pixels in both images, also where they are not shown aligned: their zoom contradicts their scales."""
        if wanted != self._are_scales_doubted:
            self._are_scales_doubted = wanted
            self._show_state()

    def show_side(self) -> None:
        """Show the images side by side, aligned or not."""
        self._choose(SIDE)

    def clear(self) -> None:
        """Remove both images."""
        self._images = []
        self._show()

    def say(self, text: str) -> None:
        """Say something about the images that are shown."""
        self.messages.say(text, error=False)
        self._said = self.messages.newest

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the ways work beside the pictures too, where a button or slider does not take them."""
        if is_chord(event) or event.key() not in WAYS:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._choose_by_key(WAYS[event.key()])

    def _connect(self) -> None:
        self.bar.align_requested.connect(self._set_aligned)
        self.bar.points_requested.connect(self._take_points)
        self.bar.automatic_requested.connect(self.automatic_requested)
        self.bar.way_chosen.connect(self._choose)
        self.points.changed.connect(self._show_state)
        self.points.matched.connect(self._align_by_hand)
        self.points.failed.connect(self._tell)
        self.pair.cleared.connect(self.clear)
        self._ways.blinked.connect(lambda: self.pair.name_images(self._images, self._ways.seen))
        for view in self.views:
            view.way_requested.connect(self._choose_by_key)
        self._alignment.found.connect(self._take)
        self._alignment.failed.connect(self._take_failure)
        self._alignment.lost.connect(self._show_apart)

    def _show(self) -> None:
        """Show the images as they are."""
        self._alignment.leave()
        self._show_apart()

    def _show_apart(self) -> None:
        """Show the images as they are; an undo or a redo may align them again."""
        self._alignment.drop()
        self._withdraw_said()
        self._ways.take_apart()
        self.panes.show_images(bool(self._images))
        self.pair.show_images(self._images)
        self._show_way(SIDE)
        self.pair_changed.emit()

    def give_keys_to_pictures(self) -> None:
        """Give a picture the focus, so that single letters act there; one that has it, or gets it back, keeps it."""
        if self.window().focusWidget() not in self.views:
            self.views[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_aligned(self, wanted: bool) -> None:
        if wanted:
            self._align(SIDE)
        else:
            self._show()

    def _choose_by_key(self, way: str) -> None:
        if self.bar.can_show(way):
            self._choose(SIDE if way == self._ways.current else way)
        else:
            self._say_why_not(way)

    def _say_why_not(self, way: str) -> None:
        """Say why the images cannot be shown this way, and what can be done about it."""
        text, is_of_light = compare_notes.why_off(way, self._images, self._capture_of)
        light = (self.tr("Light…"), self.bar.light_requested.emit) if is_of_light else None
        self.messages.say(text, error=False, action=light)
        self._said = self._off = self.messages.newest

    def _choose(self, way: str) -> None:
        self.points.end()
        if way == SIDE or self.is_aligned:
            self._wanted = way
            self._show_way(way)
        else:
            self._align(way)

    def _align(self, way: str) -> None:
        """Align the images, then show them this way."""
        self._wanted = way
        self._withdraw_said()
        self._alignment.align(self.pictures)
        self._show_state()

    def _take_points(self, wanted: bool) -> None:
        if wanted:
            self._show_way(SIDE)
            self._withdraw_said()
            self._alignment.begin_by_hand(self.pictures)
        else:
            self.points.end()

    def _align_by_hand(self, transform: Similarity) -> None:
        self._wanted = SIDE
        self._withdraw_said()
        self.hand_requested.emit(transform)

    def _take(self, aligned: KeptAlignment) -> None:
        if self.messages.is_showing(self._error):  # an undo may have aligned them
            self.messages.hide()
        transform = aligned.transform
        there = QTransform(transform.a, transform.b, -transform.b, transform.a, transform.right, transform.down)
        older, newer = self.pictures
        self._ways.place(older, newer, there)
        self._show_way(self._wanted)

    def _take_failure(self, error: AppError) -> None:
        if self.is_aligned:  # by hand, until now
            self._show_apart()
        self._tell(error)

    def _tell(self, error: AppError) -> None:
        self.messages.tell(error)
        self._said = self._error = self.messages.newest
        self._show_way(SIDE)

    def _withdraw_said(self) -> None:
        if self.messages.is_showing(self._said):
            self.messages.hide()

    def _show_way(self, way: str) -> None:
        if way == DIFFERENCE and self._why_no_difference():
            way = SIDE
        self._ways.show(way)
        self._show_state()
        self.way_changed.emit(way)

    def _show_state(self) -> None:
        self.pair.name_images(self._images, self._ways.seen)
        scales = [self._scale_of(image.picture.sha256) for image in self._images]
        kept = self._alignment.kept
        sizes = compare_words.why_no_sizes(scales, None if kept is None else kept.transform)
        for image, view in zip(self._images, self.views, strict=False):
            # Beside a bar in millimetres, or at one place with it, an image without a scale would be measured too.
            is_counted = bool(sizes) or self._are_scales_doubted
            scale = None if is_counted else self._scale_of(image.picture.sha256)
            # At one place the pixels are those of the older image, whichever the title names.
            view.show_scale(scale, or_pixels=self._ways.current == SIDE)
        self.bar.show_state(
            can_align=len(self._images) == 2,
            is_aligned=self.is_aligned or self._alignment.is_running,
            is_by_hand=self._alignment.is_by_hand,
            takes_points=self.points.is_on,
            no_difference=self._why_no_difference(),
        )
        self.bar.say(self._note("" if self._is_film else sizes))  # the sizes of a film stand in their own panel

    def _why_no_difference(self) -> str:
        return compare_notes.why_no_difference(self._images, self._capture_of)

    def _note(self, sizes: str) -> str:
        if self._alignment.is_running:
            return self.tr("Aligning…")
        if self.points.is_on:
            return compare_words.note_of_points(self.points.count)
        way, is_by_hand = self._ways.current, self._alignment.is_by_hand
        return compare_notes.note(self._images, way, is_by_hand=is_by_hand, sizes=sizes)
