"""All ways to open images and folders: chosen, dropped, pasted, from the history, or as samples."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.paths import SAMPLES
from desktop.session.history_service import HistoryService
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import OpeningRequest, of_entry, of_file
from desktop.session.picture import Picture
from desktop.session.watched_folder import WatchedFolder
from desktop.system.settings import Settings
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.wording import sentence
from desktop.widgets.visit.recent_menu import RecentMenu
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.values import Entry


class ImageSources(QObject):
    """Opens images on the visit page, and passes folders on."""

    visit_needed = Signal(bool)
    """An image is about to be shown on that page; whether it is a new one for the chosen lesion, whose film may show it too."""
    brought = Signal(object)
    """A list of OpeningRequests for new images, to be placed and opened; those of a batch, recent files and samples are opened
    here."""
    folder_chosen = Signal(object, bool)
    """A folder to classify (Path), and whether other paths were given with it, which are ignored."""

    def __init__(
        self,
        visit_page: VisitPage,
        open_image: OpenImage,
        history_service: HistoryService,
        open_patient: OpenPatient,
        watched_folder: WatchedFolder,
        settings: Settings,
        files: FileDialogs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visit_page = visit_page
        self._open_image = open_image
        self._history_service = history_service
        self._open_patient = open_patient
        self._watched_folder = watched_folder
        self._settings = settings
        self._files = files
        visit_page.first_steps.open_requested.connect(self.choose_images)
        visit_page.first_steps.sample_requested.connect(self.open_sample)
        visit_page.first_steps.folder_requested.connect(self.choose_folder)
        open_image.opened.connect(self._remember)
        open_image.original_missing.connect(self._offer_to_locate)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {
            "open": self.choose_images,
            "folder": self.choose_folder,
            "paste": self.paste,
            "sample": self.open_sample,
        }

    def open_files(self, paths: list[Path], *, are_new: bool = True) -> None:
        """Open images for the open patient, or classify the folder if there is one among the paths."""
        folders = [path for path in paths if path.is_dir()]
        if folders:
            self.folder_chosen.emit(folders[0], len(paths) > 1)
        elif paths and are_new:
            self._open_patient.when_settled(partial(self._bring, paths), self._say_not_added)
        elif paths:
            self.visit_needed.emit(False)
            self._visit_page.open_images([of_file(path) for path in paths])

    def open_entry(self, entry: Entry) -> None:
        """Open an image of the history."""
        self.visit_needed.emit(False)
        self._visit_page.open_images([of_entry(entry)])

    def open_sample(self) -> None:
        """Open the bundled samples."""
        self.open_files(sorted(SAMPLES.glob("*.png")), are_new=False)

    def recent_menu(self, title: str, parent: QWidget) -> RecentMenu:
        """Create the menu of recent images."""
        menu = RecentMenu(title, self._settings, parent)
        menu.image_chosen.connect(lambda path: self.open_files([path], are_new=False))
        return menu

    def choose_images(self) -> None:
        """Ask for images and open them."""
        self.open_files(self._files.choose_images())

    def choose_folder(self) -> None:
        """Ask for a folder and classify it."""
        folder = self._files.choose_folder()
        if folder is not None:
            self.folder_chosen.emit(folder, False)

    def paste(self) -> None:
        """Open the files or the image on the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()
        paths = local_paths(mime)
        image = QImage(mime.imageData()) if mime.hasImage() else QImage()
        if paths:
            self.open_files(paths)
        else:
            self._open_patient.when_settled(partial(self._bring_pasted, image), self._say_not_added)

    def _bring(self, paths: list[Path]) -> None:
        patient, lesion = self._open_patient.patient, self._open_patient.lesion
        self.visit_needed.emit(lesion is not None)
        self.brought.emit([of_file(path, patient, None if lesion is None else lesion.id) for path in paths])

    def _bring_pasted(self, image: QImage) -> None:
        self.visit_needed.emit(not image.isNull() and self._open_patient.lesion is not None)
        if image.isNull():
            text = self.tr("There is no image on the clipboard. Copy one, then paste.")
            self._visit_page.messages.say(text, error=False)
        else:
            patient, lesion = self._open_patient.patient, self._open_patient.lesion
            request = OpeningRequest(
                self.tr("pasted image"),
                pasted=image,
                patient=patient,
                lesion_id=None if lesion is None else lesion.id,
            )
            self.brought.emit([request])

    def _say_not_added(self) -> None:
        self._visit_page.messages.say(
            self.tr("No other patient was opened, so no image was added. Open the images again."), error=False
        )

    def _remember(self, picture: Picture, _request: OpeningRequest) -> None:
        if picture.path is not None and not picture.is_sample:
            self._settings.add_recent_file(picture.path)
            self._watched_folder.discard(picture.path)

    def _offer_to_locate(self, entry: Entry, error: AppError) -> None:
        text = self.tr("Original missing: {why} The answer beside is the one that was kept.").format(
            why=sentence(error)
        )
        if entry.image.stored:
            self._visit_page.messages.say(text, is_urgent=False)
        else:
            action = self.tr("Locate…"), partial(self._locate, entry)
            self._visit_page.messages.say(text, action=action, is_urgent=False)

    def _locate(self, entry: Entry) -> None:
        path = self._files.choose_original(entry.image.name)
        if path is not None:
            self._history_service.locate(entry, path, self.open_entry, self._visit_page.messages.tell)


def local_paths(mime: QMimeData) -> list[Path]:
    """Return the dropped or pasted files and folders of this computer."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
