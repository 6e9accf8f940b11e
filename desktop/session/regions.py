"""Squares of the open image that are classified separately, for several lesions in one frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from weakref import ref

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.answers import Answer, GivenAnswer, KeptAs, answer_of, answer_picture
from desktop.session.entry_bin import bin_entries, restore_entries
from desktop.session.history_service import HistoryService, SavedAnswer
from desktop.session.open_image import OpenImage
from desktop.session.picture import Picture
from desktop.session.undo import Step
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.imaging import regions
    from desktop.core.imaging.preprocessing import Box
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.contract import Contract
    from desktop.core.records.history import History
    from desktop.core.records.values import Entry
else:
    regions = Late("desktop.core.imaging.regions")
    judging = Late("desktop.core.inference.judgement")


class Regions(QObject):
    """The regions of the open image with their answers, in the order in which they were drawn.

    Each is an entry of its own in the history. Removing a region moves its entry to the bin, and can be undone.
    """

    changed = Signal()
    """A region was added or removed, or another answer is shown."""
    classified = Signal(object)
    """The Given of a region that was drawn."""
    failed = Signal(object)  # AppError

    def __init__(
        self, tasks: Tasks, open_image: OpenImage, history_service: HistoryService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._open_image = open_image
        self._history_service = history_service
        self._under_way: list[Task] = []
        self._whole: GivenAnswer | None = None
        self._removed: list[GivenAnswer] = []
        self._to_bin: list[KeptAs] = []
        """Regions that were removed before they were saved."""
        self.items: list[GivenAnswer] = []
        open_image.opening.connect(self._forget)
        open_image.answering.connect(self._forget)
        open_image.closed.connect(self._forget)
        open_image.answered.connect(self._take_shown)
        open_image.saved.connect(self._bin_late)

    @property
    def whole(self) -> GivenAnswer | None:
        """The answer for the whole image, if there is one that may be seen."""
        return self._whole

    @property
    def chosen(self) -> int | None:
        """The index of the region whose answer is shown, None for the whole image."""
        shown = self._open_image.given
        return next((index for index, given in enumerate(self.items) if given is shown), None)

    @property
    def can_classify(self) -> bool:
        """Whether there are an image, an answer for it and a model to classify a part of it."""
        open_image = self._open_image
        needed = (open_image.picture, open_image.classifier, open_image.given)
        return all(one is not None for one in needed)

    def classify(self, box: Box) -> None:
        """Classify a square of the open image with the model in use; show and save the answer."""
        picture, classifier = self._open_image.picture, self._open_image.classifier
        known = next((given for given in self.items if given.answer.region == box), None)
        if known is not None:
            self._open_image.show(known)
        elif picture is not None and classifier is not None:
            self._under_way.append(
                self._tasks.run(
                    Lane.MODEL,
                    lambda _task: answer_picture(picture, classifier, box),
                    lambda answer: self._take(GivenAnswer(picture, answer)),
                    self._tell_failed,
                )
            )

    def choose(self, index: int | None) -> None:
        """Show the answer for a region, or (None) that for the whole image if there is one."""
        given = self._whole if index is None else self.items[index]
        if given is not None and given is not self._open_image.given:
            self._open_image.show(given)

    def removal(self, given: GivenAnswer) -> Step:
        """Return the step that removes a region from the image and moves its entry to the bin.

        Neither it nor its reverse keeps the picture: the undo stack holds them long after another image was opened.
        """
        return self._removal(ref(given), given.kept)

    def _removal(self, region: ref[GivenAnswer], kept: KeptAs) -> Step:
        def carry_out(done: Callable[[Step | None], None], failed: Callable[[AppError], None]) -> None:
            def take_out(_reverse: Step | None = None) -> None:
                self._take_out(region())
                done(self._return(region, kept))

            if kept.entry_id is None:  # not saved yet, or never: see `_bin_late`
                self._to_bin.append(kept)
                take_out()
            else:
                bin_entries(self._history_service, [kept.entry_id])(take_out, failed)

        return carry_out

    def _return(self, region: ref[GivenAnswer], kept: KeptAs) -> Step:
        """Return the step that reverses a removal; if another image is open by then, it restores only the entry."""

        def carry_out(done: Callable[[Step | None], None], failed: Callable[[AppError], None]) -> None:
            def put_back(_reverse: Step | None = None) -> None:
                self._put_back(region())
                done(self._removal(region, kept))

            if kept.entry_id is None:
                self._to_bin.remove(kept)
                put_back()
            else:
                restore_entries(self._history_service, [kept.entry_id])(put_back, failed)

        return carry_out

    def _take_out(self, given: GivenAnswer | None) -> None:
        if given is None:
            return
        self._removed.append(given)
        if given in self.items:
            was_shown = given is self._open_image.given
            self.items.remove(given)
            if was_shown:
                self.choose(None)
            self.changed.emit()

    def _put_back(self, given: GivenAnswer | None) -> None:
        if given is None:
            return
        if given in self._removed:
            self._removed.remove(given)
        if given.picture is self._open_image.picture and given not in self.items:
            self.items.append(given)
            self._open_image.show(given)
            self.changed.emit()

    def _take(self, given: GivenAnswer) -> None:
        self.items.append(given)
        self._open_image.show(given)
        if not given.picture.is_sample:
            self._open_image.save(given)
        self.classified.emit(given)

    def _take_shown(self, answer: Answer) -> None:
        given = self._open_image.given
        if given is not None and given not in self.items:
            if answer.region is None:
                self._whole = given
            else:
                self.items.append(given)
                if self._whole is None:
                    self._find_whole(given)
            if answer.entry is None and not given.picture.is_sample:
                self._find_saved(given)
        self.changed.emit()

    def _find_whole(self, shown: GivenAnswer) -> None:
        """After the entry of a region was opened, read the same model's answer for the whole image."""
        sha256 = shown.picture.sha256
        model, contract = shown.answer.prediction.model_sha256, shown.answer.contract
        points = shown.answer.judgement.working_points

        def read(history: History) -> GivenAnswer | None:
            image_id = history.people.image_id_of(sha256)
            entries = [] if image_id is None else history.entries_of(image_id)
            kept = [one for one in entries if not one.region and one.answer.is_of(model, points)]
            return GivenAnswer(shown.picture, answer_of(kept[-1], contract), KeptAs(kept[-1].id)) if kept else None

        def take(whole: GivenAnswer | None) -> None:
            if whole is not None and self._whole is None and shown in self.items:
                self._whole = whole
                self.changed.emit()

        self._history_service.ask(read, take, self._tell_failed)

    def _find_saved(self, shown: GivenAnswer) -> None:
        """Read the regions of this image that the same model answered earlier, at the same working points."""
        sha256 = shown.picture.sha256
        model, contract = shown.answer.prediction.model_sha256, shown.answer.contract
        points = shown.answer.judgement.working_points

        def read(history: History) -> list[GivenAnswer]:
            return [
                _given(shown.picture, entry, contract)
                for entry in _saved_regions(history, sha256)
                if entry.answer.is_of(model, points)
            ]

        self._history_service.ask(read, partial(self._take_saved, shown), self._tell_failed)

    def _take_saved(self, shown: GivenAnswer, kept: list[GivenAnswer]) -> None:
        if shown is not self._whole and shown not in self.items:
            return  # another image, or another model's answer, is shown by now
        known = {given.answer.region for given in (*self.items, *self._removed) if given.picture is shown.picture}
        self.items += [given for given in kept if given.answer.region not in known]
        self.changed.emit()

    def _bin_late(self, _saved: SavedAnswer) -> None:
        """Bin the entry of a region that was removed before it was saved."""
        late = [kept for kept in self._to_bin if kept.entry_id is not None]
        for kept in late:
            self._to_bin.remove(kept)
            if kept.entry_id is not None:
                bin_entries(self._history_service, [kept.entry_id])(lambda _reverse: None, self.failed.emit)

    def _tell_failed(self, error: AppError) -> None:
        self.failed.emit(error)

    def _forget(self) -> None:
        for task in self._under_way:
            task.abandon()
        self._under_way.clear()
        self._whole = None
        self._removed.clear()
        self.items = []
        self.changed.emit()


def _saved_regions(history: History, sha256: str) -> list[Entry]:
    """Return the entries of an image's regions, of any model, oldest first; those in the bin are left out."""
    image_id = history.people.image_id_of(sha256)
    return [] if image_id is None else [entry for entry in history.entries_of(image_id) if entry.region]


def _given(picture: Picture, entry: Entry, contract: Contract) -> GivenAnswer:
    """Return the answer of a region's entry as it was given; `contract` belongs to the model that gave it."""
    prediction = entry.answer.prediction
    region = regions.read_region(entry.region)
    judgement = judging.judge(prediction, contract, entry.answer.working_points)
    answer = Answer(prediction, judgement, contract, region, region=region, time=entry.time)
    return GivenAnswer(picture, answer, KeptAs(entry.id))
