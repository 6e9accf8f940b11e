"""Shows the overlay on request, and never before the answer to which it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.answers import Answer
from desktop.session.explanation import Explanation, MapObstacle
from desktop.session.open_image import OpenImage
from desktop.system.settings import OVERLAY_OPACITY, Settings
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.wording import in_order, label_name
from desktop.widgets.image.answer_message import AnswerMessage
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.overlay_bar import OverlayBar
from desktop.widgets.image.overlay_item import OverlayItem

if TYPE_CHECKING:
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.explain import ExplanationMaps
else:
    judging = Late("desktop.core.inference.judgement")

_LEAST_FALL = 0.01
"""If no square lowers the probability by this much, nothing is tinted: it would show noise."""


class OverlayPresenter(QObject):
    """Switched off at each new image; another answer for the same image (a region's) gets its own map."""

    def __init__(
        self,
        view: ImageView,
        action: QAction,
        messages: MessageBar,
        explaining: Explanation,
        open_image: OpenImage,
        settings: Settings,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._action = action
        self._messages = messages
        self._explaining = explaining
        self._open_image = open_image
        self._settings = settings
        self._maps: ExplanationMaps | None = None
        self._refusal = AnswerMessage(messages, open_image, self)
        self.item = OverlayItem()
        view.add_layer(self.item)
        self.bar = OverlayBar(settings.get(OVERLAY_OPACITY))
        self._set_opacity(settings.get(OVERLAY_OPACITY))
        action.toggled.connect(self._toggle)
        self.bar.label_chosen.connect(lambda _label: self._draw())
        self.bar.opacity_changed.connect(self._keep_opacity)
        self.bar.cancelled.connect(self.turn_off)
        explaining.ready.connect(self._take)
        explaining.progressed.connect(self.bar.show_progress)
        explaining.failed.connect(self._fail)
        open_image.opening.connect(lambda _name: self.turn_off())
        open_image.answering.connect(self.turn_off)
        open_image.closed.connect(self.turn_off)
        open_image.answered.connect(self._follow)

    @property
    def caption(self) -> str:
        """The caption required in a picture of the overlay, empty if there is none."""
        answer = self._open_image.answer
        if not self.item.isVisible() or answer is None:
            return ""
        name = label_name(answer.contract, answer.contract.label_ids[self.bar.label])
        return self.tr("Overlay: {label}. A hint, not a proof.").format(label=name)

    def turn_off(self) -> None:
        """Remove the overlay, and stop computing it."""
        self._action.setChecked(False)
        self._hide()

    def _toggle(self, wanted: bool) -> None:
        if not wanted:
            self._hide()
            return
        obstacle = self._explaining.obstacle
        answer = self._open_image.answer
        if obstacle is not None or answer is None:
            self._action.setChecked(False)
            self._refusal.say(self._why_not(obstacle))
            return
        self.bar.offer(answer.contract, first_label(answer))
        self._explaining.start()

    def _follow(self, _answer: Answer) -> None:
        if self._action.isChecked():
            self._hide()
            self._toggle(True)

    def _take(self, maps: ExplanationMaps) -> None:
        if self._action.isChecked():
            self._maps = maps
            self._draw()

    def _draw(self) -> None:
        answer = self._open_image.answer
        if answer is None or self._maps is None:
            return
        label = self.bar.label
        shades = self._maps.shades(label)
        if self._maps.kind == "occlusion" and self._maps.greatest(label) < _LEAST_FALL:
            shades = shades * 0
        self.item.show_cells(shades, answer.seen)
        self.bar.show_text(self._describe(self._maps, answer, label))

    def _describe(self, maps: ExplanationMaps, answer: Answer, label: int) -> str:
        name = label_name(answer.contract, answer.contract.label_ids[label])
        greatest = maps.greatest(label)
        if maps.kind == "activation":
            text = self.tr("What each square of the image adds to “{label}”.")
            if greatest <= 0:
                text = self.tr("No square of the image speaks for “{label}”.")
        elif greatest < _LEAST_FALL:
            text = self.tr("With any one square hidden, “{label}” falls by less than one percentage point.")
        else:
            text = self.tr("How much “{label}” falls when a square is hidden: {points:.0f} points at most.")
        width, height = self.item.cell_size
        size = self.tr(
            "Drawn smooth: one square is {width:.0f} × {height:.0f} pixels, the model tells no finer. A hint, not a proof."
        )
        return f"{text.format(label=name, points=100 * greatest)} {size.format(width=width, height=height)}"

    def _why_not(self, obstacle: MapObstacle | None) -> str:
        if obstacle is MapObstacle.NOVELTY:
            return self.tr("No overlay: the image is not like those that the model learned from.")
        if obstacle is MapObstacle.WITHHELD:
            return self.tr("No overlay while the answer is not shown. Press “Show anyway” first.")
        if obstacle is MapObstacle.OTHER_MODEL:
            return self.tr("No overlay: another model gave this answer. Classify with the present model first.")
        if self._open_image.is_held_back:
            return self.tr("Enter your diagnosis first: the overlay comes after it.")
        return self.tr("The overlay belongs to an answer, and there is none yet.")

    def _fail(self, error: AppError) -> None:
        self.turn_off()
        self._messages.tell(error)

    def _keep_opacity(self, per_cent: int) -> None:
        self._settings.put(OVERLAY_OPACITY, per_cent)
        self._set_opacity(per_cent)

    def _set_opacity(self, per_cent: int) -> None:
        self.item.setOpacity(per_cent / 100)

    def _hide(self) -> None:
        self._explaining.stop()
        self._maps = None
        self.item.hide()
        self.bar.hide()


def first_label(answer: Answer) -> int:
    """Return the index of the label to explain first: that of an alert of the image alone, else the one that the answer names.

    If the answer names none, it is the first malignant label: choosing the most probable would name it.
    """
    judgement, contract = answer.judgement, answer.contract
    by_id = dict(zip(contract.label_ids, answer.prediction.probabilities, strict=True))
    label = judging.alerted_label(judgement.flags, contract, by_id)
    if label is None:
        label = judgement.top if judgement.abstention is None else in_order(contract.labels)[0].id
    return answer.contract.label_ids.index(label)
