"""The pictures of a run's report, each readable without the text."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from desktop.core.inference.contract import Label, ReliabilityCurve
from training.figures import SplitFigures
from training.plot_style import BLUE, GREY, INK, ORANGE, PALE, SHADES, STYLE, per_cent
from training.run.run_folder import EpochFigures

_SAMPLES_A_LABEL = 8
_TARGETS = {"top": "most probable label", "malignant": "malignant, the sum"}


def samples(path: Path, pixels: NDArray[np.uint8], truth: Sequence[str], labels: Sequence[Label], seed: int) -> None:
    """Draw some training images of each label as model inputs, before augmentation."""
    random = np.random.default_rng(seed)
    with rc_context(STYLE):
        figure = Figure((_SAMPLES_A_LABEL * 1.05 + 2.4, len(labels) * 1.1 + 0.7), layout="constrained")
        axes = figure.subplots(len(labels), _SAMPLES_A_LABEL, squeeze=False)
        for row, label in zip(axes, labels, strict=True):
            places = np.array([place for place, one in enumerate(truth) if one == label.id], int)
            chosen = np.sort(random.permutation(places)[:_SAMPLES_A_LABEL])
            for axis in row:
                axis.set_axis_off()
            for axis, place in zip(row, chosen, strict=False):
                axis.imshow(pixels[place], interpolation="bilinear")
            row[0].text(
                -0.12,
                0.5,
                f"{label.name}\n{len(places)} images" if len(places) != 1 else f"{label.name}\n1 image",
                transform=row[0].transAxes,
                ha="right",
                va="center",
            )
        figure.suptitle("Training images as the model sees them", x=0.01, ha="left", fontweight="bold", fontsize=12)
        figure.savefig(path)


def curves(path: Path, history: Sequence[EpochFigures]) -> None:
    """Draw accuracy and loss over the epochs."""
    epochs = [one.epoch for one in history]
    with rc_context(STYLE):
        figure = Figure((10, 4), layout="constrained")
        left, right = figure.subplots(1, 2)
        for axis, title, train, validation in (
            (left, "Accuracy", [one.accuracy for one in history], [one.val_accuracy for one in history]),
            (right, "Loss (cross-entropy)", [one.loss for one in history], [one.val_loss for one in history]),
        ):
            axis.plot(epochs, train, color=BLUE, marker="o", markersize=3.5, label="training (augmented, dropout on)")
            if None not in validation:
                axis.plot(epochs, validation, color=ORANGE, marker="s", markersize=3.5, label="validation")
            axis.set_title(title)
            axis.set_xlabel("epoch")
            axis.set_xlim(0.5, len(epochs) + 0.5)
            axis.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
            axis.grid(axis="y", color=PALE)
            axis.set_axisbelow(True)
        left.yaxis.set_major_formatter(per_cent())
        left.legend(loc="best")
        figure.savefig(path)


def confusion(path: Path, figures: SplitFigures) -> None:
    """Draw the confusion matrix: counts as numbers, the share of each true label as shade."""
    counts = np.array(figures.confusion)
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    names = [one.name for one in figures.labels]
    side = len(names) * 0.62
    with rc_context(STYLE):
        figure = Figure((side + 3.6, side + 2.6), layout="constrained")
        axis = figure.subplots()
        mesh = axis.imshow(shares, cmap=SHADES, vmin=0, vmax=1)
        for row, column in np.ndindex(*counts.shape):
            if counts[row, column]:
                dark = shares[row, column] > 0.5  # white reads better from the middle of the scale on
                axis.text(
                    column, row, str(counts[row, column]), ha="center", va="center", color="white" if dark else INK
                )
        axis.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
        axis.set_yticks(range(len(names)), [f"{one.name} ({one.support})" for one in figures.labels])
        axis.set_xlabel("the model's answer")
        axis.set_ylabel("true label (images)")
        axis.set_title(f"Confusion matrix, {figures.accuracy.n} {figures.split} images")
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        axis.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
        axis.set_yticks(np.arange(len(names) + 1) - 0.5, minor=True)
        axis.grid(which="minor", color=PALE)
        axis.tick_params(which="minor", length=0)
        bar = figure.colorbar(mesh, ax=axis, shrink=0.7, format=per_cent())
        bar.set_label("share of the true label's images")
        bar.outline.set_visible(False)
        figure.savefig(path)


def by_label(path: Path, figures: SplitFigures) -> None:
    """Draw precision and recall of each label with their intervals and the label's support."""
    with rc_context(STYLE):
        figure = Figure((9, len(figures.labels) * 0.52 + 1.5), layout="constrained")
        axis = figure.subplots()
        for place, one in enumerate(figures.labels):
            for value, colour, marker, offset in (
                (one.precision, BLUE, "o", -0.14),
                (one.recall, ORANGE, "s", 0.14),
            ):
                if value is None:
                    axis.text(
                        0.005,
                        place + offset,
                        "never answered" if marker == "o" else "no image",
                        va="center",
                        color=GREY,
                        fontsize=8,
                    )
                    continue
                axis.plot([value.low, value.high], [place + offset] * 2, color=colour, alpha=0.45, linewidth=2.5)
                axis.plot(value.value, place + offset, color=colour, marker=marker, markersize=6.5)
        axis.plot([], [], color=BLUE, marker="o", label="precision")
        axis.plot([], [], color=ORANGE, marker="s", label="recall")
        axis.set_yticks(range(len(figures.labels)), [f"{one.name} ({one.support})" for one in figures.labels])
        axis.invert_yaxis()
        axis.set_xlim(-0.015, 1.015)
        axis.xaxis.set_major_formatter(per_cent())
        axis.set_title(f"Precision and recall, {figures.accuracy.n} {figures.split} images")
        axis.set_xlabel("share, with its 95 % interval")
        axis.set_ylabel("label (images)")
        axis.grid(axis="x", color=PALE)
        axis.set_axisbelow(True)
        axis.tick_params(axis="y", length=0)
        figure.legend(loc="outside lower right", ncols=2)
        figure.savefig(path)


