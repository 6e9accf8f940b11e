"""The window: it only wires the workspaces to what does the work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from desktop import settings as keys
from desktop.batch_run import BatchRun
from desktop.blinding import Blinding
from desktop.bookkeeping import Bookkeeping
from desktop.consultation import Consultation
from desktop.drafts import Drafts
from desktop.inbox import Inbox
from desktop.intake import Intake
from desktop.model_choice import ModelChoice
from desktop.scales import Scales
from desktop.settings import Settings
from desktop.tasks import Tasks
from desktop.visit import VisitState
from desktop.visit_changes import VisitChanges
from desktop.widgets.actions import EDIT, build_menus
from desktop.widgets.blind_switch import BlindSwitch
from desktop.widgets.dialogs import Dialogs
from desktop.widgets.dicom_offer import DicomOffer
from desktop.widgets.files import Files
from desktop.widgets.first_steps import FirstSteps
from desktop.widgets.icons import icon
from desktop.widgets.inbox_presenter import InboxPresenter
from desktop.widgets.initials import Initials
from desktop.widgets.menu_corner import MenuCorner
from desktop.widgets.my_view_presenter import MyViewPresenter
from desktop.widgets.notices import Notices
from desktop.widgets.opening import Opening, local_paths
from desktop.widgets.outcomes import Outcomes
from desktop.widgets.patients import Patients
from desktop.widgets.rail import Rail
from desktop.widgets.report_presenter import ReportPresenter
from desktop.widgets.seeing import Seeing
from desktop.widgets.stability_presenter import StabilityPresenter
from desktop.widgets.status_strip import StatusStrip
from desktop.widgets.theme_menu import ThemeMenu
from desktop.widgets.undo import add_undo
from desktop.widgets.view_options import ViewOptions
from desktop.widgets.visit_page import VisitPage
from desktop.widgets.worklists_presenter import WorklistsPresenter
from desktop.widgets.workspaces import Workspaces

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.widgets.batch_page import BatchPage
    from desktop.widgets.history_page import HistoryPage
    from desktop.widgets.model_page import ModelPage


_TITLE_BAR = 32
"""Pixels that a title bar takes; on a low screen the first window stays whole with its bottom line in sight."""


class MainWindow(QMainWindow):
    """One window: a rail of workspaces, what is saved and under way at the bottom."""

    def __init__(
        self,
        tasks: Tasks,
        settings: Settings,
        consultation: Consultation,
        batch: BatchRun,
        model: ModelChoice,
        bookkeeping: Bookkeeping,
        inbox: Inbox,
        blinding: Blinding,
        drafts: Drafts,
        visit_state: VisitState,
        changes: VisitChanges,
        intake: Intake,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._consultation = consultation
        self._model = model
        self._undo = QUndoStack(self)
        files = Files(self, tasks, settings)
        self._rail = Rail(self)
        self._strip = StatusStrip(self)
        first_steps = FirstSteps(bookkeeping.folder, settings.get(keys.INITIALS), self)
        self.visit = VisitPage(consultation, tasks, first_steps, self)
        scales = Scales(bookkeeping, settings, self)
        self.workspaces = Workspaces(
            self.visit, tasks, bookkeeping, blinding, batch, model, settings, files, self._undo, scales, self
        )
        self.seeing = Seeing(self.visit, consultation, bookkeeping, tasks, settings, self._undo, scales, self)
        self._opening = Opening(self.visit, consultation, bookkeeping, inbox, settings, files, self)
        self.patients = Patients(
            visit_state,
            changes,
            intake,
            consultation,
            bookkeeping,
            blinding,
            self.visit,
            self._opening,
            files,
            self._undo,
            settings.get(keys.INITIALS),
            self,
        )
        DicomOffer(consultation, bookkeeping, visit_state, self.patients.presenter.changes, self.visit.messages, self)
        self._report = ReportPresenter(
            self,
            tasks,
            settings,
            files,
            consultation,
            blinding,
            bookkeeping,
            self.visit.panel,
            self.visit.messages,
            self.seeing.overlay_as_picture,
        )
        self._dialogs = Dialogs(
            self, tasks, settings, consultation, batch, bookkeeping, drafts, intake, self.workspaces
        )
        self._initials = Initials(settings, consultation, first_steps, self.patients.banner, self)
        self._corner = MenuCorner(model, self)
        outcomes = Outcomes(bookkeeping, self._undo, self.visit.messages, self)
        self._to_do = WorklistsPresenter(bookkeeping, outcomes, self.visit.messages, self)
        MyViewPresenter(self.visit, consultation, blinding, drafts, outcomes, self)
        StabilityPresenter(tasks, consultation, self.visit.panel, self)
        self._blind_switch = BlindSwitch(blinding, self.visit.messages, self)
        self._options = ViewOptions(self, self.visit, settings)
        self._inbox_presenter = InboxPresenter(inbox, self._strip, settings, files, self)
        Notices(self.visit, self.workspaces, self._strip, consultation, blinding, bookkeeping, inbox, self)
        self._lay_out()
        self._make_menus()
        self._wire(visit_state)
        self._inbox_presenter.begin(self._menus.actions["watch"], self._menus.actions["inbox"])
        self.setWindowTitle("LesionLens")
        self.setWindowIcon(icon("lesionlens"))
        self.setAcceptDrops(True)
        self.setMinimumSize(1140, 680)
        room = self.screen().availableSize().height()
        self.resize(1280, 800 if room >= 800 else room - _TITLE_BAR)
        self.restoreGeometry(settings.get(keys.GEOMETRY))
        self._options.begin(self._menus.actions)
        self.show_workspace(settings.get(keys.WORKSPACE))

    def open_files(self, paths: list[Path]) -> None:
        """Open images, or classify the folder if there is one among the paths."""
        self._opening.open_files(paths)

    def show_workspace(self, workspace: str) -> None:
        """Show one of the workspaces by its id."""
        self.workspaces.show_workspace(workspace)

    @property
    def history(self) -> HistoryPage:
        """The page of the history."""
        return self.workspaces.history.page

    @property
    def batch(self) -> BatchPage:
        """The page of whole folders."""
        return self.workspaces.batch.page

    @property
    def model(self) -> ModelPage:
        """The page of the model."""
        return self.workspaces.model.page

    def _lay_out(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._rail)
        upper.addWidget(self.workspaces, 1)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.patients.banner)
        column.addLayout(upper, 1)
        column.addWidget(self._strip)
        self.setCentralWidget(whole)

    def _make_menus(self) -> None:
        act: dict[str, Callable[..., object]] = {
            "quit": self.close,
            "blind": self._blind_switch.switch,
        }
        for part in (
            self._options,
            self._opening,
            self._inbox_presenter,
            self._report,
            self._initials,
            self._dialogs,
            self.seeing,
            self._to_do,
            self.workspaces,
            self.patients,
        ):
            act |= part.acts()
        submenus: dict[str, Callable[[str], QMenu]] = {
            "recent": lambda title: self._opening.recent_menu(title, self),
            "theme": lambda title: ThemeMenu(title, self._settings, self),
        }
        self._menus = build_menus(self.menuBar(), self, act, submenus)
        self.patients.begin(self._menus.actions)
        self._to_do.show_on(self.patients, self._opening)
        self.menuBar().setCornerWidget(self._corner)
        switches = (self._corner.blind_first, self.visit.first_steps.blind_first)
        self._blind_switch.show_on(self._menus.actions["blind"], *switches)
        add_undo(self._menus.menus[EDIT], self._undo, self)

    def _wire(self, visit_state: VisitState) -> None:
        opening, workspaces = self._opening, self.workspaces
        self._rail.workspace_chosen.connect(self.show_workspace)
        self._corner.model_requested.connect(lambda: self.show_workspace("model"))
        workspaces.shown.connect(self._rail.select)
        workspaces.images_requested.connect(opening.choose_images)
        workspaces.folder_requested.connect(opening.choose_folder)
        workspaces.files_requested.connect(lambda paths: opening.open_files(paths, are_new=False))
        workspaces.entry_requested.connect(opening.open_entry)
        workspaces.batch_progressed.connect(self._strip.show_batch)
        opening.visit_needed.connect(lambda: self.show_workspace("visit"))
        opening.folder_chosen.connect(self._classify_folder)
        self.visit.panel.model_requested.connect(self.workspaces.choose_model)
        self.visit.panel.shown_anyway.connect(self._consultation.disclose)
        self._model.loaded.connect(self._use_model)
        self._model.load_failed.connect(self.visit.show_model_error)
        self._inbox_presenter.images_requested.connect(opening.open_files)
        self.seeing.compare_requested.connect(workspaces.add_to_compare)
        visit_state.patient_changed.connect(lambda: workspaces.take_patient(visit_state.patient))
        self._strip.undo_requested.connect(self._undo.undo)
        self._undo.undoTextChanged.connect(self._strip.offer_undo)

    def _classify_folder(self, folder: Path, has_others: bool) -> None:
        self.show_workspace("batch")
        self.workspaces.batch.classify(folder, has_others=has_others)

    def _use_model(self, classifier: Classifier) -> None:
        self.visit.use_contract(classifier.contract)
        self._consultation.use(classifier)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_files(local_paths(event.mimeData()))
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._dialogs.may_close():
            event.ignore()
            return
        self._settings.put(keys.GEOMETRY, self.saveGeometry())
        self._settings.put(keys.WORKSPACE, self.workspaces.current)
        self._settings.sync()
        super().closeEvent(event)
