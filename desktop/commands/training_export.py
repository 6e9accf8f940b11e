"""The verb `training` of lesionlens-records: exports lesions with histology to train a model with `lesionlens-train`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from desktop.core.exchange.training_folder import WrittenExport, write_training_folder
from desktop.core.exchange.training_words import (
    few_sentence,
    followed_sentence,
    held_sentence,
    left_out_sentences,
    look_sentence,
)
from desktop.core.inference.loading import load_model
from desktop.core.inference.shipped import shipped_sha256
from desktop.core.labelled_images.improve_command import ImproveCommand
from desktop.core.marking import tr
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.practice.follow_up import FEWEST_MONTHS, MONTHS, benign_lesions
from desktop.core.progress import say
from desktop.core.records.audit_acts import Action, Detail
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.practice_reading import assembled
from desktop.core.records.training_plan import TrainingPlan


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "--model",
        type=Path,
        default=SHIPPED_MODEL,
        metavar="FILE",
        help="the model that is to be improved (default: the shipped one)",
    )
    parser.add_argument(
        "--follow-up",
        type=_months,
        default=MONTHS,
        metavar="MONTHS",
        help=f"how long a follow-up must be that shows a lesion to be benign (default: {MONTHS}; at least {FEWEST_MONTHS})",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder; it must not be there yet")


def _months(text: str) -> int:
    months = int(text)
    if months < FEWEST_MONTHS:
        raise argparse.ArgumentTypeError(f"{FEWEST_MONTHS} or more")
    return months


def export(
    history: History, store: ImageStore, options: argparse.Namespace, progress: Callable[[int, int], None]
) -> bool:
    """Export, and print what was written and left out; return whether every image could be read.

    Raises:
        AppError: the model or the history cannot be used, or the folder cannot be written.
    """
    classifier = load_model(options.model)
    contract = classifier.contract
    followed = benign_lesions(assembled(history.practice_rows()), options.follow_up)
    plan = history.training_exports.plan(contract.label_ids, classifier.sha256, contract.date, followed)
    for sentence in left_out_sentences(plan):
        say(str(sentence))
    if not plan.images:
        print(tr("Nothing may be exported for training."))
        return True
    if few := few_sentence(plan):
        say(str(few))
    written = _written(history, store, plan, options, progress)
    print(str(held_sentence(plan)))
    if followed_only := followed_sentence(plan):
        print(str(followed_only))
    print(str(look_sentence(plan)))
    print(
        tr("Written to “{folder}”: lesions {lesions}, images {images}.").format(
            folder=written.folder, lesions=len(written.lesions), images=written.images
        )
    )
    if written.unreadable:
        say(tr("Images that are missing or damaged, which were left out: {count}.").format(count=written.unreadable))
    say(tr("Look at the images before you give them away: text, a face or a tattoo may tell who somebody is."))
    say(tr("This makes a new model of them, and says whether it is better:"))
    print(ImproveCommand(written.folder, None if classifier.sha256 == shipped_sha256() else options.model).text())
    return not written.unreadable


def _written(
    history: History,
    store: ImageStore,
    plan: TrainingPlan,
    options: argparse.Namespace,
    progress: Callable[[int, int], None],
) -> WrittenExport:
    """Log the export, write it, and note it in the history."""
    detail: dict[str, Detail] = {
        "lesions": plan.lesions_of("train") + plan.lesions_of("test"),
        "images": len(plan.images),
    }
    act = history.audit.note(Action.TRAINING_EXPORTED, detail, by=options.by)
    written = None
    is_done = False
    try:
        written = write_training_folder(plan, options.out, store.read_kept, progress)
        with history.together():
            history.training_exports.note(plan, written.lesions, by=options.by)
            written.name_folder()
        is_done = True
    finally:
        if written is not None:
            written.discard()
        if not is_done:
            failed: dict[str, Detail] = {"act": Action.TRAINING_EXPORTED, "row": act, "stopped": False}
            history.audit.note(Action.FAILED, failed, by=options.by)
    return written
