"""The lead of a result, which does not scroll: the part of the image, the headline, the other parts, and the answer's age."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.late import Late
from desktop.widgets.answer.headline import Headline
from desktop.widgets.answer.older_answer import OlderAnswer
from desktop.widgets.common.plain_text import PlainLabel

if TYPE_CHECKING:
    from desktop.core.inference.judgement import Abstention
    from desktop.session.answers import Answer
    from desktop.widgets.answer import answer_parts, answer_words
    from desktop.widgets.answer.alert_words import AlertContext
else:
    answer_parts = Late("desktop.widgets.answer.answer_parts")
    answer_words = Late("desktop.widgets.answer.answer_words")


class AnswerLead(QWidget):
    """Says what must not be missed, led by the most serious of the image's parts."""

    renewal_requested = Signal()
    """The user wants an answer of the model in use in place of an older one."""

    image_requested = Signal(str)
    """The SHA-256 of another image of the lesion, which an alert names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = PlainLabel(self)
        self._part.setWordWrap(True)
        self._part.setProperty("strong", True)
        self._headline = Headline(self)
        self._headline.link_activated.connect(self.image_requested)
        self._other_parts = PlainLabel(self)
        self._other_parts.setWordWrap(True)
        self._older = OlderAnswer(self)
        self._older.renewal_requested.connect(self.renewal_requested)
        self.parts: tuple[answer_parts.AnswerPart, ...] = ()
        """The answers for the whole image and each region."""
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        for widget in (self._part, self._headline, self._other_parts, self._older):
            column.addWidget(widget)
        self.clear()

    def clear(self) -> None:
        """Show nothing but the headline."""
        self._part.hide()
        self._other_parts.hide()
        self._older.show_entry(None)

    def say(self, kind: str, strong: str, plain: str, *actions: tuple[str, Callable[[], None]]) -> None:
        """Show a message as the headline, see `Headline.say`."""
        self._headline.say(kind, strong, plain, *actions)

    def show_age(self, answer: Answer) -> None:
        """Show which part of the image the answer is for, and when it was given if it is an earlier one."""
        region = answer.region
        self._part.setVisible(region is not None)
        if region is not None:
            text = self.tr("For a region of {width} × {height} pixels")
            self._part.setText(text.format(width=region.right - region.left, height=region.bottom - region.top))
        self._older.show_entry(answer.entry)

    def show_answer(self, answer: Answer, context: AlertContext) -> None:
        """Show what an answer raised, or what leads it."""
        lead = self._alerted_elsewhere(answer, context)
        if lead is not None:
            self._headline.say("flag", self._of_part(lead, context), answer_words.plain_text(lead.answer, context))
        else:
            self._headline.say(
                "flag" if answer_words.alerts_of(answer, context) else "note",
                answer_words.leading_text(answer, context),
                answer_words.plain_text(answer, context),
            )
        self._link_images(context)
        self._show_other_parts(context, answer if lead is None else lead.answer)
        if not answer.contract.alerts:
            self._headline.explain(answer_words.missed_explained(answer.contract))

    def show_withheld(
        self, answer: Answer, abstention: Abstention, context: AlertContext, show_anyway: Callable[[], None]
    ) -> None:
        """Show why an answer is withheld; an alert remains."""
        strong, plain = answer_words.withheld_lines(answer, abstention, context)
        lead = self._alerted_elsewhere(answer, context)
        if lead is not None:
            strong, plain = self._of_part(lead, context), f"{strong}. {plain}"
        self._headline.say("flag", strong, plain, (self.tr("Show anyway"), show_anyway))
        self._link_images(context)
        self._show_other_parts(context)

    def keep_height(self, wanted: bool) -> None:
        """Keep the headline's height in every state, see `Headline.keep_height`."""
        self._headline.keep_height(wanted)

    @property
    def is_flag(self) -> bool:
        """Whether the headline is an alert or a warning."""
        return self._headline.content[0] == "flag"

    @property
    def strong_line(self) -> str:
        """The strong line of the headline."""
        return self._headline.content[1]

    @property
    def plain_lines(self) -> str:
        """The plain text of the headline, and the line about the other parts."""
        others = "" if self._other_parts.isHidden() else self._other_parts.text()
        return "\n".join(filter(None, (self._headline.content[2], others)))

    @property
    def age(self) -> str:
        """The line about the part of the image and the age of the answer; empty for a new one of the whole image."""
        part = "" if self._part.isHidden() else self._part.text()
        return " · ".join(filter(None, (part, self._older.text)))

    @property
    def explanation(self) -> str:
        """The explanation of the headline, empty if there is none."""
        return self._headline.toolTip()

    def spoken(self) -> str:
        """Return the headline for screen readers."""
        return self._headline.accessibleName()

    def event(self, event: QEvent) -> bool:
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._reserve()
        return is_done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reserve()

    def showEvent(self, event: QShowEvent) -> None:
        """Lay the lines out anew: what was said while this was hidden stands where the lines before it were."""
        super().showEvent(event)
        self._column.invalidate()

    def _reserve(self) -> None:
        """Reserve the height of all lines: beside a long form Qt would lay those of the parts over the box."""
        self.setMinimumHeight(max(self.heightForWidth(self.width()), 0))

    def _alerted_elsewhere(self, answer: Answer, context: AlertContext) -> answer_parts.AnswerPart | None:
        """Return the part of the image that raised a more serious alert than stands with the one shown, if any."""
        if not self.parts:
            return None
        lead = answer_parts.most_serious(self.parts, context)
        shown = answer_parts.rank(answer_words.alerts_of(answer, context), answer.contract)
        leading = answer_parts.rank(answer_words.own_alerts_of(lead.answer, context), lead.answer.contract)
        return lead if leading > shown else None

    def _of_part(self, part: answer_parts.AnswerPart, context: AlertContext) -> str:
        leading = answer_words.leading_text(part.answer, context)
        return self.tr("{part}: {said}").format(part=part.name, said=leading)

    def _link_images(self, context: AlertContext) -> None:
        self._headline.link({one.name: one.sha256 for one in context.images if not one.is_shown})

    def _show_other_parts(self, context: AlertContext, told: Answer | None = None) -> None:
        text = answer_parts.parts_text(self.parts, context, told)
        self._other_parts.setText(text)
        self._other_parts.setVisible(bool(text))
