"""lesionlens-classify: writes one row of probabilities for each image in files and folders. No window, no Qt."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import BinaryIO

from desktop import __version__
from desktop.commands.answer_rows import AnswerRows
from desktop.core.errors import AppError, UsageError
from desktop.core.file_arguments import FileArguments
from desktop.core.imaging.opening import FORMATS
from desktop.core.inference import trial_process
from desktop.core.inference.alerts import working_points
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.image_files import find_images, passed_over_remark
from desktop.core.inference.loading import load_model
from desktop.core.inference.prior import LEAST, MOST
from desktop.core.inference.trial import ARGUMENT
from desktop.core.inference.watch import watch_folder
from desktop.core.marking import tr
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.progress import ClassificationProgress, say
from desktop.core.records.resuming import UnfinishedTable, read_begun
from desktop.core.records.table_files import open_log, open_table, sole_writer, unfinished
from desktop.core.records.tables import Column, OutputError, Table, TableFormat, column_names, stream_table

OK = 0
SOME_FAILED = 1
WRONG_CALL = 2
INTERRUPTED = 130
"""The exit code that shells report after Ctrl-C: 128 plus the number of SIGINT."""

_ALERTS = (("--melanoma-alert", "melanoma", "melanomas"), ("--skin-cancer-alert", "malignant", "skin cancers"))
"""Options that set an alert: name, id of the alert, what it is raised for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 all classified, 1 some file failed, 2 wrong call, 130 Ctrl-C."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == [ARGUMENT]:  # a child of ours, where there is no Python to start
        return trial_process.main(given[1:])
    parser = _parser()
    options = parser.parse_args(given)
    if fault := _fault(options):
        parser.error(fault)
    # What Pillow and the core say of a broken profile or EXIF block stands in no user's way: the image is classified.
    logging.basicConfig(level=logging.ERROR)
    logging.captureWarnings(capture=True)
    try:
        return _classify(options) if options.watch is None else _watch(options)
    except BrokenPipeError:  # the reader of our output has enough, `head` say
        _give_up_output()
        return SOME_FAILED
    except OutputError as error:
        _give_up_output()
        say(str(error))
        return WRONG_CALL
    except AppError as error:
        say(str(error))
        return WRONG_CALL
    except KeyboardInterrupt:
        say(tr("Interrupted.") if _csv_file(options) is None else tr("Interrupted. Carry on with --resume."))
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
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
        type=Path,
        metavar="PATH",
        help="an image, or a folder: in it and the folders below, images are taken by their extension and hidden ones "
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
        "--resume",
        action="store_true",
        help="carry on the run to the same --csv OUT that was interrupted, where there is one: what has a row keeps it. "
        "With --watch, add to the file; images in the folder that have no row there are new",
    )
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
    parser.add_argument(
        "--melanoma-share",
        type=_share,
        metavar="PERCENT",
        help=f"how many of 100 images are melanomas in the practice, from {100 * LEAST:g} to {100 * MOST:g}: the figures for "
        "that share stand behind all other columns; alerts, labels and the model's own figures stay as they are",
    )
    for name, alert, text in _ALERTS:
        parser.add_argument(
            name,
            type=_percent,
            dest=alert,
            metavar="PERCENT",
            help=f"the share of {text} that the alert is set to find; which ones a model offers stands on its card, and the "
            "share that it found in testing beside them (default: the model's own)",
        )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of cores")
    return int(text)


def _percent(text: str) -> float:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text} is no whole number of per cent")
    return int(text) / 100


def _share(text: str) -> float:
    try:
        share = round(float(text.replace(",", ".")) / 100, 4)
    except ValueError:
        share = 0.0
    if not LEAST <= share <= MOST:
        raise argparse.ArgumentTypeError(f"{text} is no share from {100 * LEAST:g} to {100 * MOST:g} per cent")
    return share


def _fault(options: argparse.Namespace) -> str | None:
    """Return which options cannot be combined."""
    if bool(options.paths) == (options.watch is not None):
        return "name what to classify: either PATH ... or --watch DIR"
    if options.json and options.csv == "-":
        return "--json and --csv - both write to the standard output; give --csv a file"
    if options.excel and options.json and _csv_file(options) is None:
        return "--excel is for CSV: with --json name a file with --csv"
    if options.resume and _csv_file(options) is None:
        return "--resume carries on a file: name it with --csv"
    return None


def _csv_format(options: argparse.Namespace) -> TableFormat:
    return TableFormat.EXCEL if options.excel else TableFormat.CSV


def _csv_file(options: argparse.Namespace) -> Path | None:
    return None if options.csv in {None, "-"} else Path(options.csv)


def _load(options: argparse.Namespace) -> Classifier:
    """Load the model, at the working points that were asked for.

    Raises:
        AppError: it cannot be used, or does not have these working points.
    """
    classifier = load_model(options.model)
    wanted = {alert: value for _, alert, _ in _ALERTS if (value := getattr(options, alert)) is not None}
    offered = {alert.id: alert.working_points for alert in classifier.contract.alerts}
    for name, alert, _ in _ALERTS:
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