def reliability(path: Path, splits: Sequence[SplitFigures]) -> None:
    """Draw a reliability diagram for each split."""
    with rc_context(STYLE):
        figure = Figure((5.4 * len(splits), 5.4), layout="constrained")
        axes = figure.subplots(1, len(splits), squeeze=False, sharey=True)[0]
        for axis, figures in zip(axes, splits, strict=True):
            _reliability(axis, figures)
        axes[0].set_ylabel("share of right answers")
        figure.savefig(path)


def _reliability(axis: Axes, figures: SplitFigures) -> None:
    axis.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="as often right as sure")
    axis.plot(
        [one.confidence for one in figures.bins],
        [one.accuracy for one in figures.bins],
        color=BLUE,
        marker="o",
        markersize=6.5,
        clip_on=False,
        zorder=3,
        label=f"as many images in each of {len(figures.bins)} points",
    )
    axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="highest probability of an answer")
    axis.legend(loc="upper left")
    axis.xaxis.set_major_formatter(per_cent())
    axis.yaxis.set_major_formatter(per_cent())
    axis.set_title(
        f"{figures.accuracy.n} {figures.split} images: calibration error {100 * figures.calibration_error:.1f} %"
    )
    axis.grid(color=PALE)
    axis.set_axisbelow(True)


def reliability_of_folds(path: Path, curves: Mapping[str, Sequence[ReliabilityCurve]]) -> None:
    """Draw the reliability diagrams of each recipe, by name."""
    columns = max(len(some) for some in curves.values())
    with rc_context(STYLE | {"svg.hashsalt": "lesionlens", "svg.fonttype": "none"}):
        figure = Figure((4.2 * columns, 4.2 * len(curves)), layout="constrained")
        axes = figure.subplots(len(curves), columns, squeeze=False, sharex=True, sharey=True)
        for row, (name, some) in zip(axes, curves.items(), strict=True):
            for axis, curve in zip(row, some, strict=False):
                axis.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
                sure, came_true = [
                    [getattr(one, field) for one in curve.points] for field in ("confidence", "observed")
                ]
                axis.plot(sure, came_true, color=BLUE, marker="o", markersize=4.5, clip_on=False, zorder=3)
                axis.set(xlim=(0, 1), ylim=(0, 1), title=f"{name}: {_TARGETS.get(curve.name, curve.name)}")
                axis.xaxis.set_major_formatter(per_cent())
                axis.yaxis.set_major_formatter(per_cent())
                axis.grid(color=PALE)
                axis.set_axisbelow(True)
            row[0].set_ylabel("share that came true")
        for axis in axes[-1]:
            axis.set_xlabel("probability")
        figure.savefig(path, metadata={"Date": None})
