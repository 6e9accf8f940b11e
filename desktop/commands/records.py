"""lesionlens-records: takes patients, or lesions to train with, out of a history, and patients into one. No window, no Qt."""

import argparse
import datetime as dt
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path

from desktop import __version__
from desktop.commands import training_export
from desktop.commands.exit_codes import INTERRUPTED, OK, WRONG_CALL
from desktop.core.encryption.keys import Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import AppError, RecordsError, UsageError
from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.conflicts import ConflictError, OnConflict
from desktop.core.exchange.exporting import export_folder
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.exchange.gdt_folder import Connection
from desktop.core.exchange.importing import import_folder
from desktop.core.exchange.pseudonym_table import PseudonymFile
from desktop.core.file_arguments import FileArguments
from desktop.core.marking import tr
from desktop.core.paths import data_folder
from desktop.core.progress import say
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.key_file import Protection, protection, unlock_history
from desktop.core.records.schema import FILE_NAME
from desktop.core.sentence import Counted

IN_PART = 1

_UNKNOWN_PLACES = Counted(
    tr("The place of 1 lesion names no single place of the body map. It was kept as text; choose it in the window:"),
    tr(
        "The places of {count} lesions name no single place of the body map. They were kept as text; choose them in the window:"
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 done; 1 nothing was imported because of conflicts, or an image could not be read; 2 wrong call; 130 Ctrl-C.
    """
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    try:
        return {"export": _export, "import": _import, "training": _train_with, "pseudonyms": _print_pseudonyms}[
            options.verb
        ](options)
    except ConflictError as error:
        print("\n".join(error.conflicts))
        say(str(error))
        return IN_PART
    except AppError as error:
        say(str(error))
        return WRONG_CALL
    except KeyboardInterrupt:
        say(tr("Interrupted."))
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = FileArguments(
        prog="lesionlens-records", description="Take patients with their images out of a history, or into one."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    common = FileArguments(add_help=False)
    common.add_argument(
        "--data-dir",
        type=Path,
        default=data_folder(),
        metavar="DIR",
        help="the data folder of the history (default: the user's own, %(default)s); no window may have it open",
    )
    common.add_argument("--by", default="", metavar="INITIALS", help="your initials, for the audit log")
    ends = "Exit code: 0 done; 1 conflicts, or images that cannot be read; 2 wrong call; 130 Ctrl-C."
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="export|import|training|pseudonyms")
    export = verbs.add_parser(
        "export",
        parents=[common],
        help="write patients into a new folder",
        description="Write patients into a new folder: images, what clinicians said, and apart from it the model's answers, "
        "which are unverified. The files are not encrypted.",
        epilog=ends,
    )
    export.add_argument(
        "--format",
        type=ExportFormat,
        choices=list(ExportFormat),
        default=ExportFormat.CSV,
        help="csv: images with tables, which import reads (default); fhir: images with bundles of HL7 FHIR R4B; dicom: "
        "images and structured reports as DICOM files; gdt: assessments alone, as GDT results for a practice system. The last "
        "three leave out images without a patient",
    )
    which = export.add_mutually_exclusive_group()
    which.add_argument("--patient", metavar="P", help="only the patient of this pseudonym")
    which.add_argument(
        "--since",
        type=_day,
        metavar="DATE",
        help="only patients of whom something is of this day (2026-11-23) or later",
    )
    export.add_argument(
        "--deidentify",
        action="store_true",
        help="take out names, initials, notes and file names, move each patient's days by a random number, and write the "
        "images anew without metadata; model answers are left out",
    )
    export.add_argument(
        "--pseudonyms",
        type=Path,
        metavar="FILE",
        help="with --deidentify: write into this file which patient and image became which; encrypted if the history is",
    )
    ids = Connection(Path())
    export.add_argument(
        "--sender", default=ids.own_id, metavar="ID", help="GDT id of LesionLens (default: %(default)s)"
    )
    export.add_argument(
        "--receiver", default=ids.system_id, metavar="ID", help="GDT id of the practice system (default: %(default)s)"
    )
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder; it must not be there yet")
    into = verbs.add_parser(
        "import",
        parents=[common],
        help="take patients from a folder",
        description="Take from a folder what the history does not have: one that was exported as csv or dicom, images with a "
        "records.csv of another program (columns patient, lesion, site, date, image, assessment, outcome, who, when), or DICOM "
        "files of another program.",
        epilog=ends,
    )
    into.add_argument("folder", type=Path, metavar="DIR", help="the folder with records.csv, or with DICOM files")
    into.add_argument(
        "--on-conflict",
        type=OnConflict,
        choices=list(OnConflict),
        help="where the history and the folder contradict each other: keep what the history has, or both (default: import "
        "nothing and list the conflicts)",
    )
    training = verbs.add_parser(
        "training",
        parents=[common],
        help="write lesions with histology into a new folder, to train a model",
        description="Write dermatoscope images of lesions with histology into a new folder that lesionlens-train reads: only "
        "of patients whose form says that their images may be used for training. The files are not encrypted.",
        epilog=ends,
    )
    training_export.add_options(training)
    table = verbs.add_parser(
        "pseudonyms",
        parents=[common],
        help="print a table of pseudonyms",
        description="Print the table that export --deidentify --pseudonyms wrote, which is encrypted if the history was.",
        epilog="Exit code: 0 done; 2 wrong call; 130 Ctrl-C.",
    )
    table.add_argument("file", type=Path, metavar="FILE", help="the table")
    return parser


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-11-23") from error


def _print_pseudonyms(options: argparse.Namespace) -> int:
    print(PseudonymFile(options.file, _key(options.data_dir)).read(), end="")
    return OK


def _export(options: argparse.Namespace) -> int:
    if options.pseudonyms is not None and not options.deidentify:
        raise UsageError(tr("--pseudonyms goes with --deidentify: without it nobody gets another name."))
    _refuse_no_history(options.data_dir)
    with _opened(options.data_dir) as (history, store, key):
        exported = export_folder(
            history,
            store,
            Selection(options.patient, options.since),
            options.out,
            form=options.format,
            is_deidentified=options.deidentify,
            pseudonyms=None if options.pseudonyms is None else PseudonymFile(options.pseudonyms, key),
            connection=Connection(Path(), options.sender, options.receiver),
            by=options.by,
            progress=_show,
        )
    for reason in exported.unreadable:
        say(reason)
    print(
        tr("Written to “{folder}”: patients {patients}, images {images}, answers of the model {answers}.").format(
            patients=exported.patients, images=exported.images, answers=exported.answers, folder=options.out
        )
    )
    if exported.unassigned:
        say(tr("Images without a patient, which were left out: {count}.").format(count=exported.unassigned))
    for warning in exported.warnings:
        say(warning)
    if options.deidentify:
        say(tr("Look at the images before you give them away: text, a face or a tattoo may tell who somebody is."))
    return IN_PART if exported.unreadable else OK


def _train_with(options: argparse.Namespace) -> int:
    _refuse_no_history(options.data_dir)
    with _opened(options.data_dir) as (history, store, _key_of_history):
        return OK if training_export.export(history, store, options, _show) else IN_PART


def _refuse_no_history(folder: Path) -> None:
    if not (folder / FILE_NAME).exists():
        raise RecordsError(tr("There is no history in “{folder}”."), folder=folder)


def _import(options: argparse.Namespace) -> int:
    with _opened(options.data_dir) as (history, store, _key_of_history):
        imported = import_folder(
            history, store, options.folder, on_conflict=options.on_conflict, by=options.by, progress=_show
        )
    for line in imported.conflicts:
        print(line)
    for reason in imported.unreadable:
        say(reason)
    added = imported.added
    print(
        tr(
            "Added: patients {patients}, lesions {lesions}, images {images}, findings {findings}, steps and other entries "
            "{others}, answers of the model {answers}. What was there already was not added again."
        ).format(
            patients=added.patients,
            lesions=added.lesions,
            images=added.images,
            findings=added.findings,
            others=added.others,
            answers=added.answers,
        )
    )
    if imported.unknown_places:
        _say_unknown(imported.unknown_places)
    return IN_PART if imported.unreadable else OK


def _say_unknown(places: Counter[str]) -> None:
    """Name the places that the body map does not have: nobody else would notice that they are missing there."""
    say(str(_UNKNOWN_PLACES.of(places.total())))
    for words, lesions in places.most_common():
        say(f"  {lesions} × {words}")


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[History, ImageStore, Key | None]]:
    """Open a history that no other program uses; yield it with its images and its key.

    Raises:
        RecordsError: a window has it open, or it cannot be opened.
    """
    key = _key(folder)
    with History.open(folder, key=key) as history, history.exchanged.alone() as is_alone:
        if not is_alone:
            raise RecordsError(
                tr("LesionLens has the history in “{folder}” open. Close its window, then try again."), folder=folder
            )
        yield history, ImageStore(folder, key), key


def _key(folder: Path) -> Key | None:
    """Ask for the passphrase if the history is encrypted and somebody sits at the terminal."""
    if not folder.exists() or protection(folder) is not Protection.ENCRYPTED or not sys.stdin.isatty():
        return None
    return unlock_history(folder, Passphrase.taken(getpass("Passphrase: ")))


def _show(done: int, total: int) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        end = "\r\x1b[K" if done == total else ""
        print(f"\r{done} of {total} images\x1b[K{end}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
