"""Shows the contact sheet of the open patient's visit, once the scales of its images are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.session.contact_sheet_order import ContactSheetOrder
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.thumbnails import Thumbnails

if TYPE_CHECKING:
    from desktop.core.records.appearance_order import AppearanceOrder, VisitLesion
    from desktop.core.records.history import History
    from desktop.session.contact_sheet_order import OrderOffer
    from desktop.session.image_vectors import FillProgress
    from desktop.widgets.patient.contact_sheet import ContactSheet


class ContactSheetPresenter(QObject):
    """The dialog is created on first use, one at a time."""

    def __init__(
        self,
        open_patient: OpenPatient,
        history_service: HistoryService,
        order: ContactSheetOrder,
        thumbnails: Thumbnails,
        messages: Callable[[], MessageBar],
        open_lesion: Callable[[int], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._open_patient = open_patient
        self._history_service = history_service
        self._order = order
        self._thumbnails = thumbnails
        self._messages = messages
        self._open_lesion = open_lesion
        self._window = window
        self._sheet: ContactSheet | None = None
        order.looked.connect(self._show_offer)
        order.filling.connect(self._show_filling)
        order.ordered.connect(self._show_order)
        order.failed.connect(self._fail)

    def show(self) -> None:
        """Show one image of each lesion that was photographed today."""
        from desktop.widgets.patient.contact_sheet import visit_lesions  # noqa: PLC0415 - not needed at the start

        patient = self._open_patient.patient
        if patient is None:
            return
        lesions = visit_lesions(self._open_patient)
        hashes = [image.image.sha256 for one in lesions for image in one.images]

        def read(history: History) -> dict[str, float]:
            found = ((sha256, history.scales.of(sha256)) for sha256 in hashes)
            return {sha256: scale.mm_per_pixel for sha256, scale in found if scale is not None}

        def take(scales: dict[str, float]) -> None:
            if self._open_patient.patient is not None and self._open_patient.patient.id == patient.id:
                self._open(lesions, scales)

        self._history_service.ask(read, take, lambda error: self._messages().tell(error))

    def _open(self, lesions: Sequence[VisitLesion], scales: Mapping[str, float]) -> None:
        from desktop.widgets.patient.contact_sheet import ContactSheet  # noqa: PLC0415

        has_orders = self._order.is_on and bool(lesions)
        sheet = ContactSheet(self._open_patient, lesions, scales, self._thumbnails, self._window, has_orders=has_orders)
        sheet.view.lesion_requested.connect(self._open_lesion)
        sheet.orders.chosen.connect(self._choose)
        sheet.finished.connect(self._close)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()
        self._sheet = sheet
        if has_orders:
            sheet.orders.show_looking()
            self._order.look(lesions)

    def _choose(self, is_by_appearance: bool) -> None:
        if is_by_appearance:
            self._order.order()
        elif self._sheet is not None:
            self._order.stop()
            self._sheet.show_body_order()

    def _show_offer(self, offer: OrderOffer) -> None:
        if self._sheet is not None:
            self._sheet.show_offer(offer)

    def _show_filling(self, progress: FillProgress) -> None:
        if self._sheet is not None:
            self._sheet.orders.show_filling(progress)

    def _show_order(self, order: AppearanceOrder) -> None:
        if self._sheet is not None:
            self._sheet.show_order(order)

    def _fail(self, error: AppError) -> None:
        if self._sheet is not None:
            self._sheet.show_body_order()
            self._sheet.messages.tell(error)

    def _close(self) -> None:
        self._sheet = None
        self._order.stop()
