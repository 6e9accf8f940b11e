"""Shows the exact pixels of the model's input, enlarged without smoothing."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.image.image_view import ImageView

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ENLARGED = 16.0


class SeenDialog(QDialog):
    """A window beside the main one, with one small picture."""

    def __init__(self, pixels: "NDArray[np.uint8]", effective_resolution: int | None, parent: QWidget) -> None:
        """Show a model input, uint8 RGB [size, size, 3]."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("What the model saw"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(on_screen(self, QSize(620, 700)))
        side = len(pixels)
        image = QImage(pixels.tobytes(), side, side, 3 * side, QImage.Format.Format_RGB888)
        self.view = ImageView(self, most_fitted=_ENLARGED)
        self.view.show_picture((image.convertToFormat(QImage.Format.Format_RGB32),), smooth=False)
        text = self.tr("These {side} × {side} pixels are all that the model was given; each is drawn as a square.")
        if effective_resolution is not None and effective_resolution < side:
            text += " " + self.tr("They hold the detail of {detail} × {detail}: what it learned from had no more.")
        note = PlainLabel(text.format(side=side, detail=effective_resolution), self)
        note.setWordWrap(True)
        note.setProperty("muted", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.view, 1)
        layout.addWidget(note)
        layout.addWidget(buttons)
