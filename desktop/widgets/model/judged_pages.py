"""The page on a model that was tried on own images, as a PDF: the report in words and tables, and the worst mistakes."""

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, QUrl
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from desktop.core.judging.report_page import as_markdown
from desktop.session.trying_out import TriedOut

_INCH = 96
"""Layout pixels an inch, on every device."""

_RESOLUTION = 300
_PAGE = QSizeF(210 / 25.4 * _INCH, 297 / 25.4 * _INCH)
_MARGIN = 48.0
_FONT = 11
"""Size in layout pixels, 8 points."""

_PICTURE = 126
"""Width of a picture in layout pixels: five in a row."""


def pdf_of(found: TriedOut) -> bytes:
    """Return the PDF. Slow: run it off the GUI thread."""
    inside = QSizeF(_PAGE.width() - 2 * _MARGIN, _PAGE.height() - 2 * _MARGIN)
    document = _document(found, inside)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setTitle(found.judged.contract.name)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    painter = QPainter(writer)
    painter.scale(_RESOLUTION / _INCH, _RESOLUTION / _INCH)
    for number in range(document.pageCount()):
        if number:
            writer.newPage()
        painter.save()
        painter.translate(_MARGIN, _MARGIN - number * inside.height())
        document.drawContents(painter, QRectF(0, number * inside.height(), inside.width(), inside.height()))
        painter.restore()
    painter.end()
    return bytes(buffer.data().data())


def _document(found: TriedOut, page: QSizeF) -> QTextDocument:
    """Lay the report out. The text is complete before: a worker thread has no timer for a layout that follows changes."""
    report = QTextDocument()
    report.setMarkdown(as_markdown(found.judged))
    pictures = {f"mistake:{lesion}": QImage.fromData(data) for lesion, data in found.pictures.items()}
    shown = " ".join(f'<img src="{name}" width="{_PICTURE}">' for name in pictures)
    font = QFont()
    font.setPixelSize(_FONT)
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    document.setDefaultFont(font)
    for name, image in pictures.items():
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    document.setHtml(f"{report.toHtml()}<p>{shown}</p>")
    document.setPageSize(page)
    return document
