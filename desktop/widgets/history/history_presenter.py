"""Connects the history page to the history."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.imaging.opening import decode
from desktop.core.inference.classifier import Classifier
from desktop.core.records.tables import TableRow
from desktop.core.records.values import Entry, EntryFilter, ModelFacts, Order
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.entry_bin import bin_entries, restore_entries
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.session.undo import UndoStack
from desktop.system.settings import Settings
from desktop.system.tasks import Lane, Task, Tasks
from desktop.widgets.answer import alert_words
from desktop.widgets.common.change_subjects import patients_name
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.patient_words import named_with_site
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import numbered, sentence, shown_after
from desktop.widgets.history.history_layout import follow_layout
from desktop.widgets.history.history_page import HistoryPage
from desktop.widgets.history.history_words import EntryWords
from desktop.widgets.history.viewed_entries import ViewedEntries

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract

_PAGE = 200
"""Entries per fetch: more than a screen shows, and read in about 30 ms."""

_PREVIEW = 800
"""Minimum of the shorter side, in pixels, to which a preview is decoded: enough for 400 points at 200 %."""

_PREVIEW_PAUSE = 90
"""Milliseconds for which an entry must stay selected before its image is read: the arrow keys pass over many."""


class HistoryPresenter(QObject):
    """Fetches the entries that match the filter, page by page, and the picture of the selected one."""

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        model: ModelChoice,
        blinding: Blinding,
        settings: Settings,
        files: FileDialogs,
        undo_stack: UndoStack,
        thumbnails: Thumbnails,
        audit: AuditTrail,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._words = EntryWords(blinding.conceals_entry, self)
        self.page = page = HistoryPage(thumbnails, self._words, parent)
        self._tasks = tasks
        self._history_service = history_service
        self._undo_stack = undo_stack
        self._blinding = blinding
        self._files = files
        self._wanted = EntryFilter()
        self._order, self._is_descending = Order.TIME, True
        self._loading: Task | None = None
        self._is_behind = False
        """Whether the history has changed since it was read while the page was hidden: a visit changes it with every image."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PREVIEW_PAUSE)
        self._pause.timeout.connect(self._load_preview)
        page.table.sort_requested.connect(self._sort)
        follow_layout(page, settings)
        ViewedEntries(page, blinding, audit)
        page.filter.changed.connect(self._refresh)
        page.bin_requested.connect(self._bin)
        page.restore_requested.connect(self._restore)
        page.reload_requested.connect(history_service.open)
        page.export_requested.connect(self._export)
        page.chosen_changed.connect(lambda _entry: self._pause.start())
        page.head.preview.toggled.connect(self._pause.start)
        page.table.more_requested.connect(self._fetch_more)
        history_service.changed.connect(self._read_in_sight)
        history_service.erased.connect(
            lambda _hashes: self._read()
        )  # at once: erased entries must not stay, even if hidden
        page.shown.connect(self._catch_up)
        history_service.failed.connect(self._tell)
        blinding.changed.connect(self._look_again)
        model.loaded.connect(self._list_flags)
        if model.classifier is not None:
            self._list_flags(model.classifier)
        self._read()

    def _bin(self, entries: Sequence[Entry]) -> None:
        one, several = self.tr("entry of {subject} to the bin"), self.tr("{count} entries of {patients} to the bin")
        step = bin_entries(self._history_service, (entry.id for entry in entries))
        self._undo_stack.carry_out(_named(one, several, entries), step, patient_ids=_patient_ids(entries))

    def _restore(self, entries: Sequence[Entry]) -> None:
        one, several = self.tr("entry of {subject} from the bin"), self.tr("{count} entries of {patients} from the bin")
        step = restore_entries(self._history_service, (entry.id for entry in entries))
        self._undo_stack.carry_out(_named(one, several, entries), step, patient_ids=_patient_ids(entries))

    def _read(self) -> None:
        service, is_blind = self._history_service, self._blinding.is_on
        service.ask(lambda history: history.labels(is_blind=is_blind), self._name_labels, service.failed.emit)
        service.ask(lambda history: history.models(), self._know_models, service.failed.emit)
        self._refresh()

    def _read_in_sight(self) -> None:
        self._is_behind = not self.page.isVisible()
        if not self._is_behind:
            self._read()

    def _catch_up(self) -> None:
        if self._is_behind:
            self._is_behind = False
            self._read()

    def _look_again(self) -> None:
        """Other answers may be concealed: update sorting, search and every row."""
        self.page.redraw()
        if (self._wanted.is_blind, self._wanted.hidden) != (self._blinding.is_on, self._blinding.earlier):
            self._read_in_sight()

    def _list_flags(self, classifier: Classifier) -> None:
        contract: Contract = classifier.contract
        self.page.filter.list_flags({one.id: alert_words.name_of(one) for one in contract.raisable})

    def _name_labels(self, names: dict[str, str]) -> None:
        self._words.name_labels(names)
        self.page.filter.list_labels(names)
        self.page.redraw()

    def _know_models(self, models: dict[str, ModelFacts]) -> None:
        self._words.know_models(models)
        self.page.redraw()

    def _sort(self, order: Order, is_descending: bool) -> None:
        self._order, self._is_descending = order, is_descending
        self._refresh()

    def _refresh(self) -> None:
        self._wanted = wanted = dataclasses.replace(
            self.page.filter.wanted(),
            order=self._order,
            is_descending=self._is_descending,
            is_blind=self._blinding.is_on,
            hidden=self._blinding.earlier,
        )
        shown = self.page.last_in_sight + _PAGE  # rows farther down are fetched again on scrolling
        self._history_service.ask(
            lambda history: history.page(wanted, limit=shown), partial(self._show, wanted), self._tell
        )

    def _show(self, wanted: EntryFilter, found: tuple[list[Entry], int]) -> None:
        if wanted == self._wanted:
            self.page.show_entries(*found)

    def _fetch_more(self) -> None:
        wanted, offset = self._wanted, self.page.table.rowCount()
        self._history_service.ask(
            lambda history: history.page(wanted, limit=_PAGE, offset=offset),
            partial(self._add, wanted, offset),
            self._tell,
        )

    def _add(self, wanted: EntryFilter, offset: int, found: tuple[list[Entry], int]) -> None:
        if wanted == self._wanted and offset == self.page.table.rowCount():
            self.page.table.add_entries(found[0])
        else:
            self.page.table.stop_fetching()

    def _load_preview(self) -> None:
        if self._loading is not None:
            self._loading.abandon()
        entry = self.page.preview.entry
        if entry is not None and self.page.preview.isVisible():
            self._loading = self._tasks.run(
                Lane.IMAGES,
                lambda _task: _picture(self._history_service, entry),
                partial(self.page.preview.show_picture, entry.image.sha256),
                lambda _error: None,  # opening the entry reports why its image cannot be read
            )
            self._history_service.ask(
                lambda history: history.beside(entry), partial(self.page.preview.show_beside, entry.id), self._tell
            )

    def _export(self, chosen: list[Entry]) -> None:
        if chosen:
            self._save(chosen)
        else:
            wanted = self._wanted
            self._history_service.ask(lambda history: history.entries(wanted), self._save, self._tell)

    def _save(self, entries: list[Entry]) -> None:
        told = [entry for entry in entries if not self._blinding.conceals_entry(entry)]
        if not told:
            text = self.tr("There is nothing to save: the answers are hidden.")
            self.page.messages.say(f"{text} {shown_after()}", error=False)
            return
        rows = [TableRow.of_entry(entry, is_for_patients=self._words.is_for_patients(entry)) for entry in told]
        concealed = len(entries) - len(told)
        one, several = self.tr("1 concealed answer is left out."), self.tr("{count} concealed answers are left out.")
        left_out = numbered(concealed, one, several) if concealed else ""
        self._files.save_table(
            rows, None, self.tr("history.csv"), self.page.messages, left_out, of="history", has_patients=True
        )

    def _tell(self, error: AppError) -> None:
        self.page.table.stop_fetching()
        if not self.page.table.rowCount():
            self.page.show_unavailable(sentence(error))
            return
        self.page.messages.tell(error, self._refresh)


def _picture(history_service: HistoryService, entry: Entry) -> QImage:
    """Read an entry's image and decode it for the preview.

    Raises:
        AppError: the image is missing, has changed, or cannot be decoded.
    """
    image = decode(history_service.read_image(entry.image), entry.image.name, at_least=_PREVIEW)
    return QImage(image.tobytes(), image.width, image.height, 3 * image.width, QImage.Format.Format_RGB888).copy()


def _named(one: str, several: str, entries: Sequence[Entry]) -> str:
    """Return the name of a change to entries: that of the only one, or how many they are, and whose."""
    if len(entries) == 1:
        (entry,) = entries
        lesion = named_with_site(entry.lesion, entry.lesion_site) if entry.lesion else ""
        return one.format(subject=", ".join(filter(None, (entry.patient, lesion, entry.image.name))))
    return several.format(count=len(entries), patients=patients_name({entry.patient for entry in entries}))


def _patient_ids(entries: Sequence[Entry]) -> set[int]:
    return {entry.patient_id for entry in entries if entry.patient_id is not None}
