"""The report of one image: one A4 page, laid out by Qt's text document, for a PDF file, a printer or the screen alike.

What it says comes in as words that are ready to be read, from whoever shows them in the window: here nothing is judged and
nothing is worded. It is laid out in pixels of 1/96 inch whatever it is painted on, so that the preview is the page.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from desktop.core.errors import ReportError
from desktop.core.marking import tr
from desktop.report_values import ProbabilityGroup, ProbabilityRow, Report, Saying

_INCH = 96
"""Pixels of the layout an inch."""
_PAGE = QSizeF(210 / 25.4 * _INCH, 297 / 25.4 * _INCH)
_MARGIN = 14 / 25.4 * _INCH
_FOOT = 34.0
"""Height of what stands at the foot of each page."""
_WIDTH = _PAGE.width() - 2 * _MARGIN
_HEIGHT = _PAGE.height() - 2 * _MARGIN - _FOOT

_SIZES = ((13.0, 330), (12.5, 310), (12.0, 300), (11.5, 280), (11.0, 260), (10.5, 230), (10.0, 200))
"""Font size and height of the image in pixels, the first that fits; 10 pixels are 7.5 points, below which nobody reads."""

_OVERLAY = 0.34
"""The overlay's share of the page's width."""

_PRINTED = 1600
"""The longer side of the image in the file, in pixels: 300 dots an inch at the size of the page's column."""

_PDF_RESOLUTION = 300

_TEXT, _MUTED, _LINE, _BAR, _TRACK = "#1b2024", "#586168", "#d5d9dc", "#2a6f8c", "#e6e9eb"
_AMBER, _AMBER_GROUND, _AMBER_TEXT = "#c98a00", "#fff3d6", "#553c00"


class Pages:
    """A report laid out: its first page, and behind it notes that are too long for that page."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._annex: QTextDocument | None = None
        for size, height in _SIZES:
            self._first = _document(_first_page(report, size, height, with_notes=True), size, report)
            if self._first.pageCount() == 1:
                return
        for size, height in _SIZES:
            self._first = _document(_first_page(report, size, height, with_notes=False), size, report)
            if self._first.pageCount() == 1:
                break
        self._annex = _document(_annex(report), _SIZES[0][0], report)

    def count(self) -> int:
        """Return how many pages there are."""
        return self._first.pageCount() + (0 if self._annex is None else self._annex.pageCount())

    def text(self) -> str:
        """Return all that can be read, for a screen reader."""
        documents = [self._first] if self._annex is None else [self._first, self._annex]
        return "\n".join((*(document.toPlainText() for document in documents), self._report.standing))

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint a page, counted from 0, in pixels of 1/96 inch with the paper's corner at (0, 0)."""
        document, page = self._first, number
        if number >= self._first.pageCount() and self._annex is not None:
            document, page = self._annex, number - self._first.pageCount()
        painter.save()
        painter.translate(_MARGIN, _MARGIN)
        painter.save()
        painter.translate(0, -page * _HEIGHT)
        document.drawContents(painter, QRectF(0, page * _HEIGHT, _WIDTH, _HEIGHT))
        painter.restore()
        self._paint_foot(painter, number)
        painter.restore()

    def _paint_foot(self, painter: QPainter, number: int) -> None:
        top = _HEIGHT + 8
        painter.setPen(QColor(_LINE))
        painter.drawLine(0, round(top), round(_WIDTH), round(top))
        painter.setPen(QColor(_TEXT))
        painter.setFont(_font(_SIZES[2][0]))
        place = QRectF(0, top + 5, _WIDTH, _FOOT - 13)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft, self._report.standing)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, f"{number + 1} / {self.count()}")


def pdf(report: Report) -> bytes:
    """Return a report as a PDF file. Slow: to be run off the GUI thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(page_layout())
    writer.setResolution(_PDF_RESOLUTION)
    writer.setTitle(report.title)
    writer.setCreator("LesionLens")
    print_on(report, writer, _PDF_RESOLUTION)
    return bytes(buffer.data().data())


def write_pdf(report: Report, target: Path) -> None:
    """Write a report into a PDF file, whole or not at all. Slow: to be run off the GUI thread.

    Raises:
        ReportError: the file cannot be written.
    """
    content = pdf(report)
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ReportError(
            tr("“{name}” cannot be written ({detail}). Choose another place."),
            name=target.name,
            detail=error.strerror or error,
        ) from error


def page_layout() -> QPageLayout:
    """Return the paper: A4, whose margins are the report's own."""
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())


