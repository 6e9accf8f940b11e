"""Opens the patient whom another system names: a practice system, or a worklist."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.patient_context import age_band
from desktop.core.text_matching import identity
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.widgets.common.message_bar import Action, MessageBar
from desktop.widgets.common.patient_words import opening_text, sex_name
from desktop.widgets.patient.patient_parts import PatientParts
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.exchange import asked_patient
    from desktop.core.exchange.asked_patient import AskedPatient, PseudonymFrom
    from desktop.core.records.people import Patient
else:
    asked_patient = Late("desktop.core.exchange.asked_patient")


@frozen
class PatientRequest:
    """A request for a patient.

    `asks` is the sentence that says who asks, with `{wanted}` for the patient; `taken` is called with the patient's id once the
    patient is open. One who `is_to_show` alone is neither added nor visited.
    """

    patient: AskedPatient
    asks: str
    taken: Callable[[int], None]
    is_to_show: bool = False


class PatientRequests(QObject):
    """Opens or adds the patient and begins the visit; opens nobody in place of an open patient without asking."""

    def __init__(
        self,
        settings: Settings,
        history_service: HistoryService,
        open_patient: OpenPatient,
        patients: PatientParts,
        edits: PatientEdits,
        page: VisitPage,
        messages: Callable[[], MessageBar],
        parent: QObject,
    ) -> None:
        """`messages` returns the bar of the page in front; `page` shows the questions."""
        super().__init__(parent)
        self._settings = settings
        self._history_service = history_service
        self._open_patient = open_patient
        self._patients = patients
        self._edits = edits
        self._messages = messages
        self._question = page.add_messages()
        self._expected: tuple[str, PatientRequest] | None = None
        """The pseudonym of the patient who is being opened, and the request for them."""
        open_patient.patient_changed.connect(self._take_patient)
        open_patient.failed.connect(lambda _error: self.forget())

    def take(self, request: PatientRequest) -> None:
        """Open the patient who is asked for, or ask the user first."""
        pseudonym = request.patient.pseudonym(pseudonym_from(self._settings))
        self._history_service.ask(
            lambda history: history.people.patient_called(pseudonym),
            partial(self._meet, request, pseudonym),
            lambda error: self._messages().tell(error),
        )

    def forget(self) -> None:
        """Expect nobody any more: whoever opens a patient later does not answer a request by that."""
        self._expected = None

    def _meet(self, request: PatientRequest, pseudonym: str, known: Patient | None) -> None:
        """Open the patient, unless another is open or the details differ: then ask."""
        present = self._open_patient.patient
        self._question.withdraw()
        asks = request.asks.format(wanted=_words(pseudonym, request.patient))
        if known is None and request.is_to_show:
            self._messages().say(f"{asks} {self.tr('There is no such patient in this history.')}", error=False)
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
        born = request.patient.birth_year(self._open_patient.date.year)
        if known is not None and None not in {known.birth_year, born} and known.birth_year != born:
            reasons.append(
                self.tr("They were born in {theirs} there and in {here} here: is it the same person?").format(
                    theirs=born, here=known.birth_year
                )
            )
        if not reasons:
            go()
            return
        choice: list[Action] = [
            (opening_text(pseudonym), go),
            (self.tr("Leave as it is"), self._question.withdraw),
        ]
        self._patients.page_requested.emit()
        self._question.say(" ".join((asks, *reasons)), error=True, choice=choice)

    def _open(self, request: PatientRequest, pseudonym: str, known: Patient | None) -> None:
        self._question.withdraw()
        self._expected = (pseudonym, request)
        if known is not None:
            is_open = self._open_patient.patient is not None and self._open_patient.patient.id == known.id
            self._patients.open(known)
            if is_open:
                self._take_patient()
            return
        self._patients.page_requested.emit()
        asked, today = request.patient, self._open_patient.date
        self._patients.presenter.changes.add(
            *(pseudonym, asked.sex, age_band(asked.age_on(today)), self._fail_to_open),
            birth_year=asked.birth_year(today.year),
        )

    def _fail_to_open(self, error: AppError) -> None:
        self.forget()
        self._messages().tell(error)

    def _take_patient(self) -> None:
        """The patient who was asked for is open: begin their visit."""
        patient = self._open_patient.patient
        if patient is None or self._expected is None:
            return
        pseudonym, request = self._expected
        if identity(patient.pseudonym) != identity(pseudonym):
            return
        self._expected = None
        request.taken(patient.id)
        if not request.is_to_show:
            self._edits.begin_visit()


def pseudonym_from(settings: Settings) -> PseudonymFrom:
    """Return what of a request becomes the pseudonym of a new patient; a setting of no meaning is the default's."""
    known = {one.value: one for one in asked_patient.PseudonymFrom}
    return known.get(settings.get(keys.GDT_PSEUDONYM), asked_patient.PseudonymFrom.NUMBER)


def _words(pseudonym: str, patient: AskedPatient) -> str:
    name = ", ".join(filter(None, (patient.last_name, patient.first_name)))
    return pseudonym if not name or name in pseudonym else f"{pseudonym}, {name}"
