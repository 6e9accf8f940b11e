"""The command line of lesionlens-train: its verbs, and an option for each knob of a run."""

import argparse
import shlex
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.core.judging.better import Measure
from desktop.core.paths import SHIPPED_MODEL
from training.networks.architectures import ARCHITECTURES, find
from training.run import process
from training.run.config import Config, knobs
from training.run.knobs import Stage
from training.run.recipes import RECIPES, recipe_default
from training.run.settings_file import read_settings

_USAGE = "%(prog)s --data DIR --out RUN [options]"
_IMPROVE_USAGE = "%(prog)s --data DIR --out DIR [--base ONNX] [--base-data CSV] [options]"
"""Shown instead of all options, which the help lists in groups."""

_TUNE_USAGE = "%(prog)s --data DIR --out DIR (--hours X | --trials N) [options]"


def parser(recipe: str = Config.recipe) -> argparse.ArgumentParser:
    """Return the parser; it stores the verb as `name_of_verb`. The help shows the defaults of `recipe`."""
    made = argparse.ArgumentParser(prog="lesionlens-train", description="Train a lesion classifier on your images.")
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = made.add_subparsers(required=True, metavar="VERB", dest="name_of_verb")

    verb = verbs.add_parser("audit", help="open every image and report what would falsify figures")
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, metavar="RUN", help="also write audit.csv into this folder")
    _add_knobs(verb, recipe, only=("labels_from_folders", "malignancy", "corrections"))

    verb = verbs.add_parser("sources", help="make one CSV from a pool of public images")
    verb.add_argument("manifest", type=Path, metavar="CSV", help="the pool's manifest.csv, with the images beside it")
    verb.add_argument("--out", type=Path, required=True, metavar="CSV", help="the file to write")

    verb = verbs.add_parser(
        "pictures", help="note what a model learned from a pool, so that lesionlens-judge does not count it"
    )
    verb.add_argument("manifest", type=Path, metavar="CSV", help="the pool's manifest.csv, with the images beside it")
    verb.add_argument(
        "--model", type=Path, default=SHIPPED_MODEL, metavar="ONNX", help="the model file; the notes go beside it"
    )

    verb = verbs.add_parser("prepare", usage=_USAGE, help="audit, split, and write every image as model input")
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    _add_settings(verb)
    _add_knobs(verb, recipe)

    for name, purpose in (
        ("fit", "train a prepared run; with --data, prepare it first"),
        ("run", "prepare, fit, export and evaluate"),
    ):
        verb = verbs.add_parser(name, usage=_USAGE, help=purpose)
        verb.add_argument("--data", type=Path, metavar="DIR", help="folders of classes, or a CSV")
        verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
        verb.add_argument("--resume", action="store_true", help="continue an interrupted training from its checkpoint")
        process.add_options(verb)
        verb.set_defaults(views=1)
        _add_settings(verb)
        _add_knobs(verb, recipe)

    verb = verbs.add_parser("tune", usage=_TUNE_USAGE, help="search better settings; a tuning in DIR is carried on")
    verb.add_argument("--data", type=Path, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the tuning")
    verb.add_argument("--hours", type=float, metavar="X", help="hours of training, over all calls")
    verb.add_argument("--trials", type=int, metavar="N", help="trials, over all calls")
    verb.add_argument(
        "--biopsied", action="store_true", help="every diagnosis was proved by histology, if the data do not say so"
    )
    _add_knobs(verb, recipe)

    verb = verbs.add_parser("finish", help="calibrate, export and evaluate a trained network again, without training")
    verb.set_defaults(views=1)
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    later = [name for name, (_, knob) in knobs().items() if knob.stage in {Stage.JUDGEMENT, Stage.CARD}]
    _add_knobs(verb, recipe, only=later)

    verb = verbs.add_parser("outline", help="train a run's network to draw outlines; finish adds them to its file")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    verb.add_argument(
        "--outlines",
        type=Path,
        required=True,
        metavar="DIR",
        help="PNG files with the names of the images, white on the lesion",
    )
    verb.add_argument("--by", default="", metavar="TEXT", help="who drew them, with the source's citation")
    verb.add_argument("--epochs", type=int, default=7, metavar="INT", help="length of the training [default: 7]")
    verb.add_argument(
        "--images", type=int, default=4000, metavar="INT", help="most training images, 0: all [default: 4000]"
    )

    verb = verbs.add_parser(
        "recalibrate",
        help="fit temperature, alerts and certainty of a model file on your own lesions, without training",
    )
    verb.add_argument("--model", type=Path, default=SHIPPED_MODEL, metavar="ONNX", help="default: the shipped model")
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the model file to write")
    verb.add_argument(
        "--biopsied", action="store_true", help="every diagnosis was proved by histology, if the data do not say so"
    )

    verb = verbs.add_parser(
        "improve", usage=_IMPROVE_USAGE, help="train a model on exported lesions, and say whether it is better"
    )
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="a folder that was exported for training")
    verb.add_argument(
        "--base",
        default="shipped",
        metavar="shipped or ONNX",
        help="the model that it was exported for [default: shipped]",
    )
    verb.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the new model and the page")
    verb.add_argument(
        "--base-data",
        type=Path,
        metavar="CSV",
        help="the base model's own images; its column split says which it was not trained on (test): without them what is "
        "forgotten cannot be measured",
    )
    verb.add_argument(
        "--measure",
        choices=[one.name.lower() for one in Measure],
        default=Measure.ALARMS.name.lower(),
        help="what the new model is to gain on your lesions [default: alarms, on biopsied benign lesions]",
    )
    verb.add_argument("--resume", action="store_true", help="continue an interrupted training from its checkpoint")
    verb.set_defaults(views=1)
    _add_knobs(verb, recipe)

    verb = verbs.add_parser(
        "probe", help="ask a run's network about changed copies, degraded images and pictures that are not dermoscopy"
    )
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    verb.add_argument(
        "--originals",
        type=Path,
        nargs="*",
        default=[],
        metavar="DIR",
        help="folders of larger copies of some images, named by the ids of their pictures",
    )

    verb = verbs.add_parser("keep", help="copy the answers that a run's figures are counted from into a folder")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    verb.add_argument(
        "--folder", type=Path, required=True, metavar="DIR", help="the folder, for example docs/measured/NAME"
    )

    verb = verbs.add_parser("test", help="answer test images with a model file")
    verb.add_argument("--model", type=Path, required=True, metavar="ONNX", help="the model file")
    verb.add_argument(
        "--data", type=Path, metavar="CSV", help="a CSV as written by sources, with test images in its split column"
    )
    verb.add_argument(
        "--isic9", type=Path, metavar="DIR", help="the folder of the nine-class set, with its Test/<class>/"
    )
    verb.add_argument("--out", type=Path, required=True, metavar="CSV", help="the file to write")

    verb = verbs.add_parser(
        "measure", help="count every figure from the answers to held-out images, and write the page of figures"
    )
    verb.add_argument(
        "--answers",
        type=Path,
        nargs="+",
        required=True,
        metavar="DIR",
        help="folders with the answers of one network each, ours first",
    )
    verb.add_argument(
        "--out", type=Path, required=True, metavar="MD", help="the page; a folder of the same name is written beside it"
    )
    verb.add_argument("--card", type=Path, metavar="MD", help="the model card to fill in")
    verb.add_argument("--readme", type=Path, metavar="MD", help="the README to fill in")
    verb.add_argument(
        "--model", type=Path, default=SHIPPED_MODEL, metavar="ONNX", help="the model file that the card describes"
    )

    verb = verbs.add_parser("unseen", help="measure a run on the source or label that it was made --without")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")

    verb = verbs.add_parser("compare", help="compare networks on the same held-out images, each with the first")
    verb.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help="folders of runs, or of answers as keep puts them"
    )
    verb.add_argument(
        "--out", type=Path, metavar="DIR", help="also write the table and a picture of the differences into this folder"
    )

    verb = verbs.add_parser("suspects", help="list the images whose labels a run's answers doubt most, to correct them")
    verb.add_argument(
        "runs",
        type=Path,
        nargs="+",
        metavar="RUN",
        help="folders of finished runs, each of another fold of the same data",
    )
    verb.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the table and the page [default: the first run]"
    )
    verb.add_argument("--count", type=int, default=100, metavar="INT", help="lesions to list [default: 100]")

    verb = verbs.add_parser("agree", help="compare a model's answers to two copies of the same images")
    verb.add_argument("--model", type=Path, required=True, metavar="ONNX", help="the model file")
    for which in ("first", "second"):
        verb.add_argument(f"--{which}", type=Path, required=True, metavar="DIR", help="folder of copies of the images")
        verb.add_argument(
            f"--{which}-aspect",
            type=float,
            metavar="RATIO",
            help="width / height of the original frames, if these copies are squashed",
        )
    verb.add_argument("--out", type=Path, metavar="JSON", help="also write the figures to this file")

    verb = verbs.add_parser("evaluate", help="measure the exported model as the app would use it")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    verb.add_argument(
        "--views",
        type=int,
        choices=(1, 8),
        default=1,
        help="8: average the answers over all quarter turns and mirror images",
    )
    return made


def chosen_recipe(arguments: Sequence[str] | None) -> str:
    """Return the recipe that the arguments name, or the default; the parser proper refuses an unknown one."""
    alone = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    alone.add_argument("--recipe", nargs="?", default=Config.recipe)
    recipe = alone.parse_known_args(arguments)[0].recipe
    return recipe if recipe in RECIPES else Config.recipe


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--settings", type=Path, metavar="JSON", help="settings, as tune leaves them; other options override them"
    )


def _add_knobs(parser: argparse.ArgumentParser, recipe: str, only: Sequence[str] = ()) -> None:
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
