"""The parts of the comparison and where they stand: messages, controls, the images, and what is put below them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.widgets.common.empty_state import EmptyState
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.image.compare_bar import CompareBar
from desktop.widgets.image.compare_pair import ComparePair
from desktop.widgets.image.compare_ways import kept_focus


class ComparePanes(QWidget):
    """Without an image, a text stands in place of controls and images."""

    image_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.bar = CompareBar(self)
        self.pair = ComparePair(self)
        self._empty = EmptyState(
            "compare",
            self.tr("No images to compare here"),
            "",
            self.tr("Open an image…"),
            self,
        )
        self._empty.action_requested.connect(self.image_requested)
        self._both = QWidget(self)
        self._inside = QVBoxLayout(self._both)
        self._inside.addWidget(self.bar)
        self._inside.addWidget(self.pair, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._both)
        layout = QVBoxLayout(self)
        layout.addWidget(self.messages)
        layout.addWidget(self._stack, 1)
        for column in (self._inside, layout):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)

    def show_images(self, wanted: bool) -> None:
        """Show controls and images, or the text."""
        with kept_focus(self, self.pair.views[0]):
            self._stack.setCurrentWidget(self._both if wanted else self._empty)

    def be_film(self, wanted: bool, *, is_read: bool = False) -> None:
        """Say what to do for images of a lesion, or for any two; of a lesion's that they are being read, if that `is_read`."""
        if wanted and is_read:
            self._empty.say(self.tr("The images of this lesion are being read."))
            return
        self._empty.say(
            self.tr("This lesion has no dermoscopy yet: open or drop its image.")
            if wanted
            else self.tr(
                "Choose a lesion in Visit, or its card on the patient's page, and press C to see its images through the"
                " years. To compare any two, choose both in the history and press C. If neither has a lesion, press C on one"
                " and then on the other."
            )
        )

    def put_below(self, widget: QWidget) -> None:
        """Put a widget right below the images."""
        self._inside.insertWidget(self._inside.indexOf(self.pair) + 1, widget)

    def put_at_foot(self, widget: QWidget) -> None:
        """Put a widget below everything."""
        self._inside.addWidget(widget)
