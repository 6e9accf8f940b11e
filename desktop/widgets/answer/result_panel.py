"""The result of one image: flags first, then all probabilities, then their basis."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext
from desktop.widgets.answer.answer_figures import AnswerFigures
from desktop.widgets.answer.answer_lead import AnswerLead
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import sentence

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.stability import Stability
    from desktop.session.answers import Answer
    from desktop.widgets.answer import alert_words, answer_parts, answer_words, shown_answer
    from desktop.widgets.answer.alert_words import AlertContext
else:
    alert_words = Late("desktop.widgets.answer.alert_words")
    answer_words = Late("desktop.widgets.answer.answer_words")
    shown_answer = Late("desktop.widgets.answer.shown_answer")

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
    image_requested = Signal(str)
    """The SHA-256 of another image of the lesion, which an alert names."""
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
        self._lead = AnswerLead(self)
        self._lead.renewal_requested.connect(self.retry_requested)
        self._lead.image_requested.connect(self.image_requested)
        self._figures = AnswerFigures(RESULT_WIDTH - _SCROLL_BAR, self)
        self._figures.stability_requested.connect(self.stability_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._band)
        layout.addWidget(self._lead)
        layout.addWidget(self._figures, 1)
        self.show_empty()

    def use_contract(self, contract: Contract) -> None:
        """Lay out a model's labels, empty until its first answer."""
        if contract == self._contract:
            return
        self._contract = contract
        self._figures.use_contract(contract)
        self._band.setText(answer_words.demonstration_text(contract))
        self._band.setVisible(not contract.is_for_patients)

    def order_by_size(self, wanted: bool) -> None:
        """Sort each kind by probability, or keep the same order for every image."""
        self._figures.order_by_size(wanted)

    def use_context(self, context: AlertContext) -> None:
        """Set the context of lesion and patient for this answer and later ones."""
        if context != self._context:
            self._context = context
            self._show_again()

    def use_parts(self, parts: tuple[answer_parts.AnswerPart, ...]) -> None:
        """Show the answers for the whole image and each region, led by the most serious."""
        self._lead.parts = parts
        self._show_again()

    def show_empty(self) -> None:
        """Show that no image is open."""
        self._clear()
        self._lead.say("note", self.tr("No image open"), self.tr("The answer for an image stands here."))

    def show_waiting(self, contract: Contract | None) -> None:
        """Show grey bars until the answer of the model with this contract arrives, or until the model is loaded (None)."""
        if contract is not None:
            self.use_contract(contract)
        self._clear()
        text = self.tr("The model is being loaded.") if contract is None else self.tr("The model looks at the image.")
        self._lead.say("note", self.tr("One moment"), text)

    def show_blind(self, *, is_committed: bool = False) -> None:
        """Show that the clinician's assessment comes first, or is on its way into the history, and nothing of the answer."""
        self._clear()
        self.is_blind = True
        self._figures.conceal()
        text = self.tr("Choose a diagnosis below and commit it. What the model says is shown after that.")
        if is_committed:
            text = self.tr("What the model says is shown once your diagnosis is saved.")
        self._lead.say("note", self.tr("Your diagnosis first"), text)

    def show_earlier(self) -> None:
        """Show that the answer for an image of an earlier visit is hidden until the lesion is assessed today."""
        self.show_blind()
        self._lead.say(
            "note",
            self.tr("Earlier image"),
            self.tr("Its answer shows once you have given today's diagnosis."),
            (self.tr("Show it now (will be recorded)"), self.earlier_requested.emit),
        )

    def show_clinical(self) -> None:
        """Show that the open image is a clinical photograph."""
        self._clear()
        self._figures.leave_out()
        self._lead.say(
            "note",
            self.tr("Clinical photograph"),
            self.tr(
                "It is kept beside the dermoscopy and never classified: the model learned from dermatoscope images."
            ),
        )

    def show_unanswered(self) -> None:
        """Show that no model has answered the open image of an earlier visit, and offer that the one in use does."""
        self._clear()
        self._figures.leave_out()
        self._lead.say(
            "note",
            self.tr("Earlier image, not answered"),
            self.tr("A model answers an image of an earlier visit only if you ask."),
            (self.tr("Classify with the present model"), self.retry_requested.emit),
        )

    def show_error(self, error: AppError, *, of_model: bool) -> None:
        """Show why there is no answer, and what can be done; the image stays usable."""
        self._clear()
        self._figures.allow_stability(not of_model)
        choose = (self.tr("Choose model…"), self.model_requested.emit)
        actions = (choose,) if of_model else ((self.tr("Retry"), self.retry_requested.emit), choose)
        self._lead.say("error", self.tr("No answer"), sentence(error), *actions)

    def show_answer(self, answer: Answer) -> None:
        """Show an answer as far as its judgement allows."""
        self._clear()
        self.use_contract(answer.contract)
        self._answer = answer
        self._lead.show_age(answer)
        self._figures.show_basis(answer)
        abstention = answer.judgement.abstention
        if abstention is not None and abstention.hides_figures:
            self._lead.show_withheld(answer, abstention, self._context, self._show_anyway)
            self._figures.fold(answer_words.withheld_text(answer))
        else:
            self._unfold(answer)
        self._figures.scroll_to_top()  # what must not be missed is there, wherever the user had scrolled
        self._announce()

    def show_stability_running(self) -> None:
        """Show that the image is being classified in other views."""
        self._figures.show_stability_running()

    def show_stability(self, found: Stability | None) -> None:
        """Show how far the answer depends on how the image was taken; None: not measured."""
        if self._answer is not None:
            self._figures.show_stability(found, self._answer, self._context)

    def show_stability_error(self, error: AppError) -> None:
        """Show why that could not be measured."""
        self._figures.show_stability_error(error)

    @property
    def band(self) -> str:
        """The band of a demonstration model, empty for any other."""
        return "" if self._band.isHidden() else self._band.text()

    @property
    def known_of_patient(self) -> PatientContext:
        """What is known of the patient and counts in the figures."""
        if self._answer is None:
            return NOTHING_GIVEN
        return alert_words.adjusted_of(self._answer, self._context).patient

    @property
    def image_name(self) -> str:
        """What the box calls the image shown, empty if it is the only one of its lesion at this visit."""
        return alert_words.shown_name(self._context)

    def shown(self) -> shown_answer.ModelPart | None:
        """Return the answer as shown here, in the same words; None if none is visible."""
        if self._answer is None:
            return None
        return shown_answer.ModelPart(
            age=self._lead.age,
            is_flag=self._lead.is_flag,
            headline=self._lead.strong_line,
            plain=self._lead.plain_lines,
            withheld=self._figures.folded_words,
            groups=self._figures.groups,
            adjusted=self._figures.adjusted_lines(self._answer),
            whose=self._figures.whose,
            signs=self._figures.signs,
            basis="\n".join(filter(None, (self._lead.explanation, self._figures.basis))),
        )

    @cached_property
    def _context(self) -> AlertContext:
        return alert_words.ALONE  # until `use_context`

    def _clear(self) -> None:
        self._answer = None
        self.is_blind = False
        self._lead.clear()
        self._figures.clear()

    def _unfold(self, answer: Answer) -> None:
        self._figures.show_answer(answer, self._context)
        self._lead.show_answer(answer, self._context)

    def _show_anyway(self) -> None:
        if self._answer is not None and self._answer.judgement.abstention is not None:
            self._unfold(self._answer)
            self.shown_anyway.emit()

    def _show_again(self) -> None:
        answer = self._answer
        if answer is None:
            return
        abstention = answer.judgement.abstention
        if self._figures.folded_words and abstention is not None:
            self._lead.show_withheld(answer, abstention, self._context, self._show_anyway)
        else:
            self._figures.show_again(answer, self._context)
            self._lead.show_answer(answer, self._context)

    def _announce(self) -> None:
        """Notify screen readers of the answer."""
        QtGui.QAccessible.updateAccessibility(QtGui.QAccessibleAnnouncementEvent(self, self._lead.spoken()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lead.keep_height(self.height() >= _ROOMY)

    def sizeHint(self) -> QSize:
        """Take the remaining height: the form gets its full height before the headline, and the headline before the figures."""
        return QSize(RESULT_WIDTH, self.minimumSizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """Return False: the panel scrolls, so the layout need not reserve the height of its texts."""
        return False
