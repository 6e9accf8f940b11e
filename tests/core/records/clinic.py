"""A history of one patient, for the tests of what is left undone."""

import datetime as dt

from desktop.core.records.care_steps import CareStep
from desktop.core.records.history import History
from desktop.core.records.people import ImageKind, Lesion, Margins, Patient, Visit
from desktop.core.records.safety_net import CLOSED_BY, Gap, OpenItem
from tests.core.records.history_contents import START, an_answer, an_image
from tests.making import contract

DAY = START.astimezone().date()
LATER = DAY + dt.timedelta(days=30)


class Clinic:
    """A history with one patient, and an image with an alert for each lesion.

    Its model is a demonstration, unless it `is_for_patients`.
    """

    def __init__(self, history: History, *, is_for_patients: bool = False) -> None:
        self.contract = contract(intended_use="research") if is_for_patients else contract()
        self.history = history
        self.patient: Patient = history.people.add_patient("P-0412", "female", by="MK")
        self.visit: Visit = history.people.begin_visit(self.patient.id, DAY, "", by="MK")
        self.images = 0

    def image(
        self,
        lesion: Lesion | None,
        visit: Visit | None,
        flags: tuple[str, ...] = ("melanoma",),
        kind: ImageKind = "dermoscopy",
    ) -> int:
        """Keep an image with its answer, and return the entry's id."""
        self.images += 1
        name = f"{self.images}.jpg"
        entry = self.history.save(an_image(name), an_answer(flags=flags), self.contract, by="MK").entry_id
        image = self.history.people.image_id_of(an_image(name).sha256)
        assert image is not None
        place = {"lesion_id": None if lesion is None else lesion.id, "visit_id": None if visit is None else visit.id}
        self.history.people.place(image, kind=kind, by="MK", **place)  # type: ignore[arg-type]
        return entry

    def lesion(self, flags: tuple[str, ...] = ()) -> Lesion:
        made = self.history.people.add_lesion(self.patient.id, f"L{self.images + 1}", "back", by="MK")
        self.image(made, self.visit, flags)
        return made

    def assess(
        self,
        lesion: Lesion,
        plan: str = "",
        day: dt.date | None = None,
        diagnosis: str = "nevus",
        visit: Visit | None = None,
    ) -> int:
        visit = visit or self.visit
        made = self.history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=visit.id,
            before_model=True,
            diagnosis=diagnosis,
            plan=plan,
            plan_date=day,
            by="MK",
        )
        return made.id

    def result(
        self,
        lesion: Lesion,
        diagnosis: str,
        label: str | None = None,
        *,
        day: dt.date = LATER,
        corrects: int | None = None,
        margins: Margins | None = None,
    ) -> int:
        return self.history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis=diagnosis,
            label=label,
            date=day,
            corrects=corrects,
            margins=margins,
            by="MK",
        ).id

    def items(self, today: dt.date = LATER) -> list[OpenItem]:
        return self.history.safety_net.items(today)

    def gaps(self, today: dt.date = LATER) -> list[Gap]:
        return [item.gap for item in self.items(today)]

    def close(self, item: OpenItem) -> CareStep:
        """Close an item, and return the step of its own row."""
        steps = [CareStep(CLOSED_BY[item.gap], row, LATER, "AB", "because") for row in item.subject_ids]
        for step in steps:
            self.history.care_steps.record(step, by="MK")
        return steps[0]
