"""The session: the objects that the window and its features share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.frozen import frozen
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.audit_trail import AuditTrail
from desktop.session.batch_run import BatchRun
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.history_trial import HistoryTrial
from desktop.session.import_queue import ImportQueue
from desktop.session.last_answer import LastAnswer
from desktop.session.lock import Lock
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.session.training_run import TrainingRun
from desktop.session.watched_folder import WatchedFolder
from desktop.system.settings import INITIALS, Settings
from desktop.system.tasks import Tasks

if TYPE_CHECKING:
    from desktop.core.encryption.keys import Key


@frozen
class Session:
    """One of each, created by `begin_session`."""

    tasks: Tasks
    settings: Settings
    history_service: HistoryService
    audit: AuditTrail
    blinding: Blinding
    drafts: AssessmentDrafts
    open_image: OpenImage
    model: ModelChoice
    trial: HistoryTrial
    training: TrainingRun
    batch: BatchRun
    watched_folder: WatchedFolder
    open_patient: OpenPatient
    edits: PatientEdits
    import_queue: ImportQueue
    lock: Lock

    def close(self) -> None:
        """Stop the work under way, write everything that is unsaved, end the threads, delete the objects with the next event.

        Deleted, because a signal holds the functions that are connected to it, and these the objects that they use: the session
        and its window would hold each other for ever.
        """
        self.training.close()
        self.batch.close()
        self.watched_folder.stop()
        self.drafts.save()
        self.history_service.close()
        if self.tasks.close():
            for part in reversed(vars(self).values()):  # the window first
                if isinstance(part, QObject):
                    part.deleteLater()


def begin_session(folder: Path, settings: Settings, key: Key | None = None) -> Session:
    """Create the session with its data in `folder`, whose history has a key if it is encrypted."""
    tasks = Tasks()
    history_service = HistoryService(tasks, folder, lambda: settings.get(INITIALS), key)
    audit = AuditTrail(history_service)
    open_patient = OpenPatient(history_service)
    blinding = Blinding(history_service, settings, open_patient)
    drafts = AssessmentDrafts(folder, key)
    last_answer = LastAnswer()
    open_image = OpenImage(tasks, history_service, blinding, last_answer)
    model = ModelChoice(tasks, history_service)
    edits = PatientEdits(open_patient, history_service)
    history_service.erased.connect(drafts.forget_all)
    return Session(
        tasks=tasks,
        settings=settings,
        history_service=history_service,
        audit=audit,
        blinding=blinding,
        drafts=drafts,
        open_image=open_image,
        model=model,
        trial=HistoryTrial(tasks, history_service, model, blinding, settings),
        training=TrainingRun(settings),
        batch=BatchRun(tasks, history_service),
        watched_folder=WatchedFolder(tasks),
        open_patient=open_patient,
        edits=edits,
        import_queue=ImportQueue(tasks, history_service, model, open_patient, edits, open_image, last_answer),
        lock=Lock(tasks, history_service, drafts, audit),
    )
