"""Asks which visit goes to the archive, and says what of it will be sent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.visit_sending import FoundVisit
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import Sheet
from desktop.widgets.common.wording import local_day, local_time, numbered, sentence

if TYPE_CHECKING:
    from desktop.core.exchange import dicom_objects
    from desktop.core.exchange.dicom_visit import ListedObject
else:
    dicom_objects = Late("desktop.core.exchange.dicom_objects")

_WIDTH = 560


class SendVisitDialog(Sheet):
    """Sends nothing by itself: `send_requested` is emitted once the user wants it."""

    day_chosen = Signal(object)
    """The day of the visit that the user wants to send; what there is of it goes to `show_visit`."""
    send_requested = Signal(object, object)
    """The FoundVisit, and the UIDs of what is to be sent."""

    def __init__(self, patient: str, peer: str, days: Sequence[dt.date], parent: QWidget | None = None) -> None:
        """`days` are those of the visits, the newest first."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Send the visit to the archive"))
        self._found: FoundVisit | None = None
        self.days = ChoiceBox(self)
        for day in days:
            self.days.addItem(local_day(day), day)
        self.contents = PlainLabel("", self)
        self.contents.setWordWrap(True)
        self.again = QCheckBox(self.tr("Send again what the archive has taken already"), self)
        self.send = QPushButton(self.tr("Send"), self)
        self.send.setProperty("prominent", True)
        self.send.setDefault(True)
        self.send.clicked.connect(self._send)
        self.again.toggled.connect(lambda _is_wanted: self._show_contents())
        self._lay_out(patient, peer)
        self.resize(_WIDTH, self.sizeHint().height())
        self.setFocusProxy(self.send)
        self.days.currentIndexChanged.connect(lambda _index: self.ask())

    def ask(self) -> None:
        """Ask what there is of the chosen visit."""
        self._found = None
        self.again.hide()
        self.again.setChecked(False)
        self.send.setEnabled(False)
        self.contents.setText(self.tr("Reading the history…"))
        self.day_chosen.emit(self.days.currentData())

    def show_visit(self, found: FoundVisit) -> None:
        """Say what there is of a visit, if it is the chosen one."""
        if found.visit.day == self.days.currentData():
            self._found = found
            self.again.setVisible(len(found.new) < len(found.visit.objects))
            self._show_contents()

    def show_error(self, error: AppError) -> None:
        """Show why nothing can be sent."""
        self.contents.setText(sentence(error))

    def _wanted(self, found: FoundVisit) -> Sequence[ListedObject]:
        return found.visit.objects if self.again.isChecked() else found.new

    def _show_contents(self) -> None:
        found = self._found
        if found is None:
            return
        wanted = self._wanted(found)
        taken = [found.taken[one.uid] for one in found.visit.objects if one.uid in found.taken]
        texts = [self.tr("To be sent: {what}.").format(what=what_text(wanted))] if wanted else []
        if not found.visit.objects:
            texts.append(self.tr("This visit has no images and no assessment."))
        if taken:
            text = self.tr("Taken by the archive already: {count}, the last on {when}.")
            texts.append(text.format(count=len(taken), when=local_time(max(taken))))
        kinds = {one.kind for one in found.visit.objects}
        if dicom_objects.ObjectKind.IMAGE in kinds and dicom_objects.ObjectKind.FINDING not in kinds:
            texts.append(self.tr("No assessment was saved at this visit: no finding is sent."))
        self.contents.setText("\n".join(texts))
        self.send.setEnabled(bool(wanted))

    def _send(self) -> None:
        found = self._found
        if found is not None:
            self.accept()
            self.send_requested.emit(found, frozenset(one.uid for one in self._wanted(found)))

    def _lay_out(self, patient: str, peer: str) -> None:
        title = PlainLabel(self.tr("Send the visit to the archive"), self)
        title.setObjectName("title")
        form = QFormLayout()
        form.addRow(self.tr("Patient"), PlainLabel(patient, self))
        form.addRow(self.tr("Archive"), PlainLabel(peer, self))
        form.addRow(self.tr("Visit"), self.days)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 18, 18)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addLayout(form)
        layout.addWidget(self.contents)
        layout.addWidget(self.again)
        layout.addLayout(buttons)


def what_text(objects: Sequence[ListedObject]) -> str:
    """Return how many images, findings and documents of model answers there are."""
    kinds = Counter(one.kind for one in objects)
    of = dicom_objects.ObjectKind
    texts = (
        (of.IMAGE, _tr("1 image"), _tr("{count} images")),
        (of.FINDING, _tr("1 finding"), _tr("{count} findings")),
        (of.MACHINE, _tr("1 unverified document of the model"), _tr("{count} unverified documents of the model")),
    )
    return ", ".join(numbered(kinds[kind], one, several) for kind, one, several in texts if kinds[kind])


def _tr(text: str) -> str:
    return QCoreApplication.translate("SendVisitDialog", text)
