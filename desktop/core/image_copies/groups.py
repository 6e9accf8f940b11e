"""Grouping: joins pairs to groups, finds images with a common key, and finds groups that two splits share."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence


def joined(count: int, pairs: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Return the group of each of `count` items: the smallest item to which pairs connect it."""
    parents = list(range(count))

    def root(item: int) -> int:
        while parents[item] != item:
            parents[item] = parents[parents[item]]
            item = parents[item]
        return item

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parents[high] = low
    return tuple(root(item) for item in range(count))


def alike(items: Iterable[int], keys: Iterable[Hashable]) -> Iterator[tuple[int, ...]]:
    """Yield each set of two or more items that have the same key; `keys` are in the order of the items."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for item, key in zip(items, keys, strict=True):
        groups[key].append(item)
    return (tuple(group) for group in groups.values() if len(group) > 1)


def leaked(tested: Sequence[int], taught: Iterable[int]) -> int:
    """Return how many test images share a group with other images; both are given by their images' groups."""
    known = set(taught)
    return sum(group in known for group in tested)
