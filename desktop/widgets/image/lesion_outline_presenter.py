"""Draws the outline of the lesion on request, and says whether it can be relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.lesion_outlines import DrawnOutline, LesionOutlines, OutlineObstacle
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.image.image_tools import LESION_OUTLINE, ImageTools
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.lesion_outline_bar import LesionOutlineBar
from desktop.widgets.image.lesion_outline_item import LesionOutlineItem

if TYPE_CHECKING:
    from desktop.core.inference import lesion_size
    from desktop.widgets.common import size_words
else:
    size_words = Late("desktop.widgets.common.size_words")
    lesion_size = Late("desktop.core.inference.lesion_size")


class LesionOutlinePresenter(QObject):
    """Switched off at each new image, model or region; disabled if the model draws no outlines."""

    def __init__(
        self, view: ImageView, tools: ImageTools, messages: MessageBar, outlines: LesionOutlines, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tools = tools
        self._action = tools.actions_by_id[LESION_OUTLINE.id]
        self._messages = messages
        self._outlines = outlines
        self.bar = LesionOutlineBar()
        self.item = LesionOutlineItem()
        self.item.setZValue(2)
        view.add_layer(self.item)
        self._action.toggled.connect(self._toggle)
        outlines.ready.connect(self._show)
        outlines.failed.connect(self._fail)
        outlines.outdated.connect(lambda: self._action.setChecked(False))
        outlines.obstacle_changed.connect(self._offer)
        self._offer()

    @property
    def caption(self) -> str:
        """The caption required in a picture of the outline, empty if there is none."""
        return self.tr("Outline drawn by the model.") if self.item.isVisible() else ""

    def _offer(self) -> None:
        obstacle = self._outlines.obstacle
        missing = ""
        if obstacle is OutlineObstacle.MODEL:
            missing = self.tr("The model in use draws no outlines.")
        elif obstacle is OutlineObstacle.CLINICAL:
            missing = self.tr("The model is not shown clinical photographs.")
        self._tools.offer(LESION_OUTLINE, missing)

    def _toggle(self, wanted: bool) -> None:
        self.item.hide()
        if wanted:
            self.bar.show_text("", self.tr("The outline is being drawn."))
            self._outlines.start()
        else:
            self._outlines.stop()
            self.bar.hide()

    def _show(self, drawn: DrawnOutline) -> None:
        outline, test = drawn.outline, drawn.test
        if outline is None:
            self.bar.show_text(size_words.unmeasured_text(lesion_size.SizeObstacle.NO_LESION), "")
            return
        finding = ""
        if outline.is_cut_off(test):
            finding = size_words.unmeasured_text(lesion_size.SizeObstacle.CUT_OFF)
        elif outline.is_too_small(test):
            finding = size_words.unmeasured_text(lesion_size.SizeObstacle.TOO_SMALL)
        elif outline.on_edge > 0:
            finding = size_words.edge_text()
        self.item.show_outline(lesion_size.in_pixels(outline, drawn.seen))
        text = self.tr(
            "Drawn by the model. In testing its area was wrong by {median:.0f} % or less in half of the lesions, and by "
            "{most:.0f} % or less in nine of ten."
        )
        self.bar.show_text(finding, text.format(median=100 * test.area_error, most=100 * test.area_error_most))

    def _fail(self, error: AppError) -> None:
        self._action.setChecked(False)
        self._messages.tell(error)
