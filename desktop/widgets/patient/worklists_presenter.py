"""Fills the banner's counts and the worklists, and opens the items chosen there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.visit.outcome_presenter import OutcomePresenter

if TYPE_CHECKING:
    from desktop.core.records import people
    from desktop.core.records.history import History
    from desktop.core.records.people import DuePlan, OpenBiopsy, OutcomeKind, Patient
    from desktop.core.records.safety_net import OpenItem
    from desktop.core.records.values import Entry
    from desktop.session.open_patient import OpenPatient
    from desktop.widgets.patient import worklists_dialog
    from desktop.widgets.patient.patient_parts import PatientParts
    from desktop.widgets.patient.worklists_dialog import WorklistsDialog
    from desktop.widgets.visit.image_sources import ImageSources
    from desktop.widgets.visit.outcome_dialog import OutcomeDialog
else:
    people = Late("desktop.core.records.people")
    worklists_dialog = Late("desktop.widgets.patient.worklists_dialog")


_PAUSE = 400
"""Milliseconds between a change and reading the lists, which takes 0.15 s with 50,000 entries."""


@frozen
class OpenWork:
    """The open items; `due_now` is how many of `due` are due today."""

    due: list[DuePlan]
    biopsies: list[OpenBiopsy]
    due_now: int

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many follow-ups are due today, how many biopsies are planned, and of how many taken the histology is open."""
        taken = sum(one.taken is not None for one in self.biopsies)
        return self.due_now, len(self.biopsies) - taken, taken


