"""Lays out a report of a visit: lesions stand whole on a page, unless one is longer than a page."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument

from desktop.widgets.common.text_document import text_document
from desktop.widgets.report import visit_markup, visit_overview
from desktop.widgets.report.markup import WIDTH, style
from desktop.widgets.report.page_breaks import Slice, arrange
from desktop.widgets.report.paper import HEIGHT, MARGIN, PICTURE_INCHES, font, paint_foot, paint_top, reduced
from desktop.widgets.report.visit_content import LesionPart, OverviewPart, VisitReport
from desktop.widgets.report.visit_map import LARGE, SMALL, map_views

_SIZE = 12.5
"""Font size in pixels: 9.4 points."""

_HEIGHTS = (330, 300, 270, 240)
"""Greatest heights of a picture: the largest with which the report has the fewest pages is used. The body map is small only
where that saves a page."""


class VisitPages:
    """A laid-out report, with the same methods as `ReportPages`."""

    def __init__(self, report: VisitReport, resolution: int) -> None:
        """Lay out a report for a device of `resolution` dots per inch, for which the pictures are scaled."""
        self._report = report
        overviews = [_overview(part, resolution) for part in report.overviews]
        others = [_document(html, {}) for html in (visit_markup.others(report),) if html]
        last = [
            _document(html, {}) for html in (visit_markup.conclusion(report), visit_markup.signature(report)) if html
        ]
        pictures = [_pictures(part, resolution * PICTURE_INCHES) for part in report.lesions]
        lesions = [
            [_lesion(report, part, images, height) for part, images in zip(report.lesions, pictures, strict=True)]
            for height in _HEIGHTS
        ]
        layouts: list[tuple[list[QTextDocument], list[list[Slice]]]] = []
        for map_height in (LARGE,) if report.map is None else (LARGE, SMALL):
            first = _first(report, map_height, resolution)
            for laid_out in lesions:
                documents = [first, *overviews, *laid_out, *others, *last]
                layouts.append((documents, arrange(documents, HEIGHT, tail=len(last))))
        self._documents, self._pages = min(layouts, key=lambda layout: len(layout[1]))

    def count(self) -> int:
        """Return the number of pages."""
        return len(self._pages)

    def text(self) -> str:
        """Return the whole text, for a screen reader."""
        texts = (document.toPlainText() for document in self._documents)
        return "\n".join((*texts, self._report.disclaimer, self._report.versions))

    def parts(self) -> int:
        """Return in how many parts all pages are painted: a document each, such as a lesion, or what a page has of it."""
        return sum(map(len, self._pages))

    def paint(self, painter: QPainter, number: int) -> Iterator[None]:
        """Paint a page (counted from 0), a part at each step; in pixels of 1/96 inch, with the paper's corner at (0, 0)."""
        for part in self._pages[number]:
            painter.save()
            painter.translate(MARGIN, MARGIN + part.top - part.begin)
            part.document.drawContents(painter, QRectF(0, part.begin, WIDTH, part.height))
            painter.restore()
            yield
        painter.save()
        painter.translate(MARGIN, MARGIN)
        if number:
            paint_top(painter, self._report.page_name)
        paint_foot(painter, self._report.disclaimer, f"{number + 1} / {self.count()}", self._report.versions)
        painter.restore()


def _first(report: VisitReport, map_height: float, resolution: int) -> QTextDocument:
    """Lay out the head of the first page and the body map, whose first view has at most this height."""
    views = map_views(() if report.map is None else report.map.marks, map_height)
    drawn = {f"map-{number}": view.image(resolution) for number, view in enumerate(views)}
    return _document(visit_markup.beginning(report, views), drawn)


def _pictures(part: LesionPart, largest: int) -> dict[str, QImage]:
    bar = QImage(1, 1, QImage.Format.Format_RGB32)
    bar.fill(QColor("black"))
    return {"scale": bar} | {
        f"picture-{place}": reduced(shown.image, largest)
        for place, shown in enumerate(part.pictures)
        if shown.image is not None
    }


def _overview(part: OverviewPart, resolution: int) -> QTextDocument:
    image = visit_overview.draw(part, resolution)
    html = visit_markup.overview(part, visit_overview.size_of(part))
    return _document(html, {} if image is None else {"overview": image})


def _lesion(report: VisitReport, part: LesionPart, images: dict[str, QImage], height: int) -> QTextDocument:
    """Lay out a lesion with its text where it takes the least room."""
    documents = (_document(visit_markup.lesion(report, part, height, text), images) for text in visit_markup.Text)
    return min(documents, key=lambda document: document.size().height())


def _document(html: str, images: dict[str, QImage]) -> QTextDocument:
    document = text_document(font(_SIZE), images)
    document.setDefaultStyleSheet(style(_SIZE))
    document.setHtml(html)
    document.setPageSize(QSizeF(WIDTH, 1e6))  # one endless page: what fits on a page is decided above
    document.setTextWidth(WIDTH)
    return document
