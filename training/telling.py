"""How figures are put into the text of a page: with their intervals, in per cent where they are shares, in tables."""

from collections.abc import Callable, Sequence

from training.figures import Proportion
from training.measured import ClassFigures
from training.measures import Estimate


def figure(figures: ClassFigures, name: str) -> str:
    """Return a figure of a set of classes by its name, or a dash."""
    return estimate(figures.figures.get(name), is_share(name))


def is_share(name: str) -> bool:
    """Tell whether a figure is told in per cent."""
    return name.startswith(("accuracy", "balanced", "macro F1", "recall", "precision", "sensitivity", "specificity"))


def estimate(one: Estimate | None, is_share: bool) -> str:
    """Return a figure with its interval, in per cent where it is a share."""
    if one is None:
        return "–"
    told: Callable[[float], str] = (lambda value: f"{100 * value:.1f}") if is_share else (lambda value: f"{value:.3f}")
    unit = " %" if is_share else ""
    return f"{told(one.value)}{unit} ({told(one.low)} – {told(one.high)})"


def share(one: Proportion) -> str:
    """Return k of n with its interval."""
    return f"{one.k} / {one.n} = {100 * one.value:.1f} % ({100 * one.low:.1f} – {100 * one.high:.1f})"


def rate(k: int, n: int) -> str:
    """Return k of n in per cent."""
    return f"{100 * k / n:.1f} %"


def plain(value: float | None) -> str:
    """Return a number with three decimals, or a dash."""
    return "–" if value is None else f"{value:.3f}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
