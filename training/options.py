"""The command line of lesionlens-train: its verbs with their options, and one option for each knob of a run."""

import argparse
import shlex
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.core.paths import SHIPPED_MODEL
from training.networks.architectures import ARCHITECTURES, find
from training.run.config import Config, knobs
from training.run.knobs import Stage
from training.run.recipes import recipe_default


def parser() -> argparse.ArgumentParser:
    """Return the parser; `name_of_verb` is the verb that was called."""
    made = argparse.ArgumentParser(prog="lesionlens-train", description="Train a lesion classifier on your images.")
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = made.add_subparsers(required=True, metavar="VERB", dest="name_of_verb")

    verb = verbs.add_parser("audit", help="open every image and say what would make figures lie")
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, metavar="RUN", help="also write audit.csv into this folder")
    _add_knobs(verb, only=("labels_from_folders",))

    verb = verbs.add_parser("sources", help="make one CSV out of a pool of public images and its manifest")
    verb.add_argument("manifest", type=Path, metavar="CSV", help="the pool's manifest.csv, its images beside it")
    verb.add_argument("--out", type=Path, required=True, metavar="CSV", help="the file to write")

    verb = verbs.add_parser("prepare", help="audit, split, and write every image as the model sees it")
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    _add_knobs(verb)

    for name, purpose in (
        ("fit", "train on a prepared run; with --data prepare it first"),
        ("run", "prepare, fit, export and evaluate in one go"),
    ):
        verb = verbs.add_parser(name, help=purpose)
        verb.add_argument("--data", type=Path, metavar="DIR", help="folders of classes, or a CSV")
        verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
        verb.add_argument("--resume", action="store_true", help="carry on from the last finished epoch")
        verb.set_defaults(views=1)
        _add_knobs(verb)

    verb = verbs.add_parser("finish", help="judge, export and evaluate a trained network again, without training")
    verb.set_defaults(views=1)
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    later = [name for name, (_, knob) in knobs().items() if knob.stage in {Stage.JUDGEMENT, Stage.CARD}]
    _add_knobs(verb, only=later)

    verb = verbs.add_parser(
        "probe", help="ask a run's network about changed copies, spoilt images and pictures that are no dermoscopy"
    )
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    verb.add_argument(
        "--originals",
        type=Path,
        nargs="*",
        default=[],
        metavar="DIR",
        help="larger copies of some images, named by the ids of their pictures",
    )

    verb = verbs.add_parser("keep", help="put what a run's figures are counted from into a folder")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    verb.add_argument("--folder", type=Path, required=True, metavar="DIR", help="the folder, docs/measured/NAME")

    verb = verbs.add_parser("test", help="answer test images with a model file")
    verb.add_argument("--model", type=Path, required=True, metavar="ONNX", help="the model file")
    verb.add_argument(
        "--data", type=Path, metavar="CSV", help="a CSV, as sources writes it, whose split is test for some images"
    )
    verb.add_argument("--isic9", type=Path, metavar="DIR", help="the nine-class set, whose Test/<class>/ is answered")
    verb.add_argument("--out", type=Path, required=True, metavar="CSV", help="the file to write")

    verb = verbs.add_parser(
        "measure", help="count every figure again from the answers to held-out images, and write the page of them"
    )
    verb.add_argument(
        "--answers", type=Path, nargs="+", required=True, metavar="DIR", help="the answers of each network, ours first"
    )
    verb.add_argument("--out", type=Path, required=True, metavar="MD", help="the page; a folder of its name beside it")
    verb.add_argument("--card", type=Path, metavar="MD", help="the model card that the figures are filled into")
    verb.add_argument("--readme", type=Path, metavar="MD", help="the page that the main figures are filled into")
    verb.add_argument("--model", type=Path, default=SHIPPED_MODEL, metavar="ONNX", help="whose card it is")

    verb = verbs.add_parser("unseen", help="measure what a run makes of the source or label that it was made --without")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")

    verb = verbs.add_parser("agree", help="compare a model's answers to two copies of the same images")
    verb.add_argument("--model", type=Path, required=True, metavar="ONNX", help="the model file")
    for which in ("first", "second"):
        verb.add_argument(f"--{which}", type=Path, required=True, metavar="DIR", help="copies of the images")
        verb.add_argument(
            f"--{which}-aspect",
            type=float,
            metavar="RATIO",
            help="width by height of the frames that are squashed here",
        )
    verb.add_argument("--out", type=Path, metavar="JSON", help="also write the figures into this file")

    verb = verbs.add_parser("evaluate", help="measure the exported model through the app's own path")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    verb.add_argument(
        "--views",
        type=int,
        choices=(1, 8),
        default=1,
        help="8: average the answers to all quarter turns and mirror images",
    )
    return made


def _add_knobs(parser: argparse.ArgumentParser, only: Sequence[str] = (), but: Sequence[str] = ()) -> None:
    """Make one option of each knob; what is not given stays None, so that a resumed run keeps its own."""
    for name, (kind, knob) in knobs().items():
        if name == "data" or name in but or (only and name not in only):
            continue
        option = f"--{name.replace('_', '-')}"
        default = getattr(Config, name)
        text = f"{knob.why} [{knob.unit}; default: {default if default != '' else 'none'}]".replace("%", "%%")
        if kind is bool:
            parser.add_argument(option, action=argparse.BooleanOptionalAction, default=None, help=text)
        elif name == "architecture":
            parser.add_argument(option, choices=[one.name for one in ARCHITECTURES], help=text)
        elif typing.get_origin(kind) is typing.Literal:
            parser.add_argument(option, choices=typing.get_args(kind), help=text)
        else:
            parser.add_argument(option, type=kind, metavar=kind.__name__.upper(), help=text)


def given_knobs(options: argparse.Namespace) -> dict[str, Any]:
    """Return the knobs that were given on the command line."""
    found = {name: value for name in knobs() if (value := getattr(options, name, None)) is not None}
    if "data" in found:
        found["data"] = str(Path(found["data"]).resolve())
    if found.get("limits"):
        found["limits"] = str(Path(found["limits"]).resolve())
    return found


def command_line(config: Config, run: Path) -> str:
    """Return the command that makes this run again: the data, and every knob that is not at its default."""
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
