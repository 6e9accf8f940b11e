"""Size and light of the two compared images, beside each other below them, or one below the other above the course."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from desktop.widgets.follow_up.light_panel import LightPanel
from desktop.widgets.follow_up.size_panel import SizePanel

_ACROSS, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class MeasurePanels(QFrame):
    """Hidden while both panels are, and where they are not wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_wanted = False
        self._is_wide = False
        self.sizes = SizePanel(self)
        self.light = LightPanel(self)
        self._row = QBoxLayout(_DOWN, self)
        self._row.setSpacing(6)
        for panel, share in ((self.sizes, 3), (self.light, 2)):
            self._row.addWidget(panel, share)
            panel.installEventFilter(self)
        self.be_wide(False)
        self.hide()

    def be_wide(self, wanted: bool) -> None:
        """Stand beside each other at a height that no text changes, or one below the other."""
        self._is_wide = wanted
        self._row.setDirection(_ACROSS if wanted else _DOWN)
        self._row.setContentsMargins(*((12, 4, 8, 2) if wanted else (0, 0, 0, 0)))
        self.setObjectName("toolStrip" if wanted else "")
        self.sizes.be_wide(wanted)
        self.setMinimumHeight(self.sizes.height_of_most() if wanted else 0)

    def allow(self, wanted: bool) -> None:
        """Show the panels that have something to show, or none."""
        self._is_wanted = wanted
        self._fit()

    def _fit(self) -> None:
        self.setVisible(self._is_wanted and not (self.sizes.isHidden() and self.light.isHidden()))

    def hasHeightForWidth(self) -> bool:
        """Return whether the height depends on the texts; below the pictures it would make these grow to their full size."""
        return not self._is_wide

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self._fit()
        return super().eventFilter(watched, event)
