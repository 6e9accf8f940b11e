"""Images that contradict each other, by the audit: whether they are refused, or which of them are dropped."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from desktop.core.errors import DataError
from desktop.core.labelled_images.audit import CONFLICTS, Audit, FindingKind
from desktop.core.labelled_images.labelled import Split

_RANK: dict[Split, int] = {"train": 0, "validation": 1, "test": 2}
"""If a picture is in two splits, the copies in the lower-ranked split are dropped: evaluation takes precedence."""


def refuse_conflicts(found: Audit, table: Path) -> None:
    """Refuse data that contradict each other.

    Raises:
        DataError: the audit found conflicts; the sentence counts them and says what to do.
    """
    counts = {kind: found.count(kind)[1] for kind in CONFLICTS}
    if any(counts.values()):
        parts = [f"{count} images with the finding “{kind.value}”" for kind, count in counts.items() if count]
        raise DataError(
            "The audit found {conflicts}, which would falsify the figures: see {table}, then give --conflicts drop (leave "
            "them out) or --conflicts keep.",
            conflicts=" and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))),
            table=table,
        )


def dropped_images(found: Audit) -> dict[int, str]:
    """Return the images that `--conflicts drop` drops, each with its reason.

    If a picture or group is in two splits, only its images in the highest-ranked split remain. If the remaining copies of a
    picture disagree on the label, all of them are dropped, since nobody can tell which is right.
    """
    dropped = unreadable_images(found)
    for same in _together(found.pictures, dropped):
        lower = _lower(found, same)
        dropped |= dict.fromkeys(lower, FindingKind.TWO_SPLITS.value)
        rest = [index for index in same if index not in lower]
        if len({found.images[index].label for index in rest}) > 1:
            dropped |= dict.fromkeys(rest, FindingKind.TWO_LABELS.value)
    for group in _together(found.groups, unreadable_images(found)):
        for index in _lower(found, group):
            dropped.setdefault(index, FindingKind.TORN.value)
    return dropped


def _together(numbers: Sequence[int], dropped: Container[int]) -> Iterable[list[int]]:
    """Return the images of each number, without the dropped ones."""
    members: dict[int, list[int]] = defaultdict(list)
    for index, number in enumerate(numbers):
        if index not in dropped:
            members[number].append(index)
    return members.values()


def _lower(found: Audit, members: Sequence[int]) -> list[int]:
    """Return the images that are not in the highest-ranked split among these."""
    ranks = {index: _RANK[found.images[index].split or "train"] for index in members}
    return [index for index in members if ranks[index] < max(ranks.values())]


def unreadable_images(found: Audit) -> dict[int, str]:
    """Return the images that cannot be opened, each with its reason."""
    return {index: FindingKind.UNREADABLE.value for index, problem in enumerate(found.problems) if problem}