def print_on(report: Report, device: QPagedPaintDevice, resolution: int) -> bool:
    """Paint all pages on a device of so many dots an inch; return whether the device took them."""
    pages = Pages(report)
    painter = QPainter()
    if not painter.begin(device):
        return False
    painter.scale(resolution / _INCH, resolution / _INCH)
    for number in range(pages.count()):
        if number:
            device.newPage()
        pages.paint(painter, number)
    return painter.end()


def page_images(pages: Pages, width: int) -> list[QImage]:
    """Return each page as a picture of so many pixels width."""
    images = []
    for number in range(pages.count()):
        image = QImage(width, round(width * _PAGE.height() / _PAGE.width()), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.scale(width / _PAGE.width(), width / _PAGE.width())
        pages.paint(painter, number)
        painter.end()
        images.append(image)
    return images


def _font(size: float) -> QFont:
    font = QFont()
    font.setPixelSize(round(size))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # the same advances at every resolution
    return font


def _document(html: str, size: float, report: Report) -> QTextDocument:
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    document.setDefaultFont(_font(size))
    document.setDefaultStyleSheet(_style(size))
    for name, image in (("image", report.image), ("overlay", report.overlay)):
        if image is not None:
            document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), _for_print(image))
    for step in range(101):
        if f'src="bar-{step}"' in html:
            document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(f"bar-{step}"), _bar(step / 100))
    document.setHtml(html)
    document.setPageSize(QSizeF(_WIDTH, _HEIGHT))
    return document


