"""Asks about images whose files name a different patient than the open one, before they are placed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.text_matching import identity
from desktop.session.import_item import ImportItem, names_another
from desktop.session.import_queue import ImportQueue
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.message_bar import Action, MessageBar
from desktop.widgets.patient.dicom_offer import who_is_named

if TYPE_CHECKING:
    from desktop.core.imaging.dicom_patient import DicomPatient
    from desktop.core.records.people import Patient
    from desktop.session.picture import Picture


class MismatchQuestion(QObject):
    """One question for all such images. Until it is answered, they stay in the history without a patient.

    It has a bar of its own, so that no other message about an image can replace it.
    """

    placed = Signal(object)
    """A list of ImportItems that the user has confirmed; they are being placed with their patient."""

    def __init__(
        self,
        open_patient: OpenPatient,
        import_queue: ImportQueue,
        use: Callable[[DicomPatient], None],
        messages: MessageBar,
        parent: QObject,
    ) -> None:
        """`use` opens the patient whom a file names, or adds them."""
        super().__init__(parent)
        self._open_patient = open_patient
        self._import_queue = import_queue
        self._use = use
        self._messages = messages
        self._pending: list[tuple[ImportItem, DicomPatient]] = []
        self._confirmed: set[tuple[int, str]] = set()
        """Pairs of a patient's id and a name in a file, which the user has confirmed as the same person."""
        self._left: set[tuple[int, str]] = set()
        """Pairs that the user has left without a patient, until others come."""
        self._patient: Patient | None = None
        self._wanted: DicomPatient | None = None
        """The patient whom the user wants in place of the open one, until somebody is opened."""
        import_queue.mismatched.connect(self._ask_of)
        open_patient.patient_changed.connect(self._take_patient)
        messages.dismissed.connect(self._leave)

    def begin(self) -> None:
        """Ask again about new images whose kind was left without a patient before."""
        self._left.clear()

    def speaks_against(self, picture: Picture) -> bool:
        """Return whether an image names a different patient than the open one, and the user has not confirmed it."""
        patient, named = self._open_patient.patient, picture.patient
        if patient is None or named is None or not names_another(named, patient):
            return False
        return self._open_patient.image_of(picture.sha256) is None and _key(patient, named) not in self._confirmed

    def asks_of(self, sha256: str) -> bool:
        """Return whether the open question is about this image."""
        return any(item.saved_sha256 == sha256 for item, _named in self._pending)

    def _ask_of(self, item: ImportItem, named: DicomPatient) -> None:
        if item.patient is None:
            return
        key = _key(item.patient, named)
        if key in self._confirmed:
            self._place([item])
        elif not item.is_of(self._open_patient.patient):
            self._say_left([item])
        elif key not in self._left:
            others = [
                one for one in self._pending if (one[0].path, one[0].saved_sha256) != (item.path, item.saved_sha256)
            ]
            self._pending = [*others, (item, named)]
            self._ask()

    def _ask(self) -> None:
        patient = self._open_patient.patient
        if patient is None:
            return
        ids = list(dict.fromkeys(named.id for _item, named in self._pending))
        (item, named), count = self._pending[0], len(self._pending)
        is_theirs = not names_another(named, patient)
        who = who_is_named(named) if len(ids) == 1 else ", ".join(f"“{one}”" for one in ids)
        if count == 1:
            text = self.tr("“{name}” says that it is of {who}.").format(name=item.name, who=who)
        else:
            text = self.tr("{count} images say that they are of {who}.").format(count=count, who=who)
        if not is_theirs:
            text = self.tr("{text} The open patient is “{present}”: not placed.").format(
                text=text, present=patient.pseudonym
            )
        choice: list[Action] = [
            (self.tr("Place with {patient}").format(patient=patient.pseudonym), self._agree),
            (self.tr("Leave without a patient"), self._leave),
        ]
        if len(ids) == 1 and not is_theirs:
            choice.append((self.tr("Use the file's patient"), partial(self._go_to, named)))
        self._messages.say(text, error=not is_theirs, choice=choice)

    def _go_to(self, named: DicomPatient) -> None:
        """Open the patient whom the file names, and place the images with them."""
        self._wanted = named
        self._use(named)

    def _agree(self) -> None:
        pending, self._pending = self._pending, []
        for item, named in pending:
            if item.patient is not None:
                self._confirmed.add(_key(item.patient, named))
        self._place([item for item, _named in pending])

    def _place(self, items: list[ImportItem]) -> None:
        self._import_queue.place_all_the_same(items)
        self.placed.emit(items)

    def _leave(self) -> None:
        self._left |= {_key(one.patient, named) for one, named in self._pending if one.patient is not None}
        self._pending = []

    def _take_patient(self) -> None:
        """Another patient is open: withdraw the question; repeat it only if the files name the new patient."""
        before, self._patient = self._patient, self._open_patient.patient
        present = self._patient
        if before is not None and present is not None and before.id == present.id:
            return
        on_their_way = {one.patient.id for one in self._import_queue.waiting if one.patient is not None}
        self._confirmed = {key for key in self._confirmed if key[0] in on_their_way}
        self._left.clear()
        pending, self._pending = self._pending, []
        wanted, self._wanted = self._wanted, None
        self._messages.withdraw()
        if present is not None:
            self._pending = [
                (replace(item, patient=present, lesion_id=None), named)
                for item, named in pending
                if not names_another(named, present)
            ]
        others = [item for item, named in pending if present is None or names_another(named, present)]
        if self._pending and wanted is not None and present is not None and not names_another(wanted, present):
            self._agree()
        elif self._pending:
            self._ask()
        elif others:
            self._say_left(others)

    def _say_left(self, items: list[ImportItem]) -> None:
        names = ", ".join(f"“{one.name}”" for one in items[:3]) + (", …" if len(items) > 3 else "")
        if any(one.saved_sha256 for one in items):
            text = self.tr("Left without a patient, since the file names another: {names}.").format(names=names)
        else:
            text = self.tr("Not kept, since the file names another patient: {names}.").format(names=names)
        self._messages.say(text, error=False)


def _key(patient: Patient, named: DicomPatient) -> tuple[int, str]:
    return patient.id, identity(named.id)
