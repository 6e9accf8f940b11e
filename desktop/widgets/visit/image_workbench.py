"""The tools of the open image, apart from reading its answer."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop.core.late import Late
from desktop.session.audit_trail import AuditTrail
from desktop.session.explanation import Explanation
from desktop.session.history_service import HistoryService
from desktop.session.lesion_outlines import LesionOutlines
from desktop.session.open_image import OpenImage
from desktop.session.picture import Picture
from desktop.session.pixel_scales import PixelScales
from desktop.session.regions import Regions
from desktop.session.undo import UndoStack
from desktop.system.settings import Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.image.answer_message import AnswerMessage
from desktop.widgets.image.lesion_outline_presenter import LesionOutlinePresenter
from desktop.widgets.image.overlay_presenter import OverlayPresenter
from desktop.widgets.image.region_presenter import RegionPresenter
from desktop.widgets.image.ruler_presenter import RulerPresenter
from desktop.widgets.visit.visit_page import VisitPage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from desktop.widgets.answer import answer_parts
    from desktop.widgets.image import filters_dialog, image_as_picture, image_export, seen_dialog
else:
    answer_parts = Late("desktop.widgets.answer.answer_parts")
    filters_dialog, seen_dialog = (
        Late("desktop.widgets.image.filters_dialog"),
        Late("desktop.widgets.image.seen_dialog"),
    )
    image_export, image_as_picture = (
        Late("desktop.widgets.image.image_export"),
        Late("desktop.widgets.image.image_as_picture"),
    )


class ImageWorkbench(QObject):
    """Connects the tools below the image to the session."""

    compare_requested = Signal(object)
    """The open Picture, to be compared with another."""

    def __init__(
        self,
        visit_page: VisitPage,
        open_image: OpenImage,
        history_service: HistoryService,
        tasks: Tasks,
        settings: Settings,
        undo_stack: UndoStack,
        scales: PixelScales,
        audit: AuditTrail,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._visit_page = visit_page
        self._open_image = open_image
        self._tasks = tasks
        self._settings = settings
        self._audit = audit
        self._window = window
        view, tools, messages = visit_page.view, visit_page.tools, visit_page.messages
        actions = tools.actions_by_id
        self.regions = Regions(tasks, open_image, history_service, self)
        self._refusal = AnswerMessage(messages, open_image, self)
        explaining = Explanation(tasks, open_image, self)
        self.overlay = OverlayPresenter(view, actions["overlay"], messages, explaining, open_image, settings, self)
        self.lesion_outline = LesionOutlinePresenter(
            view, tools, messages, LesionOutlines(tasks, open_image, self), self
        )
        self._region = RegionPresenter(view, actions["region"], messages, self.regions, open_image, undo_stack, self)
        self._ruler = RulerPresenter(view, actions["ruler"], scales, open_image, undo_stack, self)
        for line in (self.overlay.bar, self.lesion_outline.bar, self._ruler.bar):
            tools.add_line(line)
        tools.add_line(self._region.bar, stays=True)
        scales.failed.connect(visit_page.messages.tell)
        # Whoever fills the form has done with the square: Enter, plus and minus are theirs no longer.
        visit_page.assessment_panel.edited.connect(lambda _draft: actions["region"].setChecked(False))
        self.regions.changed.connect(self._tell_parts)
        actions["rotate"].triggered.connect(lambda: view.turn(1))
        actions["seen"].triggered.connect(self.show_seen)
        actions["compare"].triggered.connect(self._compare)
        actions["save"].triggered.connect(self.save_view)
        open_image.opening.connect(lambda _name: tools.enable(False))
        open_image.closed.connect(lambda: tools.enable(False))
        open_image.opened.connect(self._open)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {
            "fit": self._visit_page.view.fit,
            "actual": self._visit_page.view.actual_size,
            "in": self._visit_page.view.zoom_in,
            "out": self._visit_page.view.zoom_out,
            "turn right": lambda: self._visit_page.view.turn(1),
            "turn left": lambda: self._visit_page.view.turn(-1),
            "mirror": self._visit_page.view.mirror,
            "seen": self.show_seen,
            "filters": self.show_filters,
            "save view": self.save_view,
            "copy view": self.copy_view,
        }

    def view_as_picture(self) -> "QImage":
        """Return the view as shown; a caption below names the overlay and the outline that it includes."""
        captions = (self.overlay.caption, self.lesion_outline.caption)
        return image_as_picture.picture_of([self._visit_page.view], [" ".join(filter(None, captions))])

    def overlay_as_picture(self) -> "tuple[QImage, str] | None":
        """Return the whole image with its overlay and caption, None if no overlay is shown."""
        picture = self._open_image.picture
        if picture is None or not self.overlay.caption:
            return None
        return image_as_picture.overlaid(picture.levels, self.overlay.item), self.overlay.bar.text.text()

    def save_view(self) -> None:
        """Save the view as a PNG file of the user's choice."""
        picture = self._open_image.picture
        if picture is not None:
            self._export(picture).save(
                self.view_as_picture(), self.tr("view.png"), self._visit_page.messages, self._window
            )

    def copy_view(self) -> None:
        """Copy the view to the clipboard."""
        picture = self._open_image.picture
        if picture is not None:
            self._export(picture).copy(self.view_as_picture(), self._visit_page.messages)

    def show_filters(self) -> None:
        """Show the open image beside the results of the standard kernels."""
        picture = self._open_image.picture
        if picture is None:
            self._visit_page.messages.say(self.tr("Open an image first: the filters are shown on it."), error=False)
        else:
            self._show_beside(
                filters_dialog.FiltersDialog(
                    picture, self._tasks, self._export(picture), self._visit_page.messages, self._window
                )
            )

    def show_seen(self) -> None:
        """Show the exact input of the model."""
        picture, classifier, given = self._open_image.picture, self._open_image.classifier, self._open_image.given
        if picture is None or classifier is None or given is None:
            text = self.tr("What the model saw can be shown once there is an answer.")
            if self._open_image.is_held_back:
                text = self.tr("Enter your diagnosis first: what the model saw is shown after it.")
            self._refusal.say(text)
            return
        if given.answer.prediction.model_sha256 != classifier.sha256:
            text = self.tr(
                "Another model gave this answer. Classify with the present model to see what that one is given."
            )
            self._refusal.say(text)
            return
        region = given.answer.region
        detail = classifier.contract.effective_resolution

        def show(pixels: "NDArray[np.uint8]") -> None:
            if self._open_image.given is given:  # another image may be open by now
                self._show_beside(seen_dialog.SeenDialog(pixels, detail, self._window))

        self._tasks.run(
            Lane.IMAGES,
            lambda _task: classifier.prepare(picture.data, picture.name, region),
            show,
            self._visit_page.messages.tell,
        )

    def _show_beside(self, dialog: QDialog) -> None:
        """Show a window beside the main one until another image is opened, to which it would not belong."""
        self._open_image.opening.connect(dialog.close)
        self._open_image.closed.connect(dialog.close)
        dialog.show()

    def _export(self, picture: Picture) -> "image_export.ViewExport":
        return image_export.ViewExport(self._tasks, self._settings, self._audit, picture.sha256)

    def _tell_parts(self) -> None:
        whole, regions = self.regions.whole, enumerate(self.regions.items, 1)
        parts = [] if whole is None else [answer_parts.AnswerPart(whole.answer)]
        parts += [answer_parts.AnswerPart(given.answer, number) for number, given in regions]
        self._visit_page.result_panel.use_parts(tuple(parts))

    def _open(self, _picture: Picture) -> None:
        self._visit_page.tools.enable(True)

    def _compare(self) -> None:
        if self._open_image.picture is not None:
            self.compare_requested.emit(self._open_image.picture)
