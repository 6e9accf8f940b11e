"""The workspace of one image: the picture, and beside it the model's answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.open_image import OpenImage
from desktop.system.tasks import Tasks
from desktop.widgets.answer.result_panel import ResultPanel
from desktop.widgets.common.content_scroll import PageScroll
from desktop.widgets.common.empty_state import EmptyState
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.wording import sentence
from desktop.widgets.visit.first_steps import FirstSteps
from desktop.widgets.visit.visit_head import VisitHead

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract
    from desktop.session.answers import Answer
    from desktop.session.opening_request import OpeningRequest
    from desktop.session.picture import Picture
    from desktop.widgets.image import image_tools, image_view
    from desktop.widgets.visit import assessment_panel, film_strip
else:
    film_strip = Late("desktop.widgets.visit.film_strip")
    image_tools = Late("desktop.widgets.image.image_tools")
    image_view = Late("desktop.widgets.image.image_view")
    assessment_panel = Late("desktop.widgets.visit.assessment_panel")


class VisitPage(QWidget):
    """Shows the open image. Parts that are not visible before an image is open are created on first use."""

    resized = Signal()
    asked = Signal()
    """An error or a question about the open image is shown."""
    overview_shown = Signal(bool)
    """Whether the page of `put_overview` is shown, which has the whole width to itself."""

    def __init__(
        self,
        open_image: OpenImage,
        tasks: Tasks,
        folder: Path,
        initials: str,
        parent: QWidget | None = None,
        *,
        is_first: bool = True,
    ) -> None:
        """Create the page; `folder` and `initials`, where the data lie and whose they are, stand in the first steps.

        `is_first` is whether the program was never in use before.
        """
        super().__init__(parent)
        self._open_image = open_image
        self._tasks = tasks
        self._contract: Contract | None = None
        self._model_error: AppError | None = None
        self.result_panel = ResultPanel(self)
        self.messages = MessageBar(self)
        self.messages.asked.connect(self.asked)
        self._bars = [self.messages]
        self.head = VisitHead(self)
        self._stack = QStackedWidget(self)
        self._start = PageScroll(self._stack)
        self.first_steps = FirstSteps(folder, initials, self._start, is_first=is_first)
        self._start.setWidget(self.first_steps)
        self._stack.addWidget(self._start)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.messages)
        column.addWidget(self._stack, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.result_panel, 1)
        layout.addLayout(beside)
        self._row, self._column, self._beside = layout, column, beside
        self._empty: EmptyState | None = None
        self._overview: QWidget | None = None
        self._is_overview_wanted = False
        self._stack.currentChanged.connect(self._make_room)
        self._connect()

    @cached_property
    def view(self) -> image_view.ImageView:
        """The picture."""
        made = image_view.ImageView(self)
        made.step_requested.connect(self._step)
        self.head.serve(made)
        self._stack.addWidget(made)
        self.setFocusProxy(made)
        return made

    @cached_property
    def tools(self) -> image_tools.ImageTools:
        """The tools for the picture, below it."""
        made = image_tools.ImageTools(self.view, self)
        made.setVisible(self._is_image_shown())
        self._column.insertWidget(self._column.indexOf(self._stack) + 1, made)
        self._stack.currentChanged.connect(lambda: made.setVisible(self._is_image_shown()))
        return made

    @cached_property
    def strip(self) -> film_strip.FilmStrip:
        """The film strip, below everything."""
        made = film_strip.FilmStrip(self._tasks, self._open_image.read, self)
        made.image_chosen.connect(self._open_image.open)
        self._column.addWidget(made)
        self.tools.lines_shown.connect(lambda wanted: self.tools.fill(made.stand_aside(wanted)))
        return made

    @cached_property
    def assessment_panel(self) -> assessment_panel.AssessmentPanel:
        """The clinician's assessment, below the result."""
        made = assessment_panel.AssessmentPanel(self.view, self)
        self._beside.addWidget(made)
        return made

    def create_rest(self) -> Iterator[None]:
        """Create these four parts now, one after the other."""
        for name in ("view", "tools", "assessment_panel", "strip"):
            getattr(self, name)
            yield

    def order_keys(self, *later: QWidget) -> None:
        """Set the tab order to the reading order, whenever the parts were created, and continue with what follows.

        A click on a button leaves the focus with the image, so that single letters act on it after a dialog too.
        """
        parts = (
            self.first_steps,
            self.view,
            self.tools,
            self.result_panel,
            self.assessment_panel,
            self.strip,
            *self._bars,
        )
        stops = [
            widget
            for part in (*parts, *self.head.buttons, *later)
            for widget in (part, *part.findChildren(QWidget))
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is self.window()
        ]
        for widget in stops:
            if isinstance(widget, QAbstractButton):
                widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def open_images(self, requests: Sequence[OpeningRequest]) -> None:
        """Open the first image; the others can be reached by the strip or the arrow keys."""
        self.strip.show_files(requests)
        self._open_image.open(requests[0])

    def put_beside(self, left: QWidget, over_result: QWidget) -> None:
        """Put a column to the left of the image, and a widget above the result."""
        self._row.insertWidget(0, left)
        self._beside.insertWidget(0, over_result)

    def add_messages(self) -> MessageBar:
        """Add a message bar over the image, for a question that must stay until it is answered."""
        made = MessageBar(self)
        made.asked.connect(self.asked)
        self._column.insertWidget(self._column.indexOf(self.messages), made)
        self._bars.append(made)
        return made

    def put_overview(self, page: QWidget) -> None:
        """Add the page that `show_overview_at_rest` shows, which has the whole width: it must not widen that of an image."""
        page.setMinimumWidth(1)
        self._overview = page
        self._stack.addWidget(page)

    def say_at_rest(self, title: str, text: str) -> None:
        """Set the text shown while no image is open; an empty title shows the first steps."""
        was_shown = self._is_at_rest()
        self._is_overview_wanted = False
        if self._empty is not None:
            self._stack.removeWidget(self._empty)
            self._empty.deleteLater()
        self._empty = EmptyState("visit", title, text, self.tr("Open image…"), self) if title else None
        if self._empty is not None:
            self._empty.action_requested.connect(self.first_steps.open_requested)
            self._stack.addWidget(self._empty)
        if was_shown:
            self._show_rest()

    def show_overview_at_rest(self) -> None:
        """Show the page of `put_overview` while no image is open."""
        was_shown = self._is_at_rest()
        self._is_overview_wanted = True
        if was_shown:
            self._show_rest()

    def _is_at_rest(self) -> bool:
        return self._stack.currentWidget() in {self._start, self._empty, self._overview}

    def _show_rest(self) -> None:
        wanted = self._overview if self._is_overview_wanted else self._empty
        self._stack.setCurrentWidget(wanted or self._start)

    def _make_room(self) -> None:
        """Give the overview the room of the line above an image and of the result beside it, and the keys."""
        is_overview = self._overview is not None and self._stack.currentWidget() is self._overview
        if is_overview == self.result_panel.isHidden():
            return
        self.head.setVisible(not is_overview)
        self.result_panel.setVisible(not is_overview)
        if is_overview and self._overview is not None:
            self._overview.setFocus(Qt.FocusReason.OtherFocusReason)
        self.overview_shown.emit(is_overview)

    def use_contract(self, contract: Contract) -> None:
        """Lay out the result for a model's labels."""
        self._contract = contract
        self._model_error = None
        if self._open_image.picture is None:
            self.result_panel.use_contract(contract)
            if self._open_image.request is None or self._open_image.has_failed:
                self.result_panel.show_empty()
            else:  # the model came while the image is being opened
                self._show_waiting()

    def show_model_error(self, error: AppError) -> None:
        """Show in place of the result that there is no model."""
        self._model_error = error
        self.result_panel.show_error(error, of_model=True)

    def show_blind(self, blind: bool, *, is_earlier: bool = False, is_committed: bool = False) -> None:
        """Show in place of the result that the assessment comes first, or that the answer is awaited.

        `is_earlier` is whether the image is of an earlier visit, and today's assessment is missing; `is_committed` whether the
        assessment is on its way into the history.
        """
        if blind and self._model_error is not None:
            return  # nothing is concealed, and the model's error must be shown
        if blind:
            if is_earlier:
                self.result_panel.show_earlier()
            else:
                self.result_panel.show_blind(is_committed=is_committed)
            self.view.remove_seen_frame()
        elif self.result_panel.is_blind:
            self._show_waiting()

    def _connect(self) -> None:
        open_image = self._open_image
        open_image.opening.connect(self._show_opening)
        open_image.opened.connect(self._show_picture)
        open_image.closed.connect(self._show_closed)
        open_image.left_unclassified.connect(self.result_panel.show_clinical)
        open_image.left_unanswered.connect(self._show_unanswered)
        open_image.answering.connect(self._show_waiting)
        open_image.answered.connect(self._show_answer)
        open_image.open_failed.connect(self._show_open_error)
        open_image.answer_failed.connect(lambda error: self.result_panel.show_error(error, of_model=False))
        self.result_panel.retry_requested.connect(open_image.retry)
        self.result_panel.shown_anyway.connect(self.give_keys_to_image)

    def give_keys_to_image(self) -> None:
        """Give the image the focus, so that single letters act on it."""
        (self.view if self._is_image_shown() else self.result_panel).setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, steps: int) -> None:
        self.strip.step(steps)

    def _is_image_shown(self) -> bool:
        return self._stack.currentWidget() is self.view

    def _show_closed(self) -> None:
        self.messages.withdraw()
        self.view.clear()
        self.head.allow(False)
        self.head.entitle("", "")
        self.head.forget_zoom()
        self.result_panel.show_empty()
        self._show_rest()

    def _show_opening(self, request: OpeningRequest) -> None:
        self.messages.withdraw()
        self.view.clear()
        self.head.allow(False)
        self.head.entitle(request.name, self.tr("is being opened…"))
        self.head.forget_zoom()
        self._stack.setCurrentWidget(self.view)
        self._show_waiting()

    def _show_picture(self, picture: Picture, _request: OpeningRequest) -> None:
        note = self.tr("synthetic drawing, not saved") if picture.is_sample else picture.header.format
        self.head.entitle(picture.name, f"{picture.width} × {picture.height}, {note}")
        if picture.frames:
            self.strip.unfold(picture.frames[0].parent, picture.frames)
        self.head.allow(True)
        self.view.show_picture(picture.levels)
        self.give_keys_to_image()

    def _show_waiting(self) -> None:
        if self._model_error is not None:
            self.result_panel.show_error(self._model_error, of_model=True)
        else:
            self.result_panel.show_waiting(self._contract)
        self.view.remove_seen_frame()

    def _show_unanswered(self) -> None:
        if self._model_error is None:
            self.result_panel.show_unanswered()
            self.view.remove_seen_frame()

    def _show_answer(self, answer: Answer) -> None:
        self.result_panel.show_answer(answer)
        if self._open_image.picture is not None:
            self.view.frame_seen(answer.seen)

    def _show_open_error(self, name: str, error: AppError) -> None:
        self.head.entitle(name, self.tr("was not opened"))
        self.result_panel.show_empty()
        request = self._open_image.request
        self.messages.say(sentence(error), is_urgent=request is None or request.placed is None)
        if self.strip.count() > 1:  # the others can be reached with a key
            self.give_keys_to_image()
        else:
            self._show_rest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
