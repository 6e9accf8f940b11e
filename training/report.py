"""Write the results of a run: `report.json` for programs, `report.md` and its pictures for people."""

import msgspec

from desktop.core.labelled_images.labelled import SPLITS, Split
from desktop.core.statistics.calibration import Calibration
from desktop.core.statistics.proportions import Mean, Proportion
from training import paper, plots
from training.figures import SplitFigures
from training.formatting import markdown_table
from training.report_data import FEWEST_TO_LEARN, RunReport, listed
from training.run.run_folder import RunFolder

_SPLIT_NAMES = {
    "train": "Training images, measured afterwards",
    "validation": "Validation images",
    "test": "Test images",
}

_PICTURES = (
    ("samples.png", "Samples of the training images"),
    ("curves.png", "Accuracy and loss over the epochs"),
    ("confusion.png", "Confusion matrix"),
    ("labels.png", "Precision and recall of each label"),
    ("reliability.png", "Reliability diagram"),
)


def write_report(run: RunFolder, report: RunReport) -> None:
    """Write `report.json`, `report.md` and the pictures into the run."""
    run.write(run.report_json, msgspec.json.format(msgspec.json.encode(report), indent=2))
    run.write(run.report_md, as_markdown(report).encode())
    taught = sorted(
        (image for image in run.load_images() if image.split == "train" and image.row >= 0), key=lambda i: i.row
    )
    labels = [image.label for image in taught]
    seed = report.record.settings.seed
    plots.samples(run.path / "samples.png", run.load_array("train"), labels, report.record.labels, seed)
    plots.curves(run.path / "curves.png", run.load_history())
    plots.confusion(run.path / "confusion.png", report.main_split)
    plots.by_label(run.path / "labels.png", report.main_split)
    plots.reliability(run.path / "reliability.png", report.held_out or report.splits)


def as_markdown(report: RunReport) -> str:
    """Return the report as Markdown."""
    contract = report.contract
    parts = [
        f"# {contract.name}",
        f"Made with `{report.command}`.",
        _network(report),
        "## Accuracy and loss",
        _overall(report),
        _HOW_MEASURED,
        *([_VIEWS] if report.views > 1 else []),
        *(["## By source and copy", _by_source(report)] if report.by_source else []),
        *(["## Calibration", _calibration(report.calibration)] if report.calibration else []),
        "## What to know before believing these figures",
        "\n".join(f"- {remark}" for remark in _remarks(report)),
    ]
    for figures in reversed(report.held_out):
        parts += [f"## Each label, {figures.accuracy.n} {figures.split} images", _labels(figures)]
        if figures.flags:
            parts += [f"### Flags on the {figures.split} images", _flags(report, figures)]
    parts += ["## Pictures", *(f"### {title}\n\n![{title}]({file})" for file, title in _PICTURES)]
    return "\n\n".join(parts) + "\n"


_HOW_MEASURED = (
    "Intervals are 95 %: Wilson's for proportions, by the normal approximation for the loss, wider if several images show one "
    "lesion or picture. Every split was measured on the exported file, along the path that the app takes; only the first line "
    "was logged by Keras during training, on augmented images with dropout on."
)


_VIEWS = (
    "Each answer is the mean over eight views of its image: its quarter turns and their mirror images. The app uses one "
    "view."
)


def _by_source(report: RunReport) -> str:
    rows = [
        [one.split, one.source, one.copy, _share(one.accuracy), f"{100 * one.balanced_accuracy:.1f} %"]
        for one in report.by_source
    ]
    return markdown_table(["split", "source", "copy", "accuracy", "balanced accuracy"], rows)


def _calibration(calibration: Calibration) -> str:
    rows = [
        [name, *(f"{value:.3f}" if value is not None else "–" for value in (before, after))]
        for name, before, after in (
            ("the most probable label", calibration.before.top, calibration.after.top),
            ("melanoma", calibration.before.melanoma, calibration.after.melanoma),
            ("malignant, the sum", calibration.before.malignant, calibration.after.malignant),
        )
    ]
    errors = markdown_table(["expected calibration error", "before", "after"], rows)
    fitted = " and an offset for each label" if any(calibration.offsets) else ""
    return (
        f"Temperature {calibration.temperature:.3f}{fitted}, fitted on {calibration.images} images. The "
        "errors below are measured on the same images, in 15 bins of equal mass. The prior that it assumes is in the contract."
        f"\n\n{errors}"
    )


def _network(report: RunReport) -> str:
    contract = report.contract
    return (
        f"Architecture {contract.architecture.name}, {contract.architecture.parameters:,} parameters, input "
        f"{contract.input_size} × {contract.input_size} ({contract.fit}). Model file SHA-256 `{report.model_sha256}`."
    )


