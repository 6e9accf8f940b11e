"""The results of the alerts on held-out lesions: first on those that were biopsied, then on all others.

The unit is the lesion, by the mean score of its images; intervals are by bootstrap over lesions. Every AUC and proportion
comes from the score that raises the alert, fitted without the lesion itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.core.labels import MELANOMA
from desktop.core.statistics.bootstrap import DRAWS, Estimate, Weights, bootstrapped
from desktop.core.statistics.ranking import Ranked
from training.judging.alerts import AlertKind, AlertScores, Lesions, is_metastasis, kinds_of, raised
from training.judging.held_out import BIOPSIED, FOLLOWED, HeldOutAnswers

FEWEST = 20
"""Fewest lesions for a rate."""

_PART_DRAWS = 300
_YOUNG = 40


@dataclass(frozen=True)
class LesionShare:
    """`k` of `n` lesions with a 95 % interval: by bootstrap, or Clopper and Pearson's if k is 0 or n."""

    k: int
    n: int
    low: float
    high: float


@dataclass(frozen=True)
class AlertRow:
    """The results of an alert on some lesions.

    `part` names the criterion by which the lesions are chosen, `value` its value. `positives` have one of the alert's labels;
    `nevi` and `others` are the negatives. There are two AUCs, against nevi and against other negatives, and at the default
    working point the positives found and the negatives that raised the alert. Figures of fewer than `FEWEST` lesions are None.
    """

    part: str
    value: str
    positives: int
    nevi: int
    others: int
    auc_nevi: Estimate | None
    auc_others: Estimate | None
    found: LesionShare | None
    nevi_raised: LesionShare | None
    others_raised: LesionShare | None


@dataclass(frozen=True)
class WorkingPointRow:
    """The results of one working point on biopsied lesions, and (`followed_raised`) on nevi that follow-up proved benign."""

    aim: float
    found: LesionShare | None
    nevi_raised: LesionShare | None
    others_raised: LesionShare | None
    followed_raised: LesionShare | None


@dataclass(frozen=True)
class AlertFigures:
    """All results of one alert: on all `biopsied` lesions and `parts` of them, at its working `points`, and on `wider` sets.

    `sources` has a row for each source, named by `part`: of its biopsied lesions, or of all if it does not say how its
    diagnoses were proved, as `value` says.
    """

    id: str
    name: str
    biopsied: AlertRow
    points: tuple[WorkingPointRow, ...]
    parts: tuple[AlertRow, ...]
    wider: tuple[AlertRow, ...]
    sources: tuple[AlertRow, ...]


def figures_of_alerts(found: HeldOutAnswers, alert_scores: Mapping[str, AlertScores]) -> tuple[AlertFigures, ...]:
    """Return the figures of each alert that the model has; `alert_scores` is by alert id."""
    return tuple(_figures(found, alert_scores[kind.id], kind) for kind in kinds_of(found) if kind.id in alert_scores)


def _figures(found: HeldOutAnswers, alert_scores: AlertScores, kind: AlertKind) -> AlertFigures:
    biopsied = found.having(confirmed_by=BIOPSIED) & ~is_metastasis(found)
    points = []
    for aim in kind.working_points:
        row = row_of(found, alert_scores, kind, biopsied, "", "", aim=aim)
        points.append(
            WorkingPointRow(
                aim, row.found, row.nevi_raised, row.others_raised, followed_raised(found, alert_scores, aim)
            )
        )
    return AlertFigures(
        kind.id,
        kind.name,
        row_of(found, alert_scores, kind, biopsied, "", "biopsied, all", DRAWS),
        tuple(points),
        tuple(
            row_of(found, alert_scores, kind, biopsied & chosen, part, value)
            for part, value, chosen in _parts(found, kind)
            if (biopsied & chosen).any()
        ),
        tuple(row_of(found, alert_scores, kind, chosen, "", value) for value, chosen in _wider(found)),
        tuple(
            row_of(found, alert_scores, kind, chosen, source, lesions)
            for source, here in _sources(found)
            for chosen, lesions in [proved_of(found, here)]
        ),
    )


def proved_of(found: HeldOutAnswers, here: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], str]:
    """Return which images an alert is judged on at a source, and what these lesions are, in words.

    They are its biopsied lesions, or all if the source, whose images are `here`, does not say how they were proved.
    Metastases of melanoma are left out.
    """
    biopsied = found.having(confirmed_by=BIOPSIED)
    has_proof = bool((biopsied & here).any())
    chosen = here & ~is_metastasis(found) & (biopsied if has_proof else True)
    return chosen, "biopsied" if has_proof else "all; how they were proved is not known"


