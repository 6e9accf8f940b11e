"""The report as HTML for Qt's text document; its pictures are named `image`, `overlay` and `bar-0` to `bar-100`."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Protocol

from desktop.widgets.answer.shown_answer import ProbabilityGroup, ProbabilityRow
from desktop.widgets.report.report_content import Report, ReportStatement

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

WIDTH = 182 / 25.4 * 96
"""Width between the margins in pixels of 1/96 inch."""

_OVERLAY = 0.34
"""The overlay's share of that width."""

TEXT, LINE, BAR, TRACK = "#1b2024", "#d5d9dc", "#2a6f8c", "#e6e9eb"
MUTED, GROUND, _AMBER, AMBER_GROUND, AMBER_TEXT = "#586168", "#f3f4f5", "#c98a00", "#fff3d6", "#553c00"


def style(size: float) -> str:
    """Return the style sheet for a font size in pixels."""
    return (
        f"body, td, p {{ color: {TEXT}; font-size: {size}px; margin: 0; }}"
        f".clinic {{ font-size: {size + 3}px; font-weight: bold; }} .title {{ font-size: {size + 3}px; }}"
        f".heading {{ font-size: {size + 1}px; font-weight: bold; color: {BAR}; margin-bottom: 3px; }}"
        f".strong {{ font-weight: bold; }} .muted {{ color: {MUTED}; }} .small {{ font-size: {size - 1}px; }}"
        f".kind {{ font-size: {size - 1.5}px; font-weight: bold; color: {MUTED}; }}"
        f".fact {{ font-size: {size - 1.5}px; }}"
    )


def first_page(report: Report, size: float, height: int, *, with_notes: bool) -> str:
    """Return the first page for a font size and an image height in pixels; notes may be moved to the annex."""
    parts = [head(report), patient(report)]
    if report.band:
        band = f'<p class="strong" style="color:{AMBER_TEXT}">{escape(report.band)}</p>'
        parts.append(boxed(AMBER_GROUND, band))
    gap = f'<p style="font-size:{size * 0.5}px">&nbsp;</p>'
    parts += [_image_and_statements(report, height, with_notes=with_notes), _model(report, height), _versions(report)]
    return gap.join(parts)


