"""Logs what the open session does: what is opened and viewed, and the settings that change answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

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
        is_visit_shown: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`is_visit_shown` returns whether the visit is in front, and with it the answer to the open image."""
        super().__init__(parent)
        self._audit = audit
        self._is_visit_shown = is_visit_shown
        self._unseen = ""
        """The SHA-256 of the open image, if its answer came while another page was in front."""
        self._coming = QTimer(self)
        self._coming.setSingleShot(True)
        self._coming.timeout.connect(self._note_seen)
        self._history_service = history_service
        self._open_patient = open_patient
        self._blinding = blinding
        self._practice = practice
        self._patient_id: int | None = None
        self._was_blind: bool | None = None
        history_service.opened.connect(self._note_opened)
        open_image.opening.connect(lambda _request: self._forget_unseen())
        open_image.closed.connect(self._forget_unseen)
        open_image.viewed.connect(self._take_answer)
        open_patient.patient_changed.connect(self._note_patient)
        blinding.changed.connect(self._note_blind_first)
        practice.changed.connect(self._note_prior)
        model.loaded.connect(self._note_model)

    def note_visit(self) -> None:
        """Note that the visit came to the front: the answer to the image that stays open there can be seen from now on.

        A page is brought to the front before another image is opened in it, or the open one closed: that is waited for.
        """
        self._coming.start(0)

    def _forget_unseen(self) -> None:
        self._unseen = ""

    def _take_answer(self, sha256: str) -> None:
        self._unseen = sha256
        self._note_seen()

    def _note_seen(self) -> None:
        if self._unseen and self._is_visit_shown():
            self._audit.note(Action.ANSWER_VIEWED, sha256=self._unseen)
            self._unseen = ""

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