def _for_print(image: QImage) -> QImage:
    if max(image.width(), image.height()) <= _PRINTED:
        return image
    return image.scaled(
        _PRINTED, _PRINTED, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _bar(fraction: float) -> QImage:
    image = QImage(600, 32, QImage.Format.Format_RGB32)
    image.fill(QColor(_TRACK))
    painter = QPainter(image)
    painter.fillRect(QRectF(0, 0, 600 * fraction, 32), QColor(_BAR))
    painter.end()
    return image


def _style(size: float) -> str:
    return (
        f"body, td, p {{ color: {_TEXT}; font-size: {size}px; margin: 0; }}"
        f".clinic {{ font-size: {size + 3}px; font-weight: bold; }} .title {{ font-size: {size + 3}px; }}"
        f".heading {{ font-size: {size + 1}px; font-weight: bold; color: {_BAR}; margin-bottom: 3px; }}"
        f".strong {{ font-weight: bold; }} .muted {{ color: {_MUTED}; }} .small {{ font-size: {size - 1}px; }}"
        f".kind {{ font-size: {size - 1.5}px; font-weight: bold; color: {_MUTED}; }}"
        f".fact {{ font-size: {size - 1.5}px; }}"
    )


def _first_page(report: Report, size: float, height: int, *, with_notes: bool) -> str:
    parts = [_head(report), _patient(report)]
    if report.band:
        band = f'<p class="strong" style="color:{_AMBER_TEXT}">{escape(report.band)}</p>'
        parts.append(_boxed(_AMBER_GROUND, band))
    gap = f'<p style="font-size:{size * 0.5}px">&nbsp;</p>'
    parts += [_image_and_views(report, height, with_notes=with_notes), _model(report, height), _facts(report)]
    return gap.join(parts)


def _head(report: Report) -> str:
    clinic = "".join(
        f'<p class="{"muted" if line else "clinic"}">{escape(text)}</p>' for line, text in enumerate(report.clinic)
    )
    return (
        '<table width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td width="60%">{clinic}</td><td align="right"><p class="title">{escape(report.title)}</p>'
        f'<p class="muted">{escape(report.made)}</p></td></tr></table>'
    )


def _patient(report: Report) -> str:
    if not report.patient:
        return _boxed("#f3f4f5", f'<p class="muted">{escape(report.patient_absent)}</p>')
    said = "&nbsp;&nbsp; ".join(
        f'<span class="muted">{escape(what)}</span>&nbsp;<span class="strong">{escape(value)}</span>'
        for what, value in report.patient
    )
    return _boxed("#f3f4f5", f"<p>{said}</p>")


def _boxed(colour: str, inside: str) -> str:
    return f'<table width="100%" bgcolor="{colour}" cellpadding="5" cellspacing="0"><tr><td>{inside}</td></tr></table>'


def _image_and_views(report: Report, height: int, *, with_notes: bool) -> str:
    views = "".join(_saying(view, report.annex.absent, with_note=with_notes) for view in report.views)
    if not views:
        views = f'<p class="muted">{escape(report.own.absent)}</p>'
    return (
        '<table width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td width="{round(_WIDTH / 2)}">{_picture("image", report.image, _WIDTH / 2, height, report.caption)}</td>'
        '<td width="14"></td>'
        f'<td><p class="heading">{escape(report.own.heading)}</p>{views}</td></tr></table>'
    )


def _picture(name: str, image: QImage, widest: float, height: float, caption: str) -> str:
    """Show an image as large as its column and `height` allow; its caption wraps below it."""
    scale = min(widest / max(image.width(), 1), height / max(image.height(), 1))
    width, high = max(round(image.width() * scale), 1), max(round(image.height() * scale), 1)
    said = f'<p class="muted small">{escape(caption)}</p>' if caption else ""
    return f'<p><img src="{name}" width="{width}" height="{high}"></p>{said}'


def _saying(saying: Saying, elsewhere: str, *, with_note: bool) -> str:
    note = ""
    if saying.note:
        note = f"<p>{_lines(saying.note)}</p>" if with_note else f'<p class="muted">{escape(elsewhere)}</p>'
    return (
        f'<p class="strong" style="margin-top:5px">{escape(saying.text)}</p>'
        f'<p class="muted small">{escape(saying.origin)}</p>{note}'
    )


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _model(report: Report, height: int) -> str:
    heading = f'<p class="heading">{escape(report.model.heading)}</p>'
    answer = report.answer
    if answer is None:
        return f'{heading}<p class="muted">{escape(report.model.absent)}</p>'
    age = f'<p class="muted">{escape(answer.age)}</p>' if answer.age else ""
    mark = _AMBER if answer.is_flag else _LINE
    said = (
        '<table width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td width="5" bgcolor="{mark}"></td><td width="9"></td>'
        f'<td><p class="strong">{_lines(answer.headline)}</p><p>{_lines(answer.plain)}</p></td></tr></table>'
    )
    below = f"<p>{_lines(answer.withheld)}</p>" if answer.withheld else _groups(answer.groups)
    if report.overlay is not None:
        widest = _WIDTH * _OVERLAY
        overlay = _picture("overlay", report.overlay, widest, 0.7 * height, report.overlay_caption)
        below = (
            f'<table width="100%" cellpadding="0" cellspacing="0" style="margin-top:4px"><tr><td>{below}</td>'
            '<td width="18"></td>'
            f'<td width="{round(widest)}">{overlay}</td></tr></table>'
        )
    signs = f'<p style="margin-top:4px">{_lines(answer.signs)}</p>' if answer.signs else ""
    basis = f'<p class="muted small" style="margin-top:4px">{_lines(answer.basis)}</p>'
    return f"{heading}{age}{said}{below}{signs}{basis}"


def _groups(groups: tuple[ProbabilityGroup, ...]) -> str:
    rows = []
    for group in groups:
        rows.append(
            f'<tr><td colspan="2"><p class="kind">{escape(group.heading)}</p></td>'
            f'<td align="right"><p class="kind">{escape(group.total)}</p></td></tr>'
        )
        rows += [_row(row) for row in group.rows]
    return f'<table width="100%" cellpadding="1" cellspacing="0" style="margin-top:4px">{"".join(rows)}</table>'


def _row(row: ProbabilityRow) -> str:
    kind = "strong" if row.is_top else "plain"
    indent = 30 if row.is_member else 12
    style = f'style="margin-left:{indent}px"'
    remark = f'<tr><td colspan="3"><p class="muted small" {style}>({escape(row.remark)})</p></td></tr>'
    top = "▸ " if row.is_top else ""
    bar = f"bar-{round(min(max(row.fraction, 0.0), 1.0) * 100)}"
    return (
        f'<tr><td><p class="{kind}" {style}>{top}{escape(row.name)}</p></td>'
        f'<td width="150" style="vertical-align:middle"><img src="{bar}" width="140" height="8"></td>'
        f'<td width="52" align="right"><p class="{kind}">{escape(row.value)}</p></td></tr>'
        f"{remark if row.remark else ''}"
    )


def _facts(report: Report) -> str:
    rows = "".join(
        f'<tr><td width="22%"><p class="fact muted">{escape(what)}</p></td>'
        f'<td><p class="fact">{escape(value)}</p></td></tr>'
        for what, value in report.facts
    )
    heading = f'<p class="heading">{escape(report.technical.heading)}</p>'
    return f'{heading}<table width="100%" cellpadding="0" cellspacing="0">{rows}</table>'


def _annex(report: Report) -> str:
    notes = "".join(_saying(view, "", with_note=True) for view in report.views if view.note)
    return f'{_head(report)}{_patient(report)}<p>&nbsp;</p><p class="heading">{escape(report.annex.heading)}</p>{notes}'
