"""The placing of images by opening them, as changes that can be undone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.session.history_service import HistoryService
from desktop.session.import_item import Placing
from desktop.session.import_queue import ImportQueue
from desktop.session.open_patient import OpenPatient
from desktop.session.undo import Failed, Step, UndoStack
from desktop.widgets.common.change_subjects import image_names, subject_name


class OpenedPlacings(QObject):
    """A change is on the undo stack from the moment of opening, so that undo never reverses an earlier one instead."""

    placed = Signal(str, object)
    """Where images were placed, such as "P-77, L1 left scapula", and their Placing."""
    gone = Signal()
    """What `placed` said last is not the newest change any more, or its patient is not open."""
    taken_back = Signal(object)
    """A Placing that was undone."""

    def __init__(
        self,
        open_patient: OpenPatient,
        import_queue: ImportQueue,
        history_service: HistoryService,
        undo_stack: UndoStack,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._import_queue = import_queue
        self._history_service = history_service
        self._undo_stack = undo_stack
        self._begun: dict[Placing, tuple[object, str]] = {}
        """The placings under way, each with its change and where it places the images, empty for overview photographs."""
        self._told: tuple[Placing, object] | None = None
        """The placing that was told last, and its change."""
        import_queue.placing_begun.connect(self._add)
        import_queue.placing_progressed.connect(self._follow)
        undo_stack.changed.connect(self._withdraw)
        open_patient.patient_changed.connect(self._withdraw)

    def _add(self, placing: Placing) -> None:
        patient = placing.patient
        lesion = next((one for one in self._open_patient.lesions if one.id == placing.lesion_id), None)
        whom = subject_name(patient, lesion)
        is_overview = placing.kind == "clinical" and lesion is None

        def name() -> str:
            images = self._names(placing)
            if is_overview:
                return self.tr("overview photograph of {subject}").format(subject=subject_name(patient, None, images))
            return self.tr("placing of {images} with {place}").format(
                images=images, place=subject_name(patient, lesion)
            )

        change = self._undo_stack.add(name, self._take_back(placing), patient_ids=(patient.id,))
        if lesion is None:
            whom = self.tr("{patient}, without a lesion").format(patient=patient.pseudonym)
        self._begun[placing] = change, "" if is_overview else whom

    def _names(self, placing: Placing) -> str:
        """Return the names of the images that an undo would take away: once all came, of those that were placed."""
        is_known = placing.hashes and not self._import_queue.is_coming(placing)
        return image_names(placing.placed_names if is_known else placing.names)

    def _follow(self, placing: Placing) -> None:
        change, place = self._begun.get(placing, (None, ""))
        if change is None:
            return
        if not self._import_queue.is_coming(placing):
            self._undo_stack.tell_renamed()  # some may have stayed elsewhere
        if placing.hashes and not place:
            self._undo_stack.tell_written(change)
        elif placing.hashes and self._undo_stack.is_newest(change):
            self._told = placing, change
            self.placed.emit(place, placing)
        if not self._import_queue.is_coming(placing):
            del self._begun[placing]
            if not placing.hashes:  # the images were there already, or stay elsewhere
                self._undo_stack.drop(change)

    def _withdraw(self) -> None:
        """Withdraw the notice once it is not about the newest change, or not about the open patient."""
        if self._told is None:
            return
        placing, change = self._told
        patient = self._open_patient.patient
        if not self._undo_stack.is_newest(change) or patient is None or patient.id != placing.patient.id:
            self._told = None
            self.gone.emit()

    def _take_back(self, placing: Placing) -> Step:
        def carry_out(done: Callable[[Step | None], None], failed: Failed) -> None:
            self._import_queue.withdraw(placing)

            def fail(error: AppError) -> None:
                self._import_queue.resume(placing)
                failed(error)

            step = self._history_service.step(
                placing.put_back,
                lambda _nothing: self._place_again(placing),
                lambda _nothing: self.taken_back.emit(placing),
            )
            step(done, fail)

        return carry_out

    def _place_again(self, placing: Placing) -> Step:
        def carry_out(done: Callable[[Step | None], None], failed: Failed) -> None:
            self._import_queue.resume(placing)

            def fail(error: AppError) -> None:
                self._import_queue.withdraw(placing)
                failed(error)

            self._history_service.step(placing.place_again, lambda _nothing: self._take_back(placing))(done, fail)

        return carry_out
