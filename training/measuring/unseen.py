"""The answers of a network to the source or label that its training left out (`--without`).

Calibration, alert scores and thresholds are fitted on the images held out of the rest. The figures on those images are
cross-fitted, as for the shipped network.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.statistics.bootstrap import DRAWS, Estimate, Weights, bootstrapped
from desktop.core.statistics.ranking import Ranked
from training.calibrate import Prior, prior_weights
from training.formatting import format_estimate, markdown_table
from training.images.exclusions import LABEL, SOURCE, parse_exclusion
from training.judging.alerts import ALERT_KINDS, AlertKind, AlertScores, is_metastasis
from training.judging.contract_figures import measured_on
from training.judging.held_out import BIOPSIED, FILE, LEFT_OUT, HeldOutAnswers, read
from training.judging.recipe_files import recipe_of
from training.judging.thresholds import CrossFitted, cross_fit, cross_fit_with, fit_thresholds
from training.measuring.alert_figures import AlertRow, LesionShare, followed_raised, proved_of, row_of
from training.run.run_folder import RunRecord

UNSEEN = "unseen.json"

_AREA = "AUC"


@dataclass(frozen=True)
class UnseenAlert:
    """An alert at its default working point, on the `left_out` lesions and on those `held_out` of the rest.

    Both rows are of biopsied lesions. If the left-out source does not say how its diagnoses were proved, its row is of all its
    lesions and says so. `followed` and `held_out_followed` count the alerts on nevi that follow-up proved benign.
    """

    id: str
    name: str
    left_out: AlertRow
    followed: LesionShare | None
    held_out: AlertRow
    held_out_followed: LesionShare | None


@dataclass(frozen=True)
class UnseenFigures:
    """The figures of the left-out `images` of `lesions`, and of the `held_out` images of the rest.

    `kind` is `source` or `label`, `value` its name. `novelty` is the AUC of novelty for left-out against held-out images.
    `alerts` are of a left-out source; `called` counts the other labels that images of a left-out label were given.
    """

    kind: str
    value: str
    images: int
    lesions: int
    held_out: int
    epochs: int
    pixels: int
    alerts: tuple[UnseenAlert, ...]
    novelty: Estimate | None
    called: dict[str, int]


def kept_in(folder: Path) -> tuple[UnseenFigures, ...]:
    """Return the figures of the trainings without a source or label whose answers are in subfolders of a folder of answers.

    Raises:
        DataError: the answers in one of them cannot be read.
    """
    found = sorted(path.parent for path in folder.glob(f"*/{LEFT_OUT}"))
    return tuple(measure_unseen(one, recipe_of(one)) for one in found)


def measure_unseen(folder: Path, record: RunRecord) -> UnseenFigures:
    """Return the figures of a network on what its training left out.

    Args:
        folder: the run, or the folder of its answers.
        record: the record of the run.

    Raises:
        DataError: nothing was left out, or the answers are missing or cannot be read.
    """
    if not record.settings.without:
        raise DataError("“{path}” is no run that was made --without a source or a label. Make one first.", path=folder)
    kind, value = parse_exclusion(record.settings.without)
    held, out = read(folder / FILE), read(folder / LEFT_OUT)
    judged = fitted_on_the_rest(held, out, record.settings.calibration)
    return UnseenFigures(
        kind=kind,
        value=value,
        images=len(out.images),
        lesions=len(set(out.groups.tolist())),
        held_out=len(held.images),
        epochs=record.settings.epochs,
        pixels=record.settings.input_size,
        alerts=_alerts(held, out, judged, record) if kind == SOURCE else (),
        novelty=_novelty(held, out),
        called=_called(out, judged.probabilities, value) if kind == LABEL else {},
    )


def fitted_on_the_rest(held: HeldOutAnswers, out: HeldOutAnswers, prior: Prior) -> CrossFitted:
    """Return what each left-out image gets from the calibration and thresholds fitted on the images held out of the rest."""
    fitted = fit_thresholds(held, prior, measured_on(held))
    return cross_fit_with(out, lambda _: fitted, prior_weights(out.truth, len(out.labels), prior))


def _alerts(
    held: HeldOutAnswers, out: HeldOutAnswers, judged: CrossFitted, record: RunRecord
) -> tuple[UnseenAlert, ...]:
    cross_fitted = cross_fit(held, record.settings.calibration).alert_scores
    return tuple(
        _alert(kind, held, cross_fitted[kind.id], out, judged.alert_scores[kind.id])
        for kind in ALERT_KINDS
        if kind.id in judged.alert_scores and kind.id in cross_fitted
    )


def _alert(
    kind: AlertKind, held: HeldOutAnswers, held_scores: AlertScores, out: HeldOutAnswers, out_scores: AlertScores
) -> UnseenAlert:
    chosen, name = proved_of(out, np.ones(len(out.images), bool))
    held_biopsied = held.having(confirmed_by=BIOPSIED) & ~is_metastasis(held)
    return UnseenAlert(
        kind.id,
        kind.name,
        row_of(out, out_scores, kind, chosen, "left out", name, DRAWS),
        followed_raised(out, out_scores, kind.default),
        row_of(held, held_scores, kind, held_biopsied, "held out of the rest", "biopsied", DRAWS),
        followed_raised(held, held_scores, kind.default),
    )


def _novelty(held: HeldOutAnswers, out: HeldOutAnswers) -> Estimate | None:
    if held.novelty is None or out.novelty is None:
        return None
    is_out = np.arange(len(held.images) + len(out.images)) >= len(held.images)
    groups = np.concatenate([held.groups, out.groups + held.groups.max() + 1])
    ranked = Ranked(np.concatenate([held.novelty, out.novelty]), is_out)

    def area(weights: Weights) -> dict[str, float]:
        return {_AREA: ranked(weights)[0]}

    return bootstrapped(area, groups)[_AREA]


def _called(out: HeldOutAnswers, probabilities: NDArray[np.float64], label: str) -> dict[str, int]:
    others = [place for place, name in enumerate(out.labels) if name != label]
    leading = probabilities[:, others].argmax(axis=1)
    return dict(Counter(out.labels[others[place]] for place in leading.tolist()).most_common())


def as_table(found: UnseenFigures) -> str:
    """Return the figures as a table for the screen."""
    rows = [
        ["images left out", str(found.images)],
        ["images held out of the rest", str(found.held_out)],
        ["novelty, left out against held out, AUC", format_estimate(found.novelty, is_share=False)],
    ]
    for alert in found.alerts:
        for row in (alert.left_out, alert.held_out):
            about = f"{alert.name}, {row.part}"
            rows += [
                [f"{about}: lesions of it, nevi, others", f"{row.positives}, {row.nevi}, {row.others}"],
                [f"{about}: AUC against nevi", format_estimate(row.auc_nevi, is_share=False)],
                [f"{about}: AUC against others", format_estimate(row.auc_others, is_share=False)],
            ]
    rows += [[f"called {label}", f"{count} of {found.images}"] for label, count in found.called.items()]
    return markdown_table([f"without {found.kind} {found.value}", ""], rows)
