"""Messages over the picture about the patient and lesion of an image, each with an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.core.records.patient_file import Whereabouts
from desktop.session.import_item import ImportItem, names_another
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.message_bar import Action, MessageBar
from desktop.widgets.common.patient_words import lesion_name, opening_text
from desktop.widgets.common.wording import local_day, sentence
from desktop.widgets.patient.dicom_offer import who_is_named
from desktop.widgets.patient.image_moves import ImageMoves

if TYPE_CHECKING:
    from desktop.core.imaging.dicom_patient import DicomPatient
    from desktop.core.records.people import Lesion, Patient, PlacedImage
    from desktop.session.picture import Picture


class OwnerMessages(QObject):
    """An offer names the lesion that the image would go to; if that changes, the offer is withdrawn or renewed."""

    def __init__(self, open_patient: OpenPatient, moves: ImageMoves, messages: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._moves = moves
        self._messages = messages
        self._message: object = None
        self._renew: Callable[[], None] | None = None
        self._offered = ""
        """The SHA-256 of the image that an offer would place."""
        self._is_lasting = False
        """Whether the message stays when another image is opened."""
        open_patient.reloaded.connect(self._withdraw_offer)

    def forget(self) -> None:
        """Withdraw the last message: another patient is open, and its action must not apply to them."""
        if self._is_shown():
            self._messages.hide()
        self._message, self._renew, self._offered, self._is_lasting = None, None, "", False

    def withdraw_of_open(self) -> None:
        """Withdraw what was said of the open image: it is elsewhere now."""
        if not self._is_lasting:
            self.forget()

    def renew_offer(self, sha256: str) -> None:
        """Offer the unassigned image in front to the lesion that is chosen now, also where another message took that place."""
        if self._renew is not None and self._offered == sha256:
            self._renew()

    def say_of_another(self, owner: Patient, lesion: Lesion | None) -> None:
        """Say that the open image belongs to a patient who is not the open one."""
        place = f", {lesion_name(lesion)}" if lesion is not None else ""
        text = self.tr("This image is of {patient}{lesion}.").format(patient=owner.pseudonym, lesion=place)
        self._say(text, self._to_open(owner))

    def offer_to_adopt(
        self, sha256: str, named: DicomPatient | None, present: Patient, adopt: Callable[[Lesion | None], None]
    ) -> None:
        """Offer to place an unassigned image with the open patient, and say so if its file names another."""
        lesion = self._open_patient.lesion
        text = self.tr("Not filed under any patient. Add to {patient}?").format(patient=present.pseudonym)
        if named is not None and names_another(named, present):
            text = self.tr("{text} Its file names another: {who}.").format(text=text, who=who_is_named(named))
        name = lesion_name(lesion) if lesion is not None else present.pseudonym
        self._say(text, (self._place_it_with(name), partial(adopt, lesion)))
        self._renew = partial(self.offer_to_adopt, sha256, named, present, adopt)
        self._offered = sha256

    def offer_to_assign(self, shown: PlacedImage, lesion: Lesion) -> None:
        """Offer to assign an image of the patient that has no lesion."""
        assign = partial(self._moves.assign, [shown.image.sha256], lesion.id)
        text = self.tr("The image shown is not placed with a lesion.")
        self._say(text, (self._place_it_with(lesion_name(lesion)), assign))
        self._offered = shown.image.sha256

    def offer_left(self, picture: Picture, lesion: Lesion, place: Callable[[], None]) -> None:
        """Offer the image that was in front, and has no lesion, to the lesion that was chosen then and shows its own."""
        text = self.tr("The image shown before, “{name}”, has no lesion.").format(name=picture.name)
        self._say(text, (self._place_it_with(lesion_name(lesion)), place), is_lasting=True)
        self._offered = picture.sha256

    def withdraw_left(self) -> None:
        """Withdraw that offer: another lesion is chosen."""
        if self._is_lasting:
            self.forget()

    def say_of_earlier(self, day: dt.date, open_todays: Callable[[], None]) -> None:
        """Say that the image was taken at an earlier visit, and offer to open today's."""
        text = self.tr("This is the image of {day}.").format(day=local_day(day))
        has_todays = self._open_patient.todays_image() is not None
        button = self.tr("Go to today's image") if has_todays else self.tr("Open today's image…")
        self._say(text, (button, open_todays))

    def say_stays_with_patient(self, item: ImportItem, owner: Patient) -> None:
        """Say that an image added to a lesion belongs to another patient and stays there."""
        self._say_stays(item, owner.pseudonym, self._to_open(owner), error=True)

    def say_stays_with_lesion(self, item: ImportItem, where: Whereabouts, lesion: Lesion) -> None:
        """Say that an image added to one lesion belongs to another lesion of the same patient and stays there."""
        meant = next((one for one in self._open_patient.lesions if one.id == item.lesion_id), None)
        action: Action | None = None
        if meant is not None:
            assign = partial(self._moves.assign, [where.sha256], meant.id)
            action = (self._place_it_with(lesion_name(meant)), assign)
        self._say_stays(item, lesion_name(lesion), action, error=False)

    def say_not_placed(self, item: ImportItem, error: AppError) -> None:
        """Say why an image could not be saved, or could not be placed if it was saved before."""
        text = (
            self.tr("“{name}” was not placed: {why}") if item.saved_sha256 else self.tr("“{name}” was not kept: {why}")
        )
        self._messages.say(text.format(name=item.name, why=sentence(error)), is_lasting=True)

    def _say_stays(self, item: ImportItem, place: str, action: Action | None, *, error: bool) -> None:
        text = self.tr("“{name}” is an image of {place} already and stays there.")
        self._say(text.format(name=item.name, place=place), action, error=error)

    def _say(self, text: str, action: Action | None, *, error: bool = False, is_lasting: bool = False) -> None:
        self._messages.say(text, error=error, action=action, is_lasting=is_lasting)
        self._message, self._renew, self._offered = self._messages.newest, None, ""
        self._is_lasting = is_lasting

    def _withdraw_offer(self) -> None:
        """Withdraw the offer once the image has its lesion, however it was placed there."""
        placed = self._open_patient.image_of(self._offered) if self._offered else None
        if placed is not None and (placed.lesion_id is not None or self._renew is not None):
            self.forget()

    def _is_shown(self) -> bool:
        return self._message is not None and self._messages.is_showing(self._message)

    def _place_it_with(self, name: str) -> str:
        return self.tr("Place it with {name}").format(name=name)

    def _to_open(self, owner: Patient) -> Action:
        return opening_text(owner.pseudonym), partial(self._open_patient.open, owner)
