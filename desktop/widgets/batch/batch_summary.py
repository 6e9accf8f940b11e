"""The summary of a batch: counts by label, alert and missing answer, and the reasons of failures."""

import re
from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Abstention
from desktop.core.labels import Malignancy
from desktop.widgets.answer.answer_words import no_answer_word
from desktop.widgets.batch.batch_rows import URGENCY_WORDS, Urgency, urgency
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.probability_bar import ProbabilityBar
from desktop.widgets.common.wording import in_order, label_name, translated


class BatchSummary(QScrollArea):
    """Counts files; nobody has checked whether the answers are right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)

    def show_answers(self, answers: list[FileAnswer], contract: Contract, concealed: int, passed_over: str) -> None:
        """Show the summary of a run; `concealed` rows are not among `answers`, because the assessment comes first.

        `passed_over` is the remark on images that the program does not open, empty if there are none.
        """
        body = QWidget(self)
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 8, 0)
        columns.setSpacing(16)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(16)
            columns.addLayout(column, 1)
        left.addWidget(self._labels(answers, contract))
        left.addStretch(1)
        right.addWidget(self._states(answers, concealed))
        failures = Counter(_reason(answer.message) for answer in answers if answer.judgement is None)
        if failures:
            right.addWidget(self._failures(failures))
        if passed_over:
            card = Card(self.tr("Not opened"))
            card.add_note(passed_over)
            right.addWidget(card)
        right.addStretch(1)
        self.setWidget(body)

    def _labels(self, answers: list[FileAnswer], contract: Contract) -> Card:
        judgements = [answer.judgement for answer in answers if answer.judgement is not None]
        tops = Counter(judgement.top for judgement in judgements if judgement.abstention is None)
        answered = len(judgements)
        rows = [(label_name(contract, label.id), tops[label.id]) for label in in_order(contract.labels)]
        unnamed = Counter(no_answer_word(one.abstention) for one in judgements if one.abstention is not None)
        rows += [(word, unnamed[word]) for word in map(no_answer_word, (Abstention.QUALITY, Abstention.UNCERTAIN))]
        malignant = sum(tops[label.id] for label in contract.labels if label.malignancy is Malignancy.MALIGNANT)
        note = self.tr("Highest probability is a malignant label: {count} of {answered}.").format(
            count=malignant, answered=answered
        )
        if contract.raisable:
            note += " " + self.tr("Alerts follow their limits, not the highest label.")
        return _chart(self.tr("Label of the highest probability"), rows, answered, note)

    def _states(self, answers: list[FileAnswer], concealed: int) -> Card:
        counts = Counter(urgency(answer) for answer in answers)
        counts[Urgency.CONCEALED] = concealed
        states = [state for state in URGENCY_WORDS if counts[state] or state is not Urgency.CONCEALED]
        rows = [(translated(URGENCY_WORDS[state]), counts[state]) for state in states]
        return _chart(
            self.tr("All files"), rows, len(answers) + concealed, self.tr("An alerted file may be without an answer.")
        )

    def _failures(self, failures: Counter[str]) -> Card:
        return _chart(self.tr("Why files failed"), failures.most_common(), sum(failures.values()), "")


def _chart(title: str, rows: list[tuple[str, int]], whole: int, note: str) -> Card:
    """Draw a bar for each count relative to the whole."""
    card = Card(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(1, 1)
    for row, (name, count) in enumerate(rows):
        subject, bar, value = PlainLabel(name), ProbabilityBar(), PlainLabel(f"{count} / {whole}")
        subject.setWordWrap(len(name) > 40)
        bar.show_value(count / whole if whole else 0.0)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setAccessibleName(f"{name}: {count} / {whole}")
        for position, widget in enumerate((subject, bar, value)):
            grid.addWidget(widget, row, position)
    card.column.addLayout(grid)
    if note:
        card.add_note(note)
    return card


def _reason(message: str) -> str:
    """Return an error's sentence without names, so that equal reasons are counted together."""
    return re.sub("“[^”]*”", "“…”", message)
