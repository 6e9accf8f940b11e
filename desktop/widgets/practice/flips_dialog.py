"""The history under another model, on one page: counts in plain words, what is uncertain, and every change as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.core.practice.flips import Pair
from desktop.session.trial_figures import TrialFigures
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import DISCLAIMER, translated
from desktop.widgets.model import compared_words
from desktop.widgets.practice import flip_words as words
from desktop.widgets.practice import improvement_words
from desktop.widgets.practice.figure_table import figure_table
from desktop.widgets.practice.pairs_card import PairsCard

_SIZE = QSize(1040, 780)
_AROUND = QSize(24, 56)
"""Points of the window that stay free around the page, its frame and title bar."""


class FlipsDialog(QDialog):
    """Emits `adopt_requested` and `keep_requested`, and `opened` for the lesion whose picture was pressed."""

    opened = Signal(object)  # Pair
    adopt_requested = Signal()
    keep_requested = Signal()

    def __init__(self, found: TrialFigures, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("The history under another model"))
        self.found = found
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 4, 12, 4)
        column.setSpacing(14)
        if found.improvement is not None or found.fault is not None:
            column.addWidget(self._improvement_card())
        column.addWidget(self._words_card())
        if found.lost:
            title = self.tr("Melanomas that lose an alert")
            column.addWidget(self._pairs_card(title, found.lost, thumbnails, are_all_shown=True))
        column.addWidget(self._table_card())
        for title, pairs in self._groups():
            column.addWidget(self._pairs_card(title, pairs, thumbnails))
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._buttons())
        self.resize(_SIZE.boundedTo(parent.size() - _AROUND))

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        self.keep = QPushButton(self.tr("&Keep the old model…"), self)
        self.keep.clicked.connect(self.keep_requested)
        self.adopt = QPushButton(self.tr("&Adopt the new model…"), self)
        self.adopt.clicked.connect(self.adopt_requested)
        for button in (self.keep, self.adopt):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        return buttons

    def _improvement_card(self) -> Card:
        """Show whether the new model is better than the old one by what was counted when it was made."""
        card = Card(self.tr("Is the new model better?"))
        _add_text(card, improvement_words.verdict_text(self.found), is_strong=True)
        if self.found.improvement is not None:
            for text in compared_words.figure_texts(self.found.improvement):
                _add_text(card, text)
            card.add_note(improvement_words.note(self.found.improvement))
        return card

    def _words_card(self) -> Card:
        found, flips = self.found, self.found.flips
        card = Card(self.tr("Alerts on the lesions of this history"))
        names = self.tr("Old, in use: {old} ({old_file}). New: {new} ({new_file}).").format(
            old=flips.old.name, old_file=found.old.path.name, new=flips.new.name, new_file=found.new.path.name
        )
        _add_text(card, names)
        lost = words.lost_sentence(found)
        if lost:
            _add_text(card, lost, is_strong=True)
        for figures in flips.kinds:
            _add_text(card, words.count_sentence(figures))
        if not flips.kinds:
            _add_text(card, self.tr("No lesion has an answer of both models that can be compared."))
        _add_text(card, words.verdict_sentence(found), is_strong=True)
        for text in words.remarks(found):
            _add_text(card, text)
        again = words.again_sentence(found)
        if again:
            _add_text(card, again)
        card.add_note(translated(DISCLAIMER))
        return card

    def _table_card(self) -> Card:
        card = Card(self.tr("An alert was raised on"))
        head = ("", self.tr("lesions"), self.tr("old"), self.tr("new"), self.tr("only old"), self.tr("only new"))
        card.column.addLayout(figure_table(head, list(words.table_rows(self.found.flips)), card))
        card.add_note(words.table_note())
        return card

    def _pairs_card(
        self, title: str, pairs: Sequence[Pair], thumbnails: Thumbnails, *, are_all_shown: bool = False
    ) -> PairsCard:
        card = PairsCard(title, pairs, self.found.pictures, thumbnails, are_all_shown=are_all_shown)
        card.opened.connect(self.opened)
        return card

    def _groups(self) -> Iterator[tuple[str, Sequence[Pair]]]:
        lost = set(self.found.lost)
        for one in self.found.flips.kinds:
            only_old, only_new = (
                [pair for pair in pairs if pair not in lost] for pairs in (one.only_old, one.only_new)
            )
            for pairs, is_only_new in ((only_old, False), (only_new, True)):
                if pairs:
                    yield words.group_title(one.kind, len(pairs), is_only_new=is_only_new), pairs


def _add_text(card: Card, text: str, *, is_strong: bool = False) -> None:
    label = PlainLabel(text, card)
    label.setWordWrap(True)
    label.setProperty("strong", is_strong)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    card.column.addWidget(label)
