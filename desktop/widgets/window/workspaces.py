"""The workspaces: each page is created, and its modules are imported, on first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.audit_trail import AuditTrail
from desktop.session.batch_run import BatchRun
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.history_trial import HistoryTrial
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.pixel_scales import PixelScales
from desktop.session.practice import Practice
from desktop.session.training_run import TrainingRun
from desktop.session.undo import UndoStack
from desktop.system.settings import HAS_BEGUN, INITIALS, Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.values import Entry
    from desktop.session import captures
    from desktop.session.picture import Picture
    from desktop.widgets.batch import batch_presenter
    from desktop.widgets.common import thumbnails
    from desktop.widgets.follow_up import follow_up_presenter
    from desktop.widgets.history import history_presenter
    from desktop.widgets.model import model_presenter
    from desktop.widgets.practice import own_figures_presenter
    from desktop.widgets.today import today_presenter
    from desktop.widgets.visit.assessment_panel import AssessmentPanel
    from desktop.widgets.window import follow_messages
else:
    captures = Late("desktop.session.captures")
    batch_presenter = Late("desktop.widgets.batch.batch_presenter")
    follow_up_presenter = Late("desktop.widgets.follow_up.follow_up_presenter")
    history_presenter = Late("desktop.widgets.history.history_presenter")
    model_presenter = Late("desktop.widgets.model.model_presenter")
    own_figures_presenter = Late("desktop.widgets.practice.own_figures_presenter")
    thumbnails = Late("desktop.widgets.common.thumbnails")
    today_presenter = Late("desktop.widgets.today.today_presenter")
    follow_messages = Late("desktop.widgets.window.follow_messages")


class WorkspacePage(Protocol):
    """The attributes of every workspace's page."""

    messages: MessageBar


