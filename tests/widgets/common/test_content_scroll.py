"""Nothing is cut off: wrapped lines in a scroll area, and the text of a number field."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.common.number_field import NumberField
from desktop.widgets.common.plain_text import PlainLabel

LINES = 12


def test_wrapped_lines_are_as_high_as_they_need_and_scroll_only_without_room(qtbot: QtBot) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    text = "found 93.7 % of melanomas in testing (set for 95 %), found 94.6 % of skin cancers in testing (set for 95 %)"
    labels = [PlainLabel(text, content) for _ in range(LINES)]
    for label in labels:
        label.setWordWrap(True)
        column.addWidget(label)
    around = QWidget()
    qtbot.addWidget(around)
    scroll = ContentScroll(content, 80, around)
    outer = QVBoxLayout(around)
    outer.addWidget(scroll)
    outer.addStretch(1)
    around.show()

    def is_right(*, is_low: bool) -> bool:
        is_scrolled = scroll.verticalScrollBar().maximum() > 0
        return is_scrolled == is_low and all(label.height() >= label.heightForWidth(label.width()) for label in labels)

    for width in range(180, 320, 7):  # a scroll bar takes some of the width, and with that adds lines
        for height in (200, 2000):
            around.resize(width, height)
            qtbot.waitUntil(partial(is_right, is_low=height == 200))


def test_the_text_of_a_number_field_keeps_clear_of_its_frame(qtbot: QtBot) -> None:
    field = NumberField()
    qtbot.addWidget(field)
    field.show()
    margins = field.lineEdit().textMargins()
    assert min(margins.left(), margins.right()) >= 6
