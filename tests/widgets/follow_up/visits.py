"""A lesion of a patient with images of earlier visits, as a follow-up finds it."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

from desktop.core.records.history import History
from desktop.core.records.people import Lesion, Patient
from tests.widgets.conftest import Desk


def keep_at_visits(desk: Desk, images: Sequence[tuple[Path, dt.date]]) -> tuple[Patient, Lesion]:
    """Keep images as those of one lesion, each at the visit of its day; leave the window without image and patient."""
    for path, _day in images:
        desk.open_and_keep(path)
    desk.parts.open_image.close()
    with History.open(desk.folder) as history:
        people = history.people
        patient = people.add_patient("P-0412", "female", by="MK")
        lesion = people.add_lesion(patient.id, "L2", "scapula-left", by="MK")
        for path, day in images:
            visit = people.begin_visit(patient.id, day, "", by="MK")
            image_id = people.image_id_of(hashlib.sha256(path.read_bytes()).hexdigest())
            assert image_id is not None
            people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    return patient, lesion


def open_lesion(desk: Desk, patient: Patient, lesion: Lesion) -> None:
    """Open a patient and choose a lesion; its newest image is opened."""
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: desk.parts.open_patient.lesions)
    desk.parts.open_patient.choose(lesion.id)
    desk.wait(lambda: desk.parts.open_image.picture is not None)


def open_todays(desk: Desk, path: Path) -> None:
    """Open today's image of the chosen lesion, and wait until it is placed and has the keys."""
    before = len(desk.parts.open_patient.images)
    desk.parts.window.open_files([path])
    desk.wait(lambda: len(desk.parts.open_patient.images) == before + 1)
    desk.wait(lambda: desk.parts.open_image.picture is not None and desk.parts.open_image.picture.name == path.name)
    desk.settle()