def followed_raised(found: HeldOutAnswers, alert_scores: AlertScores, aim: float) -> LesionShare | None:
    """Return the share of nevi proved benign by follow-up that raise an alert at an aim; None if there are none."""
    followed = found.having(confirmed_by=FOLLOWED, label="nevus")
    return _share(raised(Lesions(found, followed), alert_scores, aim), _PART_DRAWS) if followed.any() else None


def row_of(
    found: HeldOutAnswers,
    alert_scores: AlertScores,
    kind: AlertKind,
    chosen: NDArray[np.bool_],
    part: str,
    value: str,
    draws: int = _PART_DRAWS,
    aim: float | None = None,
) -> AlertRow:
    """Return the figures of an alert on the lesions of the chosen images, at its default working point or another `aim`."""
    lesions = Lesions(found, chosen)
    positive = lesions.any(np.isin(found.truth, [found.labels.index(label) for label in kind.labels]))
    is_nevus = lesions.any(found.having(label="nevus")) & ~positive
    is_other = ~positive & ~is_nevus
    scores = lesions.mean(alert_scores.scores)
    is_raised = raised(lesions, alert_scores, kind.default if aim is None else aim)

    def share(here: NDArray[np.bool_]) -> LesionShare | None:
        return _share(is_raised[here], draws) if here.sum() >= FEWEST else None

    def area(negative: NDArray[np.bool_]) -> Estimate | None:
        if min(positive.sum(), negative.sum()) < FEWEST:
            return None
        both = positive | negative
        ranked = Ranked(scores[both], positive[both])

        def figures(weights: Weights) -> dict[str, float]:
            return {"AUC": ranked(weights)[0]}

        return bootstrapped(figures, np.arange(int(both.sum())), draws)["AUC"]

    return AlertRow(
        part,
        value,
        int(positive.sum()),
        int(is_nevus.sum()),
        int(is_other.sum()),
        area(is_nevus),
        area(is_other),
        share(positive),
        share(is_nevus),
        share(is_other),
    )


def _share(hits: NDArray[np.bool_], draws: int) -> LesionShare:
    k, n = int(hits.sum()), len(hits)
    if k in {0, n}:
        edge = float(0.025 ** (1 / n))
        return LesionShare(k, n, *((0.0, 1 - edge) if k == 0 else (edge, 1.0)))

    def figures(weights: Weights) -> dict[str, float]:
        return {"share": float((weights * hits).sum() / weights.sum())}

    one = bootstrapped(figures, np.arange(n), draws)["share"]
    return LesionShare(k, n, one.low, one.high)


def _parts(found: HeldOutAnswers, kind: AlertKind) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    ages = np.array([float(one.age) if one.age else np.nan for one in found.images])
    values = {
        "source": np.array([one.source for one in found.images]),
        "skin tone, 0 darkest": np.array([one.skin_tone for one in found.images]),
        "age (years)": np.array([_band(age) for age in ages]),
        "sex": _known(one.sex for one in found.images),
        "site": _known(one.site for one in found.images),
    }
    for part, own in values.items():
        for value in sorted(set(own.tolist()) - {""}):
            yield part, value, own == value
        if part.startswith("age"):
            yield part, f"under {_YOUNG}", ages < _YOUNG
    if kind.id == MELANOMA:
        diagnoses = np.array([one.diagnosis.casefold() for one in found.images])
        melanoma = found.having(label=MELANOMA)
        for name in ("in situ", "invasive"):
            own = np.char.find(diagnoses, name) >= 0
            sources = {one.source for one, is_own in zip(found.images, own & melanoma, strict=True) if is_own}
            same = np.isin(values["source"], sorted(sources))
            yield "melanoma, as " + ", ".join(sorted(sources)) + " names it", name, same & (own | ~melanoma)


def _sources(found: HeldOutAnswers) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each source, and which images are its."""
    sources = np.array([one.source for one in found.images])
    for source in sorted(set(sources.tolist())):
        yield source, sources == source


def _known(values: Iterable[str]) -> NDArray[np.str_]:
    return np.array(["" if value == "unknown" else value for value in values])


def _band(age: float) -> str:
    if np.isnan(age):
        return ""
    low = int(age) // 20 * 20
    return f"{low} to {low + 19}"


def _wider(found: HeldOutAnswers) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the sets that are not limited to biopsies: all images of each source, and of all sources."""
    no_metastasis = ~is_metastasis(found)
    for source, here in _sources(found):
        is_proved = any(one.confirmed_by for one, own in zip(found.images, here, strict=True) if own)
        name = f"{source}, all images" if is_proved else f"{source}, all images; how they were proved is not known"
        yield name, here & no_metastasis
    yield "all images of all sources", no_metastasis
