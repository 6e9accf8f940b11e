"""Saving and copying a view: pixels only, without EXIF, names or patient data."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from desktop.session.picture import write_png
from desktop.system.settings import EXPORT_FOLDER, Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.file_dialogs import ask_target
from desktop.widgets.common.message_bar import MessageBar


class ViewExport(QObject):
    """Asks for the file, and writes it off the GUI thread."""

    def __init__(self, tasks: Tasks, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._settings = settings

    def save(self, image: QImage, name: str, messages: MessageBar, window: QWidget) -> None:
        """Ask for a file, proposing a name without patient data, and write a PNG."""
        offered = Path(self._settings.get(EXPORT_FOLDER) or Path.home()) / name
        path = ask_target(window, self.tr("Save the view as a picture"), offered, self.tr("PNG picture (*.png)"))
        if path is None:
            return
        self._settings.put(EXPORT_FOLDER, str(path.parent))
        self._tasks.run(
            Lane.IMAGES,
            lambda _task: write_png(path, image),
            lambda _nothing: messages.say(self.tr("The view is saved in “{file}”.").format(file=path), error=False),
            messages.tell,
        )

    def copy(self, image: QImage, messages: MessageBar) -> None:
        """Copy a picture to the clipboard."""
        QGuiApplication.clipboard().setImage(image)
        messages.say(self.tr("The view is on the clipboard."), error=False)
