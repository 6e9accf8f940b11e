"""The command line of lesionlens-classify."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from desktop import __version__
from desktop.commands.model_options import add_model_options
from desktop.core.file_arguments import FileArguments
from desktop.core.inference.prior import LEAST, LEAST_OTHER, MOST, MOST_OTHER
from desktop.core.inference.shards import Shard
from desktop.core.labels import MELANOMA
from desktop.core.records.tables import TableFormat
from desktop.core.urls import path_of


def parse_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; end the program with exit code 2 where options are wrong or cannot be combined."""
    parser = FileArguments(
        prog="lesionlens-classify",
        description="Classify dermatoscope images: one row of probabilities for each, as CSV or JSON Lines.",
        epilog="Exit code: 0 all images were classified; 1 some failed, were of a kind that is not opened, or there was none; "
        "2 wrong call, also a model or "
        "a table that cannot be used; 130 Ctrl-C, which of a --watch is the end: 0 or 1. "
        "Not a certified medical device. For research and teaching; your own examination decides.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=path_of,
        metavar="PATH",
        help="an image, or a folder, also by its URL in an object store, such as s3://BUCKET/FOLDER (with the extra “cluster” "
        "and the store's driver of fsspec): in it and the folders below, images are taken by their extension and hidden ones "
        "are not; a file named here is always tried",
    )
    parser.add_argument(
        "--watch",
        type=Path,
        metavar="DIR",
        help="classify each image that comes into this folder from now on, as soon as it is complete, until Ctrl-C; its "
        "row stands at once in the file of --csv, in the order of arrival",
    )
    parser.add_argument(
        "--list",
        type=Path,
        metavar="FILE",
        help="classify the files that this file names, one on a line, or separated by NUL bytes as `find -print0` does; - is "
        "the standard input. No folder is listed",
    )
    parser.add_argument(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="classify one of N shards only, the first being 0: a file belongs to one by the hash of its path below PATH, or "
        "as --list names it. Write each shard into a file of its own with --csv, then --join them",
    )
    parser.add_argument(
        "--join",
        type=Path,
        nargs="+",
        metavar="OUT",
        help="classify nothing, but put the tables of all shards together into the file of --csv: it is the one that a single "
        "run would have written",
    )
    parser.add_argument(
        "--cluster",
        type=_cluster,
        metavar="WHERE",
        help="let the workers of a Dask cluster classify: tcp://HOST:PORT or tls://HOST:PORT is its scheduler, local:N starts "
        "N workers on this machine. They need the same LesionLens, installed with the extra “cluster”, and see the files "
        "under the same paths; the table is written here, into the file of --csv",
    )
    for name, text in (
        ("--tls-ca-file", "the certificates of who may sign for the scheduler"),
        ("--tls-cert", "the certificate of this program"),
        ("--tls-key", "its key, where the file of --tls-cert does not hold it"),
    ):
        parser.add_argument(
            name, type=Path, metavar="PEM", help=f"for a scheduler at tls://: {text} (default: Dask's settings)"
        )
    parser.add_argument(
        "--csv",
        metavar="OUT",
        help="write CSV into this file, which is replaced when all is done; - is the standard output, where it goes "
        "without --json too",
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines to the standard output")
    parser.add_argument(
        "--excel",
        action="store_true",
        help="let CSV begin with a byte order mark, by which Excel knows that it is UTF-8; a file that is carried on stays as "
        "it was begun",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="leave label and probability empty where the answer is withheld; alerts are raised all the same",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="carry on the run to the same --csv OUT that was interrupted, where there is one: what has a row keeps it. "
        "With --watch, add to the file; images in the folder that have no row there are new",
    )
    add_model_options(parser)
    parser.add_argument(
        "--melanoma-share",
        type=_share,
        metavar="PERCENT",
        help=f"how many of 100 images are melanomas in the practice, from {100 * LEAST:g} to {100 * MOST:g}: the figures for "
        "that share stand behind all other columns; alerts, labels and the figures of the image alone stay as they are",
    )
    parser.add_argument(
        "--other-share",
        type=_other_share,
        action="append",
        default=[],
        metavar="LABEL=PERCENT",
        help="with --melanoma-share, the share of another label there, by its id; may be given several times. Labels without "
        "one keep their proportions",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    options = parser.parse_args(arguments)
    if fault := _fault(options):
        parser.error(fault)
    return options


def _shard(text: str) -> Shard:
    index, _, count = text.partition("/")
    if not (index.isdecimal() and count.isdecimal() and int(index) < int(count)):
        raise argparse.ArgumentTypeError(f"{text} is no shard: for eight shards, 0/8 to 7/8")
    return Shard(int(index), int(count))


def _cluster(text: str) -> str:
    kind, _, rest = text.partition(":")
    if (kind == "local" and rest.isdecimal() and int(rest)) or (kind in {"tcp", "tls"} and rest.startswith("//")):
        return text
    raise argparse.ArgumentTypeError(f"{text} is neither tcp://HOST:PORT, tls://HOST:PORT nor local:N")


def _part_of_100(text: str) -> float:
    """Read a percentage as a share, rounded as the window does; 0, which no option takes, where it is no number."""
    try:
        return round(float(text.replace(",", ".")) / 100, 4)
    except ValueError:
        return 0.0


def _share(text: str) -> float:
    share = _part_of_100(text)
    if not LEAST <= share <= MOST:
        raise argparse.ArgumentTypeError(f"{text} is no share from {100 * LEAST:g} to {100 * MOST:g} per cent")
    return share


def _other_share(text: str) -> tuple[str, float]:
    label, _, percent = text.rpartition("=")
    share = _part_of_100(percent)
    if not label or label == MELANOMA or not LEAST_OTHER <= share <= MOST_OTHER:
        raise argparse.ArgumentTypeError(
            f"{text} is no share of another label, such as nevus=60, from {100 * LEAST_OTHER:g} to {100 * MOST_OTHER:g} per "
            "cent"
        )
    return label, share


def shares(options: argparse.Namespace) -> dict[str, float] | None:
    """Return the shares of labels in the practice, by id, None where none were given."""
    return None if options.melanoma_share is None else {MELANOMA: options.melanoma_share, **dict(options.other_share)}


def _fault(options: argparse.Namespace) -> str | None:
    """Return which options cannot be combined."""
    ways = (bool(options.paths), *(way is not None for way in (options.list, options.watch, options.join)))
    if sum(ways) != 1:
        return "name what to classify: either PATH ..., --list FILE or --watch DIR; or tables to --join"
    if (options.shard is not None or options.join) and csv_file(options) is None:
        return "--shard and --join write into a file: name it with --csv"
    if options.shard is not None and (options.watch is not None or options.join):
        return "--shard goes with PATH ... or --list FILE"
    if options.join and (options.json or options.resume or options.strict):
        return "--join goes with neither --json, --resume nor --strict"
    if fault := _fault_of_cluster(options):
        return fault
    if options.json and options.csv == "-":
        return "--json and --csv - both write to the standard output; give --csv a file"
    if options.excel and options.json and csv_file(options) is None:
        return "--excel is for CSV: with --json name a file with --csv"
    if options.other_share and options.melanoma_share is None:
        return "--other-share goes with --melanoma-share"
    if options.resume and csv_file(options) is None:
        return "--resume carries on a file: name it with --csv"
    return None


def _fault_of_cluster(options: argparse.Namespace) -> str | None:
    """Return which options cannot be combined with a cluster."""
    is_tls = options.cluster is not None and options.cluster.startswith("tls:")
    if not is_tls and any((options.tls_ca_file, options.tls_cert, options.tls_key)):
        return "--tls-ca-file, --tls-cert and --tls-key go with --cluster tls://HOST:PORT"
    if options.cluster is None:
        return None
    if options.watch is not None or options.join:
        return "--cluster goes with PATH ... or --list FILE"
    if csv_file(options) is None or options.json:
        return "--cluster writes into a file: name it with --csv, and leave out --json"
    if options.workers is not None:
        return "--cluster goes without --workers: the cluster says how many cores it has"
    return None


def csv_format(options: argparse.Namespace) -> TableFormat:
    """Return the format of the CSV table."""
    return TableFormat.EXCEL if options.excel else TableFormat.CSV


def csv_file(options: argparse.Namespace) -> Path | None:
    """Return the file of --csv, None for the standard output."""
    return None if options.csv in {None, "-"} else Path(options.csv)
