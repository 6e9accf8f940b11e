"""Labels that are none of the nine: their name and malignancy, as a command or a table gives them."""

from collections.abc import Mapping

from desktop.core.errors import UsageError
from desktop.core.inference.contract import Label
from desktop.core.labels import BY_ID, Malignancy, label_id
from desktop.core.marking import tr

_KINDS = ", ".join(Malignancy)


def label_of(name: str, own: Mapping[str, Malignancy]) -> Label:
    """Return the label that a class name stands for: as the app knows it, or with its malignancy in `own`, by id."""
    identity = label_id(name)
    known = BY_ID.get(identity)
    return Label(identity, known.name if known else name.strip(), malignancy(identity, own))


def malignancy(label: str, own: Mapping[str, Malignancy]) -> Malignancy:
    """Return the malignancy of a label by its id: what the app knows of it, else what `own` says."""
    return BY_ID[label].malignancy if label in BY_ID else own.get(label, Malignancy.UNKNOWN)


def malignancies(text: str) -> dict[str, Malignancy]:
    """Read "Spitz nevus=benign; Merkel cell carcinoma=malignant": the malignancy of labels, by their ids.

    Raises:
        UsageError: a part is no NAME=KIND, or contradicts another part or what the app knows.
    """
    found: dict[str, Malignancy] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, _, kind = part.rpartition("=")
        given = malignancy_of(kind)
        if given is None or not label_id(name):
            raise UsageError(
                tr(
                    "“{part}” is no label with its malignancy. Give NAME=KIND, parted by semicolons; KIND is one of {kinds}."
                ),
                part=part,
                kinds=_KINDS,
            )
        add_malignancy(found, name, given)
    return found


def malignancy_of(word: str) -> Malignancy | None:
    """Return the malignancy that a word names in any letter case, None where it names none."""
    folded = word.strip().casefold()
    return Malignancy(folded) if folded in set(Malignancy) else None


def add_malignancy(found: dict[str, Malignancy], name: str, given: Malignancy) -> None:
    """Note the malignancy of the label called `name`.

    Raises:
        UsageError: it contradicts what was noted before, or what the app knows.
    """
    identity = label_id(name)
    before = BY_ID[identity].malignancy if identity in BY_ID else found.get(identity, given)
    if before is not given:
        raise UsageError(
            tr("“{name}” is {given} in one place and {before} in another. Give each label one malignancy."),
            name=name.strip(),
            given=given.value,
            before=before.value,
        )
    found[identity] = given
