"""Sends saved assessments to the practice system, for patients whom it asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.late import Late
from desktop.core.whole_files import save_file
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.practice_system import PracticeSystem
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.message_bar import MessageBar

if TYPE_CHECKING:
    from desktop.core.exchange import gdt_records
    from desktop.core.exchange.gdt_folder import Connection
    from desktop.core.exchange.gdt_records import Request, Result
    from desktop.core.records import audit_acts
    from desktop.core.records.history import History
    from desktop.core.records.people import Assessment, Lesion
    from desktop.widgets.common import body_places
    from desktop.widgets.report import page, report_words, visit_pictures, visit_subject, visit_words
    from desktop.widgets.report.visit_content import VisitReport
    from desktop.widgets.report.visit_pictures import LoadedVisit
    from desktop.widgets.report.visit_subject import VisitSubject
    from desktop.widgets.visit import assessment_words
else:
    gdt_records = Late("desktop.core.exchange.gdt_records")
    audit_acts = Late("desktop.core.records.audit_acts")
    body_places = Late("desktop.widgets.common.body_places")
    page = Late("desktop.widgets.report.page")
    report_words = Late("desktop.widgets.report.report_words")
    visit_pictures = Late("desktop.widgets.report.visit_pictures")
    visit_subject = Late("desktop.widgets.report.visit_subject")
    visit_words = Late("desktop.widgets.report.visit_words")
    assessment_words = Late("desktop.widgets.visit.assessment_words")


class PracticeResults(QObject):
    """A result is what a clinician committed; neither it nor its report has anything of a model's answer."""

    def __init__(
        self,
        tasks: Tasks,
        system: PracticeSystem,
        settings: Settings,
        history_service: HistoryService,
        blinding: Blinding,
        audit: AuditTrail,
        asked: Mapping[int, Request],
        messages: MessageBar,
        parent: QObject,
    ) -> None:
        """`asked` are the requests that results answer, by the patient's id."""
        super().__init__(parent)
        self._tasks = tasks
        self._system = system
        self._settings = settings
        self._history_service = history_service
        self._audit = audit
        self._asked = asked
        self._messages = messages
        blinding.committed.connect(self._take)

    def _take(self, sha256: str, assessment: Assessment) -> None:
        if self._system.connection is None or not self._asked or assessment.id < 0:  # of a drawn sample
            return

        def read(history: History) -> tuple[int | None, Lesion | None, VisitSubject | None]:
            if assessment.lesion_id is not None:
                lesion = history.people.lesion(assessment.lesion_id)
                return lesion.patient_id, lesion, visit_subject.read_visit(history, lesion.patient_id)
            image_id = history.people.image_id_of(sha256)
            return None if image_id is None else history.people.owner(image_id), None, None

        self._history_service.ask(read, lambda found: self._answer(sha256, assessment, *found), self._messages.tell)

    def _answer(
        self,
        sha256: str,
        assessment: Assessment,
        patient_id: int | None,
        lesion: Lesion | None,
        subject: VisitSubject | None,
    ) -> None:
        request = None if patient_id is None else self._asked.get(patient_id)
        connection = self._system.connection
        if request is None or connection is None:
            return
        names = () if lesion is None else (lesion.name, body_places.place_name(lesion.site))
        where = ", ".join(filter(None, names))
        finding = assessment_words.assessment_text(assessment)
        result = gdt_records.Result(
            request.patient,
            assessment.time.astimezone(),
            request.test or connection.test,
            (f"{where}: {finding}" if where else finding,),
            (self.tr("Assessed by {initials}").format(initials=assessment.initials),) if assessment.initials else (),
        )
        is_of_visit = subject is not None and subject.visit.id == assessment.visit_id
        if subject is None or lesion is None or not (is_of_visit and self._settings.get(keys.GDT_REPORT)):
            self._send(connection, sha256, assessment, result, lambda: None)
            return
        one = replace(subject, lesions=tuple(part for part in subject.lesions if part.lesion.id == lesion.id))
        images = list(one.images())
        self._tasks.run(
            Lane.IMAGES,
            lambda _task: visit_pictures.load_pictures(images, self._history_service.read_image),
            partial(self._attach, connection, sha256, assessment, result, one, lesion),
            self._messages.tell,
        )

    def _attach(
        self,
        connection: Connection,
        sha256: str,
        assessment: Assessment,
        result: Result,
        subject: VisitSubject,
        lesion: Lesion,
        loaded: LoadedVisit,
    ) -> None:
        """Send a result with the report of its lesion, in which there is nothing of a model."""
        report = self._report(subject, lesion, loaded)
        name = f"{connection.own_id[:4].upper()}{assessment.time.astimezone():%Y%m%d%H%M%S}-{assessment.id}.pdf"
        path = connection.folder / name
        attachment = gdt_records.Attachment(name, "PDF", f"LesionLens, {lesion.name}", str(path))
        content = page.pdf(report)
        self._send(
            connection, sha256, assessment, replace(result, attachments=(attachment,)), lambda: save_file(path, content)
        )

    def _report(self, subject: VisitSubject, lesion: Lesion, loaded: LoadedVisit) -> VisitReport:
        choices = report_words.ReportOptions(
            clinic=tuple(self._settings.get(keys.CLINIC)),
            visit=report_words.VisitChoices(frozenset({lesion.id}), with_overviews=False, with_model=False),
        )
        now = dt.datetime.now(dt.UTC)
        return visit_words.compose_visit(subject, loaded, None, "", choices, now)

    def _send(
        self,
        connection: Connection,
        sha256: str,
        assessment: Assessment,
        result: Result,
        write_attachments: Callable[[], None],
    ) -> None:
        self._audit.attempt(
            audit_acts.Action.RESULT_SENT,
            {"format": "GDT", "assessment": assessment.id},
            lambda end: self._system.send(connection, result, write_attachments, end),
            self._messages.tell,
            sha256=sha256,
        )
