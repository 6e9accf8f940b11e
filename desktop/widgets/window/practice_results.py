"""Sends saved assessments to the practice system, for patients whom it asked for."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
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
    from desktop.core.records.plans import Plans
    from desktop.system import step_task
    from desktop.widgets.common import body_places
    from desktop.widgets.report import page, report_words, visit_pictures, visit_subject, visit_words
    from desktop.widgets.report.visit_content import VisitReport
    from desktop.widgets.report.visit_pictures import LoadedVisit
    from desktop.widgets.report.visit_subject import VisitSubject
    from desktop.widgets.visit import assessment_words
else:
    gdt_records = Late("desktop.core.exchange.gdt_records")
    audit_acts = Late("desktop.core.records.audit_acts")
    step_task = Late("desktop.system.step_task")
    body_places = Late("desktop.widgets.common.body_places")
    page = Late("desktop.widgets.report.page")
    report_words = Late("desktop.widgets.report.report_words")
    visit_pictures = Late("desktop.widgets.report.visit_pictures")
    visit_subject = Late("desktop.widgets.report.visit_subject")
    visit_words = Late("desktop.widgets.report.visit_words")
    assessment_words = Late("desktop.widgets.visit.assessment_words")


class PracticeResults(QObject):
    """A result is what a clinician committed; neither it nor its report has anything of a model's answer.

    One result is made at a time, and its report in steps between which the window handles events: a correction must not
    overtake what it corrects.
    """

    def __init__(
        self,
        tasks: Tasks,
        system: PracticeSystem,
        settings: Settings,
        history_service: HistoryService,
        blinding: Blinding,
        audit: AuditTrail,
        asked: Mapping[int, Request],
        messages: Callable[[], MessageBar],
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
        self._waiting: deque[tuple[str, Assessment]] = deque()
        """The images and assessments whose results are to be made, the one under way first."""
        blinding.committed.connect(self._take)

    @property
    def waiting(self) -> int:
        """How many results are not on their way into the folder yet."""
        return len(self._waiting)

    def _take(self, sha256: str, assessment: Assessment) -> None:
        if self._system.connection is None or not self._asked or assessment.id < 0:  # of a drawn sample
            return
        self._waiting.append((sha256, assessment))
        if len(self._waiting) == 1:
            self._begin()

    def _begin(self) -> None:
        sha256, assessment = self._waiting[0]

        def read(history: History) -> tuple[int | None, Lesion | None, VisitSubject | None, Plans]:
            if assessment.lesion_id is not None:
                lesion = history.people.lesion(assessment.lesion_id)
                plans = history.worklists.plans_of(lesion_id=lesion.id)
                return lesion.patient_id, lesion, visit_subject.read_visit(history, lesion.patient_id), plans
            image_id = history.people.image_id_of(sha256)
            plans = history.worklists.plans_of(image_id=image_id)
            return None if image_id is None else history.people.owner(image_id), None, None, plans

        self._history_service.ask(read, lambda found: self._answer(sha256, assessment, *found), self._fail)

    def _fail(self, error: AppError) -> None:
        self._messages().tell(error)
        self._go_on()

    def _go_on(self) -> None:
        self._waiting.popleft()
        if self._waiting:
            self._begin()

    @contextmanager
    def _others_after_a_bug(self) -> Iterator[None]:
        """Let the results that wait not wait for ever for one that a bug ended."""
        try:
            yield
        except Exception:
            self._go_on()
            raise

    def _answer(
        self,
        sha256: str,
        assessment: Assessment,
        patient_id: int | None,
        lesion: Lesion | None,
        subject: VisitSubject | None,
        plans: Plans,
    ) -> None:
        request = None if patient_id is None else self._asked.get(patient_id)
        connection = self._system.connection
        if request is None or connection is None:
            self._go_on()
            return
        with self._others_after_a_bug():
            result = self._result(request, connection, assessment, plans, lesion)
            is_of_visit = subject is not None and subject.visit.id == assessment.visit_id
            if subject is None or lesion is None or not (is_of_visit and self._settings.get(keys.GDT_REPORT)):
                self._send(connection, sha256, assessment, result, lambda: None)
                return
            one = replace(subject, lesions=tuple(part for part in subject.lesions if part.lesion.id == lesion.id))
            images = list(one.images())
            self._tasks.run(
                Lane.IMAGES,
                lambda _task: visit_pictures.load_pictures(images, self._history_service.read_image),
                partial(self._draw, connection, sha256, assessment, result, one, lesion),
                self._fail,
            )

    def _result(
        self, request: Request, connection: Connection, assessment: Assessment, plans: Plans, lesion: Lesion | None
    ) -> Result:
        names = () if lesion is None else (lesion.name, body_places.place_name(lesion.site))
        where = ", ".join(filter(None, names))
        finding = assessment_words.assessment_text(assessment, plans)
        return gdt_records.Result(
            request.patient,
            assessment.time.astimezone(),
            request.test or connection.test,
            (f"{where}: {finding}" if where else finding,),
            (self.tr("Assessed by {initials}").format(initials=assessment.initials),) if assessment.initials else (),
        )

    def _draw(
        self,
        connection: Connection,
        sha256: str,
        assessment: Assessment,
        result: Result,
        subject: VisitSubject,
        lesion: Lesion,
        loaded: LoadedVisit,
    ) -> None:
        """Draw the report of a result's lesion, in which there is nothing of a model, and send both."""
        name = f"{connection.own_id[:4].upper()}{assessment.time.astimezone():%Y%m%d%H%M%S}-{assessment.id}.pdf"
        path = connection.folder / name
        attachment = gdt_records.Attachment(name, "PDF", f"LesionLens, {lesion.name}", str(path))
        whole = replace(result, attachments=(attachment,))

        def send(content: bytes | None) -> None:
            if content is not None:
                self._send(connection, sha256, assessment, whole, lambda: save_file(path, content))

        with self._others_after_a_bug():
            steps = page.pdf_in_steps(self._report(subject, lesion, loaded))
            step_task.StepTask(steps, send, self._fail, lambda _step: None, self)

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
        """Send a result, and make the next one: those that are sent are written in their order."""
        self._audit.attempt(
            audit_acts.Action.RESULT_SENT,
            {"format": "GDT", "assessment": assessment.id},
            lambda end: self._system.send(connection, result, write_attachments, end),
            lambda error: self._messages().tell(error),
            sha256=sha256,
        )
        self._go_on()
