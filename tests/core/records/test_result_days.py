"""The days of a result: shown with the outcome, corrected by new rows, and refused where they cannot be."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, Outcome
from desktop.core.records.result_days import check_days
from tests.core.records.history_contents import START, an_image, clock, keep

TODAY = START.astimezone().date()


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def biopsies(history: History, lesion_ids: tuple[int, ...], image_ids: tuple[int, ...]) -> list[tuple[object, ...]]:
    found = history.assessments.biopsies(lesion_ids, image_ids)
    return [(one.assessment_id, one.lesion_id, one.image_id, one.day, one.person, one.initials) for one in found]


class Lesion:
    """A lesion with an image, and a biopsy planned at its visit."""

    def __init__(self, history: History) -> None:
        people = history.people
        self.history = history
        patient = people.add_patient("P-0412", "female", by="MK").id
        visit = people.begin_visit(patient, ago(30), "", by="MK").id
        keep(history, "lesion.jpg")
        image = people.image_id_of(an_image("lesion.jpg").sha256)
        assert image is not None
        self.patient, self.visit, self.image = patient, visit, image
        self.id = people.add_lesion(patient, "L1", "back", by="MK").id
        people.place(image, kind="dermoscopy", lesion_id=self.id, visit_id=visit, by="MK")
        self.plan = history.assessments.assess(
            lesion_id=self.id, visit_id=visit, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
        ).id

    def take(self, day: dt.date) -> None:
        self.history.care_steps.record(CareStep(Step.TAKEN, self.plan, day, "AB", ""), by="MK")

    def find(self, day: dt.date, diagnosis: str = "melanoma", corrects: int | None = None) -> Outcome:
        return self.history.assessments.add_outcome(
            lesion_id=self.id, kind="histopathology", diagnosis=diagnosis, date=day, corrects=corrects, by="MK"
        )

    def tell(self, outcome: Outcome, day: dt.date, person: str = "AB") -> None:
        self.history.care_steps.record(CareStep(Step.TOLD, outcome.id, day, person, ""), by="MK")

    def outcomes(self) -> list[Outcome]:
        return self.history.assessments.outcomes(lesion_id=self.id)


@pytest.fixture
def lesion(tmp_path: Path) -> Iterator[Lesion]:
    with History.open(tmp_path, now=clock()) as history:
        yield Lesion(history)


def test_an_outcome_says_when_the_biopsy_was_and_when_and_by_whom_the_patient_was_told(lesion: Lesion) -> None:
    lesion.take(ago(20))
    outcome = lesion.find(ago(10))
    assert (outcome.taken, outcome.told, outcome.told_by) == (None, None, "")
    lesion.tell(outcome, ago(5))
    (read,) = lesion.outcomes()
    assert (read.taken, read.taken_by, read.told, read.told_by) == (ago(20), "AB", ago(5), "AB")
    assert lesion.history.assessments.outcomes_of_all((lesion.id,), ()) == [read]
    assert biopsies(lesion.history, (lesion.id,), ()) == [(lesion.plan, lesion.id, None, ago(20), "AB", "MK")]


def test_the_newest_day_counts_and_the_one_before_stays(lesion: Lesion, tmp_path: Path) -> None:
    lesion.take(ago(20))
    outcome = lesion.find(ago(10))
    lesion.tell(outcome, ago(5))
    lesion.take(ago(19))
    lesion.tell(outcome, ago(4), "MK")
    (read,) = lesion.outcomes()
    assert (read.taken, read.told, read.told_by) == (ago(19), ago(4), "MK")
    rows = lesion.history._database.read("SELECT day FROM care_step ORDER BY id")
    assert [row["day"] for row in rows] == [day.isoformat() for day in (ago(20), ago(5), ago(19), ago(4))]
    lesion.history.care_steps.take_back(CareStep(Step.TOLD, outcome.id, ago(4), "MK", ""), by="MK")
    (read,) = lesion.outcomes()
    assert (read.taken, read.told, read.told_by) == (ago(19), None, "")


def test_a_correction_keeps_the_biopsy_and_was_not_told(lesion: Lesion) -> None:
    lesion.take(ago(20))
    first = lesion.find(ago(10), "nevus")
    lesion.tell(first, ago(5))
    second = lesion.find(ago(10), corrects=first.id)
    assert [(one.taken, one.told) for one in lesion.outcomes()] == [(ago(20), ago(5)), (ago(20), None)]
    lesion.history.assessments.set_outcome_binned(second.id, binned=True, by="MK", reason="wrong lesion")
    withdrawn = lesion.history.assessments.withdrawn((lesion.id,), ())
    assert [(one.outcome.taken, one.outcome.told) for one in withdrawn] == [(ago(20), ago(5)), (ago(20), None)]


def test_a_biopsy_planned_for_an_image_counts_for_the_lesion_of_the_image(lesion: Lesion) -> None:
    people, assessments = lesion.history.people, lesion.history.assessments
    keep(lesion.history, "other.jpg")
    image = people.image_id_of(an_image("other.jpg").sha256)
    assert image is not None
    people.place(image, kind="dermoscopy", lesion_id=None, visit_id=lesion.visit, by="MK")
    plan = assessments.assess(image_id=image, before_model=False, diagnosis="nevus", plan=EXCISION, by="MK").id
    lesion.history.care_steps.record(CareStep(Step.TAKEN, plan, ago(20), "AB", ""), by="MK")
    assert biopsies(lesion.history, (), (image,)) == [(plan, None, image, ago(20), "AB", "MK")]
    assert assessments.biopsies((lesion.id,), ()) == []
    assessments.add_outcome(image_id=image, kind="histopathology", diagnosis="nevus", date=ago(10), by="MK")
    people.place(image, kind="dermoscopy", lesion_id=lesion.id, visit_id=lesion.visit, by="MK")
    assert biopsies(lesion.history, (lesion.id,), ()) == [(plan, lesion.id, None, ago(20), "AB", "MK")]
    assert [one.taken for one in assessments.outcomes(image_id=image)] == [ago(20)]


def test_a_follow_up_has_no_biopsy_and_a_later_biopsy_is_of_another_finding(lesion: Lesion) -> None:
    lesion.history.assessments.add_outcome(
        lesion_id=lesion.id, kind="follow-up", diagnosis="nevus", date=ago(10), by="MK"
    )
    lesion.find(ago(10))
    visit = lesion.history.people.begin_visit(lesion.patient, ago(2), "", by="MK").id
    later = lesion.history.assessments.assess(
        lesion_id=lesion.id, visit_id=visit, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK"
    ).id
    lesion.history.care_steps.record(CareStep(Step.TAKEN, later, ago(1), "AB", ""), by="MK")
    assert [one.taken for one in lesion.outcomes()] == [None, None]


def test_a_finding_can_be_corrected_after_a_second_biopsy(lesion: Lesion) -> None:
    lesion.take(ago(20))
    first = lesion.find(ago(10), "nevus")
    visit = lesion.history.people.begin_visit(lesion.patient, ago(5), "", by="MK").id
    again = lesion.history.assessments.assess(
        lesion_id=lesion.id, visit_id=visit, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK"
    ).id
    lesion.history.care_steps.record(CareStep(Step.TAKEN, again, ago(2), "AB", ""), by="MK")
    assert lesion.find(ago(10), corrects=first.id).date == ago(10)
    assert [one.taken for one in lesion.outcomes()] == [ago(20), ago(20)]
    waiting = [one.assessment.id for one in lesion.history.worklists.open_biopsies()]
    assert waiting == [again], "its own finding is to come"
    with pytest.raises(RecordsError, match=f"the biopsy or excision of {ago(20)}"):
        lesion.find(ago(21))


@pytest.mark.parametrize(
    ("taken", "found", "told", "sentence"),
    [
        (20, 10, 5, ""),
        (10, 10, 10, ""),
        (None, 10, None, ""),
        (None, None, 0, ""),
        (9, 10, None, f"The finding of {ago(10)} cannot be before the biopsy or excision of {ago(9)}."),
        (None, 10, 11, f"The patient cannot be told before the day of the finding, {ago(10)}."),
        (-1, None, None, "A day cannot be later than today."),
        (None, -1, None, "A day cannot be later than today."),
        (None, 10, -1, "A day cannot be later than today."),
    ],
)
def test_days_that_cannot_be_are_refused(taken: int | None, found: int | None, told: int | None, sentence: str) -> None:
    days = {
        name: None if days is None else ago(days) for name, days in (("taken", taken), ("found", found), ("told", told))
    }
    if not sentence:
        check_days(today=TODAY, **days)
        return
    with pytest.raises(RecordsError) as refused:
        check_days(today=TODAY, **days)
    assert str(refused.value) == sentence


def test_the_history_takes_no_day_that_cannot_be(lesion: Lesion) -> None:
    lesion.take(ago(20))
    with pytest.raises(RecordsError):
        lesion.find(ago(21))
    assert lesion.outcomes() == []
    outcome = lesion.find(ago(10))
    with pytest.raises(RecordsError):
        lesion.take(ago(9))
    with pytest.raises(RecordsError):
        lesion.tell(outcome, ago(11))
    (read,) = lesion.outcomes()
    assert (read.taken, read.told) == (ago(20), None)
    lesion.take(ago(12))
    assert lesion.outcomes()[0].taken == ago(12)
