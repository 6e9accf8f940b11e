"""lesionlens-classify: files and folders in, one row of probabilities for each image out. No window, no Qt."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import BinaryIO, Self

from desktop import __version__
from desktop.core.errors import AppError, UsageError
from desktop.core.inference.batch import classify_files, find_images
from desktop.core.inference.classifier import Classifier
from desktop.core.marking import tr
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.tables import OutputError, Table, TableFormat, TableRow, open_table, stream_table

OK = 0
SOME_FAILED = 1
WRONG_CALL = 2
INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C ended: 128 and the number of SIGINT."""

_SECONDS_BETWEEN_UPDATES = 0.2
_SECONDS_BETWEEN_LINES = 10.0
"""Progress on a terminal rewrites its line; in a log file each one is a line of its own, so there are fewer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 all classified, 1 some file failed, 2 wrong call, 130 Ctrl-C."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.json and options.csv == "-":
        parser.error("--json and --csv - both write to the standard output; give --csv a file")
    # What Pillow and the core say of a broken profile or EXIF block stands in no user's way: the image is classified.
    logging.basicConfig(level=logging.ERROR)
    logging.captureWarnings(capture=True)
    try:
        return _classify(options)
    except BrokenPipeError:  # the reader of our output has enough, `head` say
        _give_up_output()
        return SOME_FAILED
    except OutputError as error:
        _give_up_output()
        _say(str(error))
        return WRONG_CALL
    except AppError as error:
        _say(str(error))
        return WRONG_CALL
    except KeyboardInterrupt:
        _say(tr("Interrupted."))
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lesionlens-classify",
        description="Classify dermatoscope images: one row of probabilities for each, as CSV or JSON Lines.",
        epilog="Exit code: 0 all images were classified; 1 some failed, or there was none; 2 wrong call, also a model or "
        "a table that cannot be used; 130 Ctrl-C. "
        "Not a certified medical device. For research and teaching; your own examination decides.",
    )
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="an image, or a folder: in it and the folders below, images are taken by their extension and hidden ones "
        "are not; a file named here is always tried",
    )
    parser.add_argument(
        "--csv",
        metavar="OUT",
        help="write CSV into this file; - is the standard output, where it goes without --json too",
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines to the standard output")
    parser.add_argument(
        "--model", type=Path, default=SHIPPED_MODEL, metavar="FILE", help="another model than the one that is shipped"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _classify(options: argparse.Namespace) -> int:
    classifier = Classifier(options.model)
    labels = classifier.contract.label_ids
    images = find_images(options.paths)
    if not images:
        _say(tr("No image was found: no JPEG, PNG, TIFF, BMP or WebP file is in there."))
        return SOME_FAILED
    failed = 0
    with ExitStack() as stack:
        tables = list(_tables(options, labels, stack))
        progress = stack.enter_context(_Progress(len(images)))
        for answer in stack.enter_context(closing(classify_files(images, classifier))):
            row = TableRow.of_file(answer, labels, classifier.sha256, __version__)
            for table in tables:
                table.write(row)
            failed += answer.error is not None
            progress.show(failed)
    _say(progress.summary(failed))
    return SOME_FAILED if failed else OK


def _tables(options: argparse.Namespace, labels: Sequence[str], stack: ExitStack) -> Iterable[Table]:
    if options.json:
        yield stream_table(_standard_output(), labels, TableFormat.JSON_LINES)
    elif options.csv in {None, "-"}:
        yield stream_table(_standard_output(), labels, TableFormat.CSV)
    if options.csv not in {None, "-"}:
        yield stack.enter_context(open_table(Path(options.csv), labels, TableFormat.CSV))


def _standard_output() -> BinaryIO:
    if sys.stdout is None:  # pythonw and windowed programs have none
        raise UsageError(tr("There is no standard output to write to. Name a file with --csv."))
    return sys.stdout.buffer


def _give_up_output() -> None:
    """Lead what is left in the buffer nowhere: Python flushes it at its end, which must not fail a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(sentence: str) -> None:
    if sys.stderr is not None:
        print(sentence, file=sys.stderr)


class _Progress:
    """How far it is, how fast and how long still, on the standard error."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._begin = self._shown = time.monotonic()
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, failed: int) -> None:
        """Count one more image; show it if the last time is long enough ago."""
        self._done += 1
        now = time.monotonic()
        if now - self._shown < (_SECONDS_BETWEEN_UPDATES if self._is_terminal else _SECONDS_BETWEEN_LINES):
            return
        self._shown = now
        rate = self._done / (now - self._begin)
        minutes, seconds = divmod(round((self._total - self._done) / rate), 60)
        line = (
            f"{self._done} of {self._total} images, {rate:.1f} a second, {minutes}:{seconds:02} left, {failed} failed"
        )
        if self._is_terminal:
            # Back to the beginning of the line; "erase to its end" takes off what a longer one left.
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
        else:
            _say(line)

    def summary(self, failed: int) -> str:
        """Say what came of it all."""
        seconds = time.monotonic() - self._begin
        return f"{self._done - failed} of {self._total} images classified, {failed} failed, in {seconds:.1f} s."


if __name__ == "__main__":
    sys.exit(main())
