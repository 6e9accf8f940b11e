"""Reports as pages, for PDF, printer and screen alike; here that of one image: an A4 page, laid out by Qt's text document.

Its content arrives in final words from the code that shows it in the window: nothing is judged or worded here. The layout
uses pixels of 1/96 inch on every device, so that the preview equals the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar, cast

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from desktop.system.step_task import Steps
from desktop.widgets.common.text_document import text_document
from desktop.widgets.report.markup import BAR, TRACK, WIDTH, annex, first_page, style
from desktop.widgets.report.paper import HEIGHT, INCH, MARGIN, PAGE, PICTURE_INCHES, font, paint_foot, reduced
from desktop.widgets.report.report_content import Report
from desktop.widgets.report.visit_content import VisitReport
from desktop.widgets.report.visit_pages import VisitPages

T = TypeVar("T")

_SIZES = ((13.0, 330), (12.5, 310), (12.0, 300), (11.5, 280), (11.0, 260), (10.5, 230), (10.0, 200))
"""Font size and image height in pixels; the first pair that fits is used. 10 pixels are 7.5 points, the legible minimum."""

_PDF_RESOLUTION = 300


class ReportPages:
    """A laid-out report: its first page, followed by the notes that do not fit on it."""

    def __init__(self, report: Report, resolution: int) -> None:
        """Lay out a report for a device of `resolution` dots per inch, for which the pictures are scaled."""
        self._report = report
        self._largest = resolution * PICTURE_INCHES
        self._annex: QTextDocument | None = None
        for size, height in _SIZES:
            self._first = self._document(first_page(report, size, height, with_notes=True), size)
            if self._first.pageCount() == 1:
                return
        for size, height in _SIZES:
            self._first = self._document(first_page(report, size, height, with_notes=False), size)
            if self._first.pageCount() == 1:
                break
        self._annex = self._document(annex(report), _SIZES[0][0])

    def count(self) -> int:
        """Return the number of pages."""
        return self._first.pageCount() + (0 if self._annex is None else self._annex.pageCount())

    def text(self) -> str:
        """Return the whole text, for a screen reader."""
        documents = [self._first] if self._annex is None else [self._first, self._annex]
        return "\n".join((*(document.toPlainText() for document in documents), self._report.disclaimer))

    def parts(self) -> int:
        """Return in how many parts all pages are painted."""
        return self.count()

    def paint(self, painter: QPainter, number: int) -> Iterator[None]:
        """Paint a page (counted from 0), a part at each step; in pixels of 1/96 inch, with the paper's corner at (0, 0)."""
        document, page = self._first, number
        if number >= self._first.pageCount() and self._annex is not None:
            document, page = self._annex, number - self._first.pageCount()
        painter.save()
        painter.translate(MARGIN, MARGIN)
        painter.save()
        painter.translate(0, -page * HEIGHT)
        document.drawContents(painter, QRectF(0, page * HEIGHT, WIDTH, HEIGHT))
        painter.restore()
        paint_foot(painter, self._report.disclaimer, f"{number + 1} / {self.count()}")
        painter.restore()
        yield

    def _document(self, html: str, size: float) -> QTextDocument:
        pictures = (("image", self._report.image), ("overlay", self._report.overlay))
        images = {name: reduced(image, self._largest) for name, image in pictures if image is not None}
        bars = {f"bar-{step}": _bar(step / 100) for step in range(101) if f'src="bar-{step}"' in html}
        document = text_document(font(size), images | bars)
        document.setDefaultStyleSheet(style(size))
        document.setHtml(html)
        document.setPageSize(QSizeF(WIDTH, HEIGHT))
        return document


AnyReport = Report | VisitReport


def pages_of(report: AnyReport, resolution: int) -> ReportPages | VisitPages:
    """Lay out a report for a device of `resolution` dots per inch."""
    return VisitPages(report, resolution) if isinstance(report, VisitReport) else ReportPages(report, resolution)


def pdf(report: AnyReport) -> bytes:
    """Return a report as the bytes of a PDF file. To be run on the GUI thread, as `text_document` explains."""
    return at_once(pdf_in_steps(report))


def at_once(steps: Steps[T]) -> T:
    """Do all steps, and return their result."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return cast("T", ended.value)


def pdf_in_steps(report: AnyReport) -> Steps[bytes]:
    """Do the same in steps of at most a lesion each: its pictures are packed as they are painted, which takes the time."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(page_layout())
    writer.setResolution(_PDF_RESOLUTION)
    writer.setTitle(report.title)
    writer.setCreator("LesionLens")
    yield from print_in_steps(report, writer, _PDF_RESOLUTION)
    return bytes(buffer.data().data())


def page_layout() -> QPageLayout:
    """Return the page layout: A4 without margins, which the report has itself."""
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())


def print_in_steps(
    report: AnyReport, device: QPagedPaintDevice, resolution: int, abort: Callable[[], object] = lambda: None
) -> Steps[bool]:
    """Paint all pages on a device of `resolution` dots per inch in steps; return whether that succeeded.

    `abort` is called if the steps are closed before they have ended.
    """
    pages = pages_of(report, resolution)
    painter = QPainter()
    if not painter.begin(device):
        return False
    painter.scale(resolution / INCH, resolution / INCH)
    done = 0
    try:
        for number in range(pages.count()):
            if number:
                device.newPage()
            for _part in pages.paint(painter, number):
                done += 1
                yield done, pages.parts()
    except GeneratorExit:
        abort()
        raise
    finally:
        is_ended = painter.end()
    return is_ended


def resolution_of(width: int) -> int:
    """Return the resolution in dots per inch of a page that is `width` pixels wide."""
    return round(width / PAGE.width() * INCH)


def page_images(pages: ReportPages | VisitPages, width: int) -> list[QImage]:
    """Return each page as an image that is `width` pixels wide."""
    images = []
    for number in range(pages.count()):
        image = QImage(width, round(width * PAGE.height() / PAGE.width()), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.scale(width / PAGE.width(), width / PAGE.width())
        for _part in pages.paint(painter, number):
            pass
        painter.end()
        images.append(image)
    return images


def _bar(fraction: float) -> QImage:
    image = QImage(600, 32, QImage.Format.Format_RGB32)
    image.fill(QColor(TRACK))
    painter = QPainter(image)
    painter.fillRect(QRectF(0, 0, 600 * fraction, 32), QColor(BAR))
    painter.end()
    return image
