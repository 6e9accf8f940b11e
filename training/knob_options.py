"""The knobs of a run on the command line: an option for each, what was given, and the command that repeats a run."""

import argparse
import shlex
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.networks.architectures import ARCHITECTURES, find
from training.run.config import Config, knobs
from training.run.knobs import Stage
from training.run.recipes import RECIPES, recipe_default
from training.run.settings_file import read_settings


def chosen_recipe(arguments: Sequence[str] | None) -> str:
    """Return the recipe that the arguments name, or the default; the parser proper refuses an unknown one."""
    alone = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    alone.add_argument("--recipe", nargs="?", default=Config.recipe)
    recipe = alone.parse_known_args(arguments)[0].recipe
    return recipe if recipe in RECIPES else Config.recipe


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the option for a file of settings."""
    parser.add_argument(
        "--settings", type=Path, metavar="JSON", help="settings, as tune leaves them; other options override them"
    )


def add_knobs(parser: argparse.ArgumentParser, recipe: str, only: Sequence[str] = ()) -> None:
    """Add an option for each knob, in groups. An option that is not given is None, so that a resumed run keeps its own."""
    groups: dict[Stage, Any] = {}
    for name, (kind, knob) in knobs().items():
        if name == "data" or (only and name not in only):
            continue
        if knob.stage not in groups:
            groups[knob.stage] = parser.add_argument_group(knob.stage)
        group, option = groups[knob.stage], f"--{name.replace('_', '-')}"
        text = f"{knob.help} [{knob.unit}; default: {_default(recipe, name)}]".replace("%", "%%")
        if kind is bool:
            group.add_argument(option, action=argparse.BooleanOptionalAction, default=None, help=text)
        elif name == "architecture":
            group.add_argument(option, choices=[one.name for one in ARCHITECTURES], help=text)
        elif typing.get_origin(kind) is typing.Literal:
            group.add_argument(option, choices=typing.get_args(kind), help=text)
        else:
            group.add_argument(option, type=kind, metavar=kind.__name__.upper(), help=text)


def _default(recipe: str, name: str) -> str:
    value = recipe if name == "recipe" else RECIPES[recipe].get(name, getattr(Config, name))
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if value != "" else "none"


def given_knobs(options: argparse.Namespace) -> dict[str, Any]:
    """Return the knobs that were given on the command line, or else in the file of `--settings`.

    Raises:
        UsageError: that file cannot be read, or is none of settings.
    """
    found = {name: value for name in knobs() if (value := getattr(options, name, None)) is not None}
    if getattr(options, "settings", None):
        found = read_settings(options.settings) | found
    if "data" in found:
        found["data"] = str(Path(found["data"]).resolve())
    for name in ("limits", "corrections"):
        if found.get(name):
            found[name] = str(Path(found[name]).resolve())
    return found


def command_line(config: Config, run: Path) -> str:
    """Return the command that repeats this run: the data, and every knob that differs from its default."""
    parts = ["lesionlens-train", "run", "--data", config.data, "--architecture", config.architecture]
    for name in knobs():
        value = getattr(config, name)
        usual = recipe_default(config, name)
        if name == "input_size":
            usual = usual or find(config.architecture).input_size
        if name in {"data", "architecture"} or value == usual:
            continue
        option = name.replace("_", "-")
        parts += (
            [f"--{option}" if value else f"--no-{option}"] if isinstance(value, bool) else [f"--{option}", str(value)]
        )
    return shlex.join([*parts, "--out", str(run)])
