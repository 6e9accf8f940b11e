"""The command line of lesionlens-train: its verbs, each with its options."""

import argparse
from pathlib import Path

from desktop import __version__
from desktop.core.judging.better import Measure
from desktop.core.paths import SHIPPED_MODEL
from training.knob_options import add_knobs, add_settings
from training.run import process
from training.run.config import Config, knobs
from training.run.knobs import Stage

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
    add_knobs(verb, recipe, only=("labels_from_folders", "malignancy", "corrections"))

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
    add_settings(verb)
    add_knobs(verb, recipe)

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
        add_settings(verb)
        add_knobs(verb, recipe)

    verb = verbs.add_parser("tune", usage=_TUNE_USAGE, help="search better settings; a tuning in DIR is carried on")
    verb.add_argument("--data", type=Path, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the tuning")
    verb.add_argument("--hours", type=float, metavar="X", help="hours of training, over all calls")
    verb.add_argument("--trials", type=int, metavar="N", help="trials, over all calls")
    verb.add_argument(
        "--biopsied", action="store_true", help="every diagnosis was proved by histology, if the data do not say so"
    )
    add_knobs(verb, recipe)

    verb = verbs.add_parser("finish", help="calibrate, export and evaluate a trained network again, without training")
    verb.set_defaults(views=1)
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    later = [name for name, (_, knob) in knobs().items() if knob.stage in {Stage.JUDGEMENT, Stage.CARD}]
    add_knobs(verb, recipe, only=later)

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
    add_knobs(verb, recipe)

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
