"""Puts documents one below the other on pages, and breaks those that are longer than a page between lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QTextBlock, QTextDocument, QTextFormat

_COMPANY = 60.0
"""Pixels of a document that go to a new page together with what must not stand there alone."""

_HAIR = 0.5
"""Lines that overlap by less, in pixels, only touch."""


@dataclass
class Slice:
    """A part of a document on a page: where it begins in the document and on the page, and its height."""

    document: QTextDocument
    begin: float
    top: float
    height: float


def arrange(documents: Sequence[QTextDocument], height: float, tail: int) -> list[list[Slice]]:
    """Return pages of a height with at least two documents, of which one that fits on a page is not broken.

    The last `tail` documents, such as the line for a signature, stand on a page with what is before them or a part of it.
    """
    pages = _Pages(height)
    kept = _kept(documents, height, tail)
    for document in documents[:-kept]:
        pages.put(document)
    if kept > 1:
        pages.put(*documents[-kept:])
    else:
        pages.put_in_company(documents[-1])
    return pages.pages


def _kept(documents: Sequence[QTextDocument], height: float, tail: int) -> int:
    """Return how many of the last documents go together: the tail and what is before it, or as many of them as fit."""
    for count in range(min(tail + 1, len(documents)), 1, -1):
        if _whole(documents[-count:]) <= height:
            return count
    return 1


class _Pages:
    """The pages so far; `_top` is where the last one is still empty."""

    def __init__(self, height: float) -> None:
        self.pages: list[list[Slice]] = [[]]
        self._height = height
        self._top = 0.0

    def put(self, *documents: QTextDocument) -> None:
        """Put documents on one page, or a single one that is longer on several."""
        whole = _whole(documents)
        if self._top and self._top + whole > self._height:
            begins = _break(documents[0], 0.0, self._height - self._top) if whole > self._height else 0.0
            if begins < self._height / 3:  # else a part worth reading stands below what is on the page
                self._turn()
        for document in documents:
            self._put(document)

    def put_in_company(self, document: QTextDocument) -> None:
        """Put a document on the page, or on a new one together with the last lines of this one."""
        if self._top + document.size().height() > self._height:
            last = self.pages[-1][-1]
            end = last.begin + last.height
            cut = _break(last.document, last.begin, end - _COMPANY)
            self._turn()
            if cut > last.begin:
                last.height = cut - last.begin
                self._add(Slice(last.document, cut, 0.0, end - cut))
        self._put(document)

    def _put(self, document: QTextDocument) -> None:
        begin, end = 0.0, document.size().height()
        while end - begin > self._height - self._top:
            room = self._height - self._top
            cut = _break(document, begin, begin + room)
            if cut > begin or not self._top:  # what is higher than a page is cut anywhere
                cut = cut if cut > begin else begin + room
                self._add(Slice(document, begin, self._top, cut - begin))
                begin = cut
            self._turn()
        self._add(Slice(document, begin, self._top, end - begin))

    def _add(self, part: Slice) -> None:
        self.pages[-1].append(part)
        self._top = part.top + part.height

    def _turn(self) -> None:
        self.pages.append([])
        self._top = 0.0


def _whole(documents: Sequence[QTextDocument]) -> float:
    return sum(document.size().height() for document in documents)


def _break(document: QTextDocument, begin: float, limit: float) -> float:
    """Return the last place up to a limit that cuts no line, nor smaller print from the line above it; else `begin`."""
    lines = [*_lines(document), *_with_smaller_print(document)]
    ends = sorted((bottom for _top, bottom in lines if begin < bottom <= limit), reverse=True)
    return next((end for end in ends if not any(top + _HAIR < end < bottom - _HAIR for top, bottom in lines)), begin)


def _with_smaller_print(document: QTextDocument) -> Iterator[tuple[float, float]]:
    """Yield, for each block in smaller type than the one above, where the line above begins and its own first line ends."""
    above, size, block = 0.0, 0, document.begin()
    while block.isValid():
        top, layout = document.documentLayout().blockBoundingRect(block).top(), block.layout()
        if layout.lineCount():
            first = layout.lineAt(0)
            before, size = size, _size(block)
            if size < before:
                yield above, top + first.y() + first.height()
            above = top + layout.lineAt(layout.lineCount() - 1).y()
        block = block.next()


def _size(block: QTextBlock) -> int:
    """Return the size in pixels of the type in which a block begins, 0 for an empty one."""
    first = block.begin()
    return 0 if first.atEnd() else first.fragment().charFormat().intProperty(QTextFormat.Property.FontPixelSize)


def _lines(document: QTextDocument) -> Iterator[tuple[float, float]]:
    """Yield the top and the bottom of each line; that of a picture is as high as the picture."""
    block = document.begin()
    while block.isValid():
        top = document.documentLayout().blockBoundingRect(block).top()
        layout = block.layout()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            yield top + line.y(), top + line.y() + line.height()
        block = block.next()
