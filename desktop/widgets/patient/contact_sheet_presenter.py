"""Shows the contact sheet of the open patient's visit, once the scales of its images are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.thumbnails import Thumbnails

if TYPE_CHECKING:
    from desktop.core.imaging.scale import Scale
    from desktop.core.records.history import History
    from desktop.widgets.patient.contact_sheet_view import SheetImage


class ContactSheetPresenter(QObject):
    """The dialog is created on first use."""

    def __init__(
        self,
        open_patient: OpenPatient,
        history_service: HistoryService,
        thumbnails: Thumbnails,
        messages: MessageBar,
        open_lesion: Callable[[int], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._open_patient = open_patient
        self._history_service = history_service
        self._thumbnails = thumbnails
        self._messages = messages
        self._open_lesion = open_lesion
        self._window = window

    def show(self) -> None:
        """Show one image of each lesion that was photographed today."""
        from desktop.widgets.patient.contact_sheet import sheet_images  # noqa: PLC0415 - not needed at the start

        patient = self._open_patient.patient
        if patient is None:
            return
        images = sheet_images(self._open_patient)

        def read(history: History) -> list[Scale | None]:
            return [history.scales.of(one.image.sha256) for one in images]

        def take(scales: list[Scale | None]) -> None:
            if self._open_patient.patient is not None and self._open_patient.patient.id == patient.id:
                self._open(
                    [
                        replace(one, mm_per_pixel=None if scale is None else scale.mm_per_pixel)
                        for one, scale in zip(images, scales, strict=True)
                    ]
                )

        self._history_service.ask(read, take, self._messages.tell)

    def _open(self, images: Sequence[SheetImage]) -> None:
        from desktop.widgets.patient.contact_sheet import ContactSheet  # noqa: PLC0415

        sheet = ContactSheet(self._open_patient, images, self._thumbnails, self._window)
        sheet.view.lesion_requested.connect(self._open_lesion)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()
