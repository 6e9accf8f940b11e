"""A dialog of wrapped texts, which grows with them."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QDialog

from desktop.widgets.common.content_scroll import on_screen


class TextDialog(QDialog):
    """Keeps its texts readable as far as the screen has room: Qt's dialog stays as high as it was first, and cuts lines off."""

    def event(self, event: QEvent) -> bool:
        is_handled = super().event(event)
        if event.type() in {QEvent.Type.Show, QEvent.Type.LayoutRequest}:
            height = max(self.height(), self.heightForWidth(self.width()))
            self.resize(on_screen(self, QSize(self.width(), height)))
        return is_handled
