"""Says how an image that is no image of a lesion of the open patient is compared and followed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import lesion_name, opening_text

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
        other = owner if owner is not None and (present is None or owner.id != present.id) else None
        if other is not None:
            how = self.tr("To follow it, open {patient}, then click its lesion in the list.")
            how = how.format(patient=other.pseudonym)
        elif owner is not None:
            how = self.tr("To follow it, press N for a new lesion, or click its lesion in the list.")
        elif present is not None:
            how = self.tr(
                "To follow it, press N for a new lesion, or click its lesion in the list; then press “Place it with …”."
            )
        else:
            how = self.tr("To follow it, choose its patient (Ctrl+L), then its lesion in the list.")
        self._say(f"{text} {how}", other)

    def say_of_another(self, owner: Patient, lesion: Lesion) -> None:
        """Say that an image is of a lesion of a patient who is not the open one."""
        text = self.tr("This image is of {patient}, {lesion}: open {patient} to follow it.")
        self._say(text.format(patient=owner.pseudonym, lesion=lesion_name(lesion)), owner)

    def _say(self, text: str, other: Patient | None) -> None:
        """Show a message, with a button that opens the other patient if there is one."""
        action = None
        if other is not None:
            action = opening_text(other.pseudonym), partial(self._open_patient.open, other)
        self._messages().say(text, error=False, action=action)
