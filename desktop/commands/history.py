"""lesionlens-history: checks whether a history is as it was written. It only reads. No window, no Qt."""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.commands.exit_codes import INTERRUPTED, OK, WRONG_CALL
from desktop.core.encryption.keys import Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import AppError
from desktop.core.file_arguments import FileArguments
from desktop.core.marking import tr
from desktop.core.paths import data_folder
from desktop.core.progress import say
from desktop.core.records.check_results import Checked
from desktop.core.records.data_folder import KEYS
from desktop.core.records.key_file import unlock_history
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.seal import Head
from desktop.core.records.verifying import check_history

NOT_WHOLE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 whole, 1 tampered with or damaged, 2 wrong call, 130 Ctrl-C."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    try:
        checked = _check(options)
    except AppError as error:
        say(str(error))
        return WRONG_CALL
    except KeyboardInterrupt:
        say(tr("Interrupted."))
        return INTERRUPTED
    lines = [json.dumps(_as_json(options.data_dir, checked))] if options.json else _lines(checked)
    print("\n".join(lines))
    return OK if checked.is_whole else NOT_WHOLE


def _parser() -> argparse.ArgumentParser:
    parser = FileArguments(
        prog="lesionlens-history", description="Check the history of a data folder. It is only read."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify")
    verify = verbs.add_parser(
        "verify",
        help="check every row against the seal",
        description="Check every row of the history against its seal, and name those that were changed, deleted or added by "
        "anything else than LesionLens.",
        epilog="Exit code: 0 everything is as it was written; 1 something was changed or is damaged; 2 wrong call, also a "
        "folder without a sealed history; 130 Ctrl-C. Whoever makes the whole chain of the seal anew is found only with a head "
        "that was kept elsewhere: see docs/seal.md.",
    )
    verify.add_argument(
        "--data-dir",
        type=Path,
        default=data_folder(),
        metavar="DIR",
        help="the data folder (default: the user's own, %(default)s)",
    )
    verify.add_argument(
        "--images", action="store_true", help="read the copies in the image store too, which takes longer"
    )
    verify.add_argument("--json", action="store_true", help="print one JSON object in place of sentences")
    verify.add_argument(
        "--head",
        type=_head,
        metavar="HEAD",
        help="a head of the seal that was kept elsewhere, from a report or a backup; it must be in the chain",
    )
    return parser


def _head(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as error:
        message = f"{text} is no head: number of links, colon, at least 32 digits of the hash"
        raise argparse.ArgumentTypeError(message) from error


def _check(options: argparse.Namespace) -> Checked:
    is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if is_terminal:  # back to the beginning of the line; "erase to its end" takes off what a longer one left
            print(f"\r{done} of {total} checked\x1b[K", end="", file=sys.stderr, flush=True)

    try:
        return check_history(
            options.data_dir, with_images=options.images, kept=options.head, key=_key(options.data_dir), progress=show
        )
    finally:
        if is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _key(folder: Path) -> Key | None:
    """Ask for the passphrase if the history is encrypted and somebody sits at the terminal."""
    if not (folder / KEYS).exists() or not sys.stdin.isatty():
        return None
    return unlock_history(folder, Passphrase.taken(getpass("Passphrase: ")))


def _lines(checked: Checked) -> list[str]:
    """Return what was found, in sentences."""
    lines = [
        f"{fault.rows or FILE_NAME}: {fault.kind.value}{fault.detail and f' ({fault.detail})'}"
        for fault in checked.faults
    ]
    lines += [tr("{rows}: erased on {date}").format(rows=rows.rows, date=rows.time[:10]) for rows in checked.erased]
    lines += [tr("A backup was restored on {date}.").format(date=time[:10]) for time in checked.restored]
    if checked.images is not None:
        lines.append(tr("{images} stored images were read.").format(images=checked.images))
    lines.append(
        tr("{rows} rows checked, sealed since {date}. Head: {head}").format(
            rows=checked.rows, date=checked.since[:10], head=checked.head
        )
    )
    lines.append(
        tr("Whole: everything is as it was written.")
        if checked.is_whole
        else tr("NOT WHOLE: what is named above is not as it was written.")
    )
    return lines


def _as_json(folder: Path, checked: Checked) -> dict[str, Any]:
    return {
        "file": str(folder / FILE_NAME),
        "whole": checked.is_whole,
        "history": checked.origin,
        "head": str(checked.head),
        "sealed_since": checked.since,
        "rows": checked.rows,
        "images": checked.images,
        "faults": [
            {
                "kind": fault.kind.name.lower(),
                "table": fault.subject,
                "first": fault.first,
                "last": fault.last,
                "detail": fault.detail,
            }
            for fault in checked.faults
        ],
        "erased": [
            {"table": rows.subject, "first": rows.first, "last": rows.last, "time": rows.time}
            for rows in checked.erased
        ],
        "restored": checked.restored,
    }


if __name__ == "__main__":
    sys.exit(main())
