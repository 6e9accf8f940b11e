"""The command line of lesionlens-judge."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from desktop import __version__
from desktop.commands.model_options import add_model_options
from desktop.core.file_arguments import FileArguments


def parse_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; end the program with exit code 2 where options are wrong."""
    parser = FileArguments(
        prog="lesionlens-judge",
        description="Say what a model is worth on your own labelled images: one vote a lesion, figures with intervals, and in "
        "plain words whether to use its alerts as they are.",
        epilog="Exit code: 0 all images were answered; 1 some failed or were of a kind that is not opened; 2 wrong call, also "
        "a model, a table or images that cannot be used; 130 Ctrl-C. "
        "Not a certified medical device. For research and teaching; your own examination decides.",
    )
    parser.add_argument(
        "data",
        type=Path,
        metavar="DATA",
        help="a folder with a folder for each label, or a CSV with the columns path and label, and, if known, lesion_id, "
        "patient, confirmed_by, age, sex and site",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("judged"),
        metavar="DIR",
        help="where report.json, report.md and answers.csv are written; what is there of these is replaced "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="carry on the run to the same --out that was interrupted, where there is one: what has an answer keeps it",
    )
    add_model_options(parser)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser.parse_args(arguments)
