"""Shows the sizes of a lesion in the two images that are compared, and on request the outlines that they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop.session.lesion_sizes import LesionSizes
from desktop.session.picture import Picture
from desktop.widgets.follow_up.size_panel import SizePanel
from desktop.widgets.image.compare_bar import SIDE
from desktop.widgets.image.compare_page import ComparePage
from desktop.widgets.image.lesion_outline_item import LesionOutlineItem


class SizePresenter(QObject):
    """Outlines are shown side by side alone: at one place there would be two on one picture."""

    def __init__(self, panel: SizePanel, page: ComparePage, sizes: LesionSizes, parent: QObject) -> None:
        super().__init__(parent)
        self._panel = panel
        self._sizes = sizes
        self._is_side_by_side = True
        self.items = (LesionOutlineItem(), LesionOutlineItem())
        for item, view in zip(self.items, page.views, strict=True):
            item.setZValue(2)
            view.add_layer(item)
            view.outlines_requested.connect(panel.outlines.toggle)
        panel.outlines_toggled.connect(lambda _wanted: self._draw())
        page.way_changed.connect(self._take_way)
        sizes.changed.connect(self._show)
        sizes.failed.connect(page.messages.tell)

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """Measure the lesion in two pictures; of fewer nothing is shown."""
        self._sizes.measure(pictures)
        if len(pictures) < 2:
            self._panel.hide()
            self._draw()

    def _show(self) -> None:
        if self._sizes.is_on:
            self._panel.show_sizes(
                self._sizes.compared, has_outlines=any(one.points is not None for one in self._sizes.lesions)
            )
        self._draw()

    def _take_way(self, way: str) -> None:
        self._is_side_by_side = way == SIDE
        self._draw()

    def _draw(self) -> None:
        is_wanted = self._panel.outlines.isChecked() and self._is_side_by_side
        for item in self.items:
            item.hide()
        if is_wanted:
            for item, lesion in zip(self.items, self._sizes.lesions, strict=False):
                if lesion.points is not None:
                    item.show_outline(lesion.points)
