"""The cards of own figures beside histology: benign by follow-up, changed assessments, alerts and withheld answers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.practice.cases import Target
from desktop.core.practice.figures import OwnFigures
from desktop.core.practice.image_figures import ImageFigures
from desktop.core.practice.shares import Share
from desktop.core.practice.switches import SwitchFigures
from desktop.widgets.common.card import Card
from desktop.widgets.common.wording import count
from desktop.widgets.model.judged_words import of, share
from desktop.widgets.practice import practice_words as words
from desktop.widgets.practice.card_parts import Show, add_text, link_later, link_to
from desktop.widgets.practice.figure_table import Cell, figure_table

if TYPE_CHECKING:
    from desktop.core.records.practice_reading import AnswerRow


def _tr(text: str) -> str:
    return QCoreApplication.translate("OwnFigures", text)


class ChangeCards:
    """Makes the cards; `show` is called when a figure is pressed."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def follow_up(self, figures: OwnFigures) -> Card:
        """Tell the lesions that follow-up showed to be benign apart from histology, with the months to choose."""
        followed = figures.followed_up
        card = Card(_tr("Benign by follow-up"))
        add_text(card, words.follow_up_sentence(followed))
        rows: list[Sequence[Cell]] = []
        for one in figures.by_follow_up:
            share_of = one.specificity
            judge = words.judge_name(one.judge, Target.MALIGNANT)
            title = _tr("Benign by follow-up. {judge}: not suspected {k}, suspected {rest}").format(
                judge=judge, k=count(share_of.k), rest=count(len(share_of.others))
            )
            cases = (*share_of.others, *share_of.counted)
            rows.append(
                (
                    judge,
                    link_to(self._show, of(share_of.k, share_of.n), title, cases),
                    share(share_of.estimate),
                )
            )
        if rows:
            head = (_tr("95 % intervals"), _tr("not suspected"), _tr("specificity"))
            card.column.addLayout(figure_table(head, rows, card))
        if followed.candidates:
            text = _tr("Unchanged for as long, but no outcome entered")
            link = link_to(self._show, count(len(followed.candidates)), text, followed.candidates)
            card.column.addLayout(figure_table((), [(text, link)], card))
        card.add_note(words.follow_up_note())
        return card

    def switches(self, figures: SwitchFigures) -> Card:
        """Tell what became of assessments that were changed after the answer."""
        card = Card(_tr("Changed after the model"))
        add_text(card, words.switch_sentence(figures))
        if again := words.look_again(figures):
            add_text(card, again, is_strong=True)
        head = (_tr("by the outcome"), _tr("for better"), _tr("for worse"), _tr("not verified"))
        rows: list[Sequence[Cell]] = []
        for one in figures.directions:
            name = words.direction_name(one.direction)
            cells = ((head[1], one.better), (head[2], one.worse), (head[3], one.unverified))
            rows.append(
                (name, *(link_to(self._show, count(len(cases)), f"{name}: {kind}", cases) for kind, cases in cells))
            )
        card.column.addLayout(figure_table(head, rows, card))
        if figures.otherwise:
            text = _tr("Another diagnosis or plan of the same kind")
            link = link_to(self._show, count(len(figures.otherwise)), text, figures.otherwise)
            card.column.addLayout(figure_table((), [(text, link)], card))
        card.add_note(
            _tr(
                "Whoever gives up a suspicion is right only once histology, or follow-up as above, says so. Lesions whose "
                "suspicion was given up are biopsied less often, so that their two counts are too low."
            )
        )
        return card

    def images(self, found: ImageFigures, figures: OwnFigures) -> Card:
        """Tell how often the model alerts and withholds its answer."""
        card = Card(_tr("Alerts and images without an answer"))
        named = [
            (_tr("Any alert"), found.alerted),
            (_tr("Melanoma alert"), found.melanoma),
            *((words.withheld_name(reason), share_of) for reason, share_of in found.withheld if share_of.k),
        ]
        rows: list[Sequence[Cell]] = [
            (
                name,
                self._link_to_images(name, share_of, figures),
                words.per_hundred(share_of.estimate),
            )
            for name, share_of in named
        ]
        head = (_tr("95 % intervals"), _tr("images"), _tr("per hundred"))
        card.column.addLayout(figure_table(head, rows, card))
        card.add_note(
            _tr(
                "All dermatoscope images that this model has seen, each by its first answer, also those of lesions that it "
                "learned from. Hidden answers are left out. An image without an answer may have an alert."
            )
        )
        return card

    def _link_to_images(self, name: str, share_of: Share[AnswerRow], figures: OwnFigures) -> Cell:
        text = of(share_of.k, share_of.n)
        if not share_of.k:
            return text
        return link_later(self._show, text, name, partial(figures.cases_at, share_of.counted))