def _overall(report: RunReport) -> str:
    with_paper = report.is_papers_set and report.contract.architecture.name == paper.NETWORK
    header = ["", "right", "accuracy", "loss", *(["the paper's accuracy", "the paper's loss"] if with_paper else [])]
    trained = report.while_training
    rows = [
        [
            f"Training images in epoch {trained.epoch}, while training",
            *_counted(trained.accuracy),
            f"{trained.loss:.3f}",
            *(paper.FIGURES["while training"] if with_paper else ()),
        ]
    ]
    for split in SPLITS:
        if figures := report.of(split):
            theirs = paper.FIGURES.get(split, ("", "")) if with_paper else ()
            rows.append([_name(split, report), *_counted(figures.accuracy), _mean(figures.loss), *theirs])
    for group in report.contract.groups:
        for figures in reversed(report.held_out):
            if figures.grouped:
                name = f"{_name(figures.split, report)}, {group.name.lower()} as one"
                rows.append([name, *_counted(figures.grouped), "", *(("", "") if with_paper else ())])
    return markdown_table(header, rows)


def _name(split: Split, report: RunReport) -> str:
    """Return the name of a split; of images on which something was fitted it says so."""
    name = _SPLIT_NAMES[split]
    return f"{name}, which set {listed(report.settled)}" if split == "validation" and report.settled else name


def _remarks(report: RunReport) -> list[str]:
    remarks = []
    if report.record.settings.without:
        remarks.append(
            f"The images of {report.record.settings.without} were left out of training and serve as test images."
        )
    if report.record.settings.conflicts == "keep" and (report.contradicted or any(report.leaked.values())):
        remarks.append("Contradictory images were kept in training, as `--conflicts keep` says.")
    if report.contradicted:
        remarks.append(f"{report.contradicted} training images show a picture that also carries another label.")
    if report.leaked["train"]:
        remarks.append(
            f"{report.leaked['train']} test images share a picture or a lesion with training, and so measure memory."
        )
    if report.leaked["validation"]:
        remarks.append(f"{report.leaked['validation']} test images share a picture or a lesion with validation.")
    for reason, count in sorted(report.left_out.items()):
        remarks.append(f"{count} images were left out: {reason}.")
    for name in report.empty:
        count = next(
            report.contract.training_data.label_counts[label.id]
            for label in report.contract.labels
            if label.name == name
        )
        remarks.append(
            f"{name} is practically empty: it has {count} training images, and fewer than {FEWEST_TO_LEARN} teach nothing. "
            "Its figures mean nothing, and they distort means over labels."
        )
    if report.of("test") is None:
        also = f", and the validation images also set {listed(report.settled)}" if report.settled else ""
        remarks.append(f"There are no test images{also}.")
    means = f"balanced accuracy {100 * report.main_split.balanced_accuracy:.1f} %"
    if report.main_split.mean_auc is not None:
        means += f", mean one-vs-rest AUC {report.main_split.mean_auc:.3f}"
    remarks.append(f"Means over the labels that have {report.main_split.split} images: {means}.")
    return remarks


def _labels(figures: SplitFigures) -> str:
    rows = [
        [
            one.name,
            str(one.support),
            _share(one.precision),
            _share(one.recall),
            f"{one.auc:.3f}" if one.auc is not None else "–",
        ]
        for one in figures.labels
    ]
    return markdown_table(["label", "images", "precision", "recall", "one-vs-rest AUC"], rows)


def _flags(report: RunReport, figures: SplitFigures) -> str:
    measured_on = {flag.name: flag.measured_on for flag in report.contract.flags}
    rows = [
        [one.name, f"{one.threshold:.4f}", measured_on[one.name], _share(one.sensitivity), _share(one.specificity)]
        for one in figures.flags
    ]
    return markdown_table(["flag", "threshold", "set on", "sensitivity", "specificity"], rows)


def _counted(share: Proportion) -> list[str]:
    return [f"{share.k} / {share.n}", f"{100 * share.value:.2f} % {_interval(share)}"]


def _share(share: Proportion | None) -> str:
    return f"{share.k} / {share.n} = {100 * share.value:.1f} % {_interval(share)}" if share else "–"


def _interval(share: Proportion) -> str:
    return f"({100 * share.low:.1f} – {100 * share.high:.1f} %)"


def _mean(mean: Mean) -> str:
    return f"{mean.value:.3f} ({mean.low:.3f} – {mean.high:.3f})"
