"""The options of commands that answer images: the model, its working points, the patients' table, the cores."""

import argparse
from pathlib import Path

from desktop.core.errors import UsageError
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.context_file import ContextTable, read_context
from desktop.core.inference.loading import load_model
from desktop.core.marking import tr
from desktop.core.paths import SHIPPED_MODEL

ALERTS = (("--melanoma-alert", "melanoma", "melanomas"), ("--skin-cancer-alert", "malignant", "skin cancers"))
"""Options that set an alert: name, id of the alert, what it is raised for."""

ALERT_NAMES = {alert: what for _, alert, what in ALERTS}


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command's parser."""
    parser.add_argument(
        "--workers",
        type=_positive,
        metavar="N",
        help="processor cores to use (default: all that there are)",
    )
    parser.add_argument(
        "--model", type=Path, default=SHIPPED_MODEL, metavar="FILE", help="another model than the one that is shipped"
    )
    parser.add_argument(
        "--context",
        type=Path,
        metavar="CSV",
        help="what is known of the patients: a table with the columns file (a path, or a bare name), age (years, or a band "
        "such as 60-69), sex and site; empty where it is not known. The figures with it stand behind all other columns",
    )
    for name, alert, text in ALERTS:
        parser.add_argument(
            name,
            type=_percent,
            dest=alert,
            metavar="PERCENT",
            help=f"the share of {text} that the alert is set to find; which ones a model offers stands on its card, and the "
            "share that it found in testing beside them (default: the model's own)",
        )


def load(options: argparse.Namespace) -> Classifier:
    """Load the model, at the working points that were asked for.

    Raises:
        AppError: it cannot be used, or does not have these working points.
    """
    classifier = load_model(options.model)
    wanted = {alert: value for _, alert, _ in ALERTS if (value := getattr(options, alert)) is not None}
    offered = {alert.id: alert.working_points for alert in classifier.contract.alerts}
    for name, alert, _ in ALERTS:
        if alert not in wanted or wanted[alert] in offered.get(alert, ()):
            continue
        if alert not in offered:
            raise UsageError(tr("The model has no such alert to set with {option}. Leave the option out."), option=name)
        raise UsageError(
            tr("The model has no such limit for {option}. It offers {offered}."),
            option=name,
            offered=", ".join(f"{100 * aim:.0f}" for aim in offered[alert]),
        )
    return classifier.at(wanted)


def context_of(options: argparse.Namespace) -> ContextTable | None:
    """Read the table of patients, None where none was given.

    Raises:
        UsageError: it cannot be read.
    """
    return None if options.context is None else read_context(options.context)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of cores")
    return int(text)


def _percent(text: str) -> float:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text} is no whole number of per cent")
    return int(text) / 100
