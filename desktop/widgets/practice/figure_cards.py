"""The cards of own figures: in words, for skin cancer and melanoma each with its table, and calibration."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt

from desktop.core.inference.contract import ReliabilityCurve, ReliabilityPoint
from desktop.core.practice.cases import Case, Target
from desktop.core.practice.figures import CalibrationFigures, OwnFigures
from desktop.core.practice.target_figures import JudgeFigures, TargetFigures
from desktop.session.own_figures import FoundFigures
from desktop.widgets.common.card import Card
from desktop.widgets.common.wording import DISCLAIMER, count, numbered, translated
from desktop.widgets.model.judged_words import of, share
from desktop.widgets.model.reliability_diagram import ReliabilityDiagram
from desktop.widgets.practice import practice_words as words
from desktop.widgets.practice.card_parts import Show, add_text, link_to
from desktop.widgets.practice.figure_table import Cell, figure_table


def _tr(text: str) -> str:
    return QCoreApplication.translate("OwnFigures", text)


class FigureCards:
    """Makes the cards; `show` is called when a figure is pressed."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def in_words(self, found: FoundFigures, figures: OwnFigures) -> Card:
        """Put what was found and missed first, and what that says and does not say."""
        card = Card(
            numbered(
                len(figures.proved),
                _tr("{model}: 1 lesion with histology is counted"),
                _tr("{model}: {count} lesions with histology are counted"),
                model=figures.model.name,
            )
        )
        if not figures.proved:
            add_text(card, words.without_proved(figures))
        for target in figures.targets:
            for sentence in words.target_sentences(target):
                add_text(card, sentence)
        for remark in words.remarks(found, figures):
            add_text(card, remark, is_strong=True)
        apart: list[Sequence[Cell]] = []
        if figures.learned:
            title = _tr("Lesions that the model learned from, with or without histology: not counted")
            apart.append((title, link_to(self._show, count(len(figures.learned)), title, figures.learned)))
        if figures.open_outcomes:
            title = _tr("Histology leaves open whether they are malignant: not counted")
            apart.append((title, link_to(self._show, count(len(figures.open_outcomes)), title, figures.open_outcomes)))
        if apart:
            card.column.addLayout(figure_table((), apart, card))
        card.add_note(translated(DISCLAIMER))
        return card

    def of_target(self, figures: TargetFigures) -> Card:
        """Lay out sensitivity and specificity of diagnosis and alert, and how far they agree."""
        card = Card(words.target_name(figures.target))
        if figures.judges:
            head = (
                _tr("95 % intervals"),
                _tr("found"),
                _tr("sensitivity"),
                _tr("others not suspected"),
                _tr("specificity"),
            )
            rows = [self._judge_row(one, figures) for one in figures.judges]
            card.column.addLayout(figure_table(head, rows, card))
            card.add_note(words.caveat(figures))
            notes = (words.fewest_note(), words.undecided_note(), words.withheld_note(figures))
            card.add_note(" ".join(filter(None, notes)))
        if figures.agreement is not None:
            card.column.addLayout(figure_table((), self._agreement_rows(figures), card))
        return card

    def calibration(self, figures: CalibrationFigures, proved: Sequence[Case]) -> Card:
        """Compare the model's percentages with what came true."""
        card = Card(_tr("Do the percentages hold here?"))
        text = _tr(
            "By the model's percentages, {expected:.1f} of {n} lesions with histology should have been malignant; {found} were."
        )
        add_text(card, text.format(expected=figures.expected, n=count(figures.n), found=count(figures.found)))
        title = _tr("These lesions, the highest percentage first")
        known = [case for case in proved if case.at.malignant is not None and case.truth(Target.MALIGNANT) is not None]
        ordered = sorted(known, key=lambda case: -(case.at.malignant or 0))
        card.column.addLayout(figure_table((), [(title, link_to(self._show, count(figures.n), title, ordered))], card))
        if figures.points:
            diagram = ReliabilityDiagram(card)
            points = tuple(ReliabilityPoint(said, came, n) for said, came, n in figures.points)
            diagram.show_curve(ReliabilityCurve("malignant", "", points))
            card.column.addWidget(diagram, 0, Qt.AlignmentFlag.AlignLeft)
            card.add_note(
                _tr("Mean distance from the line: {error:.0f} points. Only lesions that were biopsied.").format(
                    error=100 * (figures.error or 0)
                )
            )
        return card

    def _judge_row(self, row: JudgeFigures, figures: TargetFigures) -> Sequence[Cell]:
        found, spared = row.sensitivity, row.specificity
        return (
            words.judge_name(row.judge, figures.target),
            link_to(
                self._show,
                of(found.k, found.n),
                words.judge_cases(row, figures.target, is_target=True),
                (*found.others, *found.counted),
            ),
            share(found.estimate),
            link_to(
                self._show,
                of(spared.k, spared.n),
                words.judge_cases(row, figures.target, is_target=False),
                (*spared.others, *spared.counted),
            ),
            share(spared.estimate),
        )

    def _agreement_rows(self, figures: TargetFigures) -> list[Sequence[Cell]]:
        agreement = figures.agreement
        if agreement is None:
            return []
        agree = agreement.share
        title = _tr("Your diagnosis before the model agrees with the alerts, with or without histology")
        only_alert = _tr("Suspected only by an alert")
        if figures.target is Target.MELANOMA:
            title = _tr("Your diagnosis before the model agrees with the melanoma alert, with or without histology")
            only_alert = _tr("Suspected only by the melanoma alert")
        rows: list[Sequence[Cell]] = [
            (
                title,
                link_to(self._show, of(agree.k, agree.n), title, (*agree.others, *agree.counted)),
                share(agree.estimate),
            )
        ]
        for text, cases in (
            (_tr("Suspected by both"), agreement.both),
            (_tr("Suspected only by you"), agreement.only_own),
            (only_alert, agreement.only_alert),
            (_tr("Suspected by neither"), agreement.neither),
        ):
            rows.append((text, link_to(self._show, count(len(cases)), text, cases)))
        if figures.unproved:
            text = words.without_alert_and_biopsy(figures.target)
            rows.append((text, link_to(self._show, count(len(figures.unproved)), text, figures.unproved)))
        return rows
