"""How figures are put into the text of a page: with their intervals, in per cent where they are shares, in tables."""

from collections.abc import Callable, Mapping, Sequence

from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.classification import AS_THEY_ARE
from desktop.core.statistics.proportions import Proportion

NOT_MEASURED = "–"

Rows = Mapping[tuple[str, ...], Sequence[str]]
"""Cells with figures, by the cells that say what they are of."""


def format_figure(figures: Mapping[str, Estimate], name: str) -> str:
    """Return a figure by its name, or a dash.

    Where the calibration assumes the mix of the images as they are, its error is told as theirs.
    """
    found = figures.get(name) or figures.get(name.replace(AS_THEY_ARE, "ECE"))
    return format_estimate(found, is_share(name))


def is_share(name: str) -> bool:
    """Tell whether a figure is told in per cent."""
    return name.startswith(("accuracy", "balanced", "macro F1", "recall", "precision", "sensitivity", "specificity"))


def format_estimate(one: Estimate | None, is_share: bool) -> str:
    """Return a figure with its interval, in per cent where it is a share."""
    if one is None:
        return NOT_MEASURED
    told: Callable[[float], str] = (lambda value: f"{100 * value:.1f}") if is_share else (lambda value: f"{value:.3f}")
    unit = " %" if is_share else ""
    return f"{told(one.value)}{unit} ({told(one.low)} – {told(one.high)})"


def format_share(one: Proportion) -> str:
    """Return k of n with its interval."""
    return f"{one.k} / {one.n} = {100 * one.value:.1f} % ({100 * one.low:.1f} – {100 * one.high:.1f})"


def format_rate(k: int, n: int) -> str:
    """Return k of n in per cent."""
    return f"{100 * k / n:.1f} %"


def format_number(value: float | None) -> str:
    """Return a number with three decimals, or a dash."""
    return NOT_MEASURED if value is None else f"{value:.3f}"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def side_by_side(about: Sequence[str], told: Sequence[str], rows: Mapping[str, Rows]) -> str:
    """Return a Markdown table in which what several recipes have under one heading stands in rows below each other.

    Args:
        about: the headings of the columns that say what a row is of.
        told: the headings of the columns with figures.
        rows: of each recipe by name, the cells of `told` by those of `about`. Of a recipe that lacks a row dashes are told.
    """
    lines = []
    for key in dict.fromkeys(key for own in rows.values() for key in own):
        for number, (name, own) in enumerate(rows.items()):
            lines.append([*([""] * len(key) if number else key), name, *own.get(key, [NOT_MEASURED] * len(told))])
    return markdown_table([*about, "", *told], lines)
