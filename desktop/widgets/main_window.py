"""The window: it only wires the workspaces to what does the work."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QUndoStack,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QMainWindow,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import settings as keys
from desktop.batch_run import BatchRun
from desktop.bookkeeping import Bookkeeping, Saved
from desktop.consultation import Consultation
from desktop.core.errors import AppError
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SAMPLES, log_folder
from desktop.core.records.values import Entry
from desktop.inbox import Inbox
from desktop.model_choice import ModelChoice
from desktop.picture import Picture
from desktop.settings import Settings
from desktop.tasks import Tasks
from desktop.widgets.about import About
from desktop.widgets.actions import EDIT, build_menus
from desktop.widgets.batch_page import BatchPage
from desktop.widgets.batch_presenter import BatchPresenter
from desktop.widgets.bin_changes import BinChanges
from desktop.widgets.files import Files
from desktop.widgets.first_steps import FirstSteps
from desktop.widgets.history_page import HistoryPage
from desktop.widgets.history_presenter import HistoryPresenter
from desktop.widgets.icons import icon
from desktop.widgets.inbox_presenter import InboxPresenter
from desktop.widgets.model_page import ModelPage
from desktop.widgets.model_presenter import ModelPresenter
from desktop.widgets.rail import WORKSPACES, Rail
from desktop.widgets.recent_menu import RecentMenu
from desktop.widgets.shortcuts import Shortcuts
from desktop.widgets.status_strip import StatusStrip
from desktop.widgets.theme_menu import ThemeMenu
from desktop.widgets.thumbnails import Thumbnails
from desktop.widgets.visit_page import VisitPage
from desktop.widgets.wording import local_time, sentence


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
    ) -> None:
        super().__init__()
        self._settings = settings
        self._consultation = consultation
        self._model = model
        self._bookkeeping = bookkeeping
        self._inbox = inbox
        self._batch = batch
        self._undo = QUndoStack(self)
        self._files = Files(self, tasks, settings)
        self._rail = Rail(self)
        first_steps = FirstSteps(bookkeeping.folder, settings.get(keys.INITIALS), self)
        self.visit = VisitPage(consultation, tasks, first_steps, self)
        thumbnails = Thumbnails(bookkeeping, self)
        self.history = HistoryPage(thumbnails, self)
        self.batch = BatchPage(thumbnails, self)
        self.model = ModelPage(self)
        self._strip = StatusStrip(self)
        self._pages: dict[str, VisitPage | HistoryPage | BatchPage | ModelPage] = dict(
            zip((w.id for w in WORKSPACES), (self.visit, self.history, self.batch, self.model), strict=True)
        )
        self._bin_changes = BinChanges(bookkeeping, self._undo, self)
        self._history_presenter = HistoryPresenter(self.history, bookkeeping, self._files, self._bin_changes, self)
        self._batch_presenter = BatchPresenter(self.batch, batch, bookkeeping, self._bin_changes, self)
        self._model_presenter = ModelPresenter(self.model, model, settings, self._files, self)
        self._inbox_presenter = InboxPresenter(inbox, self._strip, settings, self._files, self)
        self._lay_out()
        self._make_menus()
        self._wire(first_steps)
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
        bookkeeping.open()

    def open_files(self, paths: list[Path]) -> None:
        """Open images, or classify the folder if the first path is one."""
        folders = [path for path in paths if path.is_dir()]
        if folders:
            self._classify_folder(folders[0])
            if len(paths) > 1:
                text = self.tr("Only “{folder}” is being classified: one folder at a time, and no files beside it.")
                self.batch.messages.say(text.format(folder=folders[0].name), error=False)
        elif paths:
            self.show_workspace("visit")
            self.visit.open_files(paths)

    def show_workspace(self, workspace: str) -> None:
        """Show one of the workspaces; what runs in the others runs on."""
        if workspace in self._pages:
            self._stack.setCurrentWidget(self._pages[workspace])
            self._pages[workspace].setFocus()
            self._rail.select(workspace)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget(self)
        for page in self._pages.values():
            self._stack.addWidget(page)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._rail)
        upper.addWidget(self._stack, 1)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(self._strip)
        self.setCentralWidget(whole)

    def _make_menus(self) -> None:
        view = self.visit.view
        act: dict[str, Callable[..., object]] = {
            "open": self._choose_images,
            "folder": self._choose_folder,
            "paste": self._paste,
            "sample": self._open_sample,
            "watch": self._inbox_presenter.choose,
            "inbox": self._inbox_presenter.open_images,
            "quit": self.close,
            "initials": self._ask_initials,
            "fit": view.fit,
            "actual": view.actual_size,
            "in": view.zoom_in,
            "out": view.zoom_out,
            "turn right": lambda: view.turn(1),
            "turn left": lambda: view.turn(-1),
            "mirror": view.mirror,
            "outline": self.visit.show_outline,
            "by size": self._order_by_size,
            "full": lambda full: self.showFullScreen() if full else self.showNormal(),
            "choose": self._model_presenter.choose,
            "shipped": self._model_presenter.offer_shipped,
            "shortcuts": lambda: Shortcuts(self.findChildren(QAction), self).exec(),
            "data": lambda: _open_folder(self._bookkeeping.folder),
            "log": lambda: _open_folder(log_folder()),
            "about": lambda: About(self).exec(),
        }
        act |= {w.id: lambda _checked=False, chosen=w.id: self.show_workspace(chosen) for w in WORKSPACES}
        self._undo_action = self._undo.createUndoAction(self, self.tr("&Undo"))
        self._undo_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        redo = self._undo.createRedoAction(self, self.tr("&Redo"))
        redo.setShortcut(QKeySequence(QKeySequence.StandardKey.Redo))
        submenus: dict[str, Callable[[str], QMenu]] = {
            "recent": self._make_recent_menu,
            "theme": lambda title: ThemeMenu(title, self._settings, self),
        }
        self._menus = build_menus(self.menuBar(), self, act, submenus)
        edit = self._menus.menus[EDIT]
        for action in (redo, self._undo_action):
            edit.insertAction(edit.actions()[0], action)

    def _make_recent_menu(self, title: str) -> RecentMenu:
        menu = RecentMenu(title, self._settings, self)
        menu.image_chosen.connect(lambda path: self.open_files([path]))
        return menu

    def _wire(self, first_steps: FirstSteps) -> None:
        self._rail.workspace_chosen.connect(self.show_workspace)
        first_steps.open_requested.connect(self._choose_images)
        first_steps.sample_requested.connect(self._open_sample)
        first_steps.folder_requested.connect(self._choose_folder)
        first_steps.initials_changed.connect(lambda text: self._settings.put(keys.INITIALS, text.strip()))
        self.visit.outline_toggled.connect(self._keep_outline)
        self.visit.panel.model_requested.connect(self._model_presenter.choose)
        self.visit.panel.shown_anyway.connect(self._consultation.disclose)
        self._consultation.opened.connect(self._remember)
        self._consultation.original_missing.connect(self._offer_to_locate)
        self._consultation.kept.connect(self._say_saved)
        self._consultation.keep_failed.connect(self._say_not_saved)
        self._model.loaded.connect(self._use_model)
        self._model.load_failed.connect(self.visit.show_model_error)
        self._model_presenter.page_needed.connect(lambda: self.show_workspace("model"))
        self.history.open_requested.connect(self._open_entry)
        self.history.image_requested.connect(self._choose_images)
        self.batch.folder_requested.connect(self._choose_folder)
        self.batch.open_requested.connect(lambda path: self.open_files([path]))
        self.batch.export_requested.connect(self._export_batch)
        self._batch_presenter.progressed.connect(self._strip.show_batch)
        self._bookkeeping.failed.connect(self._say_history_failed)
        self._bookkeeping.disclosure_failed.connect(self._say_not_disclosed)
        self._consultation.opening.connect(lambda _name: self._strip.say(""))
        self._strip.save_requested.connect(self._consultation.keep_again)
        self._inbox_presenter.images_requested.connect(self.open_files)
        self._inbox.failed.connect(self._say_watch_failed)
        self._strip.undo_requested.connect(self._undo.undo)
        self._undo.undoTextChanged.connect(self._strip.offer_undo)

    def _choose_images(self) -> None:
        paths = self._files.choose_images()
        if paths:
            self.open_files(paths)

    def _choose_folder(self) -> None:
        folder = self._files.choose_folder()
        if folder is not None:
            self._classify_folder(folder)

    def _classify_folder(self, folder: Path) -> None:
        self.show_workspace("batch")
        if self._model.classifier is None:
            self.batch.messages.say(
                self.tr("There is no model yet. Wait until it is loaded, or choose one."), error=False
            )
        else:
            self._batch_presenter.start(folder, self._model.classifier)

    def _say_watch_failed(self, error: AppError) -> None:
        self._page().messages.say(sentence(error))

    def _open_sample(self) -> None:
        self.open_files(sorted(SAMPLES.glob("*.png")))

    def _paste(self) -> None:
        mime = QGuiApplication.clipboard().mimeData()
        paths = _local_paths(mime)
        image = QImage(mime.imageData()) if mime.hasImage() else QImage()
        if paths:
            self.open_files(paths)
        elif not image.isNull():
            self.show_workspace("visit")
            self.visit.open_one()
            self._consultation.open_pasted(image, self.tr("pasted image"))
        else:
            self.show_workspace("visit")
            self.visit.messages.say(self.tr("There is no image on the clipboard. Copy one, then paste."), error=False)

    def _open_entry(self, entry: Entry) -> None:
        self.show_workspace("visit")
        self.visit.open_one()
        self._consultation.open_entry(entry)

    def _offer_to_locate(self, entry: Entry, error: AppError) -> None:
        text = self.tr("Original missing: {why} The answer beside is the one that was kept.").format(
            why=sentence(error)
        )
        if entry.image.stored:
            self.visit.messages.say(text)
        else:
            self.visit.messages.say(text, action=(self.tr("Locate…"), partial(self._locate, entry)))

    def _locate(self, entry: Entry) -> None:
        path = self._files.choose_original(entry.image.name)
        if path is not None:
            self._bookkeeping.locate(entry, path, self._open_entry, self._tell_on_visit_page)

    def _tell_on_visit_page(self, error: AppError) -> None:
        self.visit.messages.say(sentence(error))

    def _remember(self, picture: Picture) -> None:
        if picture.path is not None and not picture.is_sample:
            self._settings.add_recent_file(picture.path)
            self._inbox.discard(picture.path)

    def _use_model(self, classifier: Classifier) -> None:
        self.visit.use_contract(classifier.contract)
        self._consultation.use(classifier)

    def _say_saved(self, saved: Saved) -> None:
        self._strip.show_unsaved(self._consultation.unsaved)
        self._strip.say(
            self.tr("Known already, nothing added")
            if saved.kept.was_known and not saved.kept.was_binned
            else self.tr("Saved {time}").format(time=local_time(saved.time))
        )

    def _say_not_saved(self, error: AppError) -> None:
        self._strip.show_unsaved(self._consultation.unsaved)
        self.visit.messages.say(sentence(error), action=(self.tr("Try again"), self._consultation.keep_again))

    def _say_not_disclosed(self, entry_id: int, error: AppError) -> None:
        self.visit.messages.say(
            sentence(error), action=(self.tr("Try again"), partial(self._bookkeeping.disclose, entry_id))
        )

    def _say_history_failed(self, error: AppError) -> None:
        self._page().messages.say(sentence(error), action=(self.tr("Try again"), self._bookkeeping.open))

    def _page(self) -> VisitPage | HistoryPage | BatchPage | ModelPage:
        return next(page for page in self._pages.values() if page is self._stack.currentWidget())

    def _export_batch(self) -> None:
        rows, labels = self._batch_presenter.table()
        self._files.save_table(rows, labels, self.tr("batch.csv"), self.batch.messages)

    def _keep_outline(self, wanted: bool) -> None:
        self._settings.put(keys.OUTLINE, wanted)
        self._menus.actions["outline"].setChecked(wanted)

    def _order_by_size(self, wanted: bool) -> None:
        self._settings.put(keys.BY_SIZE, wanted)
        self._menus.actions["by size"].setChecked(wanted)
        self.visit.panel.order_by_size(wanted)

    def _ask_initials(self) -> None:
        text, accepted = QInputDialog.getText(
            self,
            self.tr("Your initials"),
            self.tr("They are kept with every entry that you make:"),
            text=self._settings.get(keys.INITIALS),
        )
        if accepted:
            self._settings.put(keys.INITIALS, text.strip()[:8])
            self.visit.first_steps.show_initials(text.strip()[:8])

    def _may_close(self) -> bool:
        """Ask, where closing would end a batch or lose what could not be saved."""
        reasons = []
        if self._batch.is_running:
            reasons.append(self.tr("A folder is being classified; what was done so far is kept."))
        unsaved = self._consultation.unsaved + self._batch.unsaved
        if unsaved and not self._batch.is_running:
            reasons.append(self.tr("{count} answers could not be saved yet.").format(count=unsaved))
        if not reasons:
            return True
        yes = QMessageBox.StandardButton.Yes
        question = "\n".join((*reasons, self.tr("Close all the same?")))
        return QMessageBox.question(self, "LesionLens", question) == yes

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_files(_local_paths(event.mimeData()))
        event.acceptProposedAction()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.WindowStateChange:
            self._menus.actions["full"].setChecked(bool(self.windowState() & Qt.WindowState.WindowFullScreen))
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        self._settings.put(keys.GEOMETRY, self.saveGeometry())
        workspace = next(name for name, page in self._pages.items() if page is self._stack.currentWidget())
        self._settings.put(keys.WORKSPACE, workspace)
        self._settings.sync()
        super().closeEvent(event)


def _local_paths(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def _open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
