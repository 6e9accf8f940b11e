"""Sets the scales of the two compared images where they stand, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from desktop.session.image_owner import ImageOwner
from desktop.session.picture import Picture
from desktop.session.pixel_scales import PixelScales
from desktop.session.undo import UndoStack
from desktop.widgets.common.content_scroll import LineScroll
from desktop.widgets.follow_up.size_panel import SizePanel
from desktop.widgets.image.compare_bar import SIDE
from desktop.widgets.image.compare_page import ComparePage
from desktop.widgets.image.ruler import Ruler


class ScalePresenter(QObject):
    """Lays a ruler on one image at a time; once it has a scale, on the other if that has none, else the ruler goes."""

    def __init__(
        self,
        panel: SizePanel,
        page: ComparePage,
        scales: PixelScales,
        undo_stack: UndoStack,
        owner_of: Callable[[Picture], ImageOwner],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._scales = scales
        self.rulers = tuple(Ruler(view, scales, undo_stack, owner_of, self) for view in page.views)
        for side, (ruler, view) in enumerate(zip(self.rulers, page.views, strict=True)):
            page.panes.put_below(LineScroll(ruler.bar, page))
            ruler.left.connect(self.leave)
            ruler.scale_set.connect(self._go_on)
            view.ruler_requested.connect(partial(self._toggle, side))
        panel.scale_requested.connect(self._toggle_first)
        page.pair_changed.connect(self.leave)
        page.points.changed.connect(self._leave_to_points)
        page.way_changed.connect(self._take_way)

    def leave(self) -> None:
        """Take the ruler away."""
        for ruler in self.rulers:
            if ruler.is_on:
                ruler.end()

    def _toggle_first(self) -> None:
        """Lay the ruler on the older image without a scale, the older one if both have one; or take it away."""
        if any(ruler.is_on for ruler in self.rulers):
            self.leave()
        elif len(self._page.pictures) == len(self.rulers):
            missing = self._missing()
            self._lay_on(missing[0] if missing else 0)

    def _toggle(self, side: int) -> None:
        if self.rulers[side].is_on:
            self.leave()
        elif side < len(self._page.pictures):
            self._lay_on(side)

    def _go_on(self) -> None:
        missing = self._missing()
        self.leave()
        if missing:
            self._lay_on(missing[0])

    def _lay_on(self, side: int) -> None:
        self.leave()
        self._page.show_side()
        self.rulers[side].begin(self._page.pictures[side], self._page.titles[side])

    def _missing(self) -> list[int]:
        """Return the sides whose image has no scale."""
        hashes = [picture.sha256 for picture in self._page.pictures]
        return [side for side, sha256 in enumerate(hashes) if self._scales.of(sha256) is None]

    def _leave_to_points(self) -> None:
        if self._page.points.is_on:  # its clicks would go to the ruler
            self.leave()

    def _take_way(self, way: str) -> None:
        if way != SIDE:
            self.leave()
