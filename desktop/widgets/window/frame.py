"""The frame of the window: patient banner, rail, workspaces and status strip, and what these share with the features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.session.pixel_scales import PixelScales
from desktop.session.practice import Practice
from desktop.session.undo import UndoStack
from desktop.system import settings as keys
from desktop.widgets.common.content_scroll import PageScroll
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.patient.patient_banner import PatientBanner
from desktop.widgets.window.rail import Rail
from desktop.widgets.window.status_strip import StatusStrip
from desktop.widgets.window.workspaces import Workspaces

if TYPE_CHECKING:
    from desktop.session.session import Session


class Frame(QWidget):
    """All that is visible at first, but for the menu bar."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        settings, open_patient = session.settings, session.open_patient
        self.undo_stack = UndoStack(self, lambda: None if open_patient.patient is None else open_patient.patient.id)
        self.files = FileDialogs(parent, session.tasks, settings, session.audit)
        self.scales = PixelScales(session.history_service, settings, self)
        self.practice = Practice(settings, self)
        # Each widget is created in its final place: moving the whole tree into another parent later takes 5 ms each time.
        scroll = PageScroll(self)
        self.rail = Rail(self)
        self.strip = StatusStrip(self)
        self.banner = PatientBanner(open_patient, settings.get(keys.INITIALS), self)
        self.workspaces = Workspaces(
            session.open_image,
            session.tasks,
            session.history_service,
            session.blinding,
            session.batch,
            session.model,
            session.trial,
            session.training,
            settings,
            self.files,
            self.undo_stack,
            self.scales,
            self.practice,
            open_patient,
            session.audit,
            scroll,
        )
        scroll.setWidget(self.workspaces)
        self.visit_page = self.workspaces.visit_page
        self.workspaces.shown.connect(self.rail.select)
        self._lay_out(scroll)

    def _lay_out(self, scroll: PageScroll) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self.rail)
        upper.addWidget(scroll, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(upper, 1)
        column.addWidget(self.strip)
