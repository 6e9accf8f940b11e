"""The page on a model that was tried on own images, as a PDF: the report in words and tables, and the worst mistakes."""

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from desktop.core.judging.report_page import as_markdown
from desktop.session.trying_out import TriedOut
from desktop.widgets.common.text_document import text_document

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
    """Return the PDF. To be run on the GUI thread, as `text_document` explains."""
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
    report = text_document(QFont(), {})
    report.setMarkdown(as_markdown(found.judged))
    pictures = {f"mistake:{lesion}": QImage.fromData(data) for lesion, data in found.pictures.items()}
    shown = " ".join(f'<img src="{name}" width="{_PICTURE}">' for name in pictures)
    font = QFont()
    font.setPixelSize(_FONT)
    document = text_document(font, pictures)
    document.setHtml(f"{report.toHtml()}<p>{shown}</p>")
    document.setPageSize(page)
    return document
