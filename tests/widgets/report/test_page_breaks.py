"""Pages of documents: no line is cut, and the line for the signature never stands alone."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QTextDocument

from desktop.widgets.report.page_breaks import Slice, arrange

HEIGHT = 400.0


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    """Create the application, whose fonts the layout needs."""


def document(html: str) -> QTextDocument:
    made = QTextDocument()
    made.setDocumentMargin(0)
    made.setHtml(html)
    made.setPageSize(QSizeF(300, 1e6))
    return made


def lines(count: int, size: int = 20) -> QTextDocument:
    return document("".join(f'<p style="margin:0; font-size:{size}px">{number}</p>' for number in range(count)))


def block(height: int) -> QTextDocument:
    """Return a document that is one picture, which cannot be broken."""
    return document(f'<p style="margin:0"><img src="none" width="50" height="{height}"></p>')


SIGNATURE = 2


def signature() -> QTextDocument:
    return lines(SIGNATURE)


def entries(count: int) -> QTextDocument:
    """Return a document of entries of 30 pixels, each with a line of small print below."""
    return document(
        "".join(
            f'<p style="margin:0; font-size:14px; line-height:20px">{number}</p>'
            '<p style="margin:0; font-size:8px; line-height:10px">entered</p>'
            for number in range(count)
        )
    )


def cuts(pages: list[list[Slice]]) -> list[tuple[QTextDocument, float]]:
    return [(part.document, part.begin) for page in pages for part in page if part.begin]


def is_between_lines(document: QTextDocument, at: float) -> bool:
    layout = document.documentLayout()
    boxes = []
    each = document.begin()
    while each.isValid():
        boxes.append(layout.blockBoundingRect(each))
        each = each.next()
    return not any(box.top() + 0.5 < at < box.bottom() - 0.5 for box in boxes)


def check(documents: list[QTextDocument], pages: list[list[Slice]]) -> None:
    """Check that all is there, in order, below each other, and no line cut."""
    parts = [part for page in pages for part in page]
    for each in documents:
        own = [part for part in parts if part.document is each]
        assert own[0].begin == 0
        assert sum(part.height for part in own) == pytest.approx(each.size().height())
        assert all(two.begin == pytest.approx(one.begin + one.height) for one, two in pairwise(own))
    for page in pages:
        assert page, "no page is empty"
        assert page[0].top == 0
        assert all(two.top == pytest.approx(one.top + one.height) for one, two in pairwise(page))
        assert page[-1].top + page[-1].height <= HEIGHT + 0.01
    assert all(is_between_lines(each, at) for each, at in cuts(pages))


def test_what_fits_stands_on_one_page() -> None:
    documents = [lines(3), lines(5), signature()]
    pages = arrange(documents, HEIGHT, tail=1)
    check(documents, pages)
    assert len(pages) == 1


def test_a_document_that_fits_on_a_page_is_not_broken() -> None:
    documents = [lines(3), lines(12), lines(10), signature()]
    pages = arrange(documents, HEIGHT, tail=1)
    check(documents, pages)
    assert cuts(pages) == []
    assert len(pages) == 2


def test_the_last_document_goes_with_the_signature_to_a_new_page() -> None:
    documents = [block(200), block(180), signature()]
    pages = arrange(documents, HEIGHT, tail=1)
    check(documents, pages)
    assert [[part.document for part in page] for page in pages] == [documents[:1], documents[1:]]


def test_a_conclusion_and_its_signature_stay_together_where_the_last_document_has_no_room_beside_them() -> None:
    documents = [block(300), lines(4), signature()]
    pages = arrange(documents, HEIGHT, tail=2)
    check(documents, pages)
    assert [part.document for part in pages[-1]] == documents[1:]


@pytest.mark.parametrize("count", range(12, 60, 3))
def test_lines_of_a_long_text_stand_above_the_signature(count: int) -> None:
    documents = [block(100), lines(count), signature()]
    pages = arrange(documents, HEIGHT, tail=1)
    check(documents, pages)
    assert pages[-1][-1].document is documents[-1]
    assert pages[-1][0].document is documents[1], "the signature is not alone"


def test_a_long_document_begins_below_what_is_there_if_enough_of_it_fits() -> None:
    short, long = lines(4), lines(60)
    documents = [short, long, signature()]
    pages = arrange(documents, HEIGHT, tail=1)
    check(documents, pages)
    assert [part.document for part in pages[0]] == [short, long]
    full = lines(14)
    pages = arrange([full, long, signature()], HEIGHT, tail=1)
    assert [part.document for part in pages[0]] == [full]


def test_what_cannot_be_broken_is_cut_only_where_it_is_higher_than_a_page() -> None:
    documents = [lines(3), block(900), signature()]
    pages = arrange(documents, HEIGHT, tail=1)
    assert [part.document for part in pages[0]] == documents[:1]
    assert sum(part.height for page in pages for part in page if part.document is documents[1]) == pytest.approx(
        documents[1].size().height()
    )
    assert pages[-1][-1].document is documents[-1]


def test_small_print_stays_below_what_it_is_about() -> None:
    long = entries(40)
    sizes = {
        round(long.documentLayout().blockBoundingRect(long.findBlockByNumber(number)).top()): number % 2
        for number in range(80)
    }
    for first in range(40):
        pages = arrange([block(200 + first), long, signature()], HEIGHT, tail=1)
        begun = [round(at) for each, at in cuts(pages) if each is long]
        assert begun
        assert not any(sizes[at] for at in begun), first
