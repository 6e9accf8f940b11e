"""The main window: its frame and menus, which are visible at first, and what it does as a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from desktop.core.late import Late
from desktop.system import settings as keys
from desktop.widgets.common.icons import icon
from desktop.widgets.window.frame import Frame
from desktop.widgets.window.menu_corner import MenuCorner
from desktop.widgets.window.menus import name_menus
from desktop.widgets.window.staged_start import StagedStart

if TYPE_CHECKING:
    from desktop.session.session import Session
    from desktop.widgets.batch.batch_page import BatchPage
    from desktop.widgets.history.history_page import HistoryPage
    from desktop.widgets.model.model_page import ModelPage
    from desktop.widgets.patient.patient_parts import PatientParts
    from desktop.widgets.visit import image_sources
    from desktop.widgets.window import connections, features
else:
    image_sources = Late("desktop.widgets.visit.image_sources")
    connections = Late("desktop.widgets.window.connections")
    features = Late("desktop.widgets.window.features")


_LEAST = QSize(800, 450)
"""Points: a screen of 1920 x 1080 at 200 % has 960 x 540, minus what the system takes."""

_TITLE_BAR = 32
"""Height of a title bar in pixels, by which the first window is reduced on a low screen."""


class MainWindow(QMainWindow):
    """A rail of workspaces, with what is saved and under way at the bottom."""

    restart_requested = Signal()
    """The program must start again once it has ended: the history is another one now."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.frame = Frame(session, self)
        self.workspaces = self.frame.workspaces
        self.visit_page = self.frame.visit_page
        self._corner = MenuCorner(session.model, self)
        for switch in (self._corner.blind_first, self.visit_page.first_steps.blind_first):
            switch.setChecked(session.blinding.is_on)
        self.menus = name_menus(self.menuBar())
        self.setCentralWidget(self.frame)
        self.menuBar().setCornerWidget(self._corner)
        self.staged_start = StagedStart(self._create_rest(), self)
        self.setWindowTitle("LesionLens")
        self.setWindowIcon(icon("lesionlens"))
        self.setAcceptDrops(True)
        self.setMinimumSize(_LEAST)
        self.resize(1280, min(800, self.screen().availableSize().height() - _TITLE_BAR))
        self.restoreGeometry(session.settings.get(keys.GEOMETRY))
        self.show_workspace("today" if session.settings.get(keys.HAS_BEGUN) else "visit")
        session.settings.put(keys.HAS_BEGUN, True)

    def _create_rest(self) -> Iterator[None]:
        """Create what is not visible before an image is open, in pieces of less than 50 ms."""
        yield from self.visit_page.create_rest()
        self.features = features.Features(self, self._session, self.frame)
        yield from self.features.create()
        self.features.dialogs.restart_requested.connect(self.restart_requested)
        made = connections.Connections(self, self._session, self.frame, self._corner, self.menus, self.features)
        made.fill_menus()
        yield
        made.connect_features()

    def open_files(self, paths: list[Path]) -> None:
        """Open images, or classify the folder if there is one among the paths; once the lock is open, if it is closed."""
        self.staged_start.finish()
        self.features.lock.when_open(lambda: self.features.sources.open_files(paths))

    def show_workspace(self, workspace: str) -> None:
        """Show one of the workspaces by its id."""
        self.workspaces.show_workspace(workspace)

    @property
    def patients(self) -> PatientParts:
        """The parts of the open patient."""
        return self.features.patients

    @property
    def history(self) -> HistoryPage:
        """The workspace of the history."""
        return self.workspaces.history.page

    @property
    def batch(self) -> BatchPage:
        """The workspace of whole folders."""
        return self.workspaces.batch.page

    @property
    def model(self) -> ModelPage:
        """The workspace of the model."""
        return self.workspaces.model.page

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if image_sources.local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_files(image_sources.local_paths(event.mimeData()))
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.staged_start.finish()
        if not self.features.dialogs.may_close():
            event.ignore()
            return
        settings = self._session.settings
        settings.put(keys.GEOMETRY, self.saveGeometry())
        settings.sync()
        super().closeEvent(event)
