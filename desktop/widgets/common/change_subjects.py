"""What a change acts on, in the names of changes: patient, lesion and image, as far as there are any."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from desktop.core.marking import tr
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.wording import count, translated

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Patient
    from desktop.session.image_owner import ImageOwner


class NewLesion:
    """The name of the change that adds a lesion, whose number is known once it is written."""

    def __init__(self, patient: Patient) -> None:
        self._patient = patient
        self._lesion: Lesion | None = None

    def take(self, lesion: Lesion) -> None:
        """Take the lesion that was written."""
        self._lesion = lesion

    def name(self) -> str:
        """Return the name of the change."""
        return translated(tr("new lesion {subject}")).format(subject=subject_name(self._patient, self._lesion))


def subject_name(patient: Patient | None, lesion: Lesion | None = None, image: str = "") -> str:
    """Return the name of what a change acts on: "P-1, L2 left scapula, one.png"."""
    of_patient = "" if patient is None else patient.pseudonym
    return ", ".join(filter(None, (of_patient, "" if lesion is None else lesion_name(lesion), image)))


def image_names(names: Sequence[str]) -> str:
    """Return the names of images of one place: "one.png", "one.png and two.png", "3 images"."""
    if len(names) > 2:
        return translated(tr("{count} images")).format(count=count(len(names)))
    return _joined(names)


def images_name(owner: ImageOwner) -> str:
    """Return the name of images: "P-1, L2 left scapula, one.png and two.png" where they are of one lesion."""
    owners = groupby(owner.places, key=lambda place: (place[0], place[1]))
    return "; ".join(
        subject_name(patient, lesion, _joined([place[2] for place in places])) for (patient, lesion), places in owners
    )


def patients_name(pseudonyms: Collection[str]) -> str:
    """Return whose several things are, by pseudonyms, empty for those of nobody: "P-1 and no patient", "3 patients"."""
    names = sorted(filter(None, pseudonyms))
    if len(names) > 2:
        names = [translated(tr("{count} patients")).format(count=len(names))]
    names += [translated(tr("no patient"))] if "" in pseudonyms or not names else []
    return _joined(names)


def _joined(names: Sequence[str]) -> str:
    both = translated(tr("{one} and {other}"))
    return names[0] if len(names) == 1 else both.format(one=_joined(names[:-1]), other=names[-1])
