"""Shows the film of a lesion on its axis, and the two images of it that are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.session.open_image import OpenImage
from desktop.session.picture import Picture
from desktop.session.stored_pictures import StoredPictures
from desktop.widgets.follow_up import film
from desktop.widgets.follow_up.film import Frame, Pair
from desktop.widgets.follow_up.follow_up_page import FollowUpPage
from desktop.widgets.image.compare_pair import ComparedImage


class FilmPresenter(QObject):
    """Shows the newest image beside the one before, until other images are chosen by mouse or keys."""

    shown = Signal(object)
    """The Pictures that stand beside each other now, the older one first; none if the film is left or cannot be read."""

    def __init__(
        self,
        page: FollowUpPage,
        pictures: StoredPictures,
        open_image: OpenImage,
        caution_between: Callable[[Pair], str],
        parent: QObject,
    ) -> None:
        """`caution_between` returns what is to be borne in mind of two images of the film."""
        super().__init__(parent)
        self._page = page
        self._pictures = pictures
        self._open_image = open_image
        self._caution_between = caution_between
        self._pair: Pair | None = None
        self._wanted: list[str] = []
        """The SHA-256 of the images that are shown or being read."""
        self.frames: tuple[Frame, ...] = ()
        page.before_requested.connect(lambda: self._choose_end(is_first=False))
        page.first_requested.connect(lambda: self._choose_end(is_first=True))
        page.axis.before_requested.connect(page.before_requested)
        page.axis.first_requested.connect(page.first_requested)
        page.axis.older_chosen.connect(lambda place: self._choose(lambda pair: film.with_older(pair, place)))
        page.axis.newer_chosen.connect(lambda place: self._choose(lambda pair: film.with_newer(pair, place)))
        page.axis.stepped.connect(self._step)
        for is_newer, view in enumerate(page.compare.views):
            view.step_requested.connect(partial(self._step, is_newer=bool(is_newer)))
            view.end_requested.connect(self._choose_end)

    def take(self, frames: tuple[Frame, ...]) -> None:
        """Set the film of the lesion; where other images are in it than before, its newest pair is chosen."""
        before, self.frames = self.frames, frames
        if [frame.sha256 for frame in before] != [frame.sha256 for frame in frames]:
            self._pair = film.newest_pair(frames)

    def forget(self) -> None:
        """Forget the film: another lesion is chosen, or none."""
        self.frames, self._pair = (), None

    def leave(self) -> None:
        """Forget the film and take its images away, which would stand there without its name."""
        self.forget()
        if self._wanted:
            self._wanted = []
            self._page.compare.clear()
            self.shown.emit(())

    def show_pair(self) -> None:
        """Show the chosen images; they are read if others stand there."""
        self.show_choice()
        pair, frames = self._pair, self.frames
        shown = list(frames[-1:]) if pair is None else [frames[pair.older], frames[pair.newer]]
        wanted = [frame.sha256 for frame in shown]
        self._page.compare.panes.be_film(True, is_read=bool(wanted))
        if wanted != self._wanted:
            self._wanted = wanted
            self._pictures.read(
                [frame.image.image for frame in shown],
                partial(self._show_pictures, shown),
                self._tell_unread,
                opened=self._open_image.picture,
            )

    def show_choice(self) -> None:
        """Show which two images are chosen."""
        pair, frames = self._pair, self.frames
        self._page.axis.show_film(frames, pair)
        self._page.show_pair(
            is_before=pair is not None and pair == film.newest_pair(frames),
            is_first=pair is not None and pair == film.first_pair(frames),
            count=len(frames),
            caution="" if pair is None else self._caution_between(pair),
        )

    def _choose(self, change: Callable[[Pair], Pair]) -> None:
        if self._pair is not None:
            self._pair = change(self._pair)
            self.show_pair()

    def _choose_end(self, is_first: bool) -> None:
        end = (film.first_pair if is_first else film.newest_pair)(self.frames)
        if end is not None:
            self._choose(lambda _pair: end)

    def _step(self, steps: int, is_newer: bool) -> None:
        count = len(self.frames)
        self._choose(lambda pair: film.stepped(pair, steps, count, of_newer=is_newer))

    def _show_pictures(self, shown: Sequence[Frame], pictures: list[Picture]) -> None:
        if [frame.sha256 for frame in shown] == self._wanted:
            self._page.compare.show_pair(
                [
                    ComparedImage(picture, frame.title, frame.day, is_dermoscopy=True)
                    for frame, picture in zip(shown, pictures, strict=True)
                ]
            )
            self.shown.emit(pictures)

    def _tell_unread(self, error: AppError) -> None:
        self.shown.emit(())
        self._page.compare.show_pair([])
        self._page.messages.tell(error)
