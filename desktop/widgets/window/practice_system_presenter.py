"""Connects the practice system to the window: its requests open patients, and saved assessments go back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.patient_context import age_band
from desktop.core.text_matching import identity
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.session.practice_system import PracticeSystem, connection_of
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.message_bar import Action
from desktop.widgets.common.patient_words import sex_name
from desktop.widgets.patient.patient_parts import PatientParts
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.exchange import gdt_records
    from desktop.core.exchange.gdt_folder import Connection
    from desktop.core.exchange.gdt_records import GdtPatient, PseudonymFrom, Request
    from desktop.core.records.people import Patient
    from desktop.widgets.window import practice_results, practice_system_dialog
else:
    gdt_records = Late("desktop.core.exchange.gdt_records")
    practice_results = Late("desktop.widgets.window.practice_results")
    practice_system_dialog = Late("desktop.widgets.window.practice_system_dialog")


class PracticeSystemPresenter(QObject):
    """Opens nobody in place of an open patient without asking, and sends nothing but assessments."""

    def __init__(
        self,
        tasks: Tasks,
        settings: Settings,
        history_service: HistoryService,
        open_patient: OpenPatient,
        patients: PatientParts,
        edits: PatientEdits,
        blinding: Blinding,
        audit: AuditTrail,
        when_open: Callable[[Callable[[], None]], None],
        page: VisitPage,
        window: QWidget,
    ) -> None:
        """`when_open` does something once the lock is open."""
        super().__init__(window)
        self.system = PracticeSystem(tasks, self)
        self._settings = settings
        self._history_service = history_service
        self._open_patient = open_patient
        self._patients = patients
        self._edits = edits
        self._when_open = when_open
        self._window = window
        self._messages = page.messages
        self._question = page.add_messages()
        self._asked: dict[int, Request] = {}
        """The request for each patient, by the patient's id, to which results are an answer."""
        self._expected: tuple[str, Request] | None = None
        """The pseudonym of the patient who is being opened, and the request for them."""
        self.system.requested.connect(lambda request: self._when_open(partial(self._look_up, request)))
        self.system.failed.connect(lambda error: self._when_open(partial(self._messages.tell, error)))
        open_patient.patient_changed.connect(self._take_patient)
        open_patient.failed.connect(lambda _error: self._forget_expected())
        practice_results.PracticeResults(
            tasks, self.system, settings, history_service, blinding, audit, self._asked, self._messages, self
        )

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"practice system": self.show_settings}

    def begin(self) -> None:
        """Connect the practice system if that is wanted."""
        if self._settings.get(keys.GDT_IS_ON):
            self.system.connect_to(connection_of(self._settings))

    def show_settings(self) -> None:
        """Ask how the practice system is connected."""
        dialog = practice_system_dialog.PracticeSystemDialog(
            connection_of(self._settings),
            self._pseudonym_from(),
            is_on=self._settings.get(keys.GDT_IS_ON),
            with_report=self._settings.get(keys.GDT_REPORT),
            parent=self._window,
        )
        dialog.chosen.connect(self._use)
        dialog.test_requested.connect(
            lambda connection: self.system.try_out(connection, lambda _done: dialog.show_test(None), dialog.show_test)
        )
        dialog.open()

    def _use(self, connection: Connection, pseudonym: PseudonymFrom, with_report: bool, is_on: bool) -> None:
        self._settings.put(keys.GDT_IS_ON, is_on)
        self._settings.put(keys.GDT_REPORT, with_report)
        self._settings.put(keys.GDT_FOLDER, str(connection.folder))
        self._settings.put(keys.GDT_OWN_ID, connection.own_id)
        self._settings.put(keys.GDT_SYSTEM_ID, connection.system_id)
        self._settings.put(keys.GDT_CHARACTER_SET, connection.character_set.number)
        self._settings.put(keys.GDT_TEST, connection.test)
        self._settings.put(keys.GDT_FINDINGS, connection.findings_field.value)
        self._settings.put(keys.GDT_PSEUDONYM, pseudonym.value)
        before = self.system.connection
        if before is None or (before.folder, before.system_id) != (connection.folder, connection.system_id):
            self._asked.clear()  # another system may use the same numbers for other patients
            self._expected = None
        self.system.connect_to(connection if is_on else None)

    def _pseudonym_from(self) -> PseudonymFrom:
        known = {one.value: one for one in gdt_records.PseudonymFrom}
        return known.get(self._settings.get(keys.GDT_PSEUDONYM), gdt_records.PseudonymFrom.NUMBER)

    # Requests

    def _look_up(self, request: Request) -> None:
        pseudonym = request.patient.pseudonym(self._pseudonym_from())
        self._history_service.ask(
            lambda history: history.people.patient_called(pseudonym),
            partial(self._meet, request, pseudonym),
            self._messages.tell,
        )

    def _meet(self, request: Request, pseudonym: str, known: Patient | None) -> None:
        """Open the patient, unless another is open or the details differ: then ask."""
        present = self._open_patient.patient
        self._question.withdraw()
        if known is None and request.kind is gdt_records.RequestKind.SHOW:
            text = self.tr("The practice system asks for “{wanted}”, who is not in this history.")
            self._messages.say(text.format(wanted=pseudonym), error=False)
            return
        go = partial(self._open, request, pseudonym, known)
        reasons = []
        if present is not None and (known is None or known.id != present.id):
            reasons.append(self.tr("The open patient is “{present}”.").format(present=present.pseudonym))
        if known is not None and "unknown" not in {known.sex, request.patient.sex} and known.sex != request.patient.sex:
            reasons.append(
                self.tr("Their sex is {theirs} there and {here} here: is it the same person?").format(
                    theirs=sex_name(request.patient.sex).casefold(), here=sex_name(known.sex).casefold()
                )
            )
        if not reasons:
            go()
            return
        text = " ".join(
            (
                self.tr("The practice system asks for “{wanted}”.").format(wanted=_words(pseudonym, request.patient)),
                *reasons,
            )
        )
        choice: list[Action] = [
            (self.tr("Open {patient}").format(patient=pseudonym), go),
            (self.tr("Leave as it is"), self._question.withdraw),
        ]
        self._patients.page_requested.emit()
        self._question.say(text, error=True, choice=choice)

    def _open(self, request: Request, pseudonym: str, known: Patient | None) -> None:
        self._question.withdraw()
        self._expected = (pseudonym, request)
        if known is not None:
            is_open = self._open_patient.patient is not None and self._open_patient.patient.id == known.id
            self._patients.open(known)
            if is_open:
                self._take_patient()
            return
        self._patients.page_requested.emit()
        band = age_band(request.patient.age_on(self._open_patient.date))
        self._patients.presenter.changes.add(pseudonym, request.patient.sex, band, self._fail_to_open)

    def _fail_to_open(self, error: AppError) -> None:
        self._forget_expected()
        self._messages.tell(error)

    def _forget_expected(self) -> None:
        """The patient could not be opened: whoever opens them later does not answer the request by that."""
        self._expected = None

    def _take_patient(self) -> None:
        """The patient who was asked for is open: begin their visit."""
        patient = self._open_patient.patient
        if patient is None or self._expected is None:
            return
        pseudonym, request = self._expected
        if identity(patient.pseudonym) != identity(pseudonym):
            return
        self._expected = None
        self._asked[patient.id] = request
        if request.kind is not gdt_records.RequestKind.SHOW:
            self._edits.begin_visit()


def _words(pseudonym: str, patient: GdtPatient) -> str:
    name = ", ".join(filter(None, (patient.last_name, patient.first_name)))
    return pseudonym if not name or name in pseudonym else f"{pseudonym}, {name}"
