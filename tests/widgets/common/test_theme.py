"""Both themes are legible: contrasts as the Web Content Accessibility Guidelines 2.2 measure them."""

import dataclasses

import pytest
from PySide6.QtGui import QColor

from desktop.widgets.common.theme import DARK, LIGHT, Colours

TEXTS = (
    ("text", "window"), ("text", "surface"), ("text", "accent_soft"), ("muted", "window"), ("muted", "surface"),
    ("on_accent", "accent"), ("amber_text", "amber_ground"), ("error_text", "error_ground"),
)  # fmt: skip
SHAPES = (("accent", "surface"), ("accent", "track"), ("amber_line", "amber_ground"), ("error_line", "error_ground"),
          ("off", "window"), ("off", "track"), ("off", "text"))  # fmt: skip


def luminance(name: str) -> float:
    colour = QColor(name)
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colours: Colours, one: str, other: str) -> float:
    values = dataclasses.asdict(colours)
    light, dark = sorted((luminance(values[one]), luminance(values[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_is_legible(colours: Colours, text: str, ground: str) -> None:
    assert contrast(colours, text, ground) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_bars_and_edges_are_visible(colours: Colours, shape: str, ground: str) -> None:
    assert contrast(colours, shape, ground) >= 2.5
