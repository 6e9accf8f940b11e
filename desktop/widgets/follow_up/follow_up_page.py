"""The workspace of one lesion through the years: film, comparison, course and today's assessment; or of two images alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.core.imaging.capture import Capture
from desktop.session.alignment import Alignment
from desktop.session.picture import Picture
from desktop.widgets.answer.result_panel import RESULT_WIDTH
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.icons import icon, with_room
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.theme import restyle
from desktop.widgets.common.wording import numbered
from desktop.widgets.follow_up.course import CourseList, SeenAnswer
from desktop.widgets.follow_up.film import Frame
from desktop.widgets.follow_up.measure_panels import MeasurePanels
from desktop.widgets.follow_up.missing_image import MissingImage
from desktop.widgets.follow_up.time_axis import TimeAxis
from desktop.widgets.history.history_words import WARNING
from desktop.widgets.image.compare_page import ComparePage
from desktop.widgets.visit.assessment_panel import AssessmentPanel

_WIDE = 1100
"""Width of the page in points from which the film has room enough above the pictures alone."""


_TALL = 600
"""Height of the page in points from which what is measured has room enough below the pictures."""


class FollowUpPage(QWidget):
    """Only shows; the presenter fills it. Without a lesion it is the comparison of two images alone."""

    before_requested = Signal()
    first_requested = Signal()
    open_requested = Signal()
    """An image of today is to be chosen and opened."""
    todays_requested = Signal()
    """Today's image, which the lesion has, is to be opened."""
    answer_requested = Signal()
    """The answer to today's image is to be shown, that of the image with the alert if there is one."""
    earlier_requested = Signal()
    """The model in use is to answer earlier images, or to stop doing so."""
    influence_requested = Signal()
    """A treatment or pregnancy is to be entered, corrected or withdrawn."""
    shown = Signal()

    def __init__(
        self,
        scale_of: Callable[[str], float | None],
        capture_of: Callable[[Picture], Capture],
        alignment: Alignment,
        picture_of: Callable[[Frame], QPixmap | None],
        parent: QWidget | None = None,
    ) -> None:
        """Create a page without a lesion; see `ComparePage` for `scale_of` and `capture_of`, `TimeAxis` for `picture_of`."""
        super().__init__(parent)
        self._placed: tuple[bool, bool] | None = None
        """Whether the page was wide and tall when its parts were placed."""
        self.compare = ComparePage(scale_of, capture_of, alignment, self)
        self.messages = self.compare.messages
        self.axis = TimeAxis(picture_of, self)
        self._measures = MeasurePanels(self)
        self.sizes, self.light = self._measures.sizes, self._measures.light
        self.course = CourseList(self)
        self.assessment_panel = AssessmentPanel(self.compare.views[0], self)
        self.assessment_panel.take_keys_of(self.compare.views[1])
        self._title = ElidedLabel(self)
        self._title.setProperty("strong", True)
        self._caution = PlainLabel(self)
        self._caution.setWordWrap(True)
        self._caution.setProperty("strong", True)
        self._caution.ensurePolished()
        self._caution.setText("\n")
        self._caution.setMinimumHeight(self._caution.sizeHint().height())  # so that two lines move nothing
        self._caution.clear()
        self.before = self._make_choice(
            self.tr("One before"), self.tr("The newest image beside the one before (End)"), self.before_requested
        )
        self.first = self._make_choice(
            self.tr("First"), self.tr("The newest image beside the first, for slow change (Home)"), self.first_requested
        )
        self._film = self._make_film()
        self._missing = MissingImage(self)
        self._missing.todays_requested.connect(self.todays_requested)
        self._missing.open_requested.connect(self.open_requested)
        self._answer = QPushButton(self)
        self._answer.clicked.connect(self.answer_requested)
        self.earlier = QPushButton(self)
        self.earlier.clicked.connect(self.earlier_requested)
        self._side = self._make_side()
        self._above_pictures, self._above_both = QVBoxLayout(), QVBoxLayout(self)
        self._lay_out()
        self._place_parts()
        self.setFocusProxy(self.compare)
        self.show_film("")
        self.show_answer(None)
        self.show_earlier(0, "")

    def show_film(self, lesion: str, *, has_todays: bool = False) -> None:
        """Show the parts for a lesion of this name, which has an image of today or not; without one, hide them."""
        self._title.show_text(lesion)
        self._film.setVisible(bool(lesion))
        self._side.setVisible(bool(lesion))
        self._measures.allow(bool(lesion))
        self.compare.be_film(bool(lesion), has_todays=has_todays)
        self._missing.show_state(has_todays=has_todays)

    def show_pair(self, *, is_before: bool, is_first: bool, count: int, caution: str) -> None:
        """Show which two images stand beside each other, and what is to be borne in mind of them."""
        for button, is_shown in ((self.before, is_before), (self.first, is_first)):
            button.setChecked(is_shown)
            button.setEnabled(count > 1)
        self._caution.setText(caution)

    def show_assessable(self, wanted: bool) -> None:
        """Show the assessment of today's image, or what leads to it."""
        self._holder.setVisible(wanted)
        self._missing.setVisible(not wanted)

    def show_answer(self, answer: SeenAnswer | None) -> None:
        """Offer to go to the answer to today's image, if it may be seen; an alert is named and stands out."""
        self._answer.setVisible(answer is not None)
        alert = "" if answer is None else answer.alert
        show = self.tr("Answer to today's image…")
        self._answer.setText(with_room(self.tr("{alert}: show…").format(alert=alert)) if alert else show)
        self._answer.setIcon(icon(*WARNING) if alert else QIcon())
        self._answer.setObjectName("alert" if alert else "")
        restyle(self._answer)

    def show_earlier(self, images: int, model: str) -> None:
        """Offer to have images answered by the model in use, which has not answered them; none hides the offer."""
        self.earlier.setVisible(images > 0)
        one, several = (
            self.tr("Ask the model in use about 1 image"),
            self.tr("Ask the model in use about {count} images"),
        )
        self.earlier.setText(numbered(images, one, several))
        tip = numbered(
            images,
            self.tr("{model} has not answered it yet. Answers of other models stay in the course."),
            self.tr("{model} has not answered them yet. Answers of other models stay in the course."),
            model=model,
        )
        self.earlier.setToolTip(for_tip(tip))

    def show_progress(self, done: int, total: int) -> None:
        """Show how many images have been answered, and offer to leave the others."""
        self.earlier.show()
        self.earlier.setText(self.tr("{done} of {total} images answered. Cancel").format(done=done, total=total))
        self.earlier.setToolTip("")

    def _lay_out(self) -> None:
        for column in (self._above_pictures, self._above_both):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
        self._above_pictures.addWidget(self.compare, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addLayout(self._above_pictures, 1)
        row.addWidget(self._side)
        self._above_both.addLayout(row, 1)

    def _make_choice(self, text: str, tip: str, requested: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("choice")
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(requested)
        return button

    def _make_film(self) -> QFrame:
        film = QFrame(self)
        film.setObjectName("toolStrip")
        beside = PlainLabel(self.tr("Newest beside"), film)
        beside.setProperty("muted", True)
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 0)
        head.setSpacing(6)
        head.addWidget(self._title)
        head.addSpacing(12)
        for widget in (beside, self.before, self.first):
            head.addWidget(widget)
        head.addSpacing(12)
        head.addWidget(self._caution, 1)
        column = QVBoxLayout(film)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.axis)
        return film

    def _make_side(self) -> QFrame:
        side = QFrame(self)
        side.setFixedWidth(RESULT_WIDTH)
        heading = self._make_heading(side)
        self._holder = QWidget(side)
        holder = QVBoxLayout(self._holder)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.addWidget(self.assessment_panel)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        upper = QVBoxLayout()
        upper.setContentsMargins(14, 9, 8, 8)
        upper.setSpacing(6)
        self.course.put_above(heading)
        upper.addWidget(self.course, 1)
        upper.addWidget(self.earlier)
        upper.addWidget(self._answer)
        column.addLayout(upper, 1)
        column.addWidget(self._missing)
        column.addWidget(self._holder)
        return side

    def _make_heading(self, side: QFrame) -> QWidget:
        heading = QWidget(side)
        text = PlainLabel(self.tr("Course").upper(), heading)
        text.setObjectName("kind")
        self.influence = QToolButton(heading)
        self.influence.setObjectName("choice")
        self.influence.setText(self.tr("Treatment…"))
        self.influence.setToolTip(self.tr("Enter, correct or withdraw cryotherapy, topical treatment or pregnancy"))
        self.influence.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.influence.clicked.connect(self.influence_requested)
        row = QHBoxLayout(heading)
        row.setContentsMargins(0, 0, 6, 0)
        row.addWidget(text, 1)
        row.addWidget(self.influence)
        return heading

    def _place_parts(self) -> None:
        """Put the film above the pictures alone, and what is measured below them, so that course and form have the height.

        Where there is too little room, the film stands above both, and what is measured above the course.
        """
        is_wide = self.width() >= _WIDE
        (self._above_pictures if is_wide else self._above_both).insertWidget(0, self._film)
        is_below = is_wide and self.height() >= _TALL
        if is_below:
            self.compare.panes.put_at_foot(self._measures)
        else:
            self.course.put_above(self._measures)
        self._measures.be_wide(is_below)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        place = (self.width() >= _WIDE, self.height() >= _TALL)
        if place != self._placed:
            self._placed = place
            self._place_parts()
