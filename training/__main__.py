"""lesionlens-train: audit, prepare, fit, evaluate, or all of them at once; each step writes what the next one reads."""

import argparse
import dataclasses
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from desktop.core.errors import AppError, ExportError, UsageError
from desktop.core.inference.classifier import Classifier
from desktop.core.judging.better import Measure
from desktop.core.judging.training_pictures import SUFFIX
from desktop.core.labelled_images.audit import audit, summary, write_audit
from desktop.core.labelled_images.improve_command import RUN
from export.quiet import quiet
from training.images.catalogue import read_catalogue
from training.images.corrections import CORRECTED, with_corrections
from training.knob_options import chosen_recipe, given_knobs
from training.options import parser
from training.prepare import prepare
from training.run import process
from training.run.config import Config, with_changes
from training.run.limits import read_limits
from training.run.recipes import with_recipe
from training.run.run_folder import RunFolder, RunRecord
from training.sources import collect, counts_table, training_pictures, write_csv
from training.suspects import PAGE, TABLE, find_suspects, write_suspects

_FAILED, _WRONG_CALL, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; return 0, 1 if it failed, 2 for a usage error, 130 if it was interrupted."""
    options = parser(chosen_recipe(arguments)).parse_args(arguments)
    try:
        _VERBS.get(options.name_of_verb, _measuring)(options)
    except AppError as error:
        print(error, file=sys.stderr)
        return _WRONG_CALL if isinstance(error, UsageError) else _FAILED
    except OSError as error:
        print(f"A file cannot be written or read ({error}). {_how_to_go_on(options)}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        print(f"\nStopped. {_how_to_go_on(options)}", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _how_to_go_on(options: argparse.Namespace) -> str:
    if "resume" in options and RunFolder(options.out).is_prepared:
        return f"Carry on with: lesionlens-train {options.name_of_verb} --out {options.out} --resume"
    return "To try again, give the same command."


def _audit(options: argparse.Namespace) -> None:
    catalogue = read_catalogue(
        options.data,
        labels_from_folders=options.labels_from_folders or False,
        malignancy=options.malignancy or "",
    )
    if options.corrections:
        catalogue = with_corrections(catalogue, Path(options.corrections))
    found = audit(catalogue.images)
    print(summary(found, catalogue.remarks))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        write_audit(found, RunFolder(options.out).audit)


def _suspects(options: argparse.Namespace) -> None:
    if options.count < 1:
        raise UsageError("--count is {count}; give 1 or more.", count=options.count)
    found, folder = find_suspects(options.runs, options.count), options.out or options.runs[0]
    write_suspects(found, folder)
    print(
        f"{found.judged} of {found.total} images were answered out of fold. “{folder / TABLE}” and “{folder / PAGE}” "
        f"written: enter labels into the column {CORRECTED}, then train with --corrections {folder / TABLE}."
    )


def _tune(options: argparse.Namespace) -> None:
    with quiet():
        from training.tuning import study  # noqa: PLC0415 - as in _fit, and optuna

    budget = {"hours": options.hours, "trials": options.trials}
    if all(limit is None for limit in budget.values()):
        raise UsageError("Give --hours, --trials or both: tuning ends as soon as one of them is spent.")
    for name, limit in budget.items():
        if limit is not None and not limit > 0:
            raise UsageError("--{name} is {limit}; give more than 0.", name=name, limit=limit)
    found = study.tune(options.out, study.Plan(given_knobs(options), options.biopsied), study.Budget(**budget))
    if found.best is None:
        print(
            f"No trial is complete yet ({found.pruned} pruned). To go on, give the same command with a larger budget."
        )
        return
    recipe = "" if found.recipe is None else f"; with the recipe's own settings it is {found.recipe:.4f}"
    print(
        f"{found.trials} trials, {found.pruned} of them pruned. Mean AUC of the alerts on biopsied lesions: at best "
        f"{found.best:.4f}{recipe}. Train with: lesionlens-train run --settings {options.out / study.BEST} --data ... --out ..."
    )


def _sources(options: argparse.Namespace) -> None:
    collected = collect(options.manifest)
    write_csv(collected, options.out)
    print(counts_table(collected))


def _pictures(options: argparse.Namespace) -> None:
    fingerprint = Classifier(options.model).contract.training_data.fingerprint
    found = training_pictures(options.manifest, fingerprint)
    target = options.model.with_suffix(SUFFIX)
    target.write_bytes(found.to_bytes())
    print(f"“{target}” written: {len(found.known)} pictures.")


def _prepare(options: argparse.Namespace) -> None:
    run = RunFolder(options.out)
    if run.is_prepared:
        raise UsageError("“{path}” holds a run already. Choose another folder for --out.", path=run.path)
    _checked_and_prepared(options, run)


def _checked_and_prepared(options: argparse.Namespace, run: RunFolder) -> RunRecord:
    """Prepare the data of a run, after what a training would refuse an hour later was tried."""
    config = Config(**with_recipe(given_knobs(options)))
    _refuse_wrong_start(config)
    return prepare(config, run)


def _refuse_wrong_start(config: Config) -> None:
    read_limits(config.limits, ())
    with quiet():
        from training.networks.weights import refuse_wrong_start  # noqa: PLC0415 - Keras takes seconds to import

        refuse_wrong_start(config)


def _fit(options: argparse.Namespace) -> None:
    run = RunFolder(options.out)
    this = process.chosen(options)
    if this:
        process.take_jax()
        if this.count > 1 and not run.is_prepared:
            raise UsageError(
                "“{path}” holds no prepared run. Before several processes train, give “lesionlens-train prepare” once.",
                path=run.path,
            )
    record = _record(options, run)
    if run.model.exists():
        print(f"“{run.path}” is trained already.")
        return
    with quiet():
        from training.fit import fit  # noqa: PLC0415 - Keras takes seconds to import and is needed from here on only
    fit(run, record, resume=options.resume, process=this)


def _evaluate(options: argparse.Namespace) -> None:
    from export.seal import seal  # noqa: PLC0415 - onnx, scipy and matplotlib are needed from here on only
    from training.evaluate import evaluate  # noqa: PLC0415
    from training.report import as_markdown, write_report  # noqa: PLC0415
    from training.report_data import figures_for_contract, tested_flags  # noqa: PLC0415

    run = RunFolder(options.out)
    report = evaluate(run, run.load_record(), options.views)
    if options.views > 1:
        # The app uses one view: figures of eight go neither into the model file nor into the run's report.
        print(as_markdown(report))
        return
    seal(run.classifier, figures_for_contract(report), tested_flags(report))
    sealed = hashlib.sha256(run.classifier.read_bytes()).hexdigest()
    write_report(run, dataclasses.replace(report, model_sha256=sealed))
    print(run.report_md.read_text(encoding="utf-8"))


def _run(options: argparse.Namespace) -> None:
    _fit(options)
    if options.distribute and options.distribute.index:
        return  # the first process does the rest
    _export(RunFolder(options.out))
    _evaluate(options)


def _recalibrate(options: argparse.Namespace) -> None:
    from export.temperature import rewrite  # noqa: PLC0415 - onnx and scipy are needed here only
    from training.recalibration.figures import told  # noqa: PLC0415
    from training.recalibration.recalibrate import recalibrate  # noqa: PLC0415

    if options.output.resolve() == options.model.resolve():
        raise UsageError("--output names the model file itself. Give another file: the earlier one is kept.")
    contract, made = recalibrate(options.model, options.data, biopsied=options.biopsied)
    rewrite(options.model, contract, made.temperature, options.output)
    if (noted := options.model.with_suffix(SUFFIX)).exists():
        shutil.copyfile(noted, options.output.with_suffix(SUFFIX))
    print(told(made))
    print(f"“{options.output}” written. LesionLens shows its card before it is used: Model > Choose another model.")


def _improve(options: argparse.Namespace) -> None:
    """Train a model on exported lesions, unless that is done, and judge it against its base."""
    from training.improving import data  # noqa: PLC0415 - needed here only
    from training.improving.judge import judge  # noqa: PLC0415
    from training.improving.looks import note_look  # noqa: PLC0415
    from training.improving.page import write_page  # noqa: PLC0415
    from training.improving.preparing import prepared  # noqa: PLC0415

    run = RunFolder(options.out / RUN)
    if run.began and not (options.resume or run.model.exists()):
        raise UsageError(
            "“{path}” holds a run already. Carry it on with --resume, or choose another folder for --out.",
            path=run.path,
        )
    base = Classifier(data.base_model(options.base), threads=0)
    found = data.read_data(options.data, base, options.base_data)
    given = {name: value for name, value in given_knobs(options).items() if name != "data"}
    record = prepared(found, base, run, options.out / "images.csv", options.base, given, _refuse_wrong_start)
    if not run.model.exists():
        with quiet():
            from training.fit import fit  # noqa: PLC0415 - as in _fit
        fit(run, record, resume=options.resume)
    if not run.report_md.exists():
        _export(run)
        _evaluate(argparse.Namespace(out=run.path, views=1))
    taught = {one.lesion for one in run.load_images() if one.split != "test" and one.row >= 0}
    data.note_learned(run.classifier, base.path, found.export, sorted(taught & {one.lesion for one in found.own}))
    new = Classifier(run.classifier, threads=0)
    look = note_look(options.data, found.export, new.sha256)
    judged = judge(found, base, new, Measure[options.measure.upper()], look)
    page = write_page(options.out, options.data, judged, base, new)
    print(page.read_text(encoding="utf-8"))
    print(f"“{page}” written. The new model is “{run.classifier}”.")


def _finish(options: argparse.Namespace) -> None:
    """Repeat everything that follows on the weights."""
    run = RunFolder(options.out)
    record = run.load_record()
    if not run.weights.exists():
        raise UsageError("“{path}” is not trained yet. Give “lesionlens-train fit” first.", path=run.path)
    settings = with_changes(record.settings, given_knobs(options), began=True, finished=True)
    record = dataclasses.replace(record, settings=settings)
    with quiet():
        from training.finish import finish  # noqa: PLC0415 - as in _fit
    finish(run, record)
    run.save_record(record)
    _export(run)
    _evaluate(options)


def _outline(options: argparse.Namespace) -> None:
    run = RunFolder(options.out)
    record = run.load_record()
    with quiet():
        from training.outline import teach  # noqa: PLC0415 - as in _fit
    print(teach(run, record, options.outlines, sources=options.by, epochs=options.epochs, images=options.images))


def _export(run: RunFolder) -> None:
    print("Exporting ...", file=sys.stderr)
    # In a separate process: the conversion needs TensorFlow, whatever back end trained.
    command = [sys.executable, "-m", "export", str(run.model), "-o", str(run.classifier)]
    if subprocess.run(command, env=os.environ | {"KERAS_BACKEND": "tensorflow"}, check=False).returncode:
        raise ExportError("The run is complete, but its export failed for the reason above.")


def _record(options: argparse.Namespace, run: RunFolder) -> RunRecord:
    """Return the record of this run: prepared now, or read from its folder if the options do not contradict it."""
    knobs = given_knobs(options)
    if not run.is_prepared:
        if not options.data:
            run.load_record()
        return _checked_and_prepared(options, run)
    if run.began and not options.resume:
        raise UsageError(
            "“{path}” holds a run already. Carry it on with --resume, or choose another folder for --out.",
            path=run.path,
        )
    record = run.load_record()
    return dataclasses.replace(record, settings=with_changes(record.settings, knobs, began=run.began))


def _measuring(options: argparse.Namespace) -> None:
    from training.measuring import verbs  # noqa: PLC0415 - scipy, scikit-learn and matplotlib are needed from here on only

    verbs.VERBS[options.name_of_verb](options)


_VERBS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "audit": _audit,
    "suspects": _suspects,
    "tune": _tune,
    "sources": _sources,
    "pictures": _pictures,
    "prepare": _prepare,
    "fit": _fit,
    "run": _run,
    "evaluate": _evaluate,
    "finish": _finish,
    "outline": _outline,
    "recalibrate": _recalibrate,
    "improve": _improve,
}
"""The verbs that train and evaluate one run; all others are in `measuring`."""


if __name__ == "__main__":
    sys.exit(main())
