"""The parts of a visit's report as HTML for Qt's text document; the pictures of a lesion are named `picture-0`, `picture-1`."""

from __future__ import annotations

from html import escape

from desktop.widgets.report.markup import (
    AMBER_GROUND,
    AMBER_TEXT,
    GROUND,
    WIDTH,
    boxed,
    head,
    lines,
    patient,
    picture,
    statement,
)
from desktop.widgets.report.visit_content import LesionPart, VisitReport

_GAP = 14
"""Pixels between two pictures."""

_HEIGHT = 320
"""Greatest height of a picture."""

_SHARE = 0.6
"""A single picture's share of the width."""


def beginning(report: VisitReport) -> str:
    """Return the head of the first page."""
    parts = [head(report), patient(report)]
    if report.band:
        parts.append(boxed(AMBER_GROUND, f'<p class="strong" style="color:{AMBER_TEXT}">{escape(report.band)}</p>'))
    if not report.lesions:
        parts.append(f'<p class="muted">{escape(report.no_lesion)}</p>')
    return "<p>&nbsp;</p>".join(parts)


def lesion(report: VisitReport, part: LesionPart) -> str:
    """Return one lesion: pictures, assessment, outcome, and then what the model says."""
    own = "".join(statement(one, "", with_note=True) for one in part.assessments)
    own = own or f'<p class="muted">{escape(report.no_assessment)}</p>'
    outcomes = "".join(statement(one, "", with_note=True) for one in part.outcomes)
    answers = "".join(f"<p>{escape(line)}</p>" for line in part.answers)
    sections = [
        _section(heading, inside)
        for heading, inside in (
            (report.own_heading, own),
            (report.outcome_heading, outcomes),
            (report.model_heading, answers),
        )
        if inside
    ]
    text = "".join(sections)
    heading = boxed(GROUND, f'<p class="title">{escape(part.heading)}</p>')
    inside = _beside(part, text) if len(part.pictures) < 2 else _pair(part) + text
    return f'<p>&nbsp;</p>{heading}<p style="font-size:4px">&nbsp;</p>{inside}'


def _pair(part: LesionPart) -> str:
    """Return two pictures side by side."""
    widest = (WIDTH - _GAP) / 2
    cells = f'<td width="{_GAP}"></td>'.join(
        f'<td width="{round(widest)}">{_shown(place, part, widest)}</td>' for place in range(len(part.pictures))
    )
    remark = f'<p class="muted small">{escape(part.size_remark)}</p>' if part.size_remark else ""
    return f'<table width="100%" cellpadding="0" cellspacing="0"><tr>{cells}</tr></table>{remark}'


def _beside(part: LesionPart, text: str) -> str:
    """Return a single picture with the text beside it."""
    if not part.pictures:
        return text
    widest = WIDTH * _SHARE
    return (
        '<table width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td width="{round(widest)}">{_shown(0, part, widest)}</td><td width="{_GAP}"></td><td>{text}</td></tr></table>'
    )


def ending(report: VisitReport) -> str:
    """Return what stands behind the lesions: the conclusion, the line for the signature, and the versions."""
    conclusion = _section(report.conclusion_heading, f"<p>{lines(report.conclusion)}</p>") if report.conclusion else ""
    return (
        f'<p>&nbsp;</p>{conclusion}<p style="margin-top:46px">{"_" * 44}</p>'
        f'<p class="muted">{escape(report.signature)}</p><p>&nbsp;</p><p class="fact muted">{escape(report.versions)}</p>'
    )


def _shown(place: int, part: LesionPart, widest: float) -> str:
    shown = part.pictures[place]
    if shown.image is None:
        return f'<p class="muted">{escape(shown.caption)}</p>'
    return picture(f"picture-{place}", shown.image, widest, _HEIGHT, shown.caption)


def _section(heading: str, inside: str) -> str:
    return f'<p class="heading" style="margin-top:8px">{escape(heading)}</p>{inside}'
