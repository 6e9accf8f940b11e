"""What the documents name exists: files, make targets, menu entries, and the figures that README repeats."""

import re
import tomllib
from pathlib import Path

import pytest

from desktop.widgets.window.menus import COMMANDS
from tests.test_architecture import ROOT, project_files

PAGES = sorted(file for file in project_files() if file.suffix == ".md")
INTERVAL = re.compile(r"\(\+?(\d+\.\d+) – \+?(\d+\.\d+)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_of_the_project(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_every_picture_is_shown_on_a_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = [
        file for file in project_files() if file.is_relative_to(ROOT / "docs") and file.suffix in {".png", ".svg"}
    ]
    assert [file.name for file in pictures if f"/{file.name})" not in pages] == []


def test_named_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"(?:`|^ {4})make ([a-z][a-z-]+)", pages, re.MULTILINE))
    assert {"run", "test"} <= named
    assert named <= targets


def test_every_package_has_a_line_in_contributing() -> None:
    told = set(re.findall(r"^\| `([\w/]+)/`", text("CONTRIBUTING.md"), re.MULTILINE))
    rooms = [room for part in ("desktop", "desktop/widgets", "training") for room in (ROOT / part).iterdir()]
    assert {room.relative_to(ROOT).as_posix() for room in rooms if (room / "__init__.py").exists()} - told == set()


def test_the_drawing_has_every_layer_of_the_import_rules() -> None:
    drawn = set(re.findall(r"\w+", text("docs/architecture.md").split("```")[1]))
    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    floors = {
        name
        for contract in contracts
        if contract["type"] == "layers" and contract["containers"] != ["desktop.core"]
        for layer in contract["layers"]
        for name in layer.split(" | ")
    }
    assert {"judging", "patient"} <= floors
    assert floors - drawn == set()


def test_modules_named_in_the_architecture_exist() -> None:
    tops = (ROOT, ROOT / "desktop", ROOT / "training")
    named = re.findall(r"`([a-z_/]+\.py)`", text("docs/architecture.md"))
    assert len(named) > 20
    assert [name for name in named if not any((top / name).exists() for top in tops)] == []


def test_named_menu_entries_exist() -> None:
    entries = [f"{one.menu} > {one.text}".replace("&", "").rstrip("…") for one in COMMANDS]
    pages = " ".join(text(name).replace("\n", " ") for name in ("README.md", "docs/handbook.md", "docs/installing.md"))
    named = set(re.findall(r"\*([A-Z][a-z]+ > [^*]+)\*", pages))
    assert named
    assert [one for one in named if not any(entry.startswith(one) for entry in entries)] == []


def test_intervals_in_the_readme_are_measured_ones() -> None:
    told = set(INTERVAL.findall(text("README.md")))
    assert told
    assert told <= set(INTERVAL.findall(text("docs/measured.md"))) | set(INTERVAL.findall(text("docs/paper.md")))


def test_intervals_in_the_prose_of_card_and_experiments_are_measured_ones() -> None:
    card = text("resources/MODEL_CARD.md")
    prose = re.sub(r"(?s)<!-- ([a-z ]+) -->.*?<!-- /\1 -->", "", card)
    measured = set(INTERVAL.findall(text("docs/measured.md") + card.partition("<!-- /model -->")[0]))
    for page in (prose, text("docs/experiments.md").partition("## LL-1.1")[0]):
        told = set(INTERVAL.findall(page))
        assert told
        assert told - measured == set()
