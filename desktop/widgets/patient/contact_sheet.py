"""All lesions of a visit side by side in the order of the body, for the eye that looks for the one unlike the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.body_places import places
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.plain_text import PlainLabel, for_title
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import local_day
from desktop.widgets.patient.contact_sheet_view import GAP, SIDE, SheetImage, SheetView


def sheet_images(open_patient: OpenPatient) -> list[SheetImage]:
    """Return the newest image of each lesion that was photographed today, from head to foot; without a place come last."""
    order = {place: number for number, place in enumerate(places())}
    today, found = open_patient.date, []
    for lesion in sorted(open_patient.lesions, key=lambda one: order.get(one.site, len(order))):
        images = [
            image
            for image in open_patient.images_of(lesion.id)
            if image.kind == "dermoscopy" and open_patient.date_of(image) == today
        ]
        if images:
            found.append(SheetImage(lesion.id, lesion_name(lesion), images[-1].image))
    return found


class ContactSheet(QDialog):
    """Shows images and names alone: nothing of an answer, an assessment or an outcome."""

    def __init__(
        self, open_patient: OpenPatient, images: Sequence[SheetImage], thumbnails: Thumbnails, parent: QWidget
    ) -> None:
        super().__init__(parent)
        pseudonym = "" if open_patient.patient is None else open_patient.patient.pseudonym
        title = self.tr("{patient}: lesions of {day}").format(patient=pseudonym, day=local_day(open_patient.date))
        self.setWindowTitle(for_title(title))
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        self.view = SheetView(images, thumbnails, self)
        self.view.lesion_requested.connect(self.accept)
        self.note = PlainLabel(self._about(), self)
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self.note)
        layout.addWidget(self.view, 1)
        layout.addWidget(buttons)
        self.view.setVisible(bool(images))
        self.view.setFocus()
        self.resize(on_screen(self, QSize(4 * (SIDE + GAP) + 60, 680)))

    def _about(self) -> str:
        to_scale = [drawn.is_to_scale for drawn in self.view.drawn]
        if not to_scale:
            return self.tr("No lesion has a dermatoscope image of this visit yet.")
        scale = self.tr("No two images have a scale: sizes cannot be compared.")
        if all(to_scale):
            scale = self.tr("All are at one scale.")
        elif any(to_scale):
            scale = self.tr("Those with a bar are at one scale; do not compare the size of the others.")
        parts = (
            self.tr("From head to foot."),
            scale if len(to_scale) > 1 else "",
            self.tr("Click a lesion to open it."),
        )
        return " ".join(filter(None, parts))