class Headed(Protocol):
    """What the head of every report has, see `Report`."""

    @property
    def title(self) -> str: ...
    @property
    def clinic(self) -> tuple[str, ...]: ...
    @property
    def made(self) -> str: ...
    @property
    def patient(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def patient_absent(self) -> str: ...


def head(report: Headed) -> str:
    """Return the clinic at the left, title and time at the right."""
    clinic = "".join(
        f'<p class="{"muted" if line else "clinic"}">{escape(text)}</p>' for line, text in enumerate(report.clinic)
    )
    return (
        '<table width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td width="60%">{clinic}</td><td align="right"><p class="title">{escape(report.title)}</p>'
        f'<p class="muted">{escape(report.made)}</p></td></tr></table>'
    )


def patient(report: Headed) -> str:
    """Return the line of the patient, or why there is none."""
    if not report.patient:
        return boxed(GROUND, f'<p class="muted">{escape(report.patient_absent)}</p>')
    text = "&nbsp;&nbsp; ".join(
        f'<span class="muted">{escape(what)}</span>&nbsp;<span class="strong">{escape(value)}</span>'
        for what, value in report.patient
    )
    return boxed(GROUND, f"<p>{text}</p>")


def boxed(colour: str, inside: str) -> str:
    """Return HTML on a coloured ground."""
    return f'<table width="100%" bgcolor="{colour}" cellpadding="5" cellspacing="0"><tr><td>{inside}</td></tr></table>'


def _image_and_statements(report: Report, height: int, *, with_notes: bool) -> str:
    own, outcomes = (
        "".join(statement(one, report.annex.absent, with_note=with_notes) for one in statements)
        for statements in (report.assessments, report.outcomes)
    )
    own = own or f'<p class="muted">{escape(report.own.absent)}</p>'
    if outcomes:
        heading = f'<p class="heading" style="margin-top:10px">{escape(report.outcome_heading)}</p>'
        outcomes = f"{heading}{outcomes}"
    return (
        '<table width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td width="{round(WIDTH / 2)}">{picture("image", report.image, WIDTH / 2, height, report.caption)}</td>'
        '<td width="14"></td>'
        f'<td><p class="heading">{escape(report.own.heading)}</p>{own}{outcomes}</td></tr></table>'
    )


def picture(name: str, image: QImage, widest: float, height: float, caption: str) -> str:
    """Return an image as large as its column and `height` allow; its caption wraps below it."""
    scale = min(widest / max(image.width(), 1), height / max(image.height(), 1))
    width, high = max(round(image.width() * scale), 1), max(round(image.height() * scale), 1)
    text = f'<p class="muted small">{escape(caption)}</p>' if caption else ""
    return f'<p><img src="{name}" width="{width}" height="{high}"></p>{text}'


def statement(statement: ReportStatement, elsewhere: str, *, with_note: bool) -> str:
    """Return an assessment or outcome with its note, or with `elsewhere` in the note's place.

    What was corrected is struck out, its note included.
    """
    kind, begin, end = ("muted", "<s>", "</s>") if statement.is_corrected else ("", "", "")
    note = ""
    if statement.note:
        whole = f'<p class="{kind}">{begin}{lines(statement.note)}{end}</p>'
        note = whole if with_note else f'<p class="muted">{escape(elsewhere)}</p>'
    origin = "&nbsp;".join(escape(statement.origin).rsplit(" ", 1))  # initials do not stand alone on a line
    course = f'<p class="{kind}">{begin}{escape(statement.course)}{end}</p>' if statement.course else ""
    return (
        f'<p class="{kind or "strong"}" style="margin-top:5px">{begin}{escape(statement.text)}{end}</p>{course}'
        f'<p class="muted small">{origin}</p>{note}'
    )


def lines(text: str) -> str:
    """Return a text with its line breaks."""
    return escape(text).replace("\n", "<br>")


def _model(report: Report, height: int) -> str:
    heading = f'<p class="heading">{escape(report.model.heading)}</p>'
    answer = report.answer
    if answer is None:
        return f'{heading}<p class="muted">{escape(report.model.absent)}</p>'
    age = f'<p class="muted">{escape(answer.age)}</p>' if answer.age else ""
    mark = _AMBER if answer.is_flag else LINE
    text = (
        '<table width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td width="5" bgcolor="{mark}"></td><td width="9"></td>'
        f'<td><p class="strong">{lines(answer.headline)}</p><p>{lines(answer.plain)}</p></td></tr></table>'
    )
    whose = f'<p class="muted" style="margin-top:4px">{escape(answer.whose)}</p>' if answer.whose else ""
    below = f"<p>{lines(answer.withheld)}</p>" if answer.withheld else whose + _groups(answer.groups)
    if report.overlay is not None:
        widest = WIDTH * _OVERLAY
        overlay = picture("overlay", report.overlay, widest, 0.7 * height, report.overlay_caption)
        below = (
            f'<table width="100%" cellpadding="0" cellspacing="0" style="margin-top:4px"><tr><td>{below}</td>'
            '<td width="18"></td>'
            f'<td width="{round(widest)}">{overlay}</td></tr></table>'
        )
    adjusted = f'<p style="margin-top:4px">{lines(answer.adjusted)}</p>' if answer.adjusted else ""
    signs = f'<p style="margin-top:4px">{lines(answer.signs)}</p>' if answer.signs else ""
    basis = f'<p class="muted small" style="margin-top:4px">{lines(answer.basis)}</p>'
    return f"{heading}{age}{text}{below}{adjusted}{signs}{basis}"


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


def _versions(report: Report) -> str:
    return f'<p class="fact muted">{escape(report.versions)}</p>'


def annex(report: Report) -> str:
    """Return the annex: every note with its assessment or outcome."""
    statements = (*report.assessments, *report.outcomes)
    notes = "".join(statement(one, "", with_note=True) for one in statements if one.note)
    return f'{head(report)}{patient(report)}<p>&nbsp;</p><p class="heading">{escape(report.annex.heading)}</p>{notes}'
