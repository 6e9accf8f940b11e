"""Saving and copying a view: pixels only, without EXIF, names or patient data."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.records.audit_acts import Action
from desktop.session.audit_trail import AuditTrail
from desktop.session.picture import write_png
from desktop.system.settings import EXPORT_FOLDER, Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.file_dialogs import ask_target
from desktop.widgets.common.message_bar import MessageBar


class ViewExport(QObject):
    """Asks for the file, and writes it off the GUI thread. `sha256` is that of the image that is seen, for the audit log."""

    def __init__(self, tasks: Tasks, settings: Settings, audit: AuditTrail, sha256: str) -> None:
        super().__init__()  # no parent, which would keep one for each view until the program ends
        self._audit = audit
        self._sha256 = sha256
        self._tasks = tasks
        self._settings = settings

    def save(self, image: QImage, name: str, messages: MessageBar, window: QWidget) -> None:
        """Ask for a file, proposing a name without patient data, and write a PNG."""
        offered = Path(self._settings.get(EXPORT_FOLDER) or Path.home()) / name
        path = ask_target(window, self.tr("Save the view as a picture"), offered, self.tr("PNG picture (*.png)"))
        if path is None:
            return
        self._settings.put(EXPORT_FOLDER, str(path.parent))

        def write(fail: Callable[[AppError], None]) -> None:
            self._tasks.run(
                Lane.IMAGES,
                lambda _task: write_png(path, image),
                lambda _nothing: messages.say(self.tr("The view is saved in “{file}”.").format(file=path), error=False),
                fail,
            )

        self._audit.attempt(Action.PICTURE_EXPORTED, {}, write, messages.tell, sha256=self._sha256)

    def copy(self, image: QImage, messages: MessageBar) -> None:
        """Copy a picture to the clipboard."""
        QGuiApplication.clipboard().setImage(image)
        self._audit.note(Action.COPIED, {"what": "view"}, sha256=self._sha256)
        messages.say(self.tr("The view is on the clipboard."), error=False)
