"""The menu of recently opened images."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.system.settings import Settings
from desktop.widgets.common.plain_text import for_key, for_tip


class RecentMenu(QMenu):
    """Fills itself each time it is shown."""

    image_chosen = Signal(object)  # Path

    def __init__(self, title: str, settings: Settings, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._settings = settings
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for path in self._settings.recent_files():
            self._add(path)
        if self.isEmpty():
            self.addAction(self.tr("No image yet")).setEnabled(False)
        else:
            self.addSeparator()
            self.addAction(self.tr("Forget these"), self._settings.forget_recent_files)

    def _add(self, path: Path) -> None:
        action = self.addAction(for_key(path.name))
        action.setToolTip(for_tip(str(path)))
        action.triggered.connect(lambda: self.image_chosen.emit(path))
