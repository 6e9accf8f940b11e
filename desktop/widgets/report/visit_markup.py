"""The parts of a visit's report as HTML for Qt's text document.

The pictures of a lesion are named `picture-0` and `picture-1`, the bar of their scale `scale`, the views of the body map
`map-0`, `map-1` and so on, and an overview photograph `overview`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from html import escape

from PySide6.QtCore import QSize

from desktop.widgets.image.scale_bar import length_text, round_length
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
from desktop.widgets.report.visit_content import LesionPart, OverviewPart, VisitMap, VisitPicture, VisitReport
from desktop.widgets.report.visit_map import MapView

_GAP = 14
"""Pixels between two columns."""

_MOST_ROWS = 10
"""So many lesions are listed below each other; more stand in two columns."""

_SHARE, _LEAST_SHARE = 0.6, 0.4
"""The most and the least of the width that a single picture with the text beside it takes."""

_EARLIER = 0.6
"""The height of an earlier picture that is not at one scale with the other, as a share of the height of that."""

_SHORTEST = 40.0
"""Pixels that the bar of a scale has at least."""


class Text(Enum):
    """Where the text of a lesion stands."""

    BESIDE = "beside"
    """Beside its single picture."""
    COLUMNS = "columns"
    """Below the pictures: the assessment at the left, what the model says at the right."""
    BELOW = "below"
    """Below the pictures, over the whole width."""


def beginning(report: VisitReport, views: Sequence[MapView]) -> str:
    """Return the head of the first page, and the body map."""
    parts = [head(report), patient(report)]
    if report.band:
        parts.append(boxed(AMBER_GROUND, f'<p class="strong" style="color:{AMBER_TEXT}">{escape(report.band)}</p>'))
    if not report.lesions:
        parts.append(f'<p class="muted">{escape(report.no_lesion)}</p>')
    parts += [f'<p class="strong">{escape(text)}</p>' for text in (report.later, report.left_out) if text]
    if report.map is not None and views:
        parts.append(_map(report.map, views))
    return _space(7).join(parts)


def _map(shown: VisitMap, views: Sequence[MapView]) -> str:
    """Return the views of the body map: the figures, or else the first detail, at the left, all else beside it."""
    first, *others = (
        f'<img src="map-{number}" width="{view.size.width()}" height="{view.size.height()}">'
        for number, view in enumerate(views)
    )
    rows = [
        f'<p><span class="strong">{escape(name)}</span>&nbsp;&nbsp; {escape(place)}</p>'
        for name, place in shown.lesions
    ]
    rows += [f'<p class="muted">{escape(name)}&nbsp;&nbsp; {escape(place)}</p>' for name, place in shown.others]
    half = -(-len(rows) // 2)
    column = (WIDTH - views[0].size.width() - 2 * _GAP) / 2
    listed = "".join(rows)
    if len(rows) > _MOST_ROWS:
        listed = _columns("".join(rows[:half]), "".join(rows[half:]), column)
    note = f'<p class="muted small">{escape(shown.note)}</p>' if shown.note else ""
    details = f"{_space(8)}<p>{'&nbsp; '.join(others)}</p>" if others else ""
    beside = f'<p class="heading">{escape(shown.heading)}</p>{listed}{note}{details}'
    return _columns(f"<p>{first}</p>", beside, views[0].size.width())


def lesion(report: VisitReport, part: LesionPart, height: int, text: Text) -> str:
    """Return one lesion: pictures up to a height, sizes, assessment, outcome, and then what the model says.

    Of two pictures that are not at one scale the earlier one stands below all that, smaller: nobody is to compare them.
    """
    heading = boxed(GROUND, f'<p class="title">{escape(part.heading)}</p>')
    own, said = _own(report, part), _said(report, part)
    if text is Text.BESIDE and (len(part.pictures) == 1 or part.apart):
        newest = len(part.pictures) - 1
        widest = _width_of(part.pictures[newest], height)
        inside = _columns(_shown(newest, part, widest, height) + _sizes(part), own + said, widest)
    else:
        cautions = "" if part.apart else _cautions(part)
        pictures = f"{_pictures(part, height)}{cautions}{_sizes(part)}{_space(8)}" if part.pictures else ""
        inside = pictures + (_columns(own, said, (WIDTH - _GAP) / 2) if said and text is Text.COLUMNS else own + said)
    return f"<p>&nbsp;</p>{heading}{_space(4)}{inside}{_earlier(report, part, height) if part.apart else ''}"


def _earlier(report: VisitReport, part: LesionPart, height: int) -> str:
    """Return the earlier picture, and beside it why it is not to be compared with the other."""
    small = round(_EARLIER * height)
    widest = _width_of(part.pictures[0], small)
    beside = f'<p class="strong">{escape(part.apart)}</p>{_cautions(part)}'
    return _section(report.earlier_heading, _columns(_shown(0, part, widest, small), beside, widest))


def _width_of(shown: VisitPicture, height: int) -> float:
    """Return the width of the column of a single picture: as wide as the picture, with room for the words below it."""
    if shown.image is None:
        return WIDTH * _SHARE
    return min(max(height * shown.image.width() / shown.image.height(), WIDTH * _LEAST_SHARE), WIDTH * _SHARE)


def overview(part: OverviewPart, size: QSize) -> str:
    """Return an overview photograph, named `overview` and drawn in a size in pixels, below its heading."""
    heading = boxed(GROUND, f'<p class="title">{escape(part.heading)}</p>')
    shown = f'<p><img src="overview" width="{size.width()}" height="{size.height()}"></p>' if part.image else ""
    note = f'<p class="muted">{escape(part.note)}</p>' if part.note else ""
    return f"<p>&nbsp;</p>{heading}{_space(4)}{shown}{note}"


def others(report: VisitReport) -> str:
    """Return the lines of the lesions that were not seen at the visit; empty if there are none."""
    if not report.others:
        return ""
    rows = "".join(
        f'<p style="margin-top:5px"><span class="strong">{escape(part.name)}</span>&nbsp;&nbsp; '
        f"{escape('. '.join(part.lines))}</p>"
        for part in report.others
    )
    return f"<p>&nbsp;</p>{_section(report.others_heading, rows)}"


def conclusion(report: VisitReport) -> str:
    """Return the conclusion; empty if there is none."""
    if not report.conclusion:
        return ""
    return f"<p>&nbsp;</p>{_section(report.conclusion_heading, f'<p>{lines(report.conclusion)}</p>')}"


def signature(report: VisitReport) -> str:
    """Return the line for the signature, with room above it."""
    return f'{_space(44)}<p>{"_" * 44}</p><p class="muted">{escape(report.signature)}</p>'


def _pictures(part: LesionPart, height: int) -> str:
    """Return the pictures side by side, at one scale where both widths in mm are known; of two kept apart the newer."""
    if len(part.pictures) == 1 or part.apart:
        return _shown(len(part.pictures) - 1, part, WIDTH, height)
    column = (WIDTH - _GAP) / 2
    of_one_mm = [_of_one_mm(shown, column, height) for shown in part.pictures]
    scale = min(filter(None, of_one_mm)) if all(of_one_mm) else None
    widest = [column if scale is None else scale * (shown.mm_wide or 0.0) for shown in part.pictures]
    left, right = (_shown(place, part, widest[place], height) for place in range(2))
    return _columns(left, right, column)


def _of_one_mm(shown: VisitPicture, width: float, height: float) -> float | None:
    """Return the pixels of one millimetre in a picture that is as large as fits, None if that is not known."""
    if shown.image is None or shown.mm_wide is None:
        return None
    return min(width, height * shown.image.width() / shown.image.height()) / shown.mm_wide


def _own(report: VisitReport, part: LesionPart) -> str:
    own = "".join(statement(one, "", with_note=True) for one in part.assessments)
    own = own or f'<p class="muted">{escape(report.no_assessment)}</p>'
    outcomes = "".join(statement(one, "", with_note=True) for one in part.outcomes)
    return _section(report.own_heading, own) + (_section(report.outcome_heading, outcomes) if outcomes else "")


def _said(report: VisitReport, part: LesionPart) -> str:
    answers = "".join(f'<p style="margin-top:3px">{escape(line)}</p>' for line in part.answers)
    return _section(report.model_heading, answers) if answers else ""


def _cautions(part: LesionPart) -> str:
    return "".join(f'<p class="strong" style="margin-top:3px">{escape(line)}</p>' for line in part.cautions)


def _sizes(part: LesionPart) -> str:
    sizes = "&nbsp;&nbsp;&nbsp; ".join(escape(line).replace("  ", "&nbsp; ") for line in part.sizes)
    strong = f'<p class="strong" style="margin-top:3px">{sizes}</p>' if sizes else ""
    remark = f'<p class="muted small">{escape(part.size_remark)}</p>' if part.size_remark else ""
    return strong + remark


def _shown(place: int, part: LesionPart, widest: float, height: int) -> str:
    shown = part.pictures[place]
    if shown.image is None:
        return f'<p class="muted">{escape(shown.caption)}</p>'
    width = min(widest, height * shown.image.width() / shown.image.height())
    bar = "" if shown.mm_wide is None else _bar(width / shown.mm_wide)
    caption = f'<p class="muted small">{bar}{escape(shown.caption)}</p>'
    return picture(f"picture-{place}", shown.image, widest, height, "") + caption


def _bar(of_one_mm: float) -> str:
    """Return the bar of a scale with its length; `of_one_mm` are the pixels of one millimetre."""
    length = round_length(_SHORTEST / of_one_mm)
    text = length_text(length, is_millimetres=True)
    return f'<img src="scale" width="{round(length * of_one_mm)}" height="5">&nbsp;{text}&nbsp;&nbsp;&nbsp; '


def _columns(left: str, right: str, width: float) -> str:
    """Return two columns, of which the left one has a width."""
    return (
        '<table width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td width="{round(width)}">{left}</td><td width="{_GAP}"></td><td>{right}</td></tr></table>'
    )


def _section(heading: str, inside: str) -> str:
    return f'<p class="heading" style="margin-top:8px">{escape(heading)}</p>{inside}'


def _space(height: int) -> str:
    """Return an empty line of a height in pixels: Qt leaves out the margin above the first paragraph of a document or cell."""
    return f'<p style="font-size:{height}px">&nbsp;</p>'
