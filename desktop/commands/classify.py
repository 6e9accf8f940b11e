"""lesionlens-classify: writes one row of probabilities for each image in files and folders. No window, no Qt."""

import argparse
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import BinaryIO

from desktop.commands.answer_rows import AnswerRows
from desktop.commands.classify_answers import answers_of
from desktop.commands.classify_files import files_to_classify
from desktop.commands.classify_options import csv_file, csv_format, parse_options, shares
from desktop.commands.exit_codes import INTERRUPTED, OK, SOME_FAILED, WRONG_CALL
from desktop.commands.model_options import ALERT_NAMES, context_of, load
from desktop.core.ctrl_c import ctrl_c_later
from desktop.core.errors import AppError, UsageError
from desktop.core.imaging.opening import FORMATS
from desktop.core.inference import trial_process
from desktop.core.inference.batch import classify_files
from desktop.core.inference.image_files import find_images, passed_over_remark, with_frames
from desktop.core.inference.shards import Shard
from desktop.core.inference.trial import ARGUMENT
from desktop.core.inference.watch import NewImages
from desktop.core.marking import tr
from desktop.core.progress import ClassificationProgress, say
from desktop.core.records.alert_counts import AlertCounts
from desktop.core.records.joining import join_tables
from desktop.core.records.table_files import open_log, open_table, sole_writer, unfinished
from desktop.core.records.tables import Column, OutputError, Table, TableFormat, TableRow, of_shard, stream_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 all classified, 1 some file failed, 2 wrong call, 130 Ctrl-C."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == [ARGUMENT]:  # a child of ours, where there is no Python to start
        return trial_process.main(given[1:])
    options = parse_options(given)
    # What Pillow and the core say of a broken profile or EXIF block stands in no user's way: the image is classified.
    logging.basicConfig(level=logging.ERROR)
    logging.captureWarnings(capture=True)
    try:
        if options.join:
            return _join(options)
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
        say(tr("Interrupted.") if csv_file(options) is None else tr("Interrupted. Carry on with --resume."))
        return INTERRUPTED


def _more(rows: AnswerRows, shard: Shard | None, files: int = 0) -> tuple[Column, ...]:
    """Return the columns behind those of every table; `files` is how many images the shard has."""
    return rows.more if shard is None else (*rows.more, *of_shard(shard, files))


def _classify(options: argparse.Namespace) -> int:
    classifier = load(options)
    rows = AnswerRows(classifier, context_of(options), shares(options), is_strict=options.strict)
    labels = classifier.contract.label_ids
    target = csv_file(options)
    with ExitStack() as stack:
        if target is not None:
            stack.enter_context(sole_writer(target))
        begun = None
        if target is not None and options.resume:
            begun = rows.begun(unfinished(target), _more(rows, options.shard))
        found, is_empty = files_to_classify(options.paths, options.list, options.shard)
        images = with_frames(found.images)
        passed_over = passed_over_remark(found.passed_over.values())
        if is_empty:
            say(tr("No image was found: no file of {formats} is in there.").format(formats=FORMATS))
            if passed_over is not None:
                say(str(passed_over))
            return SOME_FAILED
        if options.shard is None:
            rows.refuse_strangers(images)
        more = _more(rows, options.shard, len(images))
        done, failed = (0, 0) if begun is None else (begun.files.total(), begun.failed)
        alerts = AlertCounts() if begun is None else begun.alerts
        if begun is not None:
            images = begun.remaining(images)
        tables = []
        if target is not None:
            csv = csv_format(options)
            is_sorted = options.cluster is None
            file = open_table(target, labels, csv, begun=begun, can_resume=True, is_sorted=is_sorted, more=more)
            tables.append(stack.enter_context(file))
        tables += _output(options, labels, more)
        together = stack.enter_context(answers_of(images, classifier, options))
        progress = stack.enter_context(ClassificationProgress(done + len(images), done, failed))
        for answers in together:
            _write([rows.row(answer) for answer in answers], tables, alerts)
            progress.count(len(answers), failed=sum(answer.error is not None for answer in answers))
    say(progress.summary())
    for sentence in alerts.sentences(ALERT_NAMES):
        say(sentence)
    if passed_over is not None:
        say(str(passed_over))
    return SOME_FAILED if progress.failed or passed_over is not None else OK


def _write(rows: Sequence[TableRow], tables: Sequence[Table], alerts: AlertCounts) -> None:
    for row in rows:
        for table in tables:
            table.write(row)
        if row.answer is not None:
            alerts.count(row.file, ";".join(row.answer.flags))


def _join(options: argparse.Namespace) -> int:
    joined = join_tables(options.join, Path(options.csv), csv_format(options))
    say(
        tr("Rows: {rows}, tables: {tables}, failed: {failed}.").format(
            rows=joined.rows, tables=len(options.join), failed=joined.failed
        )
    )
    for sentence in joined.alerts.sentences(ALERT_NAMES):
        say(sentence)
    return SOME_FAILED if joined.failed else OK


def _watch(options: argparse.Namespace) -> int:
    classifier = load(options)
    rows = AnswerRows(classifier, context_of(options), shares(options), is_strict=options.strict)
    labels = classifier.contract.label_ids
    target = csv_file(options)
    classified = failed = 0
    passed_over: list[str] = []
    with ExitStack() as stack:
        begun = None
        if target is not None:
            stack.enter_context(sole_writer(target))
            if options.resume:
                begun = rows.begun(target, rows.more)
        seen = None if begun is None else [path for path in find_images([options.watch]).images if begun.has(path)]
        arrivals = NewImages(options.watch, seen=seen)
        csv = csv_format(options)
        tables = (
            [] if target is None else [stack.enter_context(open_log(target, labels, csv, begun=begun, more=rows.more))]
        )
        tables += _output(options, labels, rows.more)  # behind the file: who reads a row there finds it in the file too
        with suppress(KeyboardInterrupt), ctrl_c_later() as ctrl_c:
            say(tr("Waiting for new images in “{folder}”. Ctrl-C ends it.").format(folder=options.watch))
            for found in arrivals.until(ctrl_c):
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
    say(tr("New images classified: {classified}, failed: {failed}.").format(classified=classified, failed=failed))
    if (remark := passed_over_remark(passed_over)) is not None:
        say(str(remark))
    return SOME_FAILED if failed or passed_over else OK


def _output(options: argparse.Namespace, labels: Sequence[str], more: Sequence[Column]) -> Iterator[Table]:
    """Begin the table on the standard output, if there is to be one."""
    if options.json:
        yield stream_table(_standard_output(), labels, TableFormat.JSON_LINES, more=more)
    elif csv_file(options) is None:
        yield stream_table(_standard_output(), labels, csv_format(options), more=more)


def _standard_output() -> BinaryIO:
    if sys.stdout is None:  # pythonw and windowed programs have none
        raise UsageError(tr("There is no standard output to write to. Name a file with --csv."))
    return sys.stdout.buffer


def _give_up_output() -> None:
    """Lead what is left in the buffer nowhere: Python flushes it at its end, which must not fail a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
