"""The line above the image: its lesion, name and size, the zoom, and the zoom buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.icons import icon
from desktop.widgets.common.plain_text import PlainLabel

if TYPE_CHECKING:
    from desktop.widgets.image.image_view import ImageView


class VisitHead(QFrame):
    """One line, in which the name is shortened if there is no room."""

    seen_frame_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolStrip")
        self._subject = self._title = ""
        self._name = ElidedLabel(self)
        self._name.setProperty("strong", True)
        self._note = ElidedLabel(self, is_optional=True)
        self._note.setProperty("muted", True)
        self._zoom = PlainLabel(self)
        self._zoom.setProperty("muted", True)
        self._zoom_width = self._zoom.fontMetrics().horizontalAdvance("1600 %")
        self._zoom.setMinimumWidth(self._zoom_width)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._steps = [
            self._tool("fit", self.tr("Fit (Z)")),
            self._tool("actual-size", self.tr("One pixel on one pixel (Z)")),
            self._tool("zoom-out", self.tr("Zoom out (−)")),
            self._tool("zoom-in", self.tr("Zoom in (+)")),
        ]
        self._seen_frame = self._tool("seen-frame", self.tr("Frame around what the model saw (hold Space to hide it)"))
        self._seen_frame.setCheckable(True)
        self._seen_frame.setChecked(True)
        self._seen_frame.toggled.connect(self.seen_frame_toggled)
        self.buttons = (*self._steps, self._seen_frame)
        """From left to right."""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.addWidget(self._name)
        layout.addWidget(self._note, 1)
        layout.addWidget(self._zoom)
        for button in self.buttons:
            layout.addWidget(button)
        self.allow(False)

    def serve(self, view: ImageView) -> None:
        """Connect the buttons to a view, and show its zoom."""
        view.show_seen_frame(self._seen_frame.isChecked())
        view.zoom_changed.connect(lambda zoom: self._show_zoom(zoom, *view.direction))
        acts = (view.fit, view.actual_size, view.zoom_out, view.zoom_in)
        for button, act in zip(self._steps, acts, strict=True):
            button.clicked.connect(act)
        self._seen_frame.toggled.connect(view.show_seen_frame)

    def entitle(self, name: str, note: str) -> None:
        """Show an image's name, and beside it its size or state; both are empty for none."""
        self._title = name
        self._show_name()
        self._note.show_text(note)

    def name_subject(self, text: str) -> None:
        """Show the lesion before the image's name; empty for none."""
        self._subject = text
        self._show_name()

    def forget_zoom(self) -> None:
        """Clear the zoom."""
        self._zoom.clear()

    def allow(self, wanted: bool) -> None:
        """Enable the buttons, or disable them while there is no image."""
        for button in self.buttons:
            button.setEnabled(wanted)

    def show_seen_frame(self, wanted: bool) -> None:
        """Show or hide the frame around what the model saw."""
        self._seen_frame.setChecked(wanted)

    def _show_name(self) -> None:
        self._name.show_text(" · ".join(filter(None, (self._subject, self._title))))

    def _show_zoom(self, zoom: float, degrees: int, is_mirrored: bool) -> None:
        turned = self.tr("turned {degrees}°").format(degrees=degrees) if degrees else ""
        mirrored = self.tr("mirrored") if is_mirrored else ""
        direction = ", ".join(filter(None, (turned, mirrored)))
        self._zoom.setText(" · ".join(filter(None, (direction, f"{zoom * 100:.0f} %"))))
        self._zoom.setMinimumWidth(max(self._zoom_width, self._zoom.sizeHint().width()))  # the name gives way, not this

    def _tool(self, picture: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(picture))
        button.setIconSize(QSize(18, 18))
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button
