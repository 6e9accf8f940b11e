"""The images of an epoch and their order: pictures sampled by label, and one copy of each picture.

If there are several copies of a picture, an epoch shows one of them. Kinds of copies are not equally frequent in all labels
(HAM10000 has larger copies of 64 % of its nevi and 44 % of its melanomas), so that the kind of copy could become a clue to the
label. Therefore, within each source, every kind of copy is sampled with the same frequency in every label.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_COPY = 3
"""The random stream of the choice of copies; see `batches` for the others."""


@dataclass(frozen=True)
class SampledImage:
    """What sampling needs to know about an image: its label's index, its source, its picture and kind of copy.

    `share` is the share of the epochs that may show it.
    """

    label: int
    source: str = ""
    picture: str = ""
    copy: str = ""
    share: float = 1.0


class Sampler:
    """The order of an epoch, as rows of the training images; it depends on seed and epoch alone."""

    def __init__(self, images: Sequence[SampledImage], balance: float) -> None:
        """Group the images into pictures.

        Args:
            images: the training images in the order of their rows.
            balance: 0 shows every picture once; 1 shows all labels equally often; values between interpolate.
        """
        pictures: dict[object, list[int]] = defaultdict(list)
        for row, image in enumerate(images):
            pictures[image.picture or row].append(row)
        self._pictures = list(pictures.values())
        self._labels = np.array([images[rows[0]].label for rows in self._pictures])
        self._shares = np.array([images[rows[0]].share for rows in self._pictures])
        self._chances = _chances(images, self._pictures)
        self._balance = balance
        self._latest: tuple[tuple[int, ...], NDArray[np.int64]] = (), np.empty(0, np.int64)

    def __len__(self) -> int:
        return round(float(self._shares.sum()))

    @property
    def images(self) -> int:
        """The number of all images, of which an epoch shows some."""
        return sum(map(len, self._pictures))

    def shares(self, labels: int) -> tuple[float, ...]:
        """Return the share of each of `labels` labels among the pictures that an epoch shows."""
        shown = np.zeros(labels)
        present, quotas = self._quotas()
        shown[present] = quotas
        return tuple((shown / shown.sum()).tolist())

    def epoch(self, number: int, seed: int, stream: int) -> NDArray[np.int64]:
        """Return the rows of epoch `number` in the order in which they are shown."""
        if self._latest[0] != (number, seed, stream):  # an epoch is asked for once for each of its parts
            self._latest = (number, seed, stream), self._shown(number, seed, stream)
        return self._latest[1]

    def _shown(self, number: int, seed: int, stream: int) -> NDArray[np.int64]:
        random = np.random.default_rng((seed, number, stream))
        order = random.permutation(self._kept(random)) if not self._balance else self._balanced(random)
        copies = np.random.default_rng((seed, number, _COPY))
        return np.array([self._drawn(int(place), copies) for place in order], np.int64)

    def _drawn(self, picture: int, random: np.random.Generator) -> int:
        rows = self._pictures[picture]
        if len(rows) == 1:
            return rows[0]
        return rows[int(random.choice(len(rows), p=self._chances[picture]))]

    def _kept(self, random: np.random.Generator) -> NDArray[np.int64]:
        """Return the pictures of an epoch; of those with a share below 1, a different sample each time."""
        rare = np.flatnonzero(self._shares < 1)
        if not len(rare):
            return np.arange(len(self._pictures))
        usual = np.flatnonzero(self._shares >= 1)
        chances = self._shares[rare] / self._shares[rare].sum()
        drawn = random.choice(rare, len(self) - len(usual), replace=False, p=chances)
        return np.sort(np.concatenate([usual, drawn]))

    def _balanced(self, random: np.random.Generator) -> NDArray[np.int64]:
        """Return the pictures of an epoch with the labels' shares balanced.

        Pictures of rare labels are repeated, each equally often; frequent labels are subsampled.
        """
        chosen = []
        kept = self._kept(random)
        for label, quota in zip(*self._quotas(), strict=True):
            own = kept[self._labels[kept] == label]
            rounds = [random.permutation(own) for _ in range(-(-int(quota) // len(own)))]
            chosen.append(np.concatenate(rounds)[:quota])
        return random.permutation(np.concatenate(chosen))

    def _quotas(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the labels that have pictures, and how many of each an epoch shows."""
        present = np.unique(self._labels)
        counts = np.bincount(self._labels, self._shares)[present]
        shares = counts ** (1 - self._balance)
        return present, _whole(len(self) * shares / shares.sum())


def _whole(parts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round parts to whole numbers, at least 1 each, with the same sum."""
    ends = np.rint(np.cumsum(parts)).astype(np.int64)
    whole = np.diff(ends, prepend=0)
    missing = int((1 - whole).clip(0).sum())
    whole = whole.clip(1)
    whole[whole.argmax()] -= missing
    return whole


def _chances(images: Sequence[SampledImage], pictures: Sequence[Sequence[int]]) -> list[NDArray[np.float64]]:
    """Return for each picture the probability of each of its rows.

    In a source with K kinds of copies, the most frequent kind is the default. Every other kind k gets the share
    s(k) = min over labels of q(k, label) / K, where q is the share of the label's pictures that have this kind. A picture that
    has it shows it with probability s(k) / q(k, label); averaged over the label, that is s(k) for every label.
    """
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    totals: Counter[tuple[str, int]] = Counter()
    having: Counter[tuple[str, int, str]] = Counter()
    for rows in pictures:
        first = images[rows[0]]
        totals[first.source, first.label] += 1
        for copy in {images[row].copy for row in rows}:
            kinds[first.source][copy] += 1
            having[first.source, first.label, copy] += 1
    usual = {source: counted.most_common(1)[0][0] for source, counted in kinds.items()}
    share = {
        (source, copy): min(having[source, label, copy] / n for (of, label), n in totals.items() if of == source)
        / len(counted)
        for source, counted in kinds.items()
        for copy in counted
    }
    chances = []
    for rows in pictures:
        first = images[rows[0]]
        weights = np.zeros(len(rows))
        for place, row in enumerate(rows):
            copy = images[row].copy
            if copy != usual[first.source]:
                covered = having[first.source, first.label, copy] / totals[first.source, first.label]
                weights[place] = share[first.source, copy] / covered
        usuals = [place for place, row in enumerate(rows) if images[row].copy == usual[first.source]]
        if usuals:
            weights[usuals] = (1 - weights.sum()) / len(usuals)
        chances.append(weights / weights.sum() if weights.sum() else np.full(len(rows), 1 / len(rows)))
    return chances
