"""The figures of a result, which scroll: all probabilities, for whom they are, and their basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.widgets.answer.adjusted_line import AdjustedLine
from desktop.widgets.answer.probability_panel import ProbabilityPanel
from desktop.widgets.answer.stability_box import StabilityBox
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.wording import alone_text, sentence

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.stability import Stability
    from desktop.session.answers import Answer
    from desktop.widgets.answer import adjusted_words, alert_words, answer_words, quality_words, shown_answer
    from desktop.widgets.answer.alert_words import AlertContext
else:
    adjusted_words = Late("desktop.widgets.answer.adjusted_words")
    alert_words = Late("desktop.widgets.answer.alert_words")
    answer_words = Late("desktop.widgets.answer.answer_words")
    quality_words = Late("desktop.widgets.answer.quality_words")

_NOTHING = "\N{NO-BREAK SPACE}"
"""In place of whose the figures are while there are none: nothing moves when they come."""


class AnswerFigures(QScrollArea):
    """Shows the figures adjusted to patient and practice, those of the image alone one click away, and what they rest on."""

    stability_requested = Signal()

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        """`width` is that of the content in points, without the scroll bar: nothing moves when the bar appears."""
        super().__init__(parent)
        self._contract: Contract | None = None
        self._shown: tuple[Answer, AlertContext] | None = None
        self._shows_own = False
        """Whether the user wants the model's own figures in place of the adjusted ones."""
        self._found: Stability | None = None
        """What was measured for the answer that is shown."""
        inside = QWidget(self)
        inside.setFixedWidth(width)
        self.setWidget(inside)  # while it is empty: moving a tree of widgets to another parent is slow
        self.setWidgetResizable(True)
        self.setMinimumHeight(1)  # shrinks beside a long form, which would otherwise cover the flags
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._whose = PlainLabel(inside)
        self._whose.setWordWrap(True)
        self._whose.setProperty("muted", True)
        self._figures = ProbabilityPanel(inside)
        self._adjusted = AdjustedLine(inside)
        self._adjusted.toggled.connect(self._show_other_figures)
        self._assumed = _small(inside)
        self._signs = _small(inside)
        self._stability = StabilityBox(inside)
        self._stability.requested.connect(self.stability_requested)
        self._basis = _small(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 0, 4, 12)
        column.setSpacing(8)
        for widget in (self._whose, self._figures, self._adjusted, self._assumed, self._signs, self._stability):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self._basis)

    def use_contract(self, contract: Contract) -> None:
        """Lay out a model's labels, empty until its first answer."""
        self._contract = contract
        self._figures.use_contract(contract)
        self._assumed.clear()
        self._basis.setText(answer_words.basis_text(contract))

    def order_by_size(self, wanted: bool) -> None:
        """Sort each kind by probability, or keep the same order for every image."""
        self._figures.order_by_size(wanted)

    def clear(self) -> None:
        """Show the labels without figures, and nothing of an answer."""
        self._shown = None
        self._shows_own = False
        self._found = None
        self._show_parts(True)
        self._whose.show()
        self._figures.show()
        self._assumed.clear()
        if self._contract is not None:
            self._basis.setText(answer_words.basis_text(self._contract))  # the alert limits belong to an answer
        self._adjusted.say("")
        self._whose.setText(_NOTHING)
        self._say_signs((), ())
        self._stability.clear(can_ask=False)
        self._figures.show_nothing()

    def conceal(self) -> None:
        """Show nothing at all, not even the labels."""
        self._show_parts(False)
        self._whose.hide()
        self._figures.hide()

    def leave_out(self) -> None:
        """Show that there are no figures for this image."""
        self._figures.fold("")
        self._show_parts(False)

    def allow_stability(self, allowed: bool) -> None:
        """Show or hide the button that measures the stability."""
        self._stability.setVisible(allowed)

    def show_basis(self, answer: Answer) -> None:
        """Show the basis of an answer and whether the image suits the model, before its figures or in their place."""
        limits = answer_words.limits_text(answer.contract, answer.judgement.working_points)
        self._basis.setText("\n".join(filter(None, (answer_words.basis_text(answer.contract), limits))))
        self._say_signs(
            (quality_words.quality_text(answer), quality_words.novelty_text(answer)),
            (quality_words.quality_figures(answer), quality_words.novelty_figures(answer)),
        )

    def fold(self, text: str) -> None:
        """Show a text in place of the figures, and nothing of what they assume."""
        self._assumed.setText("")
        self._whose.setText(_NOTHING)
        self._figures.fold(text)

    def show_answer(self, answer: Answer, context: AlertContext) -> None:
        """Show the figures of an answer."""
        self._found = None
        self.show_again(answer, context)
        self._stability.clear(can_ask=answer.entry is None)

    def show_again(self, answer: Answer, context: AlertContext) -> None:
        """Show the figures for patient and practice; those of the image alone if wanted, or if the former belittle an alert."""
        self._shown = (answer, context)
        figures, own = alert_words.adjusted_of(answer, context), answer.prediction.probabilities
        by_id = dict(zip(answer.contract.label_ids, own, strict=True))
        raised = answer_words.own_alerts_of(answer, context)
        belittles = figures.belittles(answer_words.alerts_of(answer, context), by_id)
        shows_own = self._shows_own or belittles
        adjusted = own if shows_own else figures.probabilities(own, answer.contract.label_ids)
        self._figures.show_answer(adjusted, own, answer.judgement, raised)
        if self._found is not None and adjusted == own:  # the ranges are those of the model's own figures
            self._figures.show_spreads(self._found)
        text = adjusted_words.adjusted_text(answer, figures, raised, shows_own=shows_own)
        self._whose.setText(adjusted_words.heading_text(answer, figures, shows_own=shows_own))
        is_region = answer.region is not None
        reason = adjusted_words.belittled_text(is_region=is_region) if belittles else ""
        self._adjusted.say(
            "\n".join(filter(None, (text, reason))),
            alone=alone_text(is_region=is_region),
            shows_own=shows_own,
            can_choose=not belittles,
        )
        assumed = "" if shows_own else adjusted_words.assumed_text(figures, answer.contract)
        self._assumed.setText(assumed or answer_words.calibration_text(answer.contract))

    def scroll_to_top(self) -> None:
        """Show the highest group, wherever the user had scrolled."""
        self.verticalScrollBar().setValue(0)

    def show_stability_running(self) -> None:
        """Show that the image is being classified in other views."""
        self._stability.show_running()

    def show_stability(self, found: Stability | None, answer: Answer, context: AlertContext) -> None:
        """Show on the bars and in words how far the answer depends on how the image was taken; None: not measured."""
        self._found = found
        if found is None:
            self._stability.clear(can_ask=True)
            return
        if not self._shows_own and alert_words.adjusted_of(answer, context):
            self._show_other_figures()
        self._figures.show_spreads(found)
        self._stability.show_stability(found, answer.contract, is_region=answer.region is not None)
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self._stability, 0, 0))  # after the layout

    def show_stability_error(self, error: AppError) -> None:
        """Show why that could not be measured."""
        self._stability.show_error(sentence(error))

    @property
    def folded_words(self) -> str:
        """The text in place of the figures, empty if they are shown."""
        return self._figures.words

    @property
    def whose(self) -> str:
        """The line above the figures, which says whose they are; empty where there are none."""
        return "" if self._whose.text() == _NOTHING else self._whose.text()

    @property
    def groups(self) -> tuple[shown_answer.ProbabilityGroup, ...]:
        """The figures as shown."""
        return self._figures.groups

    @property
    def signs(self) -> str:
        """The lines about the image's quality and type."""
        return self._signs.text()

    @property
    def basis(self) -> str:
        """The lines about the prior and the model."""
        return "\n".join(filter(None, (self._assumed.text(), self._basis.text())))

    def adjusted_lines(self, answer: Answer) -> str:
        """Return for whom the figures are, with those of the image alone where others are shown."""
        if not self._adjusted.text or self._figures.words:
            return ""
        own = "" if self._shows_own else adjusted_words.own_figures_text(answer)
        return "\n".join(filter(None, (self._adjusted.text, own)))

    def _show_parts(self, wanted: bool) -> None:
        for part in (self._assumed, self._signs, self._stability, self._basis):
            part.setVisible(wanted)

    def _say_signs(self, texts: tuple[str, ...], figures: tuple[str, ...]) -> None:
        self._signs.setText("\n".join(filter(None, texts)))
        explained = "\n".join(filter(None, figures))
        self._signs.setToolTip(for_tip(explained))
        self._signs.setAccessibleDescription(explained)

    def _show_other_figures(self) -> None:
        self._shows_own = not self._shows_own
        if self._shown is not None:
            self.show_again(*self._shown)


def _small(parent: QWidget) -> QLabel:
    label = PlainLabel(parent)
    label.setWordWrap(True)
    label.setProperty("muted", True)
    label.setProperty("small", True)
    return label
