"""What the labels of a clinic's data mean to a model: its own labels, its groups, and other words for them."""

from dataclasses import dataclass
from difflib import get_close_matches

from desktop.core.diagnoses import counts_as, read_diagnosis
from desktop.core.inference.contract import Contract
from desktop.core.labels import label_id

_ALIKE = 0.8
"""From which share of letters in common a word is taken for a label that was written wrong."""


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


def nearest_label(name: str, contract: Contract) -> str:
    """Return the label or group of the model that is written most like a word, empty if none is written like it."""
    known = {label_id(group.name): group.id for group in contract.groups}
    known |= {group.id: group.id for group in contract.groups}
    known |= {label: label for label in contract.label_ids}
    return next((known[one] for one in get_close_matches(label_id(name), known, 1, _ALIKE)), "")


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
