"""Shows the sizes of a lesion in the two images that are compared, and on request the outlines that they rest on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.inference.lesion_size import SizeObstacle
from desktop.session.image_owner import ImageOwner
from desktop.session.lesion_sizes import LesionSizes
from desktop.session.picture import Picture
from desktop.session.undo import UndoStack
from desktop.widgets.common import size_words
from desktop.widgets.common.change_subjects import images_name
from desktop.widgets.follow_up.size_panel import SizePanel
from desktop.widgets.image.compare_bar import SIDE
from desktop.widgets.image.compare_page import ComparePage
from desktop.widgets.image.lesion_outline_item import LesionOutlineItem
from desktop.widgets.image.outline_tool import OutlineTool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SizePresenter(QObject):
    """Outlines are shown and corrected side by side alone: at one place there would be two on one picture."""

    def __init__(
        self,
        panel: SizePanel,
        page: ComparePage,
        sizes: LesionSizes,
        undo_stack: UndoStack,
        owner_of: Callable[[Sequence[Picture]], ImageOwner],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._page = page
        self._sizes = sizes
        self._undo_stack = undo_stack
        self._owner_of = owner_of
        self._names: list[str] = []
        """Those of the measured images, which may be gone from the page before they are measured no longer."""
        self._is_side_by_side = True
        self.items = (LesionOutlineItem(), LesionOutlineItem())
        self._tools = (OutlineTool(self), OutlineTool(self))
        for side, (item, tool, view) in enumerate(zip(self.items, self._tools, page.views, strict=True)):
            item.setZValue(2)
            view.add_layer(item)
            view.outlines_requested.connect(self._toggle_outlines)
            tool.pulled.connect(item.show_outline)
            tool.reshaped.connect(partial(self._correct, side))
        panel.outlines_toggled.connect(self._show)
        panel.correct_toggled.connect(lambda _wanted: self._show())
        panel.reset_requested.connect(self._reset)
        page.way_changed.connect(self._take_way)
        page.points.changed.connect(self._leave_to_points)
        sizes.changed.connect(self._show)
        sizes.failed.connect(page.messages.tell)

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """Measure the lesion in two pictures, which the page shows; of fewer nothing is shown."""
        self._names = self._page.titles
        self._sizes.measure(pictures)
        if len(pictures) < 2:
            self._panel.hide()
            self._draw()

    def put_outlines_away(self) -> None:
        """Show no outlines, and correct none, until they are asked for again: another patient is open."""
        self._panel.correct.setChecked(False)
        self._panel.want_outlines(False)

    def _toggle_outlines(self) -> None:
        """Show the outlines or hide them; where they cannot be shown, say why."""
        reason = self._why_no_outlines()
        if reason:
            self._page.say(reason)
        else:
            self._panel.want_outlines(not self._panel.shows_outlines)

    def _why_no_outlines(self) -> str:
        if not self._sizes.is_on:
            return self.tr("Outlines are shown in two images of a lesion.")
        if not self._is_side_by_side:
            return self.tr("Outlines are shown side by side: press Esc.")
        lesions = self._sizes.lesions
        if any(one.points is not None for one in lesions):
            return ""
        obstacle = next((one.obstacle for one in lesions if one.obstacle is not None), None)
        return self.tr("The outlines are being drawn.") if obstacle is None else size_words.reason_text(obstacle)

    def _show(self) -> None:
        self._page.doubt_scales(self._sizes.compared is SizeObstacle.SCALES_DIFFER)
        if self._sizes.is_on:
            lesions = self._sizes.lesions
            is_corrected = any(one.is_by_hand for one in lesions)
            self._panel.show_sizes(self._sizes.compared, self._names, is_corrected=is_corrected)
        self._draw()

    def _take_way(self, way: str) -> None:
        self._is_side_by_side = way == SIDE
        self._draw()

    def _leave_to_points(self) -> None:
        if self._page.points.is_on:  # its clicks would go to the outlines
            self._panel.correct.setChecked(False)

    def _draw(self) -> None:
        self._panel.offer_outlines(self._why_no_outlines())
        is_shown, lesions = self._panel.shows_outlines, self._sizes.lesions
        for side, (item, tool, view) in enumerate(zip(self.items, self._tools, self._page.views, strict=True)):
            points = lesions[side].points if is_shown and side < len(lesions) else None
            item.hide()
            if points is not None:
                item.show_outline(points)
            tool.take(points)
            if points is not None and self._panel.correct.isChecked():
                view.use_tool(tool)
            else:
                view.release_tool(tool)

    def _correct(self, side: int, points: NDArray[np.float64]) -> None:
        self._change(side, points)

    def _reset(self) -> None:
        for side, lesion in enumerate(self._sizes.lesions):
            if lesion.is_by_hand:
                self._change(side, None)

    def _change(self, side: int, points: NDArray[np.float64] | None) -> None:
        owner = self._owner_of(self._page.pictures[side : side + 1])
        self._undo_stack.carry_out(
            lambda: self.tr("outline of {subject}").format(subject=images_name(owner)),
            self._sizes.correct(side, points),
            failed=self._page.messages.tell,
            patient_ids=owner.patient_ids,
        )
