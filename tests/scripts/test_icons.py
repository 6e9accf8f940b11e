"""The icons are one family, every one that the code asks for exists, and the application's icon has every size."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "resources" / "icons"
FOR_STYLE_SHEETS = {
    "chevron-down",
    "chevron-up",
    "check",
}  # a style sheet takes a file as it is, so these bring their colour
FAMILY = sorted(file for file in ICONS.glob("*.svg") if file.stem not in {"lesionlens", *FOR_STYLE_SHEETS})


@pytest.mark.parametrize("file", FAMILY, ids=lambda file: file.stem)
def test_icons_have_the_style_of_the_family(file):
    root = ET.parse(file).getroot()  # noqa: S314  our own files
    style = {name: root.get(name) for name in ("viewBox", "fill", "stroke", "stroke-width", "stroke-linecap")}
    assert style == {
        "viewBox": "0 0 24 24",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": "1.75",
        "stroke-linecap": "round",
    }
    assert not [part for part in root if "fill" in part.attrib or "stroke" in part.attrib]


def test_icons_named_in_widgets_exist():
    sources = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "desktop").rglob("*.py"))
    named = set(re.findall(r"""\bicon\(\s*"([a-z-]+)["]""", sources))
    assert named <= {file.stem for file in ICONS.glob("*.svg")}


def test_every_icon_is_used():
    sources = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "desktop").rglob("*.py"))
    assert [file.stem for file in ICONS.glob("*.svg") if f'"{file.stem}"' not in sources] == []


def test_the_application_icon_has_the_sizes_for_windows_and_macos():
    with Image.open(ICONS / "lesionlens.ico") as ico:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= ico.info["sizes"]
    with Image.open(ICONS / "lesionlens.icns") as icns:
        assert (512, 512, 2) in icns.info["sizes"]
    with Image.open(ICONS / "lesionlens-256.png") as png:
        assert (png.mode, png.size) == ("RGBA", (256, 256))
