"""Lays out a report of a visit: lesions stand whole on a page, unless one is longer than a page."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF, QUrl
from PySide6.QtGui import QPainter, QTextDocument

from desktop.widgets.report import visit_markup
from desktop.widgets.report.markup import WIDTH, style
from desktop.widgets.report.paper import HEIGHT, MARGIN, PICTURE_INCHES, font, paint_foot, paint_top, reduced
from desktop.widgets.report.visit_content import LesionPart, VisitReport

_SIZE = 12.5
"""Font size in pixels: 9.4 points."""


@dataclass(frozen=True)
class _Slice:
    """A part of a document on a page: where it begins in the document and on the page, and its height."""

    document: QTextDocument
    begin: float
    top: float
    height: float


class VisitPages:
    """A laid-out report, with the same methods as `ReportPages`."""

    def __init__(self, report: VisitReport, resolution: int) -> None:
        """Lay out a report for a device of `resolution` dots per inch, for which the pictures are scaled."""
        self._report = report
        self._largest = resolution * PICTURE_INCHES
        self._documents = [
            self._document(visit_markup.beginning(report)),
            *(self._document(visit_markup.lesion(report, part), part) for part in report.lesions),
            self._document(visit_markup.ending(report)),
        ]
        self._pages: list[list[_Slice]] = [[]]
        top = 0.0
        for document in self._documents:
            whole = document.size().height()
            if top and top + whole > HEIGHT:
                self._pages.append([])
                top = 0.0
            begin = 0.0
            while whole - begin > HEIGHT - top:  # longer than a page
                self._pages[-1].append(_Slice(document, begin, top, HEIGHT - top))
                begin += HEIGHT - top
                self._pages.append([])
                top = 0.0
            self._pages[-1].append(_Slice(document, begin, top, whole - begin))
            top += whole - begin

    def count(self) -> int:
        """Return the number of pages."""
        return len(self._pages)

    def text(self) -> str:
        """Return the whole text, for a screen reader."""
        return "\n".join((*(document.toPlainText() for document in self._documents), self._report.disclaimer))

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint a page (counted from 0) in pixels of 1/96 inch, with the paper's corner at (0, 0)."""
        painter.save()
        painter.translate(MARGIN, MARGIN)
        for part in self._pages[number]:
            painter.save()
            painter.translate(0, part.top - part.begin)
            part.document.drawContents(painter, QRectF(0, part.begin, WIDTH, part.height))
            painter.restore()
        if number:
            paint_top(painter, self._report.page_name)
        paint_foot(painter, self._report.disclaimer, f"{number + 1} / {self.count()}")
        painter.restore()

    def _document(self, html: str, part: LesionPart | None = None) -> QTextDocument:
        document = QTextDocument()
        document.setUndoRedoEnabled(False)
        document.setUseDesignMetrics(True)
        document.setDocumentMargin(0)
        document.setDefaultFont(font(_SIZE))
        document.setDefaultStyleSheet(style(_SIZE))
        for place, shown in enumerate(() if part is None else part.pictures):
            if shown.image is not None:
                picture = reduced(shown.image, self._largest)
                document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(f"picture-{place}"), picture)
        document.setHtml(html)
        document.setPageSize(QSizeF(WIDTH, 1e6))  # one endless page: what fits on a page is decided above
        document.setTextWidth(WIDTH)
        return document
