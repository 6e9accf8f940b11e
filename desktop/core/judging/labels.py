"""What the labels of a clinic's data mean to a model: its own labels, its groups, and other words for them."""

from dataclasses import dataclass

from desktop.core.diagnoses import counts_as, read_diagnosis
from desktop.core.inference.contract import Contract
from desktop.core.labels import label_id


@dataclass(frozen=True)
class Meanings:
    """By the label of the data, the label or group of the model that it stands for; the others are `unknown`."""

    known: dict[str, str]
    unknown: tuple[str, ...]


def meanings(names: dict[str, str], contract: Contract) -> Meanings:
    """Find out what labels stand for.

    A label that the model has stands for itself, the id or name of one of its groups for the group. Another word stands for the
    label as which statistics count it ("naevus", "lentigo maligna").

    Args:
        names: by the label's id, its name as the data write it.
        contract: the model's.
    """
    known = {label: meant for label, name in names.items() if (meant := _meaning(label, name, contract))}
    return Meanings(known, tuple(label for label in names if label not in known))


def members(truth: str, contract: Contract) -> tuple[str, ...]:
    """Return the labels that are right for a lesion of this label or group."""
    return next((group.labels for group in contract.groups if group.id == truth), (truth,))


def _meaning(label: str, name: str, contract: Contract) -> str:
    if label in contract.label_ids:
        return label
    for group in contract.groups:
        if label in {label_id(group.id), label_id(group.name)}:
            return group.id
    counted = counts_as(read_diagnosis(name.replace("_", " ")).diagnosis)
    return counted if counted in contract.label_ids else ""
