"""The main window, which only connects the workspaces to the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from desktop.core.late import Late
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.batch_run import BatchRun
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.import_queue import ImportQueue
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.session.pixel_scales import PixelScales
from desktop.session.undo import UndoStack
from desktop.session.watched_folder import WatchedFolder
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.content_scroll import PageScroll
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.icons import icon
from desktop.widgets.patient.patient_banner import PatientBanner
from desktop.widgets.visit.first_steps import FirstSteps
from desktop.widgets.visit.visit_page import VisitPage
from desktop.widgets.window.menu_corner import MenuCorner
from desktop.widgets.window.menus import EDIT, fill_menus, name_menus
from desktop.widgets.window.rail import Rail
from desktop.widgets.window.staged_start import StagedStart
from desktop.widgets.window.status_strip import StatusStrip
from desktop.widgets.window.workspaces import Workspaces

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.widgets.answer import stability_presenter
    from desktop.widgets.batch.batch_page import BatchPage
    from desktop.widgets.common import undo
    from desktop.widgets.history.history_page import HistoryPage
    from desktop.widgets.model.model_page import ModelPage
    from desktop.widgets.patient import patient_parts, worklists_presenter
    from desktop.widgets.report import report_presenter
    from desktop.widgets.visit import (
        assessment_presenter,
        image_sources,
        image_workbench,
        outcome_presenter,
        view_options,
    )
    from desktop.widgets.window import (
        blind_switch,
        dialogs,
        initials_presenter,
        save_notices,
        theme_menu,
        watched_folder_presenter,
    )
else:
    blind_switch = Late("desktop.widgets.window.blind_switch")
    dialogs = Late("desktop.widgets.window.dialogs")
    watched_folder_presenter = Late("desktop.widgets.window.watched_folder_presenter")
    initials_presenter = Late("desktop.widgets.window.initials_presenter")
    assessment_presenter = Late("desktop.widgets.visit.assessment_presenter")
    save_notices = Late("desktop.widgets.window.save_notices")
    image_sources = Late("desktop.widgets.visit.image_sources")
    outcome_presenter = Late("desktop.widgets.visit.outcome_presenter")
    patient_parts = Late("desktop.widgets.patient.patient_parts")
    report_presenter = Late("desktop.widgets.report.report_presenter")
    image_workbench = Late("desktop.widgets.visit.image_workbench")
    stability_presenter = Late("desktop.widgets.answer.stability_presenter")
    theme_menu = Late("desktop.widgets.window.theme_menu")
    undo = Late("desktop.widgets.common.undo")
    view_options = Late("desktop.widgets.visit.view_options")
    worklists_presenter = Late("desktop.widgets.patient.worklists_presenter")


_LEAST = QSize(800, 450)
"""Points: a screen of 1920 x 1080 at 200 % has 960 x 540, minus what the system takes."""

_TITLE_BAR = 32
"""Height of a title bar in pixels, by which the first window is reduced on a low screen."""


class MainWindow(QMainWindow):
    """A rail of workspaces, with what is saved and under way at the bottom."""

    def __init__(
        self,
        tasks: Tasks,
        settings: Settings,
        consultation: OpenImage,
        batch: BatchRun,
        model: ModelChoice,
        bookkeeping: HistoryService,
        inbox: WatchedFolder,
        blinding: Blinding,
        drafts: AssessmentDrafts,
        visit_state: OpenPatient,
        changes: PatientEdits,
        intake: ImportQueue,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._consultation = consultation
        self._model = model
        self._changes = UndoStack(self)
        self._files = FileDialogs(self, tasks, settings)
        self._rail = Rail(self)
        self._strip = StatusStrip(self)
        first_steps = FirstSteps(bookkeeping.folder, settings.get(keys.INITIALS), self)
        self.visit = VisitPage(consultation, tasks, first_steps, self)
        self._scales = PixelScales(bookkeeping, settings, self)
        self.workspaces = Workspaces(
            self.visit,
            tasks,
            bookkeeping,
            blinding,
            batch,
            model,
            settings,
            self._files,
            self._changes,
            self._scales,
            self,
        )
        self._banner = PatientBanner(visit_state, settings.get(keys.INITIALS), self)
        self._corner = MenuCorner(model, self)
        self._blind_switches = (self._corner.blind_first, first_steps.blind_first)
        for switch in self._blind_switches:
            switch.setChecked(blinding.is_on)
        self._menus = name_menus(self.menuBar())
        self._lay_out()
        self.furnishing = StagedStart(
            self._furnish(tasks, batch, bookkeeping, inbox, blinding, drafts, visit_state, changes, intake), self
        )
        self.setWindowTitle("LesionLens")
        self.setWindowIcon(icon("lesionlens"))
        self.setAcceptDrops(True)
        self.setMinimumSize(_LEAST)
        self.resize(1280, min(800, self.screen().availableSize().height() - _TITLE_BAR))
        self.restoreGeometry(settings.get(keys.GEOMETRY))
        self.workspaces.shown.connect(self._rail.select)
        self.show_workspace(settings.get(keys.WORKSPACE))

    def _furnish(
        self,
        tasks: Tasks,
        batch: BatchRun,
        bookkeeping: HistoryService,
        inbox: WatchedFolder,
        blinding: Blinding,
        drafts: AssessmentDrafts,
        visit_state: OpenPatient,
        changes: PatientEdits,
        intake: ImportQueue,
    ) -> Iterator[None]:
        """Create what is not visible before an image is open, in pieces of less than 50 ms."""
        visit, settings, consultation, files = self.visit, self._settings, self._consultation, self._files
        yield from visit.furnish()
        self.seeing = image_workbench.ImageWorkbench(
            visit, consultation, bookkeeping, tasks, settings, self._changes, self._scales, self
        )
        yield
        self._opening = image_sources.ImageSources(
            visit, consultation, bookkeeping, visit_state, inbox, settings, files, self
        )
        self.patients = patient_parts.PatientParts(
            visit_state,
            changes,
            intake,
            consultation,
            bookkeeping,
            blinding,
            visit,
            self._opening,
            files,
            self._changes,
            self._banner,
            self,
        )
        yield
        self._report = report_presenter.ReportPresenter(
            self,
            tasks,
            settings,
            files,
            consultation,
            blinding,
            bookkeeping,
            visit.panel,
            visit.messages,
            self.seeing.overlay_as_picture,
        )
        self._dialogs = dialogs.WindowDialogs(
            self, tasks, settings, consultation, batch, bookkeeping, drafts, intake, self.workspaces
        )
        self._initials = initials_presenter.InitialsPresenter(
            settings, consultation, visit.first_steps, self._banner, self
        )
        asking = outcome_presenter.OutcomePresenter(bookkeeping, self._changes, visit.messages, self)
        self._to_do = worklists_presenter.WorklistsPresenter(bookkeeping, asking, visit.messages, self)
        assessment_presenter.AssessmentPresenter(visit, consultation, blinding, drafts, asking, self._changes, self)
        yield
        stability_presenter.StabilityPresenter(tasks, consultation, visit.panel, self)
        self._blind_switch = blind_switch.BlindSwitch(blinding, visit.messages, self)
        self._options = view_options.ViewOptions(self, visit, settings)
        self._inbox_presenter = watched_folder_presenter.WatchedFolderPresenter(
            inbox, self._strip, settings, files, self
        )
        save_notices.SaveNotices(visit, self.workspaces, self._strip, consultation, blinding, bookkeeping, inbox, self)
        yield
        self._fill_menus()
        yield
        self._wire(visit_state, bookkeeping)
        self._inbox_presenter.begin(self._menus.actions["watch"], self._menus.actions["inbox"])
        self._options.begin(self._menus.actions)
        visit.order_keys(self._banner, self.patients.lesions, self.patients.summary, self._corner)

    def open_files(self, paths: list[Path]) -> None:
        """Open images, or classify the folder if there is one among the paths."""
        self.furnishing.finish()
        self._opening.open_files(paths)

    def show_workspace(self, workspace: str) -> None:
        """Show one of the workspaces by its id."""
        self.workspaces.show_workspace(workspace)

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

    def _lay_out(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._rail)
        upper.addWidget(PageScroll(self.workspaces, self), 1)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._banner)
        column.addLayout(upper, 1)
        column.addWidget(self._strip)
        self.setCentralWidget(whole)
        self.menuBar().setCornerWidget(self._corner)

    def _fill_menus(self) -> None:
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
            "theme": lambda title: theme_menu.ThemeMenu(title, self._settings, self),
        }
        fill_menus(self._menus, self, act, submenus)
        self.patients.begin(self._menus.actions)
        self._to_do.show_on(self.patients, self._opening)
        self._blind_switch.show_on(self._menus.actions["blind"], *self._blind_switches)
        undo.add_undo(self._menus.menus[EDIT], self._changes, self)

    def _wire(self, visit_state: OpenPatient, bookkeeping: HistoryService) -> None:
        brought, workspaces = self._opening, self.workspaces
        self._rail.workspace_chosen.connect(self.show_workspace)
        self._corner.model_requested.connect(lambda: self.show_workspace("model"))
        workspaces.images_requested.connect(brought.choose_images)
        workspaces.folder_requested.connect(brought.choose_folder)
        workspaces.files_requested.connect(lambda paths: brought.open_files(paths, are_new=False))
        workspaces.entry_requested.connect(brought.open_entry)
        workspaces.batch_progressed.connect(self._strip.show_batch)
        brought.visit_needed.connect(lambda: self.show_workspace("visit"))
        brought.folder_chosen.connect(self._classify_folder)
        self.visit.panel.model_requested.connect(self.workspaces.choose_model)
        self.visit.panel.shown_anyway.connect(self._consultation.disclose)
        self._model.loaded.connect(self._use_model)
        self._model.load_failed.connect(self.visit.show_model_error)
        self._inbox_presenter.images_requested.connect(brought.open_files)
        self.seeing.compare_requested.connect(workspaces.add_to_compare)
        visit_state.patient_changed.connect(lambda: workspaces.take_patient(visit_state.patient))
        self._strip.undo_requested.connect(self._changes.undo)
        self._changes.changed.connect(
            lambda: self._strip.offer_undo(self._changes.undo_text, is_enabled=not self._changes.is_writing)
        )
        self._changes.failed.connect(workspaces.tell)
        self._changes.refused.connect(lambda reason: workspaces.messages.say(reason, error=False))
        bookkeeping.opened.connect(self._changes.clear)  # another history may be open than the one that was changed

    def _classify_folder(self, folder: Path, has_others: bool) -> None:
        self.show_workspace("batch")
        self.workspaces.batch.classify(folder, has_others=has_others)

    def _use_model(self, classifier: Classifier) -> None:
        self.visit.use_contract(classifier.contract)
        self._consultation.use(classifier)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if image_sources.local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_files(image_sources.local_paths(event.mimeData()))
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.furnishing.finish()
        if not self._dialogs.may_close():
            event.ignore()
            return
        self._settings.put(keys.GEOMETRY, self.saveGeometry())
        self._settings.put(keys.WORKSPACE, self.workspaces.current)
        self._settings.sync()
        super().closeEvent(event)
