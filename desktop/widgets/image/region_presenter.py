"""Connects the drawing, choosing and removing of regions to their answers; every change can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QKeySequence

from desktop.session.answers import GivenAnswer
from desktop.session.open_image import OpenImage
from desktop.session.regions import Regions
from desktop.session.undo import UndoStack
from desktop.widgets.common.change_subjects import images_name
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.image.answer_message import AnswerMessage
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.region_bar import RegionBar
from desktop.widgets.image.region_item import RegionItem
from desktop.widgets.image.region_tool import RegionTool

if TYPE_CHECKING:
    from desktop.core.imaging.preprocessing import Box
    from desktop.session.image_owner import ImageOwner


class RegionPresenter(QObject):
    """Shows the regions over the image and in their bar."""

    def __init__(
        self,
        view: ImageView,
        action: QAction,
        messages: MessageBar,
        regions: Regions,
        open_image: OpenImage,
        undo_stack: UndoStack,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._action = action
        self._refusal = AnswerMessage(messages, open_image, self)
        self._regions = regions
        self._open_image = open_image
        self._undo_stack = undo_stack
        self._owner: ImageOwner | None = None
        """Whose the image is in which a region was drawn last."""
        self.bar = RegionBar()
        self.item = RegionItem()
        self.item.setZValue(2)
        view.add_layer(self.item)
        self._tool = RegionTool(self)
        self._remove = QAction(self)
        self._remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        self._remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._remove.setText(self.tr("Remove the chosen region"))
        self._remove.triggered.connect(self._take_out_chosen)
        view.addAction(self._remove)
        action.toggled.connect(self._toggle)
        self._tool.changed.connect(self.item.show_draft)
        self._tool.drawn.connect(self._classify)
        self._tool.clicked.connect(self._choose_at)
        self._tool.left.connect(lambda: action.setChecked(False))
        view.clicked.connect(self._choose_at)
        self.bar.chosen.connect(regions.choose)
        self.bar.remove_requested.connect(self._take_out_chosen)
        regions.changed.connect(self._show)
        regions.classified.connect(self._offer_undo)
        regions.failed.connect(messages.tell)
        open_image.opening.connect(lambda _name: action.setChecked(False))
        open_image.closed.connect(lambda: action.setChecked(False))
        self._show()

    def _toggle(self, wanted: bool) -> None:
        picture = self._open_image.picture
        if wanted and (picture is None or not self._regions.can_classify):
            self._action.setChecked(False)
            text = self.tr("A region can be classified once the answer for the whole image is there.")
            if self._open_image.is_held_back:
                text = self.tr("Enter your diagnosis first: a region can be classified after it.")
            self._refusal.say(text)
            return
        if wanted and picture is not None:
            self._view.use_tool(self._tool)
            self._show()
            self._tool.begin_in(picture.width, picture.height)
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._view.release_tool(self._tool)
            self.item.show_draft(None)
            self._show()

    def _classify(self, box: Box) -> None:
        self._owner = self._open_image.owner()  # usually known by the time of the answer
        self._regions.classify(box)

    def _choose_at(self, point: QPointF) -> None:
        index = self.item.region_at(point)
        if self.item.boxes:
            self._regions.choose(index)

    def _take_out_chosen(self) -> None:
        index = self._regions.chosen
        if index is not None:
            given = self._regions.items[index]
            step, owner = self._regions.removal(given), self._open_image.owner()
            self._undo_stack.carry_out(
                lambda: self.tr("removal of a region of {subject}").format(subject=images_name(owner)),
                step,
                patient_ids=owner.patient_ids,
            )

    def _offer_undo(self, given: GivenAnswer) -> None:
        owner = self._owner or self._open_image.owner()
        text = self.tr("region of {subject}").format(subject=images_name(owner))
        self._undo_stack.add(text, self._regions.removal(given), patient_ids=owner.patient_ids)

    def _show(self) -> None:
        picture, regions = self._open_image.picture, self._regions
        bounds = QRectF() if picture is None else QRectF(0, 0, picture.width, picture.height)
        boxes = [given.answer.region for given in regions.items if given.answer.region is not None]
        self.item.show_regions(boxes, regions.chosen, bounds)
        self.bar.show_regions(len(boxes), regions.chosen, is_drawing=self._action.isChecked())
        self._remove.setEnabled(regions.chosen is not None)