def _begun(table: Path, classifier: Classifier, rows: AnswerRows) -> UnfinishedTable | None:
    contract = classifier.contract
    return read_begun(
        table,
        column_names(contract.label_ids, rows.more),
        classifier.sha256,
        classifier.working_points,
        working_points(contract.alerts),
        is_for_patients=contract.is_for_patients,
        prior=rows.prior,
    )


def _classify(options: argparse.Namespace) -> int:
    classifier = _load(options)
    rows = AnswerRows(classifier, options.context, options.melanoma_share)
    labels = classifier.contract.label_ids
    target = _csv_file(options)
    with ExitStack() as stack:
        begun = None
        if target is not None:
            stack.enter_context(sole_writer(target))
            if options.resume:
                begun = _begun(unfinished(target), classifier, rows)
        found = find_images(options.paths)
        images = found.images
        passed_over = passed_over_remark(found.passed_over.values())
        if not images:
            say(tr("No image was found: no file of {formats} is in there.").format(formats=FORMATS))
            if passed_over is not None:
                say(str(passed_over))
            return SOME_FAILED
        rows.refuse_strangers(images)
        done, failed = (0, 0) if begun is None else (begun.files.total(), begun.failed)
        if begun is not None:
            images = begun.remaining(images)
        tables = []
        if target is not None:
            csv = _csv_format(options)
            file = open_table(target, labels, csv, begun=begun, can_resume=True, more=rows.more)
            tables.append(stack.enter_context(file))
        tables += _output(options, labels, rows.more)
        progress = stack.enter_context(ClassificationProgress(done + len(images), done, failed))
        for answer in stack.enter_context(closing(classify_files(images, classifier, workers=options.workers))):
            row = rows.row(answer)
            for table in tables:
                table.write(row)
            progress.count(failed=answer.error is not None)
    say(progress.summary())
    if passed_over is not None:
        say(str(passed_over))
    return SOME_FAILED if progress.failed or passed_over is not None else OK


def _watch(options: argparse.Namespace) -> int:
    classifier = _load(options)
    rows = AnswerRows(classifier, options.context, options.melanoma_share)
    labels = classifier.contract.label_ids
    target = _csv_file(options)
    classified = failed = 0
    passed_over: list[str] = []
    with ExitStack() as stack:
        begun = None
        if target is not None:
            stack.enter_context(sole_writer(target))
            if options.resume:
                begun = _begun(target, classifier, rows)
        seen = None if begun is None else [path for path in find_images([options.watch]).images if begun.has(path)]
        arrivals = watch_folder(options.watch, threading.Event(), seen=seen)
        csv = _csv_format(options)
        tables = (
            [] if target is None else [stack.enter_context(open_log(target, labels, csv, begun=begun, more=rows.more))]
        )
        tables += _output(options, labels, rows.more)  # behind the file: who reads a row there finds it in the file too
        say(tr("Waiting for new images in “{folder}”. Ctrl-C ends it.").format(folder=options.watch))
        ctrl_c = _CtrlC()
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            stack.callback(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, ctrl_c))
        with suppress(KeyboardInterrupt):
            for found in arrivals:
                ctrl_c.may_raise = False
                if (remark := passed_over_remark(found.passed_over.values())) is not None:
                    say(str(remark))
                    passed_over += found.passed_over.values()
                with closing(classify_files(found.images, classifier, workers=options.workers)) as answers:
                    for answer in answers:
                        classified += answer.error is None
                        failed += answer.error is not None
                        row = rows.row(answer)
                        for table in tables:
                            table.write(row)
                        if ctrl_c.is_pressed:
                            break
                ctrl_c.may_raise = True
                if ctrl_c.is_pressed:
                    break
    say(tr("{classified} new images classified, {failed} failed.").format(classified=classified, failed=failed))
    if (remark := passed_over_remark(passed_over)) is not None:
        say(str(remark))
    return SOME_FAILED if failed or passed_over else OK


class _CtrlC:
    """Ends a watch. While images are answered it is only remembered: raised where Python tidies up, it would be lost."""

    def __init__(self) -> None:
        self.is_pressed = False
        self.may_raise = True

    def __call__(self, _number: int, _frame: object) -> None:
        self.is_pressed = True
        if self.may_raise:
            raise KeyboardInterrupt


def _output(options: argparse.Namespace, labels: Sequence[str], more: Sequence[Column]) -> Iterator[Table]:
    """Begin the table on the standard output, if there is to be one."""
    if options.json:
        yield stream_table(_standard_output(), labels, TableFormat.JSON_LINES, more=more)
    elif _csv_file(options) is None:
        yield stream_table(_standard_output(), labels, _csv_format(options), more=more)


def _standard_output() -> BinaryIO:
    if sys.stdout is None:  # pythonw and windowed programs have none
        raise UsageError(tr("There is no standard output to write to. Name a file with --csv."))
    return sys.stdout.buffer


def _give_up_output() -> None:
    """Lead what is left in the buffer nowhere: Python flushes it at its end, which must not fail a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
