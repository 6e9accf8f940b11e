"""The verbs that measure what was trained: folds, what else they are asked, test images, copies, and the page of it all."""

import argparse
import dataclasses
from collections.abc import Callable, Mapping

import msgspec

from desktop.core.errors import UsageError
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SAMPLES
from training import plots
from training.folds import out_of_fold, recipe, thresholds
from training.folds.probed import PROBE_FILE, save_probe
from training.measuring import agree, cross, measured, model_card, probe, tested, unseen
from training.measuring.page.thresholds import DIAGRAM
from training.measuring.page.whole import page
from training.measuring.pictures import pictures
from training.options import given
from training.run.config import Config
from training.run.recipes import with_recipe
from training.run.run_folder import RunFolder


def _cross(options: argparse.Namespace) -> None:
    knobs = given(options)
    settings = Config(**with_recipe(knobs))
    cross.refuse_leak(settings.weights)
    folds = settings.folds
    chosen = sorted({number for number in options.only or range(1, folds + 1) if 1 <= number <= folds})
    for number in chosen:
        cross.make_fold(options.out, number, knobs)
    missing = [number for number in range(1, folds + 1) if not cross.is_finished(cross.fold_of(options.out, number))]
    if missing:
        print(f"Left of {folds} folds: {', '.join(map(str, missing))}.")
        return
    found = cross.collect(options.out, folds)
    out_of_fold.write(found, options.out / out_of_fold.FILE)
    recipe.save_recipe(cross.fold_of(options.out, 1).load_record(), options.out)
    if cross.have_views(options.out, folds):
        out_of_fold.write(cross.collect(options.out, folds, views=8), options.out / out_of_fold.VIEWS_FILE)
    else:
        (options.out / out_of_fold.VIEWS_FILE).unlink(missing_ok=True)
    judged = thresholds.nested(found, recipe.recipe_of(options.out).settings.calibration)
    found = dataclasses.replace(found, probabilities=judged.probabilities)
    print(cross.as_table(cross.by_copy(found)))
    if agreements := cross.copy_agreement(found, found.probabilities):
        print(f"\n{agree.as_table(agreements)}")


def _probe(options: argparse.Namespace) -> None:
    runs = cross.finished_folds(options.folds)
    found = probe.probe(runs, options.originals, SAMPLES, pictures)
    save_probe(found, options.folds / PROBE_FILE)
    print(agree.as_table(found.agreements))


def _test(options: argparse.Namespace) -> None:
    if not (options.isic2017 or options.isic9):
        raise UsageError("There is nothing to test on. Give --isic2017 or --isic9.")
    tested.write(tested.answer_tests(options.model, options.isic2017, options.isic9), options.out)


def _measure(options: argparse.Namespace) -> None:
    names = [folder.name for folder in options.folds]
    if len(set(names)) < len(names):
        raise UsageError(
            "Two of the folders have one name, by which their figures are told. Rename one: {names}.",
            names=", ".join(names),
        )
    classifier = Classifier(options.model) if options.card else None
    if classifier and (tests := tested.read(options.folds[0] / tested.FILE)):
        tested.refuse_other_model(tests, classifier.sha256, options.folds[0] / tested.FILE)
    found = [measured.measure(folder.name, folder) for folder in options.folds]
    beside = options.out.with_suffix("")
    beside.mkdir(parents=True, exist_ok=True)
    RunFolder.write(beside / "figures.json", msgspec.json.format(msgspec.json.encode(found), indent=1))
    plots.reliability_of_folds(beside / DIAGRAM, {one.name: one.reliability for one in found})
    text = page(found, beside.name)
    RunFolder.write(options.out, text.encode())
    print(f"“{options.out}” written.")
    if classifier:
        blocks = model_card.blocks_of(
            classifier.contract, classifier.sha256, found[0].recipe, found[0].earlier_recipes, text
        )
        card = options.card.read_text(encoding="utf-8")
        RunFolder.write(options.card, model_card.filled(card, blocks).encode())
        print(f"“{options.card}” written.")


def _unseen(options: argparse.Namespace) -> None:
    run = RunFolder(options.out)
    found = unseen.measured(run)
    RunFolder.write(run.path / unseen.FILE, msgspec.json.format(msgspec.json.encode(found), indent=1))
    print(unseen.as_table(found))


def _agree(options: argparse.Namespace) -> None:
    classifier = Classifier(options.model)
    first = agree.Copies(options.first, options.first_aspect)
    found = agree.agree(classifier, first, agree.Copies(options.second, options.second_aspect))
    if options.out:
        RunFolder.write(options.out, agree.as_json(classifier, found))
    print(agree.as_table(found))


VERBS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "cross": _cross,
    "probe": _probe,
    "test": _test,
    "measure": _measure,
    "unseen": _unseen,
    "agree": _agree,
}
"""What runs each of these verbs."""
