"""The window: it only wires the workspaces to what does the work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QUndoStack
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
from desktop.widgets.actions import EDIT, build_menus
from desktop.widgets.blind_switch import BlindSwitch
from desktop.widgets.dialogs import Dialogs
from desktop.widgets.dicom_offer import DicomOffer
from desktop.widgets.files import Files
from desktop.widgets.first_steps import FirstSteps
from desktop.widgets.icons import icon
from desktop.widgets.inbox_presenter import InboxPresenter
from desktop.widgets.my_view_presenter import MyViewPresenter
from desktop.widgets.notices import Notices
from desktop.widgets.opening import Opening, local_paths
from desktop.widgets.outcomes import Outcomes
from desktop.widgets.patients import Patients
from desktop.widgets.rail import WORKSPACES, Rail
from desktop.widgets.recent_menu import RecentMenu
from desktop.widgets.report_presenter import ReportPresenter
from desktop.widgets.seeing import Seeing
from desktop.widgets.stability_presenter import StabilityPresenter
from desktop.widgets.status_strip import StatusStrip
from desktop.widgets.theme_menu import ThemeMenu
from desktop.widgets.visit_page import VisitPage
from desktop.widgets.worklists_presenter import WorklistsPresenter
from desktop.widgets.workspaces import Workspaces

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.widgets.batch_page import BatchPage
    from desktop.widgets.history_page import HistoryPage
    from desktop.widgets.model_page import ModelPage


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
        DicomOffer(consultation, bookkeeping, visit_state, self.visit.messages, self)
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
            self, tasks, settings, consultation, batch, bookkeeping, first_steps, drafts, self.workspaces
        )
        outcomes = Outcomes(bookkeeping, self._undo, self.visit.messages, self)
        self._to_do = WorklistsPresenter(bookkeeping, outcomes, self.visit.messages, self)
        MyViewPresenter(self.visit, consultation, blinding, drafts, outcomes, self)
        StabilityPresenter(tasks, consultation, self.visit.panel, self)
        self._blind_switch = BlindSwitch(blinding, self.visit.messages, self)
        self._inbox_presenter = InboxPresenter(inbox, self._strip, settings, files, self)
        Notices(self.visit, self.workspaces, self._strip, consultation, bookkeeping, inbox, self)
        self._lay_out()
        self._make_menus()
        self._wire(first_steps, visit_state)
        self._inbox_presenter.begin(self._menus.actions["watch"], self._menus.actions["inbox"])
        self.setWindowTitle("LesionLens")
        self.setWindowIcon(icon("lesionlens"))
        self.setAcceptDrops(True)
        self.setMinimumSize(1140, 680)
        self.resize(1280, 800)
        self.restoreGeometry(settings.get(keys.GEOMETRY))
        self.visit.show_outline(settings.get(keys.OUTLINE))
        self._menus.actions["outline"].setChecked(settings.get(keys.OUTLINE))
        self._order_by_size(settings.get(keys.BY_SIZE))
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
        view = self.visit.view
        act: dict[str, Callable[..., object]] = {
            "open": self._opening.choose_images,
            "folder": self._opening.choose_folder,
            "paste": self._opening.paste,
            "sample": self._opening.open_sample,
            "watch": self._inbox_presenter.choose,
            "inbox": self._inbox_presenter.open_images,
            "report": self._report.show,
            "copy result": self._report.copy_result,
            "back up": self._dialogs.back_up,
            "restore": self._dialogs.restore_backup,
            "quit": self.close,
            "initials": self._dialogs.ask_initials,
            "blind": self._blind_switch.switch,
            "due": self._to_do.show_due,
            "histology": self._to_do.show_histology,
            "fit": view.fit,
            "actual": view.actual_size,
            "in": view.zoom_in,
            "out": view.zoom_out,
            "turn right": lambda: view.turn(1),
            "turn left": lambda: view.turn(-1),
            "mirror": view.mirror,
            "outline": self.visit.show_outline,
            "seen": self.seeing.show_seen,
            "filters": self.seeing.show_filters,
            "save view": self.seeing.save_view,
            "copy view": self.seeing.copy_view,
            "by size": self._order_by_size,
            "full": lambda full: self.showFullScreen() if full else self.showNormal(),
            "choose": self._choose_model,
            "shipped": self._offer_shipped_model,
            "shortcuts": self._dialogs.show_shortcuts,
            "moving": self._dialogs.show_moving,
            "data": self._dialogs.open_data_folder,
            "log": self._dialogs.open_log_folder,
            "about": self._dialogs.show_about,
        }
        act |= {w.id: lambda _checked=False, chosen=w.id: self.show_workspace(chosen) for w in WORKSPACES}
        act |= self.patients.acts()
        submenus: dict[str, Callable[[str], QMenu]] = {
            "recent": self._make_recent_menu,
            "theme": lambda title: ThemeMenu(title, self._settings, self),
        }
        self._menus = build_menus(self.menuBar(), self, act, submenus)
        self.patients.begin(self._menus.actions)
        self._to_do.show_on(self.patients, self._opening)
        undo = self._undo.createUndoAction(self, self.tr("&Undo"))
        undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        redo = self._undo.createRedoAction(self, self.tr("&Redo"))
        redo.setShortcut(QKeySequence(QKeySequence.StandardKey.Redo))
        self._blind_switch.show_on(self._menus.actions["blind"], self.menuBar(), self.visit.first_steps.blind_first)
        edit = self._menus.menus[EDIT]
        for action in (redo, undo):
            edit.insertAction(edit.actions()[0], action)

    def _make_recent_menu(self, title: str) -> RecentMenu:
        menu = RecentMenu(title, self._settings, self)
        menu.image_chosen.connect(lambda path: self._opening.open_files([path], are_new=False))
        return menu

    def _wire(self, first_steps: FirstSteps, visit_state: VisitState) -> None:
        opening, workspaces = self._opening, self.workspaces
        self._rail.workspace_chosen.connect(self.show_workspace)
        workspaces.shown.connect(self._rail.select)
        workspaces.images_requested.connect(opening.choose_images)
        workspaces.folder_requested.connect(opening.choose_folder)
        workspaces.files_requested.connect(lambda paths: opening.open_files(paths, are_new=False))
        workspaces.entry_requested.connect(opening.open_entry)
        workspaces.batch_progressed.connect(self._strip.show_batch)
        opening.visit_needed.connect(lambda: self.show_workspace("visit"))
        opening.folder_chosen.connect(self._classify_folder)
        first_steps.open_requested.connect(opening.choose_images)
        first_steps.sample_requested.connect(opening.open_sample)
        first_steps.folder_requested.connect(opening.choose_folder)
        first_steps.initials_changed.connect(lambda text: self._settings.put(keys.INITIALS, text.strip()))
        self.visit.outline_toggled.connect(self._keep_outline)
        self.visit.panel.model_requested.connect(self._choose_model)
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

    def _choose_model(self) -> None:
        self.workspaces.model.choose()

    def _offer_shipped_model(self) -> None:
        self.workspaces.model.offer_shipped()

    def _use_model(self, classifier: Classifier) -> None:
        self.visit.use_contract(classifier.contract)
        self._consultation.use(classifier)

    def _keep_outline(self, wanted: bool) -> None:
        self._settings.put(keys.OUTLINE, wanted)
        self._menus.actions["outline"].setChecked(wanted)

    def _order_by_size(self, wanted: bool) -> None:
        self._settings.put(keys.BY_SIZE, wanted)
        self._menus.actions["by size"].setChecked(wanted)
        self.visit.panel.order_by_size(wanted)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_files(local_paths(event.mimeData()))
        event.acceptProposedAction()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.WindowStateChange:
            self._menus.actions["full"].setChecked(bool(self.windowState() & Qt.WindowState.WindowFullScreen))
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._dialogs.may_close():
            event.ignore()
            return
        self._settings.put(keys.GEOMETRY, self.saveGeometry())
        self._settings.put(keys.WORKSPACE, self.workspaces.current)
        self._settings.sync()
        super().closeEvent(event)
