"""Figures as text: with their intervals, proportions in per cent, in Markdown tables."""

from collections.abc import Callable, Mapping, Sequence

from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.classification import AS_THEY_ARE
from desktop.core.statistics.proportions import Proportion

NOT_MEASURED = "–"

Rows = Mapping[tuple[str, ...], Sequence[str]]
"""The figure cells of each row, by the heading cells at its left."""


def format_figure(figures: Mapping[str, Estimate], name: str) -> str:
    """Return the figure of this name as text, or a dash.

    If the calibration assumes the images' own prior, its error (ECE) is also that of the images as they are.
    """
    found = figures.get(name) or figures.get(name.replace(AS_THEY_ARE, "ECE"))
    return format_estimate(found, is_share(name))


def is_share(name: str) -> bool:
    """Tell whether a figure is a proportion, which is written in per cent."""
    return name.startswith(("accuracy", "balanced", "macro F1", "recall", "precision", "sensitivity", "specificity"))


def format_estimate(one: Estimate | None, is_share: bool) -> str:
    """Return an estimate with its interval, in per cent if it is a proportion."""
    if one is None:
        return NOT_MEASURED
    told: Callable[[float], str] = (lambda value: f"{100 * value:.1f}") if is_share else (lambda value: f"{value:.3f}")
    unit = " %" if is_share else ""
    return f"{told(one.value)}{unit} ({told(one.low)} – {told(one.high)})"


def format_difference(one: Estimate, is_share: bool) -> str:
    """Return a difference with its sign and its interval, in points if it is one of proportions."""

    def told(value: float, sign: str) -> str:
        text = f"{100 * value:{sign}.1f}" if is_share else f"{value:{sign}.3f}"
        return text.lstrip("+-") if not float(text) else text

    return f"{told(one.value, '+')} ({told(one.low, '')} to {told(one.high, '')})"


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
    """Return a Markdown table that compares recipes: for each key, one row for each recipe.

    Args:
        about: the headings of the key columns.
        told: the headings of the figure columns.
        rows: by recipe name, the figure cells by their key. A recipe without a row gets dashes.
    """
    lines = []
    for key in dict.fromkeys(key for own in rows.values() for key in own):
        for number, (name, own) in enumerate(rows.items()):
            lines.append([*([""] * len(key) if number else key), name, *own.get(key, [NOT_MEASURED] * len(told))])
    return markdown_table([*about, "", *told], lines)