class WorklistsPresenter(QObject):
    """Reads the lists again whenever the history changes."""

    follow_up_requested = Signal()
    """The lesion of a due follow-up was opened."""
    counted = Signal(int, int, int)
    """See `OpenWork.counts`."""

    def __init__(
        self,
        history_service: HistoryService,
        outcomes: OutcomePresenter,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        """`messages` returns the bar of the page in front."""
        super().__init__(window)
        self._history_service = history_service
        self._outcomes = outcomes
        self._messages = messages
        self._window = window
        self._shown: WorklistsDialog | None = None
        self._found: OpenWork | None = None
        self._patients: PatientParts | None = None
        self._image_sources: ImageSources | None = None
        self._wanted: tuple[int, Callable[[], None]] | None = None
        """The patient who is about to be opened, and what is done then."""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self.refresh)
        history_service.changed.connect(self._later.start)

    def show_on(self, patients: PatientParts, image_sources: ImageSources) -> None:
        """Show the counts in the banner, and open items chosen in a list."""
        self._patients, self._image_sources = patients, image_sources
        patients.banner.due_requested.connect(self.show_due)
        patients.banner.planned_requested.connect(self.show_planned)
        patients.banner.histology_requested.connect(self.show_histology)
        patients.open_patient.images_changed.connect(self._show_wanted)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {
            "due": self.show_due,
            "planned": self.show_planned,
            "histology": self.show_histology,
        }

    def show_due(self) -> None:
        """Show the follow-ups that are due."""
        self._show(worklists_dialog.DUE)

    def show_planned(self) -> None:
        """Show the biopsies that are planned and not recorded as taken."""
        self._show(worklists_dialog.PLANNED)

    def show_histology(self) -> None:
        """Show the lesions that wait for their histology."""
        self._show(worklists_dialog.HISTOLOGY)

    def refresh(self) -> None:
        """Read the lists."""
        today = _today()
        until = today if self._shown is None else self._shown.until

        def work(history: History) -> OpenWork:
            due = history.worklists.due(until)
            return OpenWork(due, history.worklists.open_biopsies(), sum(one.date <= today for one in due))

        self._history_service.ask(work, self._take, self._tell)

    def _take(self, found: OpenWork) -> None:
        self._found = found
        self.counted.emit(*found.counts)
        if self._patients is not None:
            self._patients.banner.show_counts(*found.counts)
        if self._shown is not None:
            self._shown.show_lists(found.due, found.biopsies)

    def _show(self, which: int) -> None:
        if self._shown is None:
            self._shown = worklists_dialog.WorklistsDialog(self._window)
            self._shown.opened.connect(self._open)
            self._shown.outcome_requested.connect(self._ask_outcome)
            self._shown.period_changed.connect(self.refresh)
        if not self._shown.isVisible() and self._found is not None:
            self._shown.show_lists(self._found.due, self._found.biopsies)
        self.refresh()
        self._shown.show()
        self._shown.raise_()
        self._shown.activateWindow()
        self._shown.choose(which)

    def _open(self, item: DuePlan | OpenBiopsy) -> None:
        if item.patient is not None and item.lesion is not None:
            self.open_lesion(item.patient, item.lesion.id, is_due=isinstance(item, people.DuePlan))
        else:
            self._history_service.ask(
                lambda history: newest_entry(history, item), partial(self._open_entry, item), self._tell
            )

    def open_lesion(
        self, patient: Patient, lesion_id: int, *, is_due: bool, shown: Callable[[], None] = lambda: None
    ) -> None:
        """Open a patient with one of their lesions chosen: its film if it `is_due`, else the visit. Then call `shown`."""
        if self._patients is None or self._image_sources is None:
            return
        visit, sources = self._patients.open_patient, self._image_sources

        def show() -> None:
            if is_due:
                self.follow_up_requested.emit()
            else:
                sources.visit_needed.emit(False)
            visit.choose(lesion_id)
            shown()

        self._with_open(visit, patient, show)
        self._leave()

    def open_image(self, patient: Patient | None, entry: Entry) -> None:
        """Open an image without a lesion, its patient first, so that it is never shown beside another's name."""
        if self._patients is None or self._image_sources is None:
            return
        show = partial(self._image_sources.open_entry, entry)
        if patient is None:
            show()
        else:
            self._with_open(self._patients.open_patient, patient, show)
        self._leave()

    def _with_open(self, visit: OpenPatient, patient: Patient, show: Callable[[], None]) -> None:
        if visit.patient is not None and visit.patient.id == patient.id:
            show()
        else:
            self._wanted = (patient.id, show)
            visit.open(patient)

    def _show_wanted(self) -> None:
        """Show what was requested once its patient is open."""
        visit = None if self._patients is None else self._patients.open_patient
        if visit is None or visit.patient is None or self._wanted is None:
            return
        (patient_id, show), self._wanted = self._wanted, None
        if visit.patient.id == patient_id:
            show()

    def _open_entry(self, item: DuePlan | OpenBiopsy, entry: Entry | None) -> None:
        if self._image_sources is None:
            return
        if entry is not None:
            self.open_image(item.patient, entry)
            return
        self._leave()
        self._image_sources.visit_needed.emit(False)
        text = self.tr("“{name}” has no entry outside the bin: restore it in the history, then open it.")
        self._messages().say(text.format(name=item.name), error=False)

    def _tell(self, error: AppError) -> None:
        self._messages().tell(error)

    def _leave(self) -> None:
        if self._shown is not None:
            self._shown.hide()

    def _ask_outcome(self, item: DuePlan | OpenBiopsy) -> None:
        """A lesion that was due may have been excised instead: then the kind is not preset."""
        kind: OutcomeKind | None = "histopathology" if isinstance(item, people.OpenBiopsy) else None
        plan_id = item.assessment.id if isinstance(item, people.OpenBiopsy) else None
        self.ask_outcome(item, item.assessment.image_id, kind, plan_id=plan_id).finished.connect(self._take_back_keys)

    def _take_back_keys(self) -> None:
        """Go on in the list: the form is the main window's, which would get the keys as the form closes."""
        if self._shown is not None and self._shown.isVisible():
            self._shown.activateWindow()

    def ask_outcome(
        self,
        item: DuePlan | OpenBiopsy | OpenItem,
        image_id: int | None,
        kind: OutcomeKind | None = "histopathology",
        *,
        plan_id: int | None = None,
    ) -> OutcomeDialog:
        """Ask for the outcome of an item's lesion, or of an image without one; for `plan_id` see `OutcomePresenter.ask`."""
        name = item.name if item.lesion is None else lesion_name(item.lesion)
        return self._outcomes.ask(
            name if item.patient is None else f"{item.patient.pseudonym}, {name}",
            lesion_id=None if item.lesion is None else item.lesion.id,
            image_id=image_id,
            kind=kind,
            plan_id=plan_id,
        )


def newest_entry(history: History, item: DuePlan | OpenBiopsy) -> Entry | None:
    """Return the newest entry of an image without a lesion, None if all of its entries are in the bin."""
    image_id = item.assessment.image_id
    return None if image_id is None else next(reversed(history.entries_of(image_id)), None)


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
