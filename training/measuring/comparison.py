"""The main figures of networks on the same held-out images, and their differences from the first by paired bootstrap.

Each draw takes the same lesions for all networks, so that variation that they share cancels in the difference. If all
trainings left the same source out (`--without`), its images are compared as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.labels import MELANOMA
from desktop.core.statistics.bootstrap import DRAWS, Estimate, Weights, bootstrapped
from desktop.core.statistics.ranking import Ranked
from training.judging.alerts import AlertKind, Lesions, kinds_of, raised
from training.judging.held_out import FILE, FOLLOWED, LEFT_OUT, HeldOutAnswers, read
from training.judging.recipe_files import recipe_of
from training.judging.thresholds import CrossFitted, cross_fit
from training.measuring.alert_figures import FEWEST, proved_of
from training.measuring.class_figures import SEVEN_CLASSES, sets_of
from training.measuring.unseen import fitted_on_the_rest
from training.run.run_folder import RunRecord

_Figure = Callable[[Weights], float]


@dataclass(frozen=True)
class Compared:
    """A figure of each network on `n` lesions or images; `differences` are those of the second and later from the first.

    A share is a proportion, which is told in per cent; any other figure is an AUC.
    """

    name: str
    n: int
    is_share: bool
    figures: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]


@dataclass(frozen=True)
class _Judged:
    found: HeldOutAnswers
    fitted: CrossFitted


def compared(folders: Sequence[Path]) -> tuple[Compared, ...]:
    """Compare the answers in two or more folders, each a run or what `keep` copied of one.

    Raises:
        DataError: a folder holds no answers or no recipe, or they are answers to other images or labels than the first's.
    """
    records = [recipe_of(folder) for folder in folders]
    priors = [record.settings.calibration for record in records]
    held = _same_images(folders, records, FILE)
    networks = [_Judged(found, cross_fit(found, prior)) for found, prior in zip(held, priors, strict=True)]
    figures = [*_alerts(networks), *_classes(networks)]
    if all((folder / LEFT_OUT).is_file() for folder in folders):
        out = _same_images(folders, records, LEFT_OUT)
        networks = [
            _Judged(found, fitted_on_the_rest(own, found, prior))
            for own, found, prior in zip(held, out, priors, strict=True)
        ]
        figures += [replace(one, name=f"left out: {one.name}") for one in (*_alerts(networks), *_classes(networks))]
    return tuple(figures)


def _same_images(folders: Sequence[Path], records: Sequence[RunRecord], file: str) -> list[HeldOutAnswers]:
    """Return the answers in each folder, in the order of the first."""
    answers = [
        replace(read(folder / file), own={label.id: label.malignancy for label in record.labels})
        for folder, record in zip(folders, records, strict=True)
    ]
    first = answers[0]
    same = [first]
    for folder, other in zip(folders[1:], answers[1:], strict=True):
        places = {(image.image, image.source, image.label): place for place, image in enumerate(other.images)}
        order = [places.get((image.image, image.source, image.label), -1) for image in first.images]
        if first.labels != other.labels or sorted(order) != list(range(len(other.images))):
            raise DataError(
                "“{first}” and “{second}” hold answers to other images or labels. Compare networks that held out the "
                "same.",
                first=folders[0],
                second=folder,
            )
        # The metadata come from one table, because two audits may number the groups differently.
        same.append(replace(other, images=first.images, probabilities=other.probabilities[order], novelty=None))
    return same


def _alerts(networks: Sequence[_Judged]) -> Iterator[Compared]:
    """Yield the figures of the alerts on biopsied lesions and followed-up nevi, at their default working points."""
    found = networks[0].found
    chosen, proof = proved_of(found, np.ones(len(found.images), bool))
    lesions = Lesions(found, chosen)
    followed = Lesions(found, found.having(confirmed_by=FOLLOWED, label="nevus"))
    is_nevus = lesions.any(found.having(label="nevus"))
    for kind in kinds_of(found):
        if not all(kind.id in one.fitted.alert_scores for one in networks):
            continue
        positive = lesions.any(np.isin(found.truth, [found.labels.index(label) for label in kind.labels]))
        nevi, others = is_nevus & ~positive, ~is_nevus & ~positive
        for name, side in {"nevi": nevi, "others": others}.items():
            if min(positive.sum(), side.sum()) >= FEWEST:
                areas = [_area(one, kind, lesions, positive, side) for one in networks]
                yield _by_lesion(f"{kind.name}, {proof}: AUC against {name}", areas, positive | side)
        for name, whose, side in (
            (f"{proof}: found", lesions, positive),
            (f"{proof}: raised for nevi", lesions, nevi),
            (f"{proof}: raised for others", lesions, others),
            ("raised for followed nevi", followed, np.ones(followed.count, bool)),
        ):
            if side.sum() >= FEWEST:
                shares = [_share(one, kind, whose, side) for one in networks]
                yield _by_lesion(f"{kind.name}, {name}", shares, side, is_share=True)


def _area(
    one: _Judged, kind: AlertKind, lesions: Lesions, positive: NDArray[np.bool_], negative: NDArray[np.bool_]
) -> _Figure:
    chosen = positive | negative
    ranked = Ranked(lesions.mean(one.fitted.alert_scores[kind.id].scores)[chosen], positive[chosen])
    return lambda weights: ranked(weights)[0]


def _share(one: _Judged, kind: AlertKind, lesions: Lesions, chosen: NDArray[np.bool_]) -> _Figure:
    hits = raised(lesions, one.fitted.alert_scores[kind.id], kind.default)[chosen]
    return lambda weights: float((weights * hits).sum() / weights.sum())


def _classes(networks: Sequence[_Judged]) -> Iterator[Compared]:
    """Yield balanced accuracy of seven classes and the AUC of the probability of melanoma, on all images and by source."""
    sets = [sets_of(one.found, one.fitted).get(SEVEN_CLASSES) for one in networks]
    answers = [one for one in sets if one is not None]
    if len(answers) < len(networks):
        return
    sources = np.array([image.source for image in networks[0].found.images])
    melanoma = answers[0].truth == answers[0].classes.index(MELANOMA)
    parts = {"all images": np.ones(len(sources), bool)}
    if len(by_source := {source: sources == source for source in sorted(set(sources.tolist()))}) > 1:
        parts |= by_source
    for part, chosen in parts.items():
        if min((chosen & melanoma).sum(), (chosen & ~melanoma).sum()) < FEWEST:
            continue
        own, groups = [one.where(chosen) for one in answers], networks[0].found.groups[chosen]
        balanced = [_balanced(one.probabilities.argmax(axis=1) == one.truth, one.truth) for one in own]
        yield _paired(f"{part}: balanced accuracy, seven classes", balanced, groups, is_share=True)
        ranked = [Ranked(one.probabilities[:, one.classes.index(MELANOMA)], melanoma[chosen]) for one in own]
        areas = [lambda weights, of=of: of(weights)[0] for of in ranked]
        yield _paired(f"{part}: AUC of the probability of melanoma", areas, groups)


def _balanced(right: NDArray[np.bool_], truth: NDArray[np.int64]) -> _Figure:
    def balanced(weights: Weights) -> float:
        totals = np.bincount(truth, weights)
        hits = np.bincount(truth, weights * right)
        return float((hits[totals > 0] / totals[totals > 0]).mean())

    return balanced


def _by_lesion(name: str, figures: Sequence[_Figure], chosen: NDArray[np.bool_], *, is_share: bool = False) -> Compared:
    return _paired(name, figures, np.arange(int(chosen.sum())), is_share=is_share)


def _paired(name: str, figures: Sequence[_Figure], groups: NDArray[np.int64], *, is_share: bool = False) -> Compared:
    def all_of(weights: Weights) -> dict[str, float]:
        values = [figure(weights) for figure in figures]
        differences = [value - values[0] for value in values]
        return {f"{place}": value for place, value in enumerate((*values, *differences))}

    found = bootstrapped(all_of, groups, DRAWS)
    estimates = [found[f"{place}"] for place in range(2 * len(figures))]
    return Compared(name, len(groups), is_share, tuple(estimates[: len(figures)]), tuple(estimates[len(figures) + 1 :]))
