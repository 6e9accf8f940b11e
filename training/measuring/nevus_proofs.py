"""How well a network's embedding separates followed-up from biopsied nevi of the same source.

If the two come from different devices, a network can learn the device instead of the lesion. A logistic regression on the
embeddings of held-out nevi, cross-validated by lesion, measures how much of that the embedding holds.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from desktop.core.statistics.bootstrap import Weights, bootstrapped
from desktop.core.statistics.ranking import Ranked
from training.judging.held_out import BIOPSIED, FOLLOWED
from training.judging.probe_results import NevusProofs
from training.measuring.alert_figures import FEWEST
from training.run.run_folder import PreparedImage

_FOLDS = 10
_STRENGTH = 0.01
"""C of scikit-learn's regression, on standardised features: there are about as many features as lesions."""

_SEED = 0
_AREA = "AUC"


def proved_nevi(images: Sequence[PreparedImage]) -> list[PreparedImage]:
    """Return the nevi that the data say were biopsied or followed up."""
    return [image for image in images if image.label == "nevus" and image.confirmed_by in {BIOPSIED, FOLLOWED}]


def told_apart(
    sources: NDArray[np.str_],
    groups: NDArray[np.int64],
    is_followed: NDArray[np.bool_],
    embeddings: NDArray[np.floating],
) -> tuple[NevusProofs, ...]:
    """Return how well the two are separated in each source with at least `FEWEST` lesions of both.

    Args:
        sources: the source of each image [n].
        groups: the lesion of each image [n]; a lesion counts once, by the mean of its embeddings.
        is_followed: whether the nevus was followed up, for each image [n]; a lesion with a biopsied image is biopsied.
        embeddings: [n, d].
    """
    return tuple(_found(sources, groups, is_followed, embeddings))


def _found(
    sources: NDArray[np.str_],
    groups: NDArray[np.int64],
    is_followed: NDArray[np.bool_],
    embeddings: NDArray[np.floating],
) -> Iterator[NevusProofs]:
    for source in sorted(set(sources.tolist())):
        here = sources == source
        _, lesion, counts = np.unique(groups[here], return_inverse=True, return_counts=True)
        sums = np.zeros((len(counts), embeddings.shape[1]))
        np.add.at(sums, lesion, embeddings[here])
        followed = np.bincount(lesion, ~is_followed[here]) == 0
        if min(followed.sum(), (~followed).sum()) < FEWEST:
            continue
        model = make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=1000))
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
        ranked = Ranked(
            cross_val_predict(model, sums / counts[:, None], followed, cv=folds, method="decision_function"), followed
        )

        def area(weights: Weights, ranked: Ranked = ranked) -> dict[str, float]:
            return {_AREA: ranked(weights)[0]}

        auc = bootstrapped(area, np.arange(len(counts)))[_AREA]
        yield NevusProofs(source, int(followed.sum()), int((~followed).sum()), auc)
