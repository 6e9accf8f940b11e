"""What the cards of own figures are made of: paragraphs, and counts that lead to their cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt

from desktop.core.practice.cases import Case
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.practice.figure_table import Link

Show = Callable[[str, Sequence[Case]], object]
"""Shows the cases of a figure under a heading."""


def add_text(card: Card, text: str, *, is_strong: bool = False) -> None:
    """Add a paragraph to a card."""
    label = PlainLabel(text, card)
    label.setWordWrap(True)
    label.setProperty("strong", is_strong)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    card.column.addWidget(label)


def link_to(show: Show, text: str, title: str, cases: Sequence[Case]) -> Link:
    """Return a link to cases; a plain text if there are none."""
    return Link(text, title, (lambda: show(title, cases)) if cases else None)


def link_later(show: Show, text: str, title: str, cases: Callable[[], Sequence[Case]]) -> Link:
    """Return a link to cases that are looked up when they are wanted."""
    return Link(text, title, lambda: show(title, cases()))
