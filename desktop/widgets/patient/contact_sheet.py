"""All lesions of a visit side by side in the order of the body, for the eye that looks for the one unlike the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.core.records.appearance_order import VisitLesion
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.body.body_heights import height_of
from desktop.widgets.common.body.body_marks import site_of
from desktop.widgets.common.body_places import places
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import PlainLabel, for_title
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import local_day
from desktop.widgets.patient.contact_sheet_view import GAP, SIDE, SheetImage, SheetView
from desktop.widgets.patient.sheet_order_bar import SheetOrderBar, left_out_text

if TYPE_CHECKING:
    from desktop.core.records.appearance_order import AppearanceOrder
    from desktop.core.records.people import Lesion, PlacedImage
    from desktop.session.contact_sheet_order import OrderOffer


def visit_lesions(open_patient: OpenPatient) -> list[VisitLesion]:
    """Return the lesions that were photographed today with those images, from head to foot; without a place come last.

    The front and the back of one height stand together.
    """
    order = {place: number for number, place in enumerate(sorted(places(), key=height_of))}
    today, found = open_patient.date, []
    for lesion in sorted(open_patient.lesions, key=lambda one: order.get(site_of(one), len(order))):
        images = tuple(
            image
            for image in open_patient.images_of(lesion.id)
            if image.kind == "dermoscopy" and open_patient.date_of(image) == today
        )
        if images:
            found.append(VisitLesion(lesion, images))
    return found


class ContactSheet(QDialog):
    """Shows images and names alone: nothing of an answer, an assessment or an outcome.

    The order by appearance, if it is offered, stands under a heading that says that nobody has tested it.
    """

    def __init__(
        self,
        open_patient: OpenPatient,
        lesions: Sequence[VisitLesion],
        scales: Mapping[str, float],
        thumbnails: Thumbnails,
        parent: QWidget,
        *,
        has_orders: bool = False,
    ) -> None:
        """Show the newest image of each lesion.

        Args:
            open_patient: whose lesions they are.
            lesions: those of the visit, in the order of the body.
            scales: the millimetres per pixel of the images of which they are known, by SHA-256.
            thumbnails: of the images.
            parent: the window.
            has_orders: whether there is a choice of orders.
        """
        super().__init__(parent)
        self._lesions = tuple(lesions)
        self._scales = scales
        pseudonym = "" if open_patient.patient is None else open_patient.patient.pseudonym
        title = self.tr("{patient}: lesions of {day}").format(patient=pseudonym, day=local_day(open_patient.date))
        self.setWindowTitle(for_title(title))
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        self.messages = MessageBar(self)
        self.orders = SheetOrderBar(self)
        self.orders.setVisible(has_orders)
        self.caution = PlainLabel(self.tr("Not tested"), self)
        self.caution.setObjectName("heading")
        self.view = SheetView(thumbnails, self)
        self.view.lesion_requested.connect(self.accept)
        self.note = PlainLabel(self)
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        for widget in (heading, self.orders, self.caution, self.note):
            layout.addWidget(widget)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.messages)  # takes its room from the end of the pictures: none moves
        layout.addWidget(buttons)
        self.view.setVisible(bool(lesions))
        self.view.setFocus()
        self.show_body_order()
        self.resize(on_screen(self, QSize(4 * (SIDE + GAP) + 60, 680)))

    def show_offer(self, offer: OrderOffer) -> None:
        """Offer the order by appearance, or say why it is not; without it the lesions stand in the order of the body."""
        self.orders.show_offer(offer)
        if offer.obstacle is not None and not self.caution.isHidden():
            self.show_body_order()

    def show_body_order(self) -> None:
        """Show the lesions from head to foot."""
        self._show([self._pictured(one.lesion, one.images[-1]) for one in self._lesions], "")

    def show_order(self, order: AppearanceOrder) -> None:
        """Show the lesions in the order by appearance; those that are not in it follow from head to foot."""
        newest = {one.lesion.id: one.images[-1] for one in self._lesions}
        ordered = [self._pictured(lesion, image) for lesion, image in order.ordered]
        others = [self._pictured(one, newest[one.id], left_out_text(why)) for one, why in order.left_out]
        self._show([*ordered, *others], self._about_order(has_others=bool(others)))

    def _show(self, images: list[SheetImage], order: str) -> None:
        """Show images; `order` says what the order by appearance is, empty for that of the body."""
        self.caution.setVisible(bool(order))
        self.view.show_images(images)
        self.note.setText(self._about(order or self.tr("From head to foot.")))
        if not self.orders.isHidden():
            self.orders.show_done(is_by_appearance=bool(order))

    def _pictured(self, lesion: Lesion, image: PlacedImage, remark: str = "") -> SheetImage:
        kept = image.image
        return SheetImage(lesion.id, lesion_name(lesion), kept, self._scales.get(kept.sha256), remark)

    def _about_order(self, *, has_others: bool) -> str:
        first = self.tr(
            "Lesions that look least like this patient's others to the model come first; nobody has tested whether this"
            " helps to find a melanoma."
        )
        others = self.tr("Those with a reason below the name were not compared and follow from head to foot.")
        return f"{first} {others}" if has_others else first

    def _about(self, order: str) -> str:
        to_scale = [drawn.is_to_scale for drawn in self.view.drawn]
        if not to_scale:
            return self.tr("No lesion has a dermatoscope image of this visit yet.")
        scale = self.tr("No two images have a scale: sizes cannot be compared.")
        if all(to_scale):
            scale = self.tr("All are at one scale.")
        elif any(to_scale):
            scale = self.tr("Those with a bar are at one scale; do not compare the size of the others.")
        parts = (order, scale if len(to_scale) > 1 else "", self.tr("Click a lesion to open it."))
        return " ".join(filter(None, parts))