class Workspaces(QStackedWidget):
    """Shows one workspace at a time; work in the others continues.

    Except for the visit, each workspace is an attribute that holds its presenter, created on first access. Requests of a page
    to the rest of the window are signals here, so that a listener does not need the page.
    """

    shown = Signal(str)
    images_requested = Signal()
    folder_requested = Signal()
    files_requested = Signal(object)  # list[Path]
    entry_requested = Signal(object)  # Entry
    lesion_step_requested = Signal(int)
    patient_requested = Signal(object)  # Patient
    lesion_requested = Signal(object, bool)  # OpenItem, whether its follow-up is due
    look_requested = Signal(object, str, object)  # OpenItem, why, what asks for what was found
    image_requested = Signal(object, object)  # Patient or None, Entry
    result_requested = Signal(object)  # OpenItem
    case_requested = Signal(object, int)  # Patient, id of a lesion
    training_export_requested = Signal()
    training_page_requested = Signal()
    due_requested = Signal()
    planned_requested = Signal()
    histology_requested = Signal()
    inbox_requested = Signal()
    batch_progressed = Signal(str)

    def __init__(
        self,
        open_image: OpenImage,
        tasks: Tasks,
        history_service: HistoryService,
        blinding: Blinding,
        batch: BatchRun,
        model: ModelChoice,
        trial: HistoryTrial,
        training: TrainingRun,
        settings: Settings,
        files: FileDialogs,
        undo_stack: UndoStack,
        scales: PixelScales,
        practice: Practice,
        open_patient: OpenPatient,
        audit: AuditTrail,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_image = open_image
        self._tasks = tasks
        self._history_service = history_service
        self._blinding = blinding
        self._batch_run = batch
        self._model_choice = model
        self._trial = trial
        self._training = training
        self._settings = settings
        self._files = files
        self._undo_stack = undo_stack
        self._scales = scales
        self._audit = audit
        self._practice = practice
        self._open_patient = open_patient
        self._serve_assessments: Callable[[AssessmentPanel], None] = lambda _panel: None
        self._counts: tuple[int | None, int | None, int | None] = (None, None, None)
        self._waiting: int | None = None
        self.current = "visit"
        """The id of the current workspace."""
        self._makers: dict[str, Callable[[], QWidget]] = {
            "today": lambda: self.today.page,
            "visit": lambda: self.visit_page,
            "follow_up": lambda: self.follow_up.page,
            "history": lambda: self.history.page,
            "batch": lambda: self.batch.page,
            "own_figures": lambda: self.own_figures.page,
            "model": lambda: self.model.page,
        }
        open_patient.leaving.connect(lambda _patient: self.messages.withdraw_note())
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._keep_focus)

    def show_workspace(self, workspace: str) -> None:
        """Show a workspace by its id, creating its page if needed."""
        if workspace in self._makers:
            page = self._makers[workspace]()
            self.current = workspace
            self.setCurrentWidget(page)
            page.setFocus()
            self.shown.emit(workspace)

    def _add(self, page: QWidget) -> None:
        self.addWidget(page)
        cast(WorkspacePage, page).messages.pass_notes_to(lambda: self.messages)

    def _show_not_assessed(self) -> None:
        self.today.show_not_assessed()
        self.show_workspace("today")

    def _keep_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        """Take the focus back from a page that is not shown, which takes it when its image arrives."""
        page = self.currentWidget()
        if now is None or page is None or not self.isAncestorOf(now) or page.isAncestorOf(now):
            return
        is_here = before is not None and before.isVisible() and page.isAncestorOf(before)
        (before if before is not None and is_here else page).setFocus(Qt.FocusReason.OtherFocusReason)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id, which show or use a workspace."""
        shown = {name: lambda _checked=False, chosen=name: self.show_workspace(chosen) for name in self._makers}
        return {
            **shown,
            "not assessed": self._show_not_assessed,
            "choose": self.choose_model,
            "shipped": self.offer_shipped_model,
            "alert limits": self.set_alert_limits,
            "try history": self.try_on_history,
        }

    def choose_model(self) -> None:
        """Ask for another model file."""
        self.model.choose()

    def offer_shipped_model(self) -> None:
        """Show the card of the shipped model, so that it can be chosen again."""
        self.model.offer_shipped()

    def try_on_history(self) -> None:
        """Ask for a model file, and try it on the history."""
        self.model.try_on_history()

    def try_file_on_history(self, path: Path) -> None:
        """Try a model file on the history."""
        self.model.try_file(path)

    def adopt(self, classifier: Classifier) -> None:
        """Use another model from now on."""
        self.model.adopt(classifier)

    def set_alert_limits(self) -> None:
        """Ask at which working points the alerts are to be raised."""
        self.model.set_alert_limits()

    @property
    def messages(self) -> MessageBar:
        """The message bar of the current page."""
        return cast(WorkspacePage, self.currentWidget()).messages

    def tell(self, error: AppError, again: Callable[[], None] | None = None) -> None:
        """Report an error on the current page, see `MessageBar.tell`."""
        self.messages.tell(error, again)

    def serve_assessments(self, serve: Callable[[AssessmentPanel], None]) -> None:
        """Have the assessments of other workspaces than the visit served: `serve` gets the panel of each once it is there."""
        self._serve_assessments = serve
        if "follow_up" in self.__dict__:
            serve(self.follow_up.page.assessment_panel)

    def follow(self, picture: Picture) -> None:
        """Show the film of an image's lesion; put an image without a lesion beside another one."""
        self.follow_up.follow(picture)

    def show_lesion(self) -> None:
        """Show the film of the chosen lesion."""
        self.follow_up.show_lesion()

    def compare_entries(self, entries: Sequence[Entry]) -> None:
        """Compare the images of two entries, of whatever lesions."""
        self.follow_up.compare_entries(entries)

    @property
    def shows_a_lesion(self) -> bool:
        """Whether the current workspace is a lesion's film, into which images are brought."""
        return self.current == "follow_up" and self.follow_up.lesion is not None

    @cached_property
    def today(self) -> today_presenter.TodayPresenter:
        """The start page."""
        made = today_presenter.TodayPresenter(self._history_service, self._undo_stack, self)
        self._add(made.page)
        for source, target in (
            (made.page.images_requested, self.images_requested),
            (made.page.patient_opened, self.patient_requested),
            (made.page.due_requested, self.due_requested),
            (made.page.planned_requested, self.planned_requested),
            (made.page.histology_requested, self.histology_requested),
            (made.page.inbox_requested, self.inbox_requested),
            (made.lesion_requested, self.lesion_requested),
            (made.look_requested, self.look_requested),
            (made.result_requested, self.result_requested),
            (made.image_requested, self.image_requested),
        ):
            source.connect(target)
        made.page.show_counts(*self._counts)
        made.page.show_waiting(self._waiting)
        return made

    def show_open_work(self, due: int, planned: int, histology: int) -> None:
        """Show on the start page how many follow-ups are due, biopsies planned and histologies open."""
        self._counts = (due, planned, histology)
        if "today" in self.__dict__:
            self.today.page.show_counts(*self._counts)

    def show_waiting(self, images: int) -> None:
        """Show on the start page how many images wait in the watched folder."""
        self._waiting = images
        if "today" in self.__dict__:
            self.today.page.show_waiting(images)

    @cached_property
    def visit_page(self) -> VisitPage:
        """The workspace of one image."""
        folder, initials = self._history_service.folder, self._settings.get(INITIALS)
        is_first = not self._settings.get(HAS_BEGUN)
        made = VisitPage(self._open_image, self._tasks, folder, initials, self, is_first=is_first)
        self._add(made)
        return made

    @cached_property
    def follow_up(self) -> follow_up_presenter.FollowUpPresenter:
        """The workspace of one lesion through the years, or of two images side by side."""
        made = follow_up_presenter.FollowUpPresenter(
            self._tasks,
            self._history_service,
            self._open_patient,
            self._open_image,
            self._blinding,
            self._scales,
            captures.Captures(self._history_service, self._settings, self),
            self._undo_stack,
            self.image_thumbnails,
            self._audit,
            self,
        )
        self._add(made.page)
        made.page_needed.connect(lambda: self.show_workspace("follow_up"))
        says = follow_messages.FollowMessages(self._open_patient, lambda: self.messages, self)
        made.waiting.connect(says.say_waiting)
        made.of_another.connect(says.say_of_another)
        made.lesion_step_requested.connect(self.lesion_step_requested)
        made.page.open_requested.connect(self.images_requested)
        made.page.answer_requested.connect(lambda: self.show_workspace("visit"))
        made.page.compare.image_requested.connect(self.images_requested)
        self._serve_assessments(made.page.assessment_panel)
        return made

    @cached_property
    def history(self) -> history_presenter.HistoryPresenter:
        """The workspace of the history."""
        made = history_presenter.HistoryPresenter(
            self._tasks,
            self._history_service,
            self._model_choice,
            self._blinding,
            self._settings,
            self._files,
            self._undo_stack,
            self.image_thumbnails,
            self._audit,
            self,
        )
        self._add(made.page)
        made.page.open_requested.connect(self.entry_requested)
        made.page.compare_requested.connect(self.compare_entries)
        made.page.image_requested.connect(self.images_requested)
        return made

    @cached_property
    def batch(self) -> batch_presenter.BatchPresenter:
        """The workspace of whole folders."""
        made = batch_presenter.BatchPresenter(
            self._batch_run,
            self._model_choice,
            self._blinding,
            self._files,
            self._history_service,
            self._undo_stack,
            self.image_thumbnails,
            self._practice,
            self._audit,
            self,
        )
        self._add(made.page)
        made.page.folder_requested.connect(self.folder_requested)
        made.page.open_requested.connect(lambda path: self.files_requested.emit([path]))
        made.progressed.connect(self.batch_progressed)
        return made

    @cached_property
    def own_figures(self) -> own_figures_presenter.OwnFiguresPresenter:
        """The workspace of own figures."""
        made = own_figures_presenter.OwnFiguresPresenter(
            self._tasks,
            self._history_service,
            self._model_choice,
            self._training,
            self._blinding,
            self._settings,
            self._audit,
            self,
        )
        self._add(made.page)
        made.lesion_requested.connect(self.case_requested)
        made.page.export_requested.connect(self.training_export_requested)
        made.page.training_bar.show_requested.connect(self.training_page_requested)
        made.image_requested.connect(self.image_requested)
        return made

    @cached_property
    def model(self) -> model_presenter.ModelPresenter:
        """The workspace of the model."""
        made = model_presenter.ModelPresenter(self._model_choice, self._trial, self._settings, self._files, self)
        self._add(made.page)
        made.page_needed.connect(lambda: self.show_workspace("model"))
        return made

    @cached_property
    def image_thumbnails(self) -> thumbnails.Thumbnails:
        """The thumbnails of images of the history."""
        return thumbnails.Thumbnails(self._history_service, self)

    def minimumSizeHint(self) -> QSize:
        """Return that of the current page alone: the others need not fit now."""
        page = self.currentWidget()
        return QSize(0, 0) if page is None else page.minimumSizeHint()

    def heightForWidth(self, width: int) -> int:
        """Return the least height of the current page: the pages shrink and scroll inside, before the window does."""
        page = self.currentWidget()
        layout = None if page is None else page.layout()
        return -1 if layout is None else layout.minimumHeightForWidth(width)
