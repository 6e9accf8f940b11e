"""What belongs together: pairs joined to groups, images with something in common, and groups that two parts share."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence


def joined(count: int, pairs: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Return for each of `count` items the number of its group: the smallest item that pairs connect it with."""
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
    """Yield the items that have the same key, given in the same order, where there is more than one."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for item, key in zip(items, keys, strict=True):
        groups[key].append(item)
    return (tuple(group) for group in groups.values() if len(group) > 1)


def leaked(tested: Sequence[int], taught: Iterable[int]) -> int:
    """Return how many test images show what also stands elsewhere: both are given by the groups of their images."""
    known = set(taught)
    return sum(group in known for group in tested)
