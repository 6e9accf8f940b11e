"""Compared networks as a table, and their differences as a picture."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from desktop.core.errors import UsageError
from training.formatting import format_difference, format_estimate, markdown_table
from training.measuring.comparison import Compared
from training.plot_style import BLUE, GREY, ORANGE, PALE, STYLE

TABLE, PICTURE = "comparison.md", "comparison.png"

_MARKERS = ("o", "s", "D", "^", "v", "P")
_COLOURS = (BLUE, ORANGE, "#1a7f5a", "#a33b7a", "#6b7480", "#8a6d00")
"""Colours and markers of the networks, in turn; the markers tell them apart without colours."""

_SPREAD = 0.6
"""The share of a row's height over which its networks are spread."""


def names_of(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return a short name for each folder: as many of the last parts of its path as tell it from the others.

    Raises:
        UsageError: there are fewer than two folders, or one is given twice.
    """
    paths = [folder.resolve() for folder in folders]
    if len(set(paths)) < max(2, len(paths)):
        raise UsageError("Give two or more different runs to compare.")
    longest = max(len(path.parts) for path in paths)
    tails = ([Path(*path.parts[-length:]).as_posix() for path in paths] for length in range(1, longest + 1))
    return tuple(next(names for names in tails if len(set(names)) == len(names)))


def as_table(found: Sequence[Compared], names: Sequence[str]) -> str:
    """Return the comparison as a Markdown table: the figures of each network, and its difference from the first."""
    header = ["", "n", names[0]]
    for name in names[1:]:
        header += [name, "difference"]
    rows = []
    for one in found:
        cells = [format_estimate(one.figures[0], one.is_share)]
        for figure, difference in zip(one.figures[1:], one.differences, strict=True):
            cells += [format_estimate(figure, one.is_share), format_difference(difference, one.is_share)]
        rows.append([one.name, str(one.n), *cells])
    return markdown_table(header, rows)


def draw(path: Path, found: Sequence[Compared], names: Sequence[str]) -> None:
    """Draw the differences from the first network with their intervals, AUCs beside shares."""
    sides = [
        (title, rows)
        for title, rows in (
            ("Area under the ROC curve", [one for one in found if not one.is_share]),
            ("Shares, in points", [one for one in found if one.is_share]),
        )
        if rows
    ]
    tallest = max((len(rows) for _, rows in sides), default=1)
    with rc_context(STYLE):
        height = 1.9 + tallest * (0.16 + 0.12 * len(names))
        figure = Figure((8.4 * max(1, len(sides)), height), layout="constrained")
        figure.suptitle(f"Difference from {names[0]}", x=0.01, ha="left", fontweight="bold", fontsize=12)
        axes = figure.subplots(1, max(1, len(sides)), squeeze=False)[0]
        for axis, (title, rows) in zip(axes, sides, strict=False):
            _differences(axis, rows, names[1:])
            axis.set_title(title)
        if not sides:
            axes[0].set_axis_off()
            axes[0].text(0, 0.5, "Too few lesions for a comparison", va="center")
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower right", ncols=3)
        figure.savefig(path)


def _differences(axis: Axes, rows: Sequence[Compared], names: Sequence[str]) -> None:
    axis.axvline(0, color=GREY, linewidth=1, linestyle="--")
    for number, name in enumerate(names):
        colour, marker = _COLOURS[number % len(_COLOURS)], _MARKERS[number % len(_MARKERS)]
        offset = _SPREAD * ((number + 0.5) / len(names) - 0.5)
        for place, row in enumerate(rows):
            one = row.differences[number]
            axis.plot([one.low, one.high], [place + offset] * 2, color=colour, alpha=0.5, linewidth=2.2)
            is_apart = one.low > 0 or one.high < 0
            axis.plot(
                one.value,
                place + offset,
                color=colour,
                marker=marker,
                markersize=6,
                markerfacecolor=colour if is_apart else "white",
                linestyle="none",
            )
        axis.plot([], [], color=colour, marker=marker, label=name)
    axis.set_yticks(range(len(rows)), [f"{row.name} ({row.n})" for row in rows])
    axis.set_ylim(len(rows) - 0.5, -0.5)
    if rows[0].is_share:
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:+g}" if value else "0"))
    axis.set_xlabel("difference with its 95 % interval; filled where it leaves out 0")
    axis.grid(axis="x", color=PALE)
    axis.set_axisbelow(True)
    axis.tick_params(axis="y", length=0)
