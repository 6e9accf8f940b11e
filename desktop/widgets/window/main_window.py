"""The main window, which only connects the workspaces to the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from desktop.core.late import Late
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.audit_trail import AuditTrail
from desktop.session.batch_run import BatchRun
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.import_queue import ImportQueue
from desktop.session.lock import Lock
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.session.pixel_scales import PixelScales
from desktop.session.practice import Practice
from desktop.session.undo import UndoStack
from desktop.session.watched_folder import WatchedFolder
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.content_scroll import PageScroll
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.icons import icon
from desktop.widgets.patient.patient_banner import PatientBanner
from desktop.widgets.window.menu_corner import MenuCorner
from desktop.widgets.window.menus import EDIT, fill_menus, name_menus
from desktop.widgets.window.rail import Rail
from desktop.widgets.window.staged_start import StagedStart
from desktop.widgets.window.status_strip import StatusStrip
from desktop.widgets.window.workspaces import Workspaces

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.session import audited_session, look_alikes
    from desktop.widgets.answer import stability_presenter
    from desktop.widgets.batch.batch_page import BatchPage
    from desktop.widgets.common import undo
    from desktop.widgets.history.history_page import HistoryPage
    from desktop.widgets.model import outcome_export_presenter, practice_presenter, try_presenter
    from desktop.widgets.model.model_page import ModelPage
    from desktop.widgets.patient import patient_parts, worklists_presenter
    from desktop.widgets.visit import (
        assessment_presenter,
        image_sources,
        image_workbench,
        outcome_presenter,
        similar_presenter,
        view_options,
    )
    from desktop.widgets.window import (
        blind_switch,
        dialogs,
        initials_presenter,
        lock_presenter,
        practice_system_presenter,
        reports,
        save_notices,
        theme_menu,
        watched_folder_presenter,
    )
else:
    audited_session = Late("desktop.session.audited_session")
    look_alikes = Late("desktop.session.look_alikes")
    similar_presenter = Late("desktop.widgets.visit.similar_presenter")
    blind_switch = Late("desktop.widgets.window.blind_switch")
    dialogs = Late("desktop.widgets.window.dialogs")
    watched_folder_presenter = Late("desktop.widgets.window.watched_folder_presenter")
    initials_presenter = Late("desktop.widgets.window.initials_presenter")
    lock_presenter = Late("desktop.widgets.window.lock_presenter")
    practice_system_presenter = Late("desktop.widgets.window.practice_system_presenter")
    assessment_presenter = Late("desktop.widgets.visit.assessment_presenter")
    reports = Late("desktop.widgets.window.reports")
    save_notices = Late("desktop.widgets.window.save_notices")
    image_sources = Late("desktop.widgets.visit.image_sources")
    outcome_presenter = Late("desktop.widgets.visit.outcome_presenter")
    patient_parts = Late("desktop.widgets.patient.patient_parts")
    outcome_export_presenter = Late("desktop.widgets.model.outcome_export_presenter")
    try_presenter = Late("desktop.widgets.model.try_presenter")
    practice_presenter = Late("desktop.widgets.model.practice_presenter")
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

    restart_requested = Signal()
    """The program must start again once it has ended: the history is another one now."""

    def __init__(
        self,
        tasks: Tasks,
        settings: Settings,
        open_image: OpenImage,
        batch: BatchRun,
        model: ModelChoice,
        history_service: HistoryService,
        watched_folder: WatchedFolder,
        blinding: Blinding,
        drafts: AssessmentDrafts,
        open_patient: OpenPatient,
        edits: PatientEdits,
        import_queue: ImportQueue,
        audit: AuditTrail,
        lock: Lock,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._audit = audit
        self._open_image = open_image
        self._model = model
        self._undo_stack = UndoStack(self, lambda: None if open_patient.patient is None else open_patient.patient.id)
        self._files = FileDialogs(self, tasks, settings, audit)
        self._scales = PixelScales(history_service, settings, self)
        self._practice = Practice(settings, self)
        # Each widget is created in its final place: moving the whole tree into another parent later takes 5 ms each time.
        whole = QWidget(self)
        scroll = PageScroll(whole)
        self._rail = Rail(whole)
        self._strip = StatusStrip(whole)
        self._banner = PatientBanner(open_patient, settings.get(keys.INITIALS), whole)
        self.workspaces = Workspaces(
            open_image,
            tasks,
            history_service,
            blinding,
            batch,
            model,
            settings,
            self._files,
            self._undo_stack,
            self._scales,
            self._practice,
            open_patient,
            audit,
            scroll,
        )
        scroll.setWidget(self.workspaces)
        self.visit_page = self.workspaces.visit_page
        self._corner = MenuCorner(model, self)
        self._blind_switches = (self._corner.blind_first, self.visit_page.first_steps.blind_first)
        for switch in self._blind_switches:
            switch.setChecked(blinding.is_on)
        self._menus = name_menus(self.menuBar())
        self._lay_out(whole, scroll)
        self.staged_start = StagedStart(
            self._create_rest(
                tasks, batch, history_service, watched_folder, blinding, drafts, open_patient, edits, import_queue, lock
            ),
            self,
        )
        self.setWindowTitle("LesionLens")
        self.setWindowIcon(icon("lesionlens"))
        self.setAcceptDrops(True)
        self.setMinimumSize(_LEAST)
        self.resize(1280, min(800, self.screen().availableSize().height() - _TITLE_BAR))
        self.restoreGeometry(settings.get(keys.GEOMETRY))
        self.workspaces.shown.connect(self._rail.select)
        self.show_workspace("today" if settings.get(keys.HAS_BEGUN) else "visit")

    def _create_rest(
        self,
        tasks: Tasks,
        batch: BatchRun,
        history_service: HistoryService,
        watched_folder: WatchedFolder,
        blinding: Blinding,
        drafts: AssessmentDrafts,
        open_patient: OpenPatient,
        edits: PatientEdits,
        import_queue: ImportQueue,
        lock: Lock,
    ) -> Iterator[None]:
        """Create what is not visible before an image is open, in pieces of less than 50 ms."""
        visit_page, settings, open_image, files = self.visit_page, self._settings, self._open_image, self._files
        yield from visit_page.create_rest()
        audited_session.AuditedSession(
            self._audit, history_service, open_image, open_patient, blinding, self._practice, self._model, self
        )
        self.workbench = image_workbench.ImageWorkbench(
            visit_page, open_image, history_service, tasks, settings, self._undo_stack, self._scales, self._audit, self
        )
        yield
        self._image_sources = image_sources.ImageSources(
            visit_page, open_image, history_service, open_patient, watched_folder, settings, files, self
        )
        self.patients = patient_parts.PatientParts(
            open_patient,
            edits,
            import_queue,
            open_image,
            history_service,
            blinding,
            visit_page,
            self._image_sources,
            files,
            self._undo_stack,
            self._banner,
            self._practice,
            self.workspaces.image_thumbnails,
            self,
        )
        yield
        self._reports = reports.Reports(
            self,
            tasks,
            settings,
            open_image,
            open_patient,
            blinding,
            history_service,
            files,
            visit_page,
            self.workbench.overlay_as_picture,
            lambda: self.workspaces.messages,
            self._audit,
        )
        self._dialogs = dialogs.WindowDialogs(
            self,
            tasks,
            settings,
            open_image,
            batch,
            history_service,
            drafts,
            import_queue,
            self.workspaces,
            self._audit,
            lock,
        )
        self._dialogs.restart_requested.connect(self.restart_requested)
        self._lock_presenter = lock_presenter.LockPresenter(
            self, lock, settings, self._audit, self._dialogs.manage_encryption
        )
        self._practice_presenter = practice_presenter.PracticePresenter(
            self._practice, self._model, history_service, lambda: self.workspaces.messages, self
        )
        self._outcome_export = outcome_export_presenter.OutcomeExportPresenter(
            tasks, self._model, history_service, settings, self._audit, lambda: self.workspaces.messages, self
        )
        self.trying = try_presenter.TryPresenter(
            tasks, self._model, history_service, settings, files, self._audit, lambda: self.workspaces.messages, self
        )
        self._initials = initials_presenter.InitialsPresenter(
            settings, open_image, visit_page.first_steps, self._banner, self
        )
        outcomes = outcome_presenter.OutcomePresenter(history_service, self._undo_stack, visit_page.messages, self)
        self._worklists_presenter = worklists_presenter.WorklistsPresenter(
            history_service, outcomes, visit_page.messages, self
        )
        search = look_alikes.LookAlikeSearch(tasks, open_image, open_patient, blinding, history_service, self)
        self._similar = similar_presenter.SimilarPresenter(
            self,
            search,
            history_service,
            self._audit,
            lambda: self.workspaces.messages,
            self.workspaces.compare_entries,
        )
        assessments = assessment_presenter.AssessmentPresenter(
            visit_page, open_image, open_patient, blinding, drafts, outcomes, search, self._undo_stack, self
        )
        assessments.similar_requested.connect(self._similar.show)
        self.workspaces.serve_assessments(assessments.serve)
        self.workspaces.shown.connect(lambda _workspace: assessments.show())
        yield
        stability_presenter.StabilityPresenter(tasks, open_image, visit_page.result_panel, self)
        self._blind_switch = blind_switch.BlindSwitch(blinding, visit_page.messages, self)
        self._options = view_options.ViewOptions(self, visit_page, settings)
        self._watched_folder_presenter = watched_folder_presenter.WatchedFolderPresenter(
            watched_folder, self._strip, settings, files, self
        )
        self._practice_system = practice_system_presenter.PracticeSystemPresenter(
            tasks,
            settings,
            history_service,
            open_patient,
            self.patients,
            edits,
            blinding,
            self._audit,
            self._lock_presenter.when_open,
            visit_page,
            self,
        )
        save_notices.SaveNotices(
            visit_page,
            self.workspaces,
            self._strip,
            open_image,
            blinding,
            history_service,
            watched_folder,
            self._audit,
            self._undo_stack,
            self.patients,
            self,
        )
        yield
        self._fill_menus()
        yield
        self._wire(history_service)
        self._practice_system.begin()
        self._watched_folder_presenter.begin(self._menus.actions["watch"], self._menus.actions["inbox"])
        self._options.begin(self._menus.actions)
        visit_page.order_keys(self._banner, self.patients.lesions, self.patients.summary, self._corner)

    def open_files(self, paths: list[Path]) -> None:
        """Open images, or classify the folder if there is one among the paths; once the lock is open, if it is closed."""
        self.staged_start.finish()
        self._lock_presenter.when_open(lambda: self._image_sources.open_files(paths))

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

    def _lay_out(self, whole: QWidget, scroll: PageScroll) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._rail)
        upper.addWidget(scroll, 1)
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
            self._image_sources,
            self._watched_folder_presenter,
            self._reports,
            self._initials,
            self._dialogs,
            self._lock_presenter,
            self.workbench,
            self._worklists_presenter,
            self.workspaces,
            self.patients,
            self._practice_presenter,
            self._outcome_export,
            self._practice_system,
            self.trying,
            self._similar,
        ):
            act |= part.acts()
        submenus: dict[str, Callable[[str], QMenu]] = {
            "recent": lambda title: self._image_sources.recent_menu(title, self),
            "lock when idle": lambda title: self._lock_presenter.idle_menu(title, self),
            "theme": lambda title: theme_menu.ThemeMenu(title, self._settings, self),
        }
        fill_menus(self._menus, self, act, submenus)
        self.patients.begin(self._menus.actions)
        self._worklists_presenter.show_on(self.patients, self._image_sources)
        self._blind_switch.show_on(self._menus.actions["blind"], *self._blind_switches)
        undo.add_undo(self._menus.menus[EDIT], self._undo_stack, self)

    def _wire(self, history_service: HistoryService) -> None:
        sources, workspaces = self._image_sources, self.workspaces
        self._rail.workspace_chosen.connect(self.show_workspace)
        self._corner.model_requested.connect(lambda: self.show_workspace("model"))
        workspaces.images_requested.connect(sources.choose_images)
        workspaces.folder_requested.connect(sources.choose_folder)
        workspaces.files_requested.connect(lambda paths: sources.open_files(paths, are_new=False))
        workspaces.entry_requested.connect(sources.open_entry)
        workspaces.batch_progressed.connect(self._strip.show_batch)
        self._wire_today()
        sources.visit_needed.connect(self._show_brought)
        self.patients.lesion_requested.connect(lambda: self._show_brought(for_lesion=True))
        self.patients.page_requested.connect(lambda: self.show_workspace("visit"))
        self.visit_page.asked.connect(self._show_asked)
        sources.folder_chosen.connect(self._classify_folder)
        self.visit_page.result_panel.model_requested.connect(self.workspaces.choose_model)
        self.visit_page.result_panel.shown_anyway.connect(self._open_image.disclose)
        self._model.loaded.connect(self._use_model)
        self._model.load_failed.connect(self.visit_page.show_model_error)
        self._watched_folder_presenter.images_requested.connect(sources.open_files)
        self.workbench.compare_requested.connect(workspaces.follow)
        workspaces.lesion_step_requested.connect(self.patients.steps.step_lesion)
        for part in (self._worklists_presenter, self.patients.lesions):
            part.follow_up_requested.connect(workspaces.show_lesion)
        self._strip.undo_requested.connect(self._undo_stack.undo)
        self._undo_stack.changed.connect(
            lambda: self._strip.offer_undo(self._undo_stack.undo_text, is_enabled=not self._undo_stack.is_writing)
        )
        self._undo_stack.failed.connect(workspaces.tell)
        self._undo_stack.undone.connect(self._strip.say_undone)
        undo.UndoQuestions(self._undo_stack, history_service, lambda: workspaces.messages, self)
        # The history may be another one than that which was changed.
        history_service.opened.connect(self._undo_stack.clear)

    def _show_brought(self, for_lesion: bool) -> None:
        """Show an image that is brought or gone to: in the film of its lesion if that is in front, else at the visit."""
        if not (for_lesion and self.workspaces.shows_a_lesion):
            self.show_workspace("visit")

    def _wire_today(self) -> None:
        workspaces, worklists = self.workspaces, self._worklists_presenter
        workspaces.patient_requested.connect(self.patients.open)
        workspaces.lesion_requested.connect(
            lambda item, is_due: worklists.open_lesion(item.patient, item.lesion.id, is_due=is_due)
        )
        workspaces.image_requested.connect(worklists.open_image)
        workspaces.case_requested.connect(lambda patient, lesion: worklists.open_lesion(patient, lesion, is_due=True))
        workspaces.result_requested.connect(lambda item: worklists.ask_outcome(item, item.image_id))
        workspaces.due_requested.connect(worklists.show_due)
        workspaces.planned_requested.connect(worklists.show_planned)
        workspaces.histology_requested.connect(worklists.show_histology)
        workspaces.inbox_requested.connect(self._watched_folder_presenter.open_images)
        worklists.counted.connect(workspaces.show_open_work)
        self._watched_folder_presenter.counted.connect(workspaces.show_waiting)

    def _show_asked(self) -> None:
        """Show an error or a question about an image that was brought into the film of its lesion."""
        if self.workspaces.shows_a_lesion:
            self.show_workspace("visit")

    def _classify_folder(self, folder: Path, has_others: bool) -> None:
        self.show_workspace("batch")
        self.workspaces.batch.classify(folder, has_others=has_others)

    def _use_model(self, classifier: Classifier) -> None:
        self.visit_page.use_contract(classifier.contract)
        self._open_image.use(classifier)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if image_sources.local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_files(image_sources.local_paths(event.mimeData()))
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.staged_start.finish()
        if not self._dialogs.may_close():
            event.ignore()
            return
        self._settings.put(keys.GEOMETRY, self.saveGeometry())
        self._settings.put(keys.HAS_BEGUN, True)
        self._settings.sync()
        super().closeEvent(event)
