"""The window's parts for patients: banner, lesions, their images, and the menu entries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop.session.blinding import Blinding
from desktop.session.contact_sheet_order import ContactSheetOrder
from desktop.session.file_in_front import FileInFront
from desktop.session.history_service import HistoryService
from desktop.session.image_place import ImagePlace
from desktop.session.import_queue import ImportQueue
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.session.patient_edits import PatientEdits
from desktop.session.practice import Practice
from desktop.session.undo import UndoStack
from desktop.system.settings import Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.patient.alert_presenter import AlertPresenter
from desktop.widgets.patient.contact_sheet_presenter import ContactSheetPresenter
from desktop.widgets.patient.dicom_offer import DicomOffer
from desktop.widgets.patient.figures_for_patient import FiguresForPatient
from desktop.widgets.patient.image_moves import ImageMoves
from desktop.widgets.patient.lesion_drops import LesionDrops
from desktop.widgets.patient.lesion_images import LesionImages
from desktop.widgets.patient.lesion_list import FOLDS_BELOW, LesionList
from desktop.widgets.patient.lesion_rows import UNPLACED
from desktop.widgets.patient.lesion_steps import LesionSteps
from desktop.widgets.patient.lesion_summary import LesionSummary
from desktop.widgets.patient.mismatch_question import MismatchQuestion
from desktop.widgets.patient.new_images import NewImages
from desktop.widgets.patient.opened_placings import OpenedPlacings
from desktop.widgets.patient.overview_presenter import OverviewPresenter
from desktop.widgets.patient.patient_banner import PatientBanner
from desktop.widgets.patient.patient_page import PatientPage
from desktop.widgets.patient.patient_presenter import PatientPresenter
from desktop.widgets.visit.image_sources import ImageSources
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    from desktop.core.records.people import Patient


class PatientParts(QObject):
    """`banner` is above the workspaces; the other widgets are on the visit page."""

    page_requested = Signal()
    """The patient's page must be shown."""
    lesion_requested = Signal()
    """A lesion is gone to, which must be shown."""

    def __init__(
        self,
        tasks: Tasks,
        open_patient: OpenPatient,
        edits: PatientEdits,
        import_queue: ImportQueue,
        open_image: OpenImage,
        history_service: HistoryService,
        blinding: Blinding,
        page: VisitPage,
        image_sources: ImageSources,
        files: FileDialogs,
        undo_stack: UndoStack,
        banner: PatientBanner,
        practice: Practice,
        settings: Settings,
        thumbnails: Thumbnails,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        """`messages` returns the bar of the page in front."""
        super().__init__(window)
        self.open_patient = open_patient
        self._edits = edits
        self.banner = banner
        self.lesions = LesionList(open_patient, page)
        in_front = FileInFront(open_patient, open_image, history_service, self)
        self.summary = LesionSummary(in_front, open_image, blinding, page)
        page.put_beside(self.lesions, self.summary)
        self.page = PatientPage(open_patient, thumbnails, page)
        page.put_overview(self.page)
        page.overview_shown.connect(self.lesions.stand_aside)
        for changed in (open_patient.reloaded, open_patient.patient_changed):
            changed.connect(lambda: blinding.hold_back_earlier(open_patient.earlier, open_patient.unanswered))
        AlertPresenter(open_patient, in_front, open_image, blinding, practice, history_service, page.result_panel, self)
        FiguresForPatient(open_patient, in_front, open_image, blinding, practice, history_service, self)
        page.resized.connect(lambda: self.lesions.fold(window.width() < FOLDS_BELOW))
        self.presenter = PatientPresenter(
            open_patient, edits, history_service, self.banner, self.lesions, messages, undo_stack, window
        )
        self.moves = ImageMoves(
            open_patient, edits, import_queue, open_image, history_service, page, self.presenter, undo_stack, window
        )
        self.presenter.patient_chosen.connect(self._show_chosen)
        self.lesions.new_requested.connect(self.moves.add_lesion)
        offer = DicomOffer(open_image, history_service, open_patient, self.presenter.changes, page.messages, self)
        self.mismatch_question = MismatchQuestion(open_patient, import_queue, offer.use, page.add_messages(), self)
        self.placings = OpenedPlacings(open_patient, import_queue, history_service, undo_stack, self)
        self.images = LesionImages(
            open_patient,
            blinding,
            import_queue,
            open_image,
            page,
            self.moves,
            self.mismatch_question,
            self.placings,
            ImagePlace(open_image, history_service, self),
            self,
        )
        self.steps = LesionSteps(open_patient, open_image, self)
        self.new_images = NewImages(
            open_patient,
            blinding,
            import_queue,
            open_image,
            page,
            self.images,
            self.mismatch_question,
            self.presenter,
            files,
            window,
        )
        LesionDrops(self.new_images, self.moves, self).take_from(self.lesions, self.page)
        page.view.new_lesion_requested.connect(self.moves.add_lesion)
        page.view.lesion_step_requested.connect(self.steps.step_lesion)
        self.page.lesion_requested.connect(self._open_lesion)
        self.page.new_requested.connect(self.moves.add_lesion)
        self.page.follow_up_requested.connect(self.follow)
        order = ContactSheetOrder(tasks, open_image, open_patient, blinding, history_service, settings, self)
        self._contact_sheet = ContactSheetPresenter(
            open_patient, history_service, order, thumbnails, messages, self._leave_for, window
        )
        self.page.sheet_requested.connect(self._contact_sheet.show)
        self._overview = OverviewPresenter(
            tasks, open_patient, edits, history_service, undo_stack, page.messages, window
        )
        self.page.photograph_requested.connect(self._overview.show)
        self.page.photographs_requested.connect(self.new_images.add_clinical)
        self.page.photograph_return_requested.connect(partial(self._overview.set_removed, is_removed=False))
        self._overview.lesion_requested.connect(self._open_lesion)
        self._overview.move_requested.connect(lambda image: self.moves.ask_to_move([image]))
        self._overview.photograph_requested.connect(lambda image: open_image.open(open_patient.request_for(image)))
        self.lesions.page_requested.connect(self.images.show_patient_page)
        self.lesions.lesion_clicked.connect(self.images.open_chosen)
        image_sources.brought.connect(self.new_images.bring)
        open_patient.patient_changed.connect(lambda: self.lesions.fold(window.width() < FOLDS_BELOW))

    def _open_lesion(self, lesion_id: int) -> None:
        if lesion_id == UNPLACED:
            self.steps.open_unplaced()
        else:
            self.steps.open_lesion(lesion_id)

    def _leave_for(self, lesion_id: int) -> None:
        """Show a lesion in Visit, from whichever workspace is in front."""
        self.lesion_requested.emit()
        self.steps.open_lesion(lesion_id)

    def follow(self, lesion_id: int) -> None:
        """Choose a lesion, and ask for its images through the years."""
        self.steps.open_lesion(lesion_id)
        self.lesions.follow_up_requested.emit()

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries."""
        return {
            "patient choose": self.presenter.choose,
            "patient correct": self.presenter.correct,
            "patient visit": self._edits.begin_visit,
            "patient page": self._show_page,
            "patient sheet": self._contact_sheet.show,
            "patient next": lambda: self._step(1),
            "patient previous": lambda: self._step(-1),
            "patient lesion": self.moves.add_lesion,
            "patient place": self.presenter.place_lesion,
            "patient rename": self.presenter.rename_lesion,
            "patient clinical": self.new_images.add_clinical,
            "patient move": self.moves.move,
            "patient end": self.open_patient.close,
            "patient erase": self.presenter.erase,
        }

    def begin(self, actions: dict[str, QAction]) -> None:
        """Enable menu entries according to what is open."""
        self.presenter.begin(actions)

    def open(self, patient: Patient) -> None:
        """Open a patient, and show their page."""
        before = self.open_patient.patient
        self.open_patient.open(patient)
        self._show_chosen(before is not None and before.id == patient.id)

    def _show_chosen(self, was_open: bool) -> None:
        """Show the page of the patient who was chosen; an image that may be placed with them stays in front of it.

        Only once they are open: until then, it would show the image and the answer of the one before.
        """
        if was_open:
            self.page_requested.emit()
            self.images.leave_for_page()
        else:
            self.open_patient.when_settled(self.page_requested.emit, lambda: None)

    def _show_page(self) -> None:
        self.page_requested.emit()
        self.images.show_patient_page()

    def _step(self, steps: int) -> None:
        self.lesion_requested.emit()
        self.steps.step_lesion(steps)
