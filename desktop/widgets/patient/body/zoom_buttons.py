"""The buttons that zoom a body map."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop.widgets.common.icons import icon
from desktop.widgets.patient.body.body_map import BodyMap


class ZoomButtons(QWidget):
    """Zooms a map in and out, and shows it whole."""

    def __init__(self, body_map: BodyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for picture, text, act in (
            ("zoom-out", self.tr("Zoom the body map out"), lambda: body_map.zoom(-2)),
            ("zoom-in", self.tr("Zoom the body map in (also the wheel; drag to move it)"), lambda: body_map.zoom(2)),
            ("fit", self.tr("Show the whole body map (Esc)"), body_map.fit),
        ):
            button = QToolButton(self)
            button.setIcon(icon(picture))
            button.setIconSize(QSize(18, 18))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(act)
            row.addWidget(button)
