"""The verbs that measure a trained network: probe, test images, copies, left-out data, and the page of all figures."""

import argparse
from collections.abc import Callable, Mapping

import msgspec

from desktop.core.errors import UsageError
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SAMPLES
from training import plots
from training.judging import held_out, recipe_files
from training.judging.probe_results import PROBE_FILE, load_probe, save_probe
from training.measuring import (
    card_figures,
    comparison,
    comparison_page,
    copy_agreement,
    model_card,
    probe,
    public_tests,
    unseen,
)
from training.measuring.non_dermoscopy import pictures
from training.measuring.page.full_page import page
from training.measuring.page.thresholds import DIAGRAM
from training.measuring.page.worth_reading import in_words
from training.measuring.readme_summary import SUMMARY, summary
from training.run.run_folder import RunFolder


def _probe(options: argparse.Namespace) -> None:
    run = RunFolder(options.out)
    found = probe.probe(run, options.originals, SAMPLES, pictures)
    save_probe(found, run.path / PROBE_FILE)
    print(copy_agreement.as_table(found.agreements))


def _keep(options: argparse.Namespace) -> None:
    run, folder = RunFolder(options.out), options.folder
    found = held_out.read(run.path / held_out.FILE)
    folder.mkdir(parents=True, exist_ok=True)
    RunFolder.replace(folder / held_out.FILE, lambda part: held_out.write(found, part))
    if run.load_record().settings.without:
        left_out = held_out.read(run.path / held_out.LEFT_OUT)
        RunFolder.replace(folder / held_out.LEFT_OUT, lambda part: held_out.write(left_out, part))
    recipe_files.save_recipe(run.load_record(), folder)
    if probed := load_probe(run.path / PROBE_FILE):
        save_probe(probed, folder / PROBE_FILE)
    print(f"“{folder}” written.")


def _test(options: argparse.Namespace) -> None:
    if not (options.data or options.isic9):
        raise UsageError("There is nothing to test on. Give --data or --isic9.")
    public_tests.write(public_tests.answer_tests(options.model, options.data, options.isic9), options.out)


def _measure(options: argparse.Namespace) -> None:
    names = [folder.name for folder in options.answers]
    if len(set(names)) < len(names):
        raise UsageError(
            "Two of the folders have the same name, which would name their figures. Rename one: {names}.",
            names=", ".join(names),
        )
    classifier = Classifier(options.model) if options.card else None
    if classifier and (tests := public_tests.read(options.answers[0] / public_tests.FILE)):
        public_tests.refuse_other_model(tests, classifier.sha256, options.answers[0] / public_tests.FILE)
    found = [card_figures.count_figures(folder.name, folder) for folder in options.answers]
    beside = options.out.with_suffix("")
    beside.mkdir(parents=True, exist_ok=True)
    RunFolder.write(beside / "figures.json", msgspec.json.format(msgspec.json.encode(found), indent=1))
    plots.reliability_of_folds(beside / DIAGRAM, {one.name: one.reliability for one in found})
    text = page(found, beside.name)
    RunFolder.write(options.out, text.encode())
    print(f"“{options.out}” written.")
    if classifier:
        blocks = model_card.blocks_of(
            classifier.contract,
            classifier.sha256,
            found[0].recipe,
            found[0].earlier_recipes,
            text,
            in_words(found[0]),
        )
        card = options.card.read_text(encoding="utf-8")
        RunFolder.write(options.card, model_card.filled(card, blocks).encode())
        print(f"“{options.card}” written.")
    if options.readme:
        readme = options.readme.read_text(encoding="utf-8")
        RunFolder.write(options.readme, model_card.filled(readme, {SUMMARY: summary(found[0])}).encode())
        print(f"“{options.readme}” written.")


def _unseen(options: argparse.Namespace) -> None:
    run = RunFolder(options.out)
    found = unseen.measure_unseen(run.path, run.load_record())
    RunFolder.write(run.path / unseen.UNSEEN, msgspec.json.format(msgspec.json.encode(found), indent=1))
    print(unseen.as_table(found))


def _compare(options: argparse.Namespace) -> None:
    names = comparison_page.names_of(options.runs)
    found = comparison.compared(options.runs)
    table = comparison_page.as_table(found, names)
    print(table)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        RunFolder.write(options.out / comparison_page.TABLE, f"{table}\n".encode())
        comparison_page.draw(options.out / comparison_page.PICTURE, found, names)
        print(f"“{options.out / comparison_page.TABLE}” and “{options.out / comparison_page.PICTURE}” written.")


def _agree(options: argparse.Namespace) -> None:
    classifier = Classifier(options.model)
    first = copy_agreement.Copies(options.first, options.first_aspect)
    found = copy_agreement.compare_copies(
        classifier, first, copy_agreement.Copies(options.second, options.second_aspect)
    )
    if options.out:
        RunFolder.write(options.out, copy_agreement.as_json(classifier, found))
    print(copy_agreement.as_table(found))


VERBS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "probe": _probe,
    "keep": _keep,
    "test": _test,
    "measure": _measure,
    "unseen": _unseen,
    "compare": _compare,
    "agree": _agree,
}
"""The function of each verb."""
