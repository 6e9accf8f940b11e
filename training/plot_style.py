"""Colours and style of every picture that training draws."""

from typing import Any

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import PercentFormatter

BLUE, ORANGE, INK, GREY, PALE = "#1f5fa8", "#d9730d", "#22272e", "#6b7480", "#dfe4ea"
"""A blue and an orange that can be distinguished with any colour vision and in print."""

SHADES = LinearSegmentedColormap.from_list("blues", ["#ffffff", "#c9dcf0", "#6aa0d8", "#1f5fa8", "#0d2f57"])
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "figure.dpi": 150,
    "savefig.bbox": "tight",
    "savefig.pad_inches": 0.15,
}


def per_cent() -> PercentFormatter:
    """Return the format of an axis of shares."""
    return PercentFormatter(1, decimals=0, symbol=" %")
