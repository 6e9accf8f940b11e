"""Fills the start page from the history, and records what settles an item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.undo import Step as UndoStep
from desktop.session.undo import UndoStack
from desktop.widgets.common.change_subjects import patients_name
from desktop.widgets.today.today_page import TodayPage

if TYPE_CHECKING:
    from desktop.core.records import care_steps, safety_net
    from desktop.core.records.care_steps import CareStep, Step
    from desktop.core.records.history import History
    from desktop.core.records.people import Patient
    from desktop.core.records.safety_net import OpenItem
    from desktop.core.records.values import Entry
    from desktop.widgets.today import step_dialog, today_words
    from desktop.widgets.visit import reexcision
else:
    care_steps = Late("desktop.core.records.care_steps")
    safety_net = Late("desktop.core.records.safety_net")
    step_dialog = Late("desktop.widgets.today.step_dialog")
    today_words = Late("desktop.widgets.today.today_words")
    reexcision = Late("desktop.widgets.visit.reexcision")

_PAUSE = 400
"""Milliseconds between a change and reading the page, which takes 0.3 s with 50,000 entries and 6,000 items."""

_AFTER_PAINT = 50
"""Milliseconds between the page's first show and reading it, so that the first window is drawn before."""

_RECENT = 30
"""How many recent patients are listed."""


@frozen
class _Read:
    """What the page shows, and which of the findings that it was about no longer count."""

    patients: list[Patient]
    visits: dict[int, dt.date]
    items: list[OpenItem]
    corrected: set[int]


class TodayPresenter(QObject):
    """Reads the page while it is visible, and when it is shown."""

    lesion_requested = Signal(object, bool)
    """An OpenItem, which has a lesion, and whether its follow-up is due."""
    look_requested = Signal(object, str, object)
    """An OpenItem, which has a lesion, why it is to be looked at again, and a callable that asks what was found."""
    result_requested = Signal(object)
    """The OpenItem whose histopathology is to be entered."""
    image_requested = Signal(object, object)
    """The Patient, or None, and the newest Entry of an image."""

    def __init__(self, history_service: HistoryService, undo_stack: UndoStack, parent: QWidget) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._undo_stack = undo_stack
        self.page = TodayPage(parent)
        self.page.show_day(_today())
        self.page.item_opened.connect(self._go_to)
        self.page.close_requested.connect(self._close)
        self.page.shown.connect(self._begin)
        self._is_read = False
        self._is_undo = False
        """Whether a change was undone, and nothing else happened, since the page was read."""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._read_if_visible)
        history_service.changed.connect(lambda: self._later.start(_PAUSE))
        undo_stack.undone.connect(self._note_undo)

    @cached_property
    def _planning(self) -> reexcision.ReexcisionPlanning:
        return reexcision.ReexcisionPlanning(
            self._history_service, self._undo_stack, lambda: self.page.messages, self.page
        )

    def show_not_assessed(self) -> None:
        """Show the list of images that nobody has assessed, once the page is shown."""
        self.page.choose_list(safety_net.Gap.NOT_ASSESSED)

    def refresh(self) -> None:
        """Read the page now."""
        today, findings = _today(), self.page.findings
        self.page.show_day(today)

        def work(history: History) -> _Read:
            patients = history.people.find_patients(limit=_RECENT)
            visits = history.people.last_visits(patient.id for patient in patients)
            corrected = history.assessments.binned(findings)
            return _Read(patients, visits, history.safety_net.items(today), corrected)

        is_undo, self._is_undo = self._is_undo, False
        self._history_service.ask(work, partial(self._take, is_undo), self.page.messages.tell)

    def _note_undo(self, text: str) -> None:
        self._is_undo = bool(text)

    def _begin(self) -> None:
        if self._is_read:
            self.refresh()
        else:
            self._later.start(_AFTER_PAINT)

    def _read_if_visible(self) -> None:
        if self.page.isVisible():
            self.refresh()

    def _take(self, is_undo: bool, found: _Read) -> None:
        if not self.page.isVisible():
            return  # what is read when it is shown again is listed anew
        self._is_read = True
        self.page.show_patients(found.patients, found.visits)
        self.page.show_items(found.items, is_undo=is_undo, corrected=found.corrected)

    def _go_to(self, item: OpenItem) -> None:
        """Go to where an item is done: a form of its own, that of the outcome, or the lesion."""
        gap = safety_net.Gap
        if item.gap is gap.MARGINS:
            self._planning.ask(_finding(item), self.refresh)
        elif item.gap in {gap.NOT_TAKEN, gap.NOT_TOLD}:
            step = care_steps.Step.TAKEN if item.gap is gap.NOT_TAKEN else care_steps.Step.TOLD
            self._ask(step, [item])
        elif item.gap is gap.NO_RESULT:
            self.result_requested.emit(item)
        elif item.lesion is not None and item.gap is gap.LOOK_AGAIN:
            self.look_requested.emit(item, today_words.gap_text(item), partial(self._close, [item]))
        elif item.lesion is not None and item.gap is not gap.NOT_ASSESSED:
            self.lesion_requested.emit(item, item.gap is gap.OVERDUE)
        else:
            self._history_service.ask(
                partial(_newest_entry, item), partial(self._open_entry, item), self.page.messages.tell
            )

    def _open_entry(self, item: OpenItem, entry: Entry | None) -> None:
        if entry is not None:
            self.image_requested.emit(item.patient, entry)
        else:
            text = self.tr("This image has no entry outside the bin: restore it in the history, then open it.")
            self.page.messages.say(text, error=False)

    def _close(self, items: list[OpenItem]) -> None:
        steps = {safety_net.CLOSED_BY[item.gap] for item in items}
        self._ask(steps.pop() if len(steps) == 1 else None, items)

    def _ask(self, step: Step | None, items: list[OpenItem]) -> None:
        dialog = step_dialog.StepDialog(step, items, self._history_service.initials, self.page.window())
        dialog.entered.connect(partial(self._record, step, items))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _record(self, step: Step | None, items: list[OpenItem], day: dt.date, person: str, note: str) -> None:
        made = [
            care_steps.CareStep(step or safety_net.CLOSED_BY[item.gap], row, day, person, note)
            for item in items
            for row in item.subject_ids
        ]
        whose = {"" if item.patient is None else item.patient.pseudonym for item in items}
        text = today_words.step_text(items[0], made[0].step)
        if len(items) > 1:
            text = self.tr("closing of {count} rows of {patients}").format(
                count=len(items), patients=patients_name(whose)
            )
        patients = {item.patient.id for item in items if item.patient is not None}
        self._undo_stack.carry_out(text, self._write(made), self.refresh, patient_ids=patients)

    def _write(self, steps: list[CareStep], *, is_back: bool = False) -> UndoStep:
        def work(history: History, by: str) -> None:
            write: Callable[..., None] = history.care_steps.take_back if is_back else history.care_steps.record
            for step in steps:
                write(step, by=by)

        return self._history_service.step(work, lambda _nothing: self._write(steps, is_back=not is_back))


def _finding(item: OpenItem) -> reexcision.InvolvedFinding:
    return reexcision.InvolvedFinding(
        today_words.full_subject(item),
        None if item.lesion is None else item.lesion.id,
        item.image_id,
        item.diagnosis,
        item.breslow_mm,
        item.margins,
    )


def _newest_entry(item: OpenItem, history: History) -> Entry | None:
    """Return the newest entry of an item's image, None if all of its entries are in the bin."""
    return None if item.image_id is None else next(reversed(history.entries_of(item.image_id)), None)


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
