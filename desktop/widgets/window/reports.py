"""The reports of the window, with the words that other rooms have for saved answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.late import Late
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.system.settings import Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.report.report_output import ReportOutput
from desktop.widgets.report.report_presenter import Overlay, ReportPresenter
from desktop.widgets.report.visit_report_presenter import VisitReportPresenter
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.widgets.follow_up import course
    from desktop.widgets.history import history_words
else:
    course = Late("desktop.widgets.follow_up.course")
    history_words = Late("desktop.widgets.history.history_words")


class Reports(QObject):
    """That of the open image, and that of a visit of the open patient."""

    def __init__(
        self,
        window: QWidget,
        tasks: Tasks,
        settings: Settings,
        open_image: OpenImage,
        open_patient: OpenPatient,
        blinding: Blinding,
        history_service: HistoryService,
        files: FileDialogs,
        visit_page: VisitPage,
        overlay: Overlay,
        messages: Callable[[], MessageBar],
        audit: AuditTrail,
    ) -> None:
        """`messages` returns those of the workspace in front."""
        super().__init__(window)
        output = ReportOutput(tasks, files, audit, window)
        panel = visit_page.result_panel
        self._of_image = ReportPresenter(
            window,
            settings,
            open_image,
            blinding,
            history_service,
            panel,
            messages,
            overlay,
            audit,
            output,
        )
        words = cache(lambda: history_words.EntryWords(blinding.conceals_entry, window))
        self._of_visit = VisitReportPresenter(
            window,
            tasks,
            settings,
            open_image,
            open_patient,
            history_service,
            output,
            messages,
            lambda models: words().know_models(models),
            lambda entry: course.answer_text(entry, words()),
            lambda entries: words().lesion(entries),
            blinding.conceals_entry,
            lambda: open_image.classifier,
            lambda: panel.band,
        )

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return self._of_image.acts() | self._of_visit.acts()
