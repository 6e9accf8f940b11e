"""lesionlens-train: audit, prepare, fit, evaluate, or all of it in one go; each step writes what the next one reads."""

import argparse
import dataclasses
import hashlib
import os
import subprocess
import sys
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.core.errors import AppError, ExportError, UsageError
from desktop.core.paths import SAMPLES, SHIPPED_MODEL
from export.quiet import quiet
from training.architectures import ARCHITECTURES
from training.audit import audit, summary, write_audit
from training.catalogue import read_catalogue
from training.config import Config, Stage, changed, knobs
from training.prepare import prepare
from training.recipes import with_recipe
from training.run_folder import Record, RunFolder
from training.sources import Folders, collect, counted, write_csv

_FAILED, _WRONG_CALL, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; return 0, 1 where it failed, 2 for a wrong call, 130 where it was interrupted."""
    options = _parser().parse_args(arguments)
    try:
        options.verb(options)
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
    if options.name_of_verb == "cross":
        return "Carry on with the same command."
    if "resume" in options and RunFolder(options.out).is_prepared:
        return f"Carry on with: lesionlens-train {options.name_of_verb} --out {options.out} --resume"
    return "To try again, give the same command."


def _audit(options: argparse.Namespace) -> None:
    found = audit(read_catalogue(options.data, labels_from_folders=options.labels_from_folders or False))
    print(summary(found))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        write_audit(found, RunFolder(options.out).audit)


def _sources(options: argparse.Namespace) -> None:
    collected = collect(Folders(options.ham10000, options.ham10000_copies, options.isic2017, options.isic9))
    write_csv(collected, options.out)
    print(counted(collected))


def _prepare(options: argparse.Namespace) -> None:
    run = RunFolder(options.out)
    if run.is_prepared:
        raise UsageError("“{path}” holds a run already. Choose another folder for --out.", path=run.path)
    prepare(Config(**with_recipe(_given(options))), run)


def _fit(options: argparse.Namespace) -> None:
    run = RunFolder(options.out)
    record = _record(options, run)
    if run.model.exists():
        print(f"“{run.path}” is trained already.")
        return
    with quiet():
        from training.fit import fit  # noqa: PLC0415 - Keras takes seconds to import and is needed from here on only
    fit(run, record, resume=options.resume)


def _evaluate(options: argparse.Namespace) -> None:
    from export.seal import seal  # noqa: PLC0415 - onnx, scipy and matplotlib are needed from here on only
    from training.evaluate import evaluate, figures, tested_flags  # noqa: PLC0415
    from training.report import as_markdown, write_report  # noqa: PLC0415

    run = RunFolder(options.out)
    report = evaluate(run, run.load_record(), options.views)
    if options.views > 1:
        # Only what the app does itself stands in the model file and in the run's own report.
        print(as_markdown(report))
        return
    seal(run.classifier, figures(report), tested_flags(report))
    sealed = hashlib.sha256(run.classifier.read_bytes()).hexdigest()
    write_report(run, dataclasses.replace(report, model_sha256=sealed))
    print(run.report_md.read_text(encoding="utf-8"))


def _agree(options: argparse.Namespace) -> None:
    from desktop.core.inference.classifier import Classifier  # noqa: PLC0415 - so is onnxruntime
    from training import agree  # noqa: PLC0415 - scipy is needed from here on only

    classifier = Classifier(options.model)
    first = agree.Copies(options.first, options.first_aspect)
    found = agree.agree(classifier, first, agree.Copies(options.second, options.second_aspect))
    if options.out:
        RunFolder.write(options.out, agree.as_json(classifier, found))
    print(agree.as_table(found))


def _cross(options: argparse.Namespace) -> None:
    from training import agree, cross, judging, out_of_fold  # noqa: PLC0415 - scipy and scikit-learn are needed from here on only

    given = _given(options)
    folds = Config(**with_recipe(given)).folds
    chosen = sorted({number for number in options.only or range(1, folds + 1) if 1 <= number <= folds})
    for number in chosen:
        cross.make_fold(options.out, number, given)
    missing = [number for number in range(1, folds + 1) if not cross.is_finished(cross.fold_of(options.out, number))]
    if missing:
        print(f"Left of {folds} folds: {', '.join(map(str, missing))}.")
        return
    found = cross.collect(options.out, folds)
    out_of_fold.write(found, options.out / out_of_fold.FILE)
    cross.save_recipe(options.out)
    if cross.have_views(options.out, folds):
        out_of_fold.write(cross.collect(options.out, folds, views=8), options.out / out_of_fold.VIEWS_FILE)
    print(cross.as_table(cross.by_copy(found)))
    mix = cross.recipe_of(options.out).settings.calibration
    if agreements := cross.copy_agreement(found, judging.nested(found, mix).probabilities):
        print(f"\n{agree.as_table(agreements)}")


def _test(options: argparse.Namespace) -> None:
    from training import tested  # noqa: PLC0415 - as in _cross

    if not (options.isic2017 or options.isic9):
        raise UsageError("There is nothing to test on. Give --isic2017 or --isic9.")
    tested.write(tested.answer_tests(options.model, options.isic2017, options.isic9), options.out)


def _measure(options: argparse.Namespace) -> None:
    import msgspec  # noqa: PLC0415 - as in _cross

    from desktop.core.inference.classifier import Classifier  # noqa: PLC0415
    from training import measured, measured_page, model_card, plots  # noqa: PLC0415
    from training.measured_thresholds import DIAGRAM  # noqa: PLC0415

    found = [measured.measure(folder.name, folder) for folder in options.folds]
    beside = options.out.with_suffix("")
    beside.mkdir(parents=True, exist_ok=True)
    RunFolder.write(beside / "figures.json", msgspec.json.format(msgspec.json.encode(found), indent=1))
    plots.reliability_of_folds(beside / DIAGRAM, {one.name: one.reliability for one in found})
    page = measured_page.page(found, beside.name)
    RunFolder.write(options.out, page.encode())
    print(f"“{options.out}” written.")
    if options.card:
        classifier = Classifier(options.model)
        blocks = model_card.blocks_of(classifier.contract, classifier.sha256, found[0].recipe, page)
        card = options.card.read_text(encoding="utf-8")
        RunFolder.write(options.card, model_card.filled(card, blocks).encode())
        print(f"“{options.card}” written.")


def _probe(options: argparse.Namespace) -> None:
    from training import agree, cross, probe  # noqa: PLC0415 - as in _cross
    from training.pictures import pictures  # noqa: PLC0415

    runs = cross.finished_folds(options.folds)
    found = probe.probe(runs, options.originals, SAMPLES, pictures)
    probe.save(found, options.folds / probe.FILE)
    print(agree.as_table(found.agreements))


def _run(options: argparse.Namespace) -> None:
    _fit(options)
    _export(RunFolder(options.out))
    _evaluate(options)


def _finish(options: argparse.Namespace) -> None:
    """Do all that comes after the weights again."""
    run = RunFolder(options.out)
    record = run.load_record()
    if not run.weights.exists():
        raise UsageError("“{path}” is not trained yet. Give “lesionlens-train fit” first.", path=run.path)
    settings = changed(record.settings, _given(options), began=True, finished=True)
    record = dataclasses.replace(record, settings=settings)
    with quiet():
        from training.finish import finish  # noqa: PLC0415 - as in _fit
    run.save_record(record)
    finish(run, record)
    _export(run)
    _evaluate(options)


def _export(run: RunFolder) -> None:
    print("Exporting ...", file=sys.stderr)
    # A process of its own: whatever back end trained, the conversion needs TensorFlow's.
    command = [sys.executable, "-m", "export", str(run.model), "-o", str(run.classifier)]
    if subprocess.run(command, env=os.environ | {"KERAS_BACKEND": "tensorflow"}, check=False).returncode:
        raise ExportError("The run stands, but its export failed for the reason above.")


def _record(options: argparse.Namespace, run: RunFolder) -> Record:
    """Return what makes this run: prepared now, or found in its folder and not contradicted."""
    given = _given(options)
    if not run.is_prepared:
        if not options.data:
            run.load_record()
        return prepare(Config(**with_recipe(given)), run)
    if run.began and not options.resume:
        raise UsageError(
            "“{path}” holds a run already. Carry it on with --resume, or choose another folder for --out.",
            path=run.path,
        )
    record = run.load_record()
    return dataclasses.replace(record, settings=changed(record.settings, given, began=run.began))


def _given(options: argparse.Namespace) -> dict[str, Any]:
    """Return the knobs that were given on the command line."""
    given = {name: value for name in knobs() if (value := getattr(options, name, None)) is not None}
    if "data" in given:
        given["data"] = str(Path(given["data"]).resolve())
    for name in ("judged_by", "limits"):
        if given.get(name):
            given[name] = str(Path(given[name]).resolve())
    return given


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lesionlens-train", description="Train a lesion classifier on your images.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB", dest="name_of_verb")

    verb = verbs.add_parser("audit", help="open every image and say what would make figures lie")
    verb.set_defaults(verb=_audit)
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, metavar="RUN", help="also write audit.csv into this folder")
    _add_knobs(verb, only=("labels_from_folders",))

    verb = verbs.add_parser("sources", help="make one CSV out of HAM10000, ISIC 2017 and the nine-class ISIC set")
    verb.set_defaults(verb=_sources)
    verb.add_argument("--ham10000", type=Path, metavar="DIR", help="labels.csv with images/")
    verb.add_argument("--ham10000-copies", type=Path, metavar="DIR", help="other copies of HAM10000 under the same ids")
    verb.add_argument(
        "--isic2017", type=Path, metavar="DIR", help="train.csv with train/, validation.csv with validation/"
    )
    verb.add_argument("--isic9", type=Path, metavar="DIR", help="Train/<class>/ with Test/<class>/")
    verb.add_argument("--out", type=Path, required=True, metavar="CSV", help="the file to write")

    verb = verbs.add_parser("prepare", help="audit, split, and write every image as the model sees it")
    verb.set_defaults(verb=_prepare)
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    _add_knobs(verb)

    for name, function, purpose in (
        ("fit", _fit, "train on a prepared run; with --data prepare it first"),
        ("run", _run, "prepare, fit, export and evaluate in one go"),
    ):
        verb = verbs.add_parser(name, help=purpose)
        verb.set_defaults(verb=function)
        verb.add_argument("--data", type=Path, metavar="DIR", help="folders of classes, or a CSV")
        verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
        verb.add_argument("--resume", action="store_true", help="carry on from the last finished epoch")
        verb.set_defaults(views=1)
        _add_knobs(verb)

    verb = verbs.add_parser("finish", help="judge, export and evaluate a trained network again, without training")
    verb.set_defaults(verb=_finish, views=1)
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    later = [name for name, (_, knob) in knobs().items() if knob.stage in {Stage.JUDGEMENT, Stage.CARD}]
    _add_knobs(verb, only=later)

    verb = verbs.add_parser(
        "cross", help="run every fold, and gather what each image got from a network that never saw it"
    )
    verb.set_defaults(verb=_cross)
    verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="folders of classes, or a CSV")
    verb.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the folds' runs")
    verb.add_argument("--only", type=int, nargs="+", metavar="N", help="make these folds alone, numbered from 1")
    _add_knobs(verb, but=("fold",))

    verb = verbs.add_parser(
        "probe", help="ask the folds' networks about changed copies, spoilt images and pictures that are no dermoscopy"
    )
    verb.set_defaults(verb=_probe)
    verb.add_argument("--folds", type=Path, required=True, metavar="DIR", help="folder of the folds' runs")
    verb.add_argument(
        "--originals",
        type=Path,
        nargs="*",
        default=[],
        metavar="DIR",
        help="larger copies of some images, named by the ids of their pictures",
    )

    verb = verbs.add_parser("test", help="answer the test images of the public sets with a model file")
    verb.set_defaults(verb=_test)
    verb.add_argument("--model", type=Path, required=True, metavar="ONNX", help="the model file")
    verb.add_argument("--isic2017", type=Path, metavar="DIR", help="as for sources")
    verb.add_argument("--isic9", type=Path, metavar="DIR", help="as for sources")
    verb.add_argument("--out", type=Path, required=True, metavar="CSV", help="the file to write")

    verb = verbs.add_parser(
        "measure", help="count every figure again from the answers of folds, and write the page of them"
    )
    verb.set_defaults(verb=_measure)
    verb.add_argument(
        "--folds", type=Path, nargs="+", required=True, metavar="DIR", help="the answers of each recipe, ours first"
    )
    verb.add_argument("--out", type=Path, required=True, metavar="MD", help="the page; a folder of its name beside it")
    verb.add_argument("--card", type=Path, metavar="MD", help="the model card that the figures are filled into")
    verb.add_argument("--model", type=Path, default=SHIPPED_MODEL, metavar="ONNX", help="whose card it is")

    verb = verbs.add_parser("agree", help="compare a model's answers to two copies of the same images")
    verb.set_defaults(verb=_agree)
    verb.add_argument("--model", type=Path, required=True, metavar="ONNX", help="the model file")
    for which in ("first", "second"):
        verb.add_argument(f"--{which}", type=Path, required=True, metavar="DIR", help="copies of the images")
        verb.add_argument(
            f"--{which}-aspect",
            type=float,
            metavar="RATIO",
            help="width by height of the frames that are squashed here",
        )
    verb.add_argument("--out", type=Path, metavar="JSON", help="also write the figures into this file")

    verb = verbs.add_parser("evaluate", help="measure the exported model through the app's own path")
    verb.set_defaults(verb=_evaluate)
    verb.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")
    verb.add_argument(
        "--views",
        type=int,
        choices=(1, 8),
        default=1,
        help="8: average the answers to all quarter turns and mirror images",
    )
    return parser


def _add_knobs(parser: argparse.ArgumentParser, only: Sequence[str] = (), but: Sequence[str] = ()) -> None:
    """Make one option of each knob; what is not given stays None, so that a resumed run keeps its own."""
    for name, (kind, knob) in knobs().items():
        if name == "data" or name in but or (only and name not in only):
            continue
        option = f"--{name.replace('_', '-')}"
        default = getattr(Config, name)
        text = f"{knob.why} [{knob.unit}; default: {default if default != '' else 'none'}]".replace("%", "%%")
        if kind is bool:
            parser.add_argument(option, action=argparse.BooleanOptionalAction, default=None, help=text)
        elif name == "architecture":
            parser.add_argument(option, choices=[one.name for one in ARCHITECTURES], help=text)
        elif typing.get_origin(kind) is typing.Literal:
            parser.add_argument(option, choices=typing.get_args(kind), help=text)
        else:
            parser.add_argument(option, type=kind, metavar=kind.__name__.upper(), help=text)


if __name__ == "__main__":
    sys.exit(main())
