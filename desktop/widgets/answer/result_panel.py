"""The result of one image: flags first, then all probabilities, then their basis."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.widgets.answer.adjusted_line import AdjustedLine
from desktop.widgets.answer.headline import Headline
from desktop.widgets.answer.older_answer import OlderAnswer
from desktop.widgets.answer.probability_panel import ProbabilityPanel
from desktop.widgets.answer.stability_box import StabilityBox
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.wording import sentence

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Abstention
    from desktop.core.inference.stability import Stability
    from desktop.session.answers import Answer
    from desktop.widgets.answer import (
        adjusted_words,
        alert_words,
        answer_parts,
        answer_words,
        quality_words,
        shown_answer,
    )
    from desktop.widgets.answer.alert_words import AlertContext
else:
    adjusted_words = Late("desktop.widgets.answer.adjusted_words")
    alert_words = Late("desktop.widgets.answer.alert_words")
    shown_answer = Late("desktop.widgets.answer.shown_answer")
    quality_words = Late("desktop.widgets.answer.quality_words")
    answer_words = Late("desktop.widgets.answer.answer_words")
    answer_parts = Late("desktop.widgets.answer.answer_parts")

RESULT_WIDTH = 384
"""Width of the result, and of what is above and below it, in points."""

_SCROLL_BAR = 13
_ROOMY = 420
"""Height in points above which the headline has the same height in every state; a long form leaves no room for that."""


class ResultPanel(QFrame):
    """Keeps its size in every state: empty, waiting, blind, answered, abstained, failed."""

    shown_anyway = Signal()
    retry_requested = Signal()
    model_requested = Signal()
    stability_requested = Signal()
    earlier_requested = Signal()
    """The user wants the answer of an earlier visit before today's assessment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setFixedWidth(RESULT_WIDTH)
        self._contract: Contract | None = None
        self._answer: Answer | None = None
        self.is_blind = False
        """Whether nothing is shown because the assessment comes first."""
        self._band = PlainLabel(self)
        self._band.setObjectName("band")
        self._band.setWordWrap(True)
        self._band.hide()
        self._headline = Headline(self)
        self._part = PlainLabel(self)
        self._part.setWordWrap(True)
        self._part.setProperty("strong", True)
        self._part.hide()
        self._other_parts = PlainLabel(self)
        self._other_parts.setWordWrap(True)
        self._other_parts.hide()
        self._shows_own = False
        """Whether the user wants the model's own figures in place of the adjusted ones."""
        self._parts: tuple[answer_parts.AnswerPart, ...] = ()
        self._older = OlderAnswer(self)
        self._older.renewal_requested.connect(self.retry_requested)
        self._scroll = scroll = QScrollArea(self)
        inside = QWidget(scroll)
        inside.setFixedWidth(RESULT_WIDTH - _SCROLL_BAR)  # so that nothing moves when the scroll bar appears
        scroll.setWidget(inside)  # while it is empty: moving a tree of widgets to another parent is slow
        self._figures = ProbabilityPanel(inside)
        self._adjusted = AdjustedLine(inside)
        self._adjusted.toggled.connect(self._show_other_figures)
        self._assumed = self._small(inside)
        self._signs = self._small(inside)
        self._stability = StabilityBox(inside)
        self._stability.requested.connect(self.stability_requested)
        self._basis = self._small(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 0, 4, 12)
        column.setSpacing(8)
        for widget in (self._figures, self._adjusted, self._assumed, self._signs, self._stability):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self._basis)
        scroll.setWidgetResizable(True)
        scroll.setMinimumHeight(1)  # shrinks beside a long form, which would otherwise cover the flags
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._band)
        lead = QVBoxLayout()  # does not scroll: a flag is always visible
        lead.setContentsMargins(14, 12, 14, 10)
        lead.setSpacing(10)
        for first in (self._part, self._headline, self._other_parts, self._older):
            lead.addWidget(first)
        layout.addLayout(lead)
        layout.addWidget(scroll, 1)
        self.show_empty()

    def use_contract(self, contract: Contract) -> None:
        """Lay out a model's labels, empty until its first answer."""
        if contract == self._contract:
            return
        self._contract = contract
        self._figures.use_contract(contract)
        self._band.setText(answer_words.demonstration_text(contract))
        self._band.setVisible(not contract.is_for_patients)
        self._assumed.setText(answer_words.calibration_text(contract))
        self._basis.setText(answer_words.basis_text(contract))

    def order_by_size(self, wanted: bool) -> None:
        """Sort each kind by probability, or keep the same order for every image."""
        self._figures.order_by_size(wanted)

    def show_empty(self) -> None:
        """Show that no image is open."""
        self._clear()
        self._headline.say("note", self.tr("No image open"), self.tr("The answer for an image stands here."))

    def show_waiting(self, contract: Contract | None) -> None:
        """Show grey bars until the answer of the model with this contract arrives, or until the model is loaded (None)."""
        if contract is not None:
            self.use_contract(contract)
        self._clear()
        text = self.tr("The model is being loaded.") if contract is None else self.tr("The model looks at the image.")
        self._headline.say("note", self.tr("One moment"), text)

    def show_blind(self) -> None:
        """Show that the clinician's assessment comes first, and nothing of the answer."""
        self._clear()
        self.is_blind = True
        for hidden in (self._figures, self._assumed, self._signs, self._stability, self._basis):
            hidden.hide()
        self._headline.say(
            "note",
            self.tr("Your diagnosis first"),
            self.tr("Choose a diagnosis below and commit it. What the model says is shown after that."),
        )

    def show_earlier(self) -> None:
        """Show that the answer for an image of an earlier visit is hidden until the lesion is assessed today."""
        self.show_blind()
        self._headline.say(
            "note",
            self.tr("Earlier image"),
            self.tr("What was answered then shows once you have given today's diagnosis."),
            (self.tr("Show it now (will be recorded)"), self.earlier_requested.emit),
        )

    def show_clinical(self) -> None:
        """Show that the open image is a clinical photograph."""
        self._clear()
        self._figures.fold("")
        for hidden in (self._assumed, self._signs, self._stability, self._basis):
            hidden.hide()
        self._headline.say(
            "note",
            self.tr("Clinical photograph"),
            self.tr(
                "It is kept beside the dermoscopy and never classified: the model learned from dermatoscope images."
            ),
        )

    def show_error(self, error: AppError, *, of_model: bool) -> None:
        """Show why there is no answer, and what can be done; the image stays usable."""
        self._clear()
        self._stability.setVisible(not of_model)
        choose = (self.tr("Choose model…"), self.model_requested.emit)
        actions = (choose,) if of_model else ((self.tr("Retry"), self.retry_requested.emit), choose)
        self._headline.say("error", self.tr("No answer"), sentence(error), *actions)

    def show_answer(self, answer: Answer) -> None:
        """Show an answer as far as its judgement allows."""
        self._clear()
        self.use_contract(answer.contract)
        self._answer = answer
        limits = answer_words.limits_text(answer.contract, answer.judgement.working_points)
        self._basis.setText("\n".join(filter(None, (answer_words.basis_text(answer.contract), limits))))
        self._show_age(answer)
        self._show_signs(answer)
        abstention = answer.judgement.abstention
        if abstention is not None and abstention.hides_figures:
            self._withhold(answer, abstention)
        else:
            self._unfold(answer)
        self._scroll.verticalScrollBar().setValue(
            0
        )  # what must not be missed is at the top, wherever the user had scrolled
        self._announce()

    def show_stability_running(self) -> None:
        """Show that the image is being classified in other views."""
        self._stability.show_running()

    def show_stability(self, found: Stability | None) -> None:
        """Show on the bars and in words how far the answer depends on how the image was taken; None: not measured."""
        if self._answer is None:
            return
        if found is None:
            self._stability.clear(can_ask=True)
            return
        if not self._shows_own and alert_words.adjusted_of(self._answer, self._context):
            self._show_other_figures()  # the ranges are those of the model's own figures
        self._figures.show_spreads(found)
        self._stability.show_stability(found, self._answer.contract)
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self._stability, 0, 0))  # after the layout

    def show_stability_error(self, error: AppError) -> None:
        """Show why that could not be measured."""
        self._stability.show_error(sentence(error))

    def _small(self, parent: QWidget) -> QLabel:
        label = PlainLabel(parent)
        label.setWordWrap(True)
        label.setProperty("muted", True)
        label.setProperty("small", True)
        return label

    def _clear(self) -> None:
        self._answer = None
        self.is_blind = False
        for shown in (self._figures, self._assumed, self._signs, self._stability, self._basis):
            shown.show()
        if self._contract is not None:
            self._basis.setText(answer_words.basis_text(self._contract))  # the alert limits belong to an answer
        self._older.show_entry(None)
        self._shows_own = False
        self._adjusted.say("", shows_own=False, can_choose=False)
        self._part.hide()
        self._other_parts.hide()
        self._say_signs((), ())
        self._stability.clear(can_ask=False)
        self._figures.show_nothing()

    @cached_property
    def _context(self) -> AlertContext:
        return alert_words.ALONE  # until `use_context`

    @property
    def band(self) -> str:
        """The band of a demonstration model, empty for any other."""
        return "" if self._band.isHidden() else self._band.text()

    def shown(self) -> shown_answer.ModelPart | None:
        """Return the answer as shown here, in the same words; None if none is visible."""
        if self._answer is None:
            return None
        kind, strong, plain = self._headline.content
        part = "" if self._part.isHidden() else self._part.text()
        return shown_answer.ModelPart(
            age=" · ".join(filter(None, (part, self._older.text))),
            is_flag=kind == "flag",
            headline=strong,
            plain="\n".join(filter(None, (plain, "" if self._other_parts.isHidden() else self._other_parts.text()))),
            withheld=self._figures.words,
            groups=self._figures.groups,
            adjusted=self._adjusted_lines(self._answer),
            signs=self._signs.text(),
            basis="\n".join(filter(None, (self._headline.toolTip(), self._assumed.text(), self._basis.text()))),
        )

    def _adjusted_lines(self, answer: Answer) -> str:
        """Return for whom the figures are, with the model's own where others are shown."""
        if not self._adjusted.text or self._figures.words:
            return ""
        own = "" if self._shows_own else adjusted_words.own_figures_text(answer)
        return "\n".join(filter(None, (self._adjusted.text, own)))

    def _show_signs(self, answer: Answer) -> None:
        """Show whether the image is suitable for the model, with the figures in a tool tip."""
        self._say_signs(
            (quality_words.quality_text(answer), quality_words.novelty_text(answer)),
            (quality_words.quality_figures(answer), quality_words.novelty_figures(answer)),
        )

    def _say_signs(self, texts: tuple[str, ...], figures: tuple[str, ...]) -> None:
        self._signs.setText("\n".join(filter(None, texts)))
        explained = "\n".join(filter(None, figures))
        self._signs.setToolTip(for_tip(explained))
        self._signs.setAccessibleDescription(explained)

    def _announce(self) -> None:
        """Notify screen readers of the answer."""
        QtGui.QAccessible.updateAccessibility(QtGui.QAccessibleAnnouncementEvent(self, self._headline.accessibleName()))

    def _show_age(self, answer: Answer) -> None:
        """Show which part of the image the answer is for, and when it was given if it is an earlier one."""
        region = answer.region
        self._part.setVisible(region is not None)
        if region is not None:
            text = self.tr("For a region of {width} × {height} pixels")
            self._part.setText(text.format(width=region.right - region.left, height=region.bottom - region.top))
        self._older.show_entry(answer.entry)

    def _withhold(self, answer: Answer, abstention: Abstention) -> None:
        """Fold the figures if the model cannot judge the image; an alert remains."""
        self._say_withheld(answer, abstention)
        self._figures.fold(answer_words.withheld_text(answer))

    def _say_withheld(self, answer: Answer, abstention: Abstention) -> None:
        strong, plain = answer_words.withheld_lines(answer, abstention, self._context)
        lead = self._alerted_elsewhere(answer)
        if lead is not None:
            strong, plain = self._of_part(lead), f"{strong}. {plain}"
        self._headline.say("flag", strong, plain, (self.tr("Show anyway"), self._show_anyway))
        self._show_other_parts()

    def _show_anyway(self) -> None:
        if self._answer is not None and self._answer.judgement.abstention is not None:
            self._unfold(self._answer)
            self.shown_anyway.emit()

    def _unfold(self, answer: Answer) -> None:
        self._show_figures(answer)
        self._stability.clear(can_ask=answer.entry is None)
        self._say(answer)

    def _show_figures(self, answer: Answer) -> None:
        """Show the figures for patient and practice, unless the model's own are wanted or an alert stands beside none."""
        figures, own = alert_words.adjusted_of(answer, self._context), answer.prediction.probabilities
        belittles = figures.belittles(answer_words.alerts_of(answer, self._context))
        shows_own = self._shows_own or belittles
        adjusted = own if shows_own else figures.probabilities(own, answer.contract.label_ids)
        self._figures.show_answer(adjusted, own, answer.judgement)
        text = adjusted_words.adjusted_text(answer, figures, shows_own=shows_own)
        reason = adjusted_words.belittled_text() if belittles else ""
        self._adjusted.say("\n".join(filter(None, (text, reason))), shows_own=shows_own, can_choose=not belittles)
        assumed = "" if shows_own else adjusted_words.assumed_text(figures, answer.contract)
        self._assumed.setText(assumed or answer_words.calibration_text(answer.contract))

    def _show_other_figures(self) -> None:
        self._shows_own = not self._shows_own
        if self._answer is not None:
            self._show_figures(self._answer)

    def _say(self, answer: Answer) -> None:
        raised = answer_words.alerts_of(answer, self._context)
        lead = self._alerted_elsewhere(answer)
        if lead is not None:
            self._headline.say("flag", self._of_part(lead), answer_words.plain_text(lead.answer, self._context))
        else:
            self._headline.say(
                "flag" if raised else "note",
                answer_words.leading_text(answer, self._context),
                answer_words.plain_text(answer, self._context),
            )
        self._show_other_parts()
        if not answer.contract.alerts:
            self._headline.explain(answer_words.missed_explained(answer.contract))

    def use_parts(self, parts: tuple[answer_parts.AnswerPart, ...]) -> None:
        """Show the answers for the whole image and each region, led by the most serious."""
        self._parts = parts
        self._say_again()

    def _alerted_elsewhere(self, answer: Answer) -> answer_parts.AnswerPart | None:
        """Return the part of the image that raised an alert if the one shown did not."""
        if not self._parts or answer_words.alerts_of(answer, self._context):
            return None
        lead = answer_parts.most_serious(self._parts, self._context)
        return lead if answer_words.own_alerts_of(lead.answer, self._context) else None

    def _of_part(self, part: answer_parts.AnswerPart) -> str:
        leading = answer_words.leading_text(part.answer, self._context)
        return self.tr("{part}: {said}").format(part=part.name, said=leading)

    def _show_other_parts(self) -> None:
        text = answer_parts.parts_text(self._parts, self._context)
        self._other_parts.setText(text)
        self._other_parts.setVisible(bool(text))

    def use_context(self, context: AlertContext) -> None:
        """Set the context of lesion and patient for this answer and later ones."""
        if context != self._context:
            self._context = context
            self._say_again()

    def _say_again(self) -> None:
        answer = self._answer
        if answer is None:
            return
        abstention = answer.judgement.abstention
        if self._figures.words and abstention is not None:
            self._say_withheld(answer, abstention)
        else:
            self._show_figures(answer)
            self._say(answer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._headline.keep_height(self.height() >= _ROOMY)

    def sizeHint(self) -> QSize:
        """Take the remaining height: the form gets its full height before the headline, and the headline before the figures."""
        return QSize(RESULT_WIDTH, self.minimumSizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """Return False: the panel scrolls, so the layout need not reserve the height of its texts."""
        return False
