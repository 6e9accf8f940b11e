"""Logs what the open session does: what is opened and viewed, and the settings that change answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop import __version__
from desktop.core.records.audit_acts import Action, Detail
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.practice import Practice

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier

_SHORT = 12
"""Characters of a model's SHA-256: enough to tell two models of one name apart."""


class AuditedSession(QObject):
    """Connects the parts of the session to the audit log."""

    def __init__(
        self,
        audit: AuditTrail,
        history_service: HistoryService,
        open_image: OpenImage,
        open_patient: OpenPatient,
        blinding: Blinding,
        practice: Practice,
        model: ModelChoice,
        takes_view: Callable[[str], bool],
        parent: QObject | None = None,
    ) -> None:
        """`takes_view` returns whether a page that shows the answer to an image, by its SHA-256, logs that itself."""
        super().__init__(parent)
        self._audit = audit
        self._takes_view = takes_view
        self._elsewhere = ""
        """The SHA-256 of the open image, whose answer another page showed: at the visit it was not shown yet."""
        self._history_service = history_service
        self._open_patient = open_patient
        self._blinding = blinding
        self._practice = practice
        self._patient_id: int | None = None
        self._was_blind: bool | None = None
        history_service.opened.connect(self._note_opened)
        open_image.opening.connect(lambda _request: self._note_other_image())
        open_image.closed.connect(self._note_other_image)
        open_image.viewed.connect(self._note_viewed)
        open_patient.patient_changed.connect(self._note_patient)
        blinding.changed.connect(self._note_blind_first)
        practice.changed.connect(self._note_prior)
        model.loaded.connect(self._note_model)

    def note_visit(self) -> None:
        """Note that the visit is in front, and with it the open image."""
        if self._elsewhere:
            self._audit.note(Action.ANSWER_VIEWED, sha256=self._elsewhere)
            self._elsewhere = ""

    def _note_other_image(self) -> None:
        self._elsewhere = ""

    def _note_viewed(self, sha256: str) -> None:
        if self._takes_view(sha256):
            self._elsewhere = sha256
        else:
            self._audit.note(Action.ANSWER_VIEWED, sha256=sha256)

    def _note_opened(self) -> None:
        self._audit.take_refused()
        detail: dict[str, Detail] = {"version": __version__, "alone": self._history_service.is_alone}
        self._audit.note(Action.HISTORY_OPENED, detail)
        self._was_blind = None
        self._note_blind_first()
        self._note_prior()

    def _note_patient(self) -> None:
        patient = self._open_patient.patient
        before, self._patient_id = self._patient_id, None if patient is None else patient.id
        if patient is not None and patient.id != before:
            self._audit.note(Action.PATIENT_OPENED, patient_id=patient.id)

    def _note_blind_first(self) -> None:
        """Note whether blind-first is on. `Blinding.changed` tells of much else too."""
        if self._blinding.is_on != self._was_blind:
            self._was_blind = self._blinding.is_on
            self._audit.note_change(Action.BLIND_FIRST_CHANGED, self._was_blind, otherwise=True)

    def _note_prior(self) -> None:
        shares = self._practice.shares
        text = None if shares is None else ", ".join(f"{label}: {share:g}" for label, share in shares.items())
        self._audit.note_change(Action.PRIOR_CHANGED, text)

    def _note_model(self, classifier: Classifier) -> None:
        """Note the model in use, unless it only got other working points: those are recorded where they are chosen."""
        name = f"{classifier.contract.name} ({classifier.sha256[:_SHORT]})"
        self._audit.note_change(Action.MODEL_CHANGED, name)
