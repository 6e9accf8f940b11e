"""The result of one image: flags first, then all probabilities, then what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.answers import Answer
from desktop.widgets.answer.alert_words import ALONE, AlertContext
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
    from desktop.widgets.answer import answer_parts, answer_words, quality_words, shown_answer
else:
    shown_answer = Late("desktop.widgets.answer.shown_answer")
    quality_words = Late("desktop.widgets.answer.quality_words")
    answer_words = Late("desktop.widgets.answer.answer_words")
    answer_parts = Late("desktop.widgets.answer.answer_parts")

RESULT_WIDTH = 384
"""Of the result and what stands over and under it, in points."""

_SCROLL_BAR = 13
_ROOMY = 420
"""Points from which on the first lines keep their height in every state; beside a long form there is no room for that."""


class ResultPanel(QFrame):
    """Keeps its size in every state: empty, waiting, blind, answered, abstained, failed."""

    shown_anyway = Signal()
    retry_requested = Signal()
    model_requested = Signal()
    stability_requested = Signal()
    earlier_requested = Signal()
    """The answer of an earlier visit is wanted before today's diagnosis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setFixedWidth(RESULT_WIDTH)
        self._contract: Contract | None = None
        self._answer: Answer | None = None
        self._context = ALONE
        self.is_blind = False
        """Whether nothing is shown because the clinician's own view comes first."""
        self._band = PlainLabel(self)
        self._band.setObjectName("band")
        self._band.setWordWrap(True)
        self._band.hide()
        self._headline = Headline(self)
        self._part = PlainLabel(self)
        self._part.setWordWrap(True)
        self._part.setProperty("strong", True)
        self._part.hide()
        self._beside = PlainLabel(self)
        self._beside.setWordWrap(True)
        self._beside.hide()
        self._parts: tuple[answer_parts.AnswerPart, ...] = ()
        self._older = OlderAnswer(self)
        self._older.renewal_requested.connect(self.retry_requested)
        self._figures = ProbabilityPanel(self)
        self._assumed = self._small()
        self._signs = self._small()
        self._stability = StabilityBox(self)
        self._stability.requested.connect(self.stability_requested)
        self._basis = self._small()
        inside = QWidget(self)
        inside.setFixedWidth(
            RESULT_WIDTH - _SCROLL_BAR
        )  # nothing moves when there is more than fits and the bar appears
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 0, 4, 12)
        column.setSpacing(8)
        for widget in (self._figures, self._assumed, self._signs, self._stability):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self._basis)
        self._scroll = scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setMinimumHeight(1)  # beside a long form it gives way; else it would lie over the flags
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._band)
        lead = QVBoxLayout()  # does not scroll: a flag is never out of sight
        lead.setContentsMargins(14, 12, 14, 10)
        lead.setSpacing(10)
        for first in (self._part, self._headline, self._beside, self._older):
            lead.addWidget(first)
        layout.addLayout(lead)
        layout.addWidget(scroll, 1)
        self.show_empty()

    def use_contract(self, contract: Contract) -> None:
        """Lay out the labels of a model, empty until its first answer."""
        if contract == self._contract:
            return
        self._contract = contract
        self._figures.use_contract(contract)
        self._band.setText(answer_words.demonstration_text(contract))
        self._band.setVisible(contract.intended_use == "demonstration")
        self._assumed.setText(answer_words.calibration_text(contract))
        self._basis.setText(answer_words.basis_text(contract))

    def order_by_size(self, wanted: bool) -> None:
        """Put the greatest probability of each kind first, or keep the order that is the same for every image."""
        self._figures.order_by_size(wanted)

    def show_empty(self) -> None:
        """Say that no image is open."""
        self._clear()
        self._headline.say("note", self.tr("No image open"), self.tr("The answer for an image stands here."))

    def show_waiting(self, contract: Contract | None) -> None:
        """Show grey bars: the answer of the model with this contract is on its way, or the model itself (None)."""
        if contract is not None:
            self.use_contract(contract)
        self._clear()
        text = self.tr("The model is being loaded.") if contract is None else self.tr("The model looks at the image.")
        self._headline.say("note", self.tr("One moment"), text)

    def show_blind(self) -> None:
        """Say that the clinician's own view comes first; nothing of the answer is here."""
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
        """Say that the answer to an image of an earlier visit waits until the lesion is judged today."""
        self.show_blind()
        self._headline.say(
            "note",
            self.tr("Earlier image"),
            self.tr("What was answered then shows once you have given today's diagnosis."),
            (self.tr("Show it now (will be recorded)"), self.earlier_requested.emit),
        )

    def show_clinical(self) -> None:
        """Say that the open image is a clinical photograph."""
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
        self._show_age(answer)
        self._show_signs(answer)
        abstention = answer.judgement.abstention
        if abstention is not None and abstention.hides_figures:
            self._withhold(answer, abstention)
        else:
            self._unfold(answer)
        self._scroll.verticalScrollBar().setValue(0)  # what must not be missed stands first, wherever one was before
        self._announce()

    def show_stability_running(self) -> None:
        """Say that the image is being answered in other views."""
        self._stability.show_running()

    def show_stability(self, found: Stability | None) -> None:
        """Show how far the answer depends on how the image was taken, on the bars and in words; None: it was not measured."""
        if self._answer is None:
            return
        if found is None:
            self._stability.clear(can_ask=True)
            return
        self._figures.show_spreads(found)
        self._stability.show_stability(found, self._answer.contract)
        QTimer.singleShot(
            0, self, lambda: self._scroll.ensureWidgetVisible(self._stability, 0, 0)
        )  # once it is laid out

    def show_stability_error(self, error: AppError) -> None:
        """Show why it could not be measured."""
        self._stability.show_error(sentence(error))

    def _small(self) -> QLabel:
        label = PlainLabel(self)
        label.setWordWrap(True)
        label.setProperty("muted", True)
        label.setProperty("small", True)
        return label

    def _clear(self) -> None:
        self._answer = None
        self.is_blind = False
        for shown in (self._figures, self._assumed, self._signs, self._stability, self._basis):
            shown.show()
        self._older.show_entry(None)
        self._part.hide()
        self._beside.hide()
        self._say_signs((), ())
        self._stability.clear(can_ask=False)
        self._figures.show_nothing()

    @property
    def band(self) -> str:
        """What is said of a demonstration model, empty for any other."""
        return "" if self._band.isHidden() else self._band.text()

    def shown(self) -> shown_answer.ModelPart | None:
        """Return what stands here of an answer, in the words in which it stands here; None where there is none to be seen."""
        if self._answer is None:
            return None
        kind, strong, plain = self._headline.said
        part = "" if self._part.isHidden() else self._part.text()
        return shown_answer.ModelPart(
            age=" · ".join(filter(None, (part, self._older.text))),
            is_flag=kind == "flag",
            headline=strong,
            plain="\n".join(filter(None, (plain, "" if self._beside.isHidden() else self._beside.text()))),
            withheld=self._figures.words,
            groups=self._figures.groups,
            signs=self._signs.text(),
            basis="\n".join(filter(None, (self._headline.toolTip(), self._assumed.text(), self._basis.text()))),
        )

    def _show_signs(self, answer: Answer) -> None:
        """Say whether the image is fit for the model; the figures are for whoever points at that."""
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
        """Tell a screen reader that the answer is there."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._headline.accessibleName()))

    def _show_age(self, answer: Answer) -> None:
        """Say which part of the image the answer is for, and when it was given if that is not now."""
        region = answer.region
        self._part.setVisible(region is not None)
        if region is not None:
            text = self.tr("For a region of {width} × {height} pixels")
            self._part.setText(text.format(width=region.right - region.left, height=region.bottom - region.top))
        self._older.show_entry(answer.entry)

    def _withhold(self, answer: Answer, abstention: Abstention) -> None:
        """Fold the figures away on what the model cannot judge; an alert survives."""
        self._say_withheld(answer, abstention)
        self._figures.fold(answer_words.withheld_text(answer))

    def _say_withheld(self, answer: Answer, abstention: Abstention) -> None:
        strong, plain = answer_words.withheld_lines(answer, abstention, self._context)
        lead = self._alerted_elsewhere(answer)
        if lead is not None:
            strong, plain = self._of_part(lead), f"{strong}. {plain}"
        self._headline.say("flag", strong, plain, (self.tr("Show anyway"), self._show_anyway))
        self._show_beside()

    def _show_anyway(self) -> None:
        if self._answer is not None and self._answer.judgement.abstention is not None:
            self._unfold(self._answer)
            self.shown_anyway.emit()

    def _unfold(self, answer: Answer) -> None:
        judgement = answer.judgement
        self._figures.show_answer(answer.prediction.probabilities, judgement)
        self._stability.clear(can_ask=answer.entry is None)
        self._say(answer)

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
        self._show_beside()
        if not answer.contract.alerts:
            self._headline.explain(answer_words.missed_explained(answer.contract))

    def use_parts(self, parts: tuple[answer_parts.AnswerPart, ...]) -> None:
        """Say what was answered for the whole image and for each region; the most serious of them leads."""
        self._parts = parts
        self._say_again()

    def _alerted_elsewhere(self, answer: Answer) -> answer_parts.AnswerPart | None:
        """Return the part of the image that raised an alert where the one that is shown did not."""
        if not self._parts or answer_words.alerts_of(answer, self._context):
            return None
        lead = answer_parts.most_serious(self._parts)
        return lead if lead.answer.judgement.flags else None

    def _of_part(self, part: answer_parts.AnswerPart) -> str:
        said = answer_words.leading_text(part.answer, self._context)
        return self.tr("{part}: {said}").format(part=part.name, said=said)

    def _show_beside(self) -> None:
        text = answer_parts.parts_text(self._parts)
        self._beside.setText(text)
        self._beside.setVisible(bool(text))

    def use_context(self, context: AlertContext) -> None:
        """Say in the box what is known of the lesion and patient, now and with every answer until another is given."""
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
            self._say(answer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._headline.keep_height(self.height() >= _ROOMY)

    def sizeHint(self) -> QSize:
        """It takes what is left: the form below is whole before the figures are, and its lead is whole before the form."""
        return QSize(RESULT_WIDTH, self.minimumSizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """It scrolls: what its texts would take in all is no height that a layout must keep free."""
        return False
