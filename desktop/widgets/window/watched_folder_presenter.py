"""Shows the watched folder in the status strip and in its menu."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from desktop.session.watched_folder import WatchedFolder
from desktop.system import settings as keys
from desktop.system.settings import Settings
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.window.status_strip import StatusStrip


class WatchedFolderPresenter(QObject):
    """Shows neither names nor pictures of new images before the user opens them."""

    counted = Signal(int)
    """How many images wait."""
    images_requested = Signal(object)  # list[Path]

    def __init__(
        self, watched_folder: WatchedFolder, strip: StatusStrip, settings: Settings, files: FileDialogs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._watched_folder = watched_folder
        self._strip = strip
        self._settings = settings
        self._files = files
        self._show_in_menu: Callable[[], None] = lambda: None
        watched_folder.changed.connect(self._show)
        strip.inbox_requested.connect(self.open_images)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {
            "watch": self.choose,
            "inbox": self.open_images,
        }

    def begin(self, watch: QAction, images: QAction) -> None:
        """Show the state on two menu entries, and watch the folder of the last session."""

        def show() -> None:
            watch.setChecked(self._watched_folder.folder is not None)
            images.setEnabled(self._watched_folder.count > 0)

        self._show_in_menu = show
        self._show()
        if self._settings.get(keys.WATCHED_FOLDER):
            self._watched_folder.watch(Path(self._settings.get(keys.WATCHED_FOLDER)))

    def choose(self, wanted: bool) -> None:
        """Ask for a folder to watch, or stop watching."""
        folder = self._files.choose_watched() if wanted else None
        if folder is None:
            self._watched_folder.stop()
        else:
            self._watched_folder.watch(folder)
        self._settings.put(keys.WATCHED_FOLDER, str(folder or ""))
        self._show()

    def open_images(self) -> None:
        """Open the waiting images; each leaves the list once it has been opened."""
        self.images_requested.emit(self._watched_folder.waiting())

    def _show(self) -> None:
        folder = self._watched_folder.folder
        watched = folder.name or str(folder) if folder is not None and self._watched_folder.is_watching else ""
        self._strip.show_inbox(self._watched_folder.count, watched)
        self.counted.emit(self._watched_folder.count)
        self._show_in_menu()
