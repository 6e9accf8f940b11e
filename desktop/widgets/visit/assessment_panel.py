"""The clinician's assessment, below the result: the form comes first, then the locked assessments with their times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.draft import EMPTY_DRAFT, Draft
from desktop.core.late import Late
from desktop.widgets.answer.result_panel import RESULT_WIDTH
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import local_day

if TYPE_CHECKING:
    import datetime as dt

    from desktop.core.records.plans import BiopsyState, PlannedFollowUp
    from desktop.widgets.image.image_view import ImageView
    from desktop.widgets.visit import assessment_form
    from desktop.widgets.visit.assessment_form import AssessmentForm
else:
    assessment_form = Late("desktop.widgets.visit.assessment_form")

_ASSESSMENTS_WIDTH = RESULT_WIDTH - 44
"""Width of the lines without margins and scroll bar."""

_ASSESSMENTS_HEIGHT, _SHARE = 86, 0.17
"""Largest height of earlier assessments in pixels, or if that is more a part of the page's height, above which they scroll: the
result above needs the space more."""

_ROOMY = 640
"""Height of the page in points from which the form keeps room for what may appear in it; below, the answer needs that more."""

_CHOICES = {Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_V, Qt.Key.Key_W}
"""The keys that choose something in the form, besides the digits of the diagnoses."""


class PanelLine(NamedTuple):
    """An assessment or outcome: its content, and its author and time. What was corrected is struck out.

    The histopathology that says what the lesion is `is_leading`.
    """

    text: str
    origin: str
    is_corrected: bool = False
    is_leading: bool = False


class AssessmentPanel(QFrame):
    """Shows either the form or the earlier assessments; the keys 1 to 9, 0 and Enter work on the image and in the form."""

    edited = Signal(object)  # Draft
    committed = Signal(object)  # Draft
    skipped = Signal()
    cancelled = Signal()
    taken_back = Signal()
    """The committed assessment that is shown is to be changed: it is not written yet."""
    outcome_requested = Signal()
    similar_requested = Signal()
    """The images of the history that look like this one are wanted."""
    todays_requested = Signal()
    """Today's image of the lesion is wanted, in place of an assessment of an earlier image."""

    def __init__(self, image: ImageView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("myView")
        self.setFixedWidth(RESULT_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self._images = [image]
        self._page = parent
        self._ends: list[int] = []
        """Where a line of text ends: the view ends at one as well, so that it cuts none in half."""
        self._told: tuple[PanelLine, ...] = ()
        """The lines that are shown: others are shown from their beginning."""
        self._early_keys: list[int] | None = None
        """Keys that were pressed before it is known which of the two to show; None if there is no image to assess."""
        self._form: AssessmentForm | None = None
        self.is_follow_up = False
        """Whether the form asks for a change since the visits before."""
        self.planned: PlannedFollowUp | None = None
        """The follow-up whose day has come: an assessment needs a plan, which takes its place."""
        self.biopsies: tuple[BiopsyState, ...] = ()
        """The biopsies that no plan ends but that of another biopsy."""
        self.earlier_visit: dt.date | None = None
        """The day of the visit that an assessment is of, None if that is today's."""
        title = PlainLabel(self.tr("My assessment").upper(), self)
        title.setObjectName("kind")
        self._state = PlainLabel(self)
        self._state.setProperty("muted", True)
        self._state.setProperty("small", True)
        self._state.setWordWrap(True)
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self._state, 1)
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 6, 0)
        self._lines.setSpacing(1)
        inside = QWidget(self)
        inside.setLayout(self._lines)
        self._assessments = QScrollArea(self)
        self._assessments.setWidgetResizable(True)
        self._assessments.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._assessments.setFrameShape(QFrame.Shape.NoFrame)
        self._assessments.setAccessibleName(self.tr("Assessments of this lesion"))
        self._assessments.setWidget(inside)
        self._add = QPushButton(self)
        self._add.clicked.connect(self._begin)
        self._needs_todays = False
        self._takes_back = False
        self.is_adding = False
        """Whether the form was opened to add an assessment: it stays open until that is committed or cancelled."""
        self._outcome = QPushButton(self.tr("Outcome…"), self)
        self._outcome.clicked.connect(self.outcome_requested)
        self._similar = QPushButton(self.tr("Similar pictures…"), self)
        self._similar.clicked.connect(self.similar_requested)
        self._buttons = QWidget(self)
        buttons = QGridLayout(self._buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self._add, 0, 0)
        buttons.addWidget(self._outcome, 0, 1)
        buttons.addWidget(self._similar, 1, 0)
        buttons.setColumnStretch(2, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 9, 14, 11)
        self._column.setSpacing(7)
        self._column.addLayout(head)
        self._column.addWidget(self._assessments)
        self._column.addWidget(self._buttons)
        image.installEventFilter(self)
        if parent is not None:
            parent.installEventFilter(self)
        self.show_nothing()

    def take_keys_of(self, image: ImageView) -> None:
        """Let the keys work on another view of the image as well."""
        self._images.append(image)
        image.installEventFilter(self)

    def show_nothing(self) -> None:
        """Show that no image is open."""
        self.is_adding = False
        self._early_keys = None
        self.hide()

    def expect(self) -> None:
        """Wait until the status of the open image is known; keys pressed until then are applied afterwards."""
        self.is_adding = False
        self.hide()
        if self._early_keys is None:
            self._early_keys = []

    def ask(self, draft: Draft, *, blind: bool) -> None:
        """Show the form; `blind` is whether the answer is concealed until it is committed."""
        form = self._made_form()
        self._fit_form()
        form.ask_change(self.is_follow_up)
        form.remind_of(self.planned, self.biopsies)
        if form.draft() != draft:
            form.show_draft(draft)
        form.ask_blind(blind)
        state = self.tr("keys 1 to 9, 0 for another, Enter") if blind else self.tr("after the model")
        if self.earlier_visit is not None:
            state = self.tr("{state}, visit of {day}").format(state=state, day=local_day(self.earlier_visit))
        self._state.setText(state)
        self._assessments.hide()
        self._buttons.hide()
        form.show()
        self.show()
        self.updateGeometry()
        self._take_early()

    def show_assessments(
        self,
        lines: Sequence[PanelLine],
        *,
        state: str,
        can_add: str,
        can_have_outcome: bool,
        can_compare: bool = False,
        needs_todays: bool = False,
        takes_back: bool = False,
    ) -> None:
        """Show assessments and outcomes in the given order.

        Args:
            lines: the assessments and outcomes.
            state: a word beside the title.
            can_add: the text of the button that adds an assessment; empty if none can be added now, by no key either.
            can_have_outcome: whether an outcome can be entered, which is not so for an image that is not saved.
            can_compare: whether similar pictures may be looked for: after the assessment, never before it.
            needs_todays: whether the button opens today's image instead, and no key begins an assessment.
            takes_back: whether the button and the keys take back the assessment that is shown, to change it.
        """
        self._needs_todays, self._takes_back, self.is_adding = needs_todays, takes_back, False
        if self._form is not None:
            self._form.hide()
            self._form.show_draft(EMPTY_DRAFT)  # never that of another image
        if tuple(lines) != self._told:
            self._told = tuple(lines)
            self._assessments.verticalScrollBar().setValue(0)
        self._clear_lines()
        height = 0
        self._ends = []
        for line in lines:
            content = PlainLabel(line.text, self)
            font = content.font()
            font.setStrikeOut(line.is_corrected)
            content.setFont(font)
            labels = [content]
            if line.origin:
                by = PlainLabel(line.origin, self)
                by.setProperty("muted", True)  # before it is shown, which applies the style sheet
                by.setProperty("small", True)
                labels.append(by)
            for label in labels:
                label.setWordWrap(True)
                self._lines.addWidget(label)
                label.show()  # at once: the layout would show it only with the next events
            labels[-1].setContentsMargins(0, 0, 0, 4)
            for label in labels:
                label.ensurePolished()  # apply the style sheet's font before measuring
                needed, step = label.heightForWidth(_ASSESSMENTS_WIDTH), _line_height(label)
                self._ends += range(height + step, height + needed + 1, step)
                height += needed + self._lines.spacing()
            self._assessments.verticalScrollBar().setSingleStep(_line_height(content))
        self._lines.addStretch(1)
        self._state.setText(state)
        self._add.setText(can_add)
        self._add.setVisible(bool(can_add))
        self._outcome.setVisible(can_have_outcome)
        self._similar.setVisible(can_compare)
        self._assessments.setVisible(bool(lines))
        self._buttons.show()
        self.show()
        self._ends.append(height)
        self._fit_lines()
        self._take_early()

    def _fit_lines(self) -> None:
        """Give the assessments the height of all their lines, or of as many whole ones as there is room for."""
        most = max(_ASSESSMENTS_HEIGHT, 0 if self._page is None else round(_SHARE * self._page.height()))
        self._assessments.setFixedHeight(max((end for end in self._ends if end <= most), default=most))
        self.updateGeometry()

    def _fit_form(self) -> None:
        if self._form is not None:
            self._form.keep_room(self._page is not None and self._page.height() >= _ROOMY)

    def _clear_lines(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _made_form(self) -> AssessmentForm:
        if self._form is None:
            form = assessment_form.AssessmentForm(self)
            form.edited.connect(lambda: self.edited.emit(form.draft()))
            form.commit_requested.connect(self._commit)
            form.skip_requested.connect(self.skipped)
            form.cancelled.connect(self._cancel)
            form.finished.connect(self._give_back_keys)
            self._column.addWidget(form)
            self._form = form
        return self._form

    def _begin(self) -> None:
        if self._needs_todays:
            self.todays_requested.emit()
        else:
            self._open_form()

    def _open_form(self) -> None:
        if self._takes_back:
            self.taken_back.emit()
        else:
            self.is_adding = True
            self.ask(self._made_form().draft(), blind=False)
        self._give_back_keys()

    def _cancel(self) -> None:
        self.is_adding = False
        self._made_form().show_draft(Draft())
        self.edited.emit(Draft())
        self.cancelled.emit()
        self._give_back_keys()

    def _commit(self) -> None:
        form = self._made_form()
        if form.is_complete:
            self.committed.emit(form.draft())
            self._give_back_keys()
        else:
            form.point_to_missing_plan()

    def _give_back_keys(self) -> None:
        self._images[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_key(self, event: QKeyEvent, *, can_commit: bool = True) -> bool:
        """Handle a key pressed on the image or in the form; return whether it belongs to this widget."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers:
            return False
        if event.modifiers() and key == Qt.Key.Key_Comma:
            key = Qt.Key.Key_Period  # the number pad sends a comma on some keyboards
        if self.isHidden():
            return self._keep_early(key)
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not self._is_asking or not can_commit:
                return False
            self._commit()
            return True
        return self._choose(key)

    def _choose(self, key: int) -> bool:
        """Choose the item of a key; return whether the key has one."""
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            if not self._is_asking and (self._needs_todays or self._add.isHidden()):
                return False
            if not self._is_asking:
                self._open_form()
            if self._is_asking:
                self._made_form().diagnosis.choose_by_key(key - Qt.Key.Key_0)
        elif self._is_asking and key == Qt.Key.Key_Period:
            self._made_form().plan.step()
        elif self._is_asking and key == Qt.Key.Key_Comma:
            self._made_form().confidence.step()
        elif self._is_asking and self.is_follow_up and key == Qt.Key.Key_V:
            self._made_form().change.step()
        elif self._is_asking and key == Qt.Key.Key_W:
            return self._made_form().plan_again()
        else:
            return False
        return True

    def _keep_early(self, key: int) -> bool:
        """Keep a choice for later; never Enter, because a committed assessment cannot be undone."""
        if self._early_keys is None or not (Qt.Key.Key_0 <= key <= Qt.Key.Key_9 or key in _CHOICES):
            return False
        self._early_keys.append(key)
        return True

    def _take_early(self) -> None:
        early_keys, self._early_keys = self._early_keys or [], None
        for key in early_keys:
            self._choose(key)

    @property
    def _is_asking(self) -> bool:
        return self._form is not None and not self._form.isHidden()

    def hasHeightForWidth(self) -> bool:
        """Return False: where room is short, Qt would take it from the result, below its minimum, rather than from the form."""
        return False

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.heightForWidth(RESULT_WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys work in the form too, unless a field takes them as text."""
        if not self._take_key(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() == QEvent.Type.Resize:
            self._fit_lines()
            self._fit_form()
        if watched in self._images and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            # Enter classifies a square that lies on the image, if any: an assessment cannot be undone.
            return self._take_key(event, can_commit=not any(image.awaits_enter for image in self._images))
        return super().eventFilter(watched, event)


def _line_height(label: PlainLabel) -> int:
    """Return how far the lines of a label are from each other as it draws them; its font's own spacing may be a pixel less."""
    metrics = label.fontMetrics()
    return metrics.size(0, "x\nx").height() - metrics.size(0, "x").height()
