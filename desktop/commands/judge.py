"""lesionlens-judge: says what a model is worth on labelled images. No window, no Qt."""

import argparse
import logging
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from desktop.commands.answer_rows import AnswerRows
from desktop.commands.exit_codes import INTERRUPTED, OK, SOME_FAILED, WRONG_CALL
from desktop.commands.judge_options import parse_options
from desktop.commands.judged_table import columns_of, read_answers
from desktop.commands.model_options import context_of, load
from desktop.core.errors import AppError, SaveError
from desktop.core.inference import trial_process
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.context_file import ContextTable
from desktop.core.inference.trial import ARGUMENT
from desktop.core.judging.judged_images import JudgedImages, LeftOut, compare_images, read_labelled
from desktop.core.judging.judging import judge_answers, refuse_nothing_counted
from desktop.core.judging.known_context import context_in
from desktop.core.judging.learned_lesions import read_learned_lesions
from desktop.core.judging.report_json import json_bytes
from desktop.core.judging.report_page import as_markdown
from desktop.core.judging.training_pictures import find_training_pictures
from desktop.core.marking import tr
from desktop.core.progress import ClassificationProgress, say
from desktop.core.records.table_files import open_table, sole_writer, unfinished
from desktop.core.whole_files import save_file

ANSWERS, REPORT, PAGE = "answers.csv", "report.json", "report.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 all answered; 1 some file failed, was passed over or has no label of the model; 2 wrong call; 130 Ctrl-C.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == [ARGUMENT]:  # a child of ours, where there is no Python to start
        return trial_process.main(given[1:])
    options = parse_options(given)
    # What Pillow and the core say of a broken profile or EXIF block stands in no user's way: the image is classified.
    logging.basicConfig(level=logging.ERROR)
    logging.captureWarnings(capture=True)
    try:
        return _judge(options)
    except AppError as error:
        say(str(error))
        return WRONG_CALL
    except KeyboardInterrupt:
        say(tr("Interrupted. Carry on with --resume."))
        return INTERRUPTED


def _judge(options: argparse.Namespace) -> int:
    classifier = load(options)
    contract = classifier.contract
    data = read_labelled(options.data, contract)
    context = context_of(options)
    if context is None and contract.context is not None:
        context, remarks = context_in(data.images)
        data = replace(data, remarks=(*data.remarks, *remarks))
    training = find_training_pictures(classifier.path, contract.training_data.fingerprint)
    images = compare_images(data, contract, training, learned=read_learned_lesions(classifier.path).names)
    refuse_nothing_counted(images, str(options.data))
    out = _folder(options.out)
    failed = _answer(classifier, images, context, options, out / ANSWERS)
    answers = read_answers(out / ANSWERS, images, contract.label_ids)
    judged = judge_answers(str(options.data), classifier, images, answers)
    save_file(out / REPORT, json_bytes(judged))
    save_file(out / PAGE, as_markdown(judged).encode())
    for sentence in judged.plain_words():
        _print(str(sentence))
    say(tr("Written: {files} in “{folder}”.").format(files=f"{REPORT}, {PAGE}, {ANSWERS}", folder=out))
    is_incomplete = failed or images.count(LeftOut.UNREADABLE) or data.passed_over or data.unknown
    return SOME_FAILED if is_incomplete else OK


def _answer(
    classifier: Classifier,
    images: JudgedImages,
    context: ContextTable | None,
    options: argparse.Namespace,
    target: Path,
) -> int:
    """Write the answer to each image into the table, and return how many have none."""
    rows = AnswerRows(classifier, context, None)
    more = (*rows.more, *columns_of(images))
    paths = list(dict.fromkeys(image.path for image in images.data.images))
    rows.refuse_strangers(paths)
    with ExitStack() as stack:
        stack.enter_context(sole_writer(target))
        begun = rows.begun(unfinished(target), more) if options.resume else None
        done, failed = (0, 0) if begun is None else (begun.files.total(), begun.failed)
        remaining = paths if begun is None else begun.remaining(paths)
        table = stack.enter_context(
            open_table(target, classifier.contract.label_ids, begun=begun, can_resume=True, more=more)
        )
        progress = stack.enter_context(ClassificationProgress(len(paths), done, failed))
        for answer in stack.enter_context(closing(classify_files(remaining, classifier, workers=options.workers))):
            table.write(rows.row(answer))
            progress.count(failed=answer.error is not None)
    say(progress.summary())
    return progress.failed


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(
            tr("“{name}” cannot be written ({detail}). Choose another place."), name=out, detail=error.strerror or error
        ) from error
    return out


def _print(line: str) -> None:
    if sys.stdout is not None:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
