"""What is said of the size of a lesion in one image, or in two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.inference.lesion_size import ComparedSizes, SizeObstacle

if TYPE_CHECKING:
    from desktop.session.visit_sizes import OwnSize

_MINUS = "\N{MINUS SIGN}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Size", text)


def area_text(sizes: ComparedSizes) -> str:
    """Return both areas with their error, and the change; only the areas if one of them is a lower bound.

    The error of one outline alone stands behind its area.
    """
    areas = _pair(sizes.older.area, sizes.newer.area, sizes.at_least)
    has_both = None not in sizes.errors
    if sizes.growth is not None and not has_both:
        for side, error in zip(areas, sizes.errors, strict=True):
            areas[side] = _with_error(areas[side], error)
    text = _tr("Area {older} → {newer} mm²").format(**areas)
    if sizes.growth is None:
        return text
    growth = round(100 * sizes.growth)
    change = f"+{growth}" if growth > 0 else str(growth).replace("-", _MINUS)
    text = _with_error(text, sizes.error) if has_both else text
    return _tr("{areas}  {change} %").format(areas=text, change=change)


def _with_error(areas: str, error: float | None) -> str:
    return areas if error is None else _tr("{areas} (±{error:.0f} %)").format(areas=areas, error=100 * error)


def largest_text(sizes: ComparedSizes) -> str:
    """Return both largest diameters."""
    lengths = _pair(sizes.older.largest, sizes.newer.largest, sizes.at_least)
    return _tr("Largest {older} → {newer} mm").format(**lengths)


def _pair(older: float, newer: float, at_least: tuple[bool, bool]) -> dict[str, str]:
    return {"older": _number(older, at_least[0]), "newer": _number(newer, at_least[1])}


def _number(value: float, is_at_least: bool) -> str:
    return _tr("at least {size:.1f}").format(size=value) if is_at_least else f"{value:.1f}"


def remark_on(sizes: ComparedSizes, names: Sequence[str]) -> str:
    """Return how far the sizes in two images with these names, which tell them apart, can be trusted."""
    parts = [
        _tr("Two photographs of an unchanged lesion can differ as much.") if sizes.is_within_error else "",
        edge_text() if sizes.growth is None else "",
        _errors_text(sizes, names),
        "" if sizes.is_checked else unconfirmed_text(),
    ]
    return " ".join(filter(None, parts))


def _errors_text(sizes: ComparedSizes, names: Sequence[str]) -> str:
    """Return what the errors of two areas mean; of lower bounds none is told."""
    if sizes.error is None:
        return _tr("Outlines corrected by hand: their errors are not known.")
    known = error_text(sizes.error) if sizes.growth is not None else ""
    by_hand = [
        _tr("Outline of {image} corrected by hand: its error is not known.").format(image=name)
        for name, error in zip(names, sizes.errors, strict=True)
        if error is None
    ]
    return " ".join(filter(None, (*by_hand, known)))


def edge_text() -> str:
    """Return that a lesion reaches the edge of what was measured, and what follows for its size.

    The part is named, not called a frame: often none is drawn, and the whole lesion may be seen in the image.
    """
    return _tr("The lesion reaches the edge of the part that was measured: it may be larger.")


def unmeasured_text(obstacle: SizeObstacle) -> str:
    """Return what keeps a lesion from being measured by the outline that a model drew of it."""
    reason = _outline_reason(obstacle)
    return reason[:1].upper() + reason[1:]


def _outline_reason(obstacle: SizeObstacle) -> str:
    """Return the same as a part of a sentence."""
    return {
        SizeObstacle.NO_OUTLINES: _tr("the model in use draws no outlines."),
        SizeObstacle.NO_LESION: _tr("no outline found."),
        SizeObstacle.CUT_OFF: _tr("the lesion extends beyond the part that the model sees."),
        SizeObstacle.TOO_SMALL: _tr("the lesion is too small in the image."),
    }[obstacle]


def own_remark_on(size: OwnSize) -> str:
    """Return how far the size in one image can be trusted."""
    if size.is_at_edge and size.error is not None:
        return edge_text()
    edge = edge_text() if size.is_at_edge else ""
    return " ".join(filter(None, (edge, error_text(size.error))))


def unconfirmed_text() -> str:
    """Return that nothing confirmed the scales of two images."""
    return _tr("Scales not confirmed: the images could not be aligned.")


def error_text(error: float | None) -> str:
    """Return what the error of an area means; None is that of an outline that was corrected by hand."""
    if error is None:
        return _tr("Outline corrected by hand: its error is not known.")
    return _tr("± holds for nine of ten areas in testing.")


def own_area_text(own: OwnSize) -> str:
    """Return the area of a lesion in one image, in square millimetres, with its error if it has one."""
    text = _tr("Area {area} mm²").format(area=_number(own.size.area, own.is_at_edge))
    return text if own.is_at_edge else _with_error(text, own.error)


def own_largest_text(own: OwnSize) -> str:
    """Return the largest diameter of a lesion in one image, in millimetres."""
    return _tr("Largest {largest} mm").format(largest=_number(own.size.largest, own.is_at_edge))


def no_scale_text() -> str:
    """Return that two sizes are not compared because a scale is not known."""
    return _tr("Sizes cannot be compared: no scale.")


def not_at_one_scale_text(obstacle: SizeObstacle, *, is_clinical: bool) -> str:
    """Return, for paper, why nothing in two pictures may be compared by its size.

    Args:
        obstacle: `NO_SCALE` or `SCALES_DIFFER`.
        is_clinical: whether one of them is a clinical photograph.
    """
    if is_clinical:
        return _tr("Sizes in these two pictures cannot be compared: one is a clinical photograph.")
    if obstacle is SizeObstacle.SCALES_DIFFER:
        return _tr("Sizes in these two pictures cannot be compared: zoom, pressure or scale differ.")
    return _tr("Sizes in these two pictures cannot be compared: the scale of at least one is not known.")


def reason_text(obstacle: SizeObstacle) -> str:
    """Return why two sizes are not compared."""
    if obstacle is SizeObstacle.NO_SCALE:
        return no_scale_text()
    if obstacle is SizeObstacle.SCALES_DIFFER:
        return _tr("Zoom, pressure or scale differ. Size not compared.")
    return _tr("Sizes not measured: {why}").format(why=_outline_reason(obstacle))


def own_reason_text(obstacle: SizeObstacle) -> str:
    """Return why the lesion in one image has no size."""
    why = _tr("no scale.") if obstacle is SizeObstacle.NO_SCALE else _outline_reason(obstacle)
    return _tr("Size not measured: {why}").format(why=why)
