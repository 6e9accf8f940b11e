"""The comparison of any two images, without a film: added one after the other, or chosen in the history."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.session.history_service import HistoryService
from desktop.session.picture import Picture
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.wording import local_day
from desktop.widgets.image.compare_page import ComparePage
from desktop.widgets.report import report_words
from desktop.widgets.report.report_words import ReportOwner

if TYPE_CHECKING:
    from desktop.core.records.history import History


class FreeComparison(QObject):
    """Names the images by patient, lesion and day, which their file names do not tell."""

    def __init__(self, page: ComparePage, history_service: HistoryService, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._history_service = history_service
        self.is_on = False
        """Whether the page shows these images, and not those of a film."""
        history_service.changed.connect(self._name_all)

    def add(self, picture: Picture) -> int:
        """Add an image beside the one before; return how many there are."""
        count = self._page.add(picture)
        self._name_all()
        return count

    def _name_all(self) -> None:
        if self.is_on:
            for sha256 in [picture.sha256 for picture in self._page.pictures]:
                self._history_service.ask(
                    partial(_read, sha256=sha256), partial(self._name, sha256), self._page.messages.tell
                )

    def _name(self, sha256: str, read: tuple[ReportOwner | None, bool]) -> None:
        if not self.is_on:
            return
        owner, is_dermoscopy = read
        day = None if owner is None or owner.visit is None else owner.visit.date
        parts: list[str] = []
        if owner is not None:
            lesion = "" if owner.lesion is None else lesion_name(owner.lesion)
            parts = [f"{owner.patient.pseudonym} {lesion}".strip()]
            parts += [] if day is None else [local_day(day)]
        self._page.describe(sha256, " · ".join(parts), day, is_dermoscopy=is_dermoscopy)


def _read(history: History, sha256: str) -> tuple[ReportOwner | None, bool]:
    """Return the patient of an image, None if it is unassigned, and whether it is saved as dermoscopy."""
    image_id = history.people.image_id_of(sha256)
    is_dermoscopy = image_id is not None and history.people.placement(image_id).kind == "dermoscopy"
    return report_words.read_owner(history, sha256), is_dermoscopy
