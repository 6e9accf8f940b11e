"""Says how an image that is no image of a lesion of the open patient is compared and followed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Patient


class FollowMessages(QObject):
    """Where the image is another patient's, the message has a button that opens them."""

    def __init__(self, open_patient: OpenPatient, messages: Callable[[], MessageBar], parent: QObject) -> None:
        """`messages` returns the bar of the current page."""
        super().__init__(parent)
        self._open_patient = open_patient
        self._messages = messages

    def say_waiting(self, name: str, owner: Patient | None) -> None:
        """Say how an image without a lesion is compared, and how it gets a lesion to be followed with.

        `owner` is its patient, None if it has none.
        """
        text = self.tr(
            "“{name}” has no lesion. To compare it, press C on another image without a lesion, or choose both in the history"
            " and press C."
        ).format(name=name)
        present = self._open_patient.patient
        if owner is None and present is not None:
            how = self.tr(
                "To follow it, press N for a new lesion, or click its lesion in the list; then press “Place it with …”."
            )
            self._messages().say(f"{text} {how}", error=False)
        elif owner is None:
            how = self.tr("To follow it, choose its patient (Ctrl+L), then its lesion in the list.")
            self._messages().say(f"{text} {how}", error=False)
        elif present is not None and owner.id == present.id:
            how = self.tr("To follow it, press N for a new lesion, or click its lesion in the list.")
            self._messages().say(f"{text} {how}", error=False)
        else:
            how = self.tr("To follow it, open {patient}, then click its lesion in the list.")
            self._offer(f"{text} {how.format(patient=owner.pseudonym)}", owner)

    def say_of_another(self, owner: Patient, lesion: Lesion) -> None:
        """Say that an image is of a lesion of a patient who is not the open one."""
        text = self.tr("This image is of {patient}, {lesion}: open {patient} to follow it.")
        self._offer(text.format(patient=owner.pseudonym, lesion=lesion_name(lesion)), owner)

    def _offer(self, text: str, owner: Patient) -> None:
        action = self.tr("Open {patient}").format(patient=owner.pseudonym), partial(self._open_patient.open, owner)
        self._messages().say(text, error=False, action=action)
