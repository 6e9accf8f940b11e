"""What the history's filters find, by assessments too, and what blind-first conceals from them."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.inference.judgement import Abstention
from desktop.core.records.history import History
from desktop.core.records.values import EntryFilter, Order
from tests.core.records.history_contents import START, an_image, clock, keep

TODAY = START.date()


class Clinic:
    """Two patients: P-0412 with the lesions L1 and scar, P-2 with L1; and an image of nobody."""

    def __init__(self, history: History) -> None:
        people = history.people
        self.history = history
        self.ann = people.add_patient("P-0412", "female", by="MK").id
        self.bob = people.add_patient("Straße 2", "male", by="MK").id
        self.visits = [people.begin_visit(patient, TODAY, "", by="MK").id for patient in (self.ann, self.bob)]
        self.ann_l1 = people.add_lesion(self.ann, "L1", "", by="MK").id
        self.scar = people.add_lesion(self.ann, "scar", "", by="MK").id
        self.bob_l1 = people.add_lesion(self.bob, "L1", "", by="MK").id
        self._keep("ann-l1.jpg", "nevus", self.ann_l1, self.visits[0], flags=(), probability=0.5)
        self._keep("ann-scar.jpg", "melanoma", self.scar, self.visits[0], flags=("melanoma",), probability=0.7)
        self._keep("bob-l1.jpg", "nevus", self.bob_l1, self.visits[1], flags=("carcinomas",), probability=0.9)
        self._keep("nobody.jpg", "melanoma", None, None, flags=(), probability=0.3)

    def _keep(self, name: str, top: str, lesion: int | None, visit: int | None, **answer: object) -> None:
        keep(self.history, name, top, abstention=None, **answer)
        if visit is not None:
            self.history.people.place(self.image(name), kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")

    def image(self, name: str) -> int:
        image_id = self.history.people.image_id_of(an_image(name).sha256)
        assert image_id is not None
        return image_id

    def find(self, **wanted: object) -> list[str]:
        filtered = EntryFilter(**wanted)  # type: ignore[arg-type]
        entries, total = self.history.page(filtered, limit=100)
        assert entries == self.history.entries(filtered)
        assert total == len(entries) == self.history.count(filtered)
        return [entry.image.name.removesuffix(".jpg") for entry in entries]

    def assess(
        self, diagnosis: str, lesion: int | None = None, visit: int = 0, image: str = "", **parts: object
    ) -> None:
        where = {"lesion_id": lesion, "visit_id": self.visits[visit]} if lesion else {"image_id": self.image(image)}
        self.history.assessments.assess(**where, before_model=True, diagnosis=diagnosis, by="MK", **parts)  # type: ignore[arg-type]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with History.open(tmp_path / "data", now=clock()) as history:
        yield Clinic(history)


def test_entry_names_patient_assessment_and_outcome(clinic: Clinic) -> None:
    clinic.assess("nevus", clinic.scar)
    clinic.assess("melanoma", clinic.scar)
    clinic.assess("lentigo", image="nobody.jpg")
    clinic.history.assessments.add_outcome(
        lesion_id=clinic.scar, kind="histopathology", diagnosis="scar tissue", date=TODAY, by="MK"
    )
    nobody, bob, scar, _ann = clinic.history.entries()
    assert (scar.patient_id, scar.patient, scar.lesion_id, scar.lesion) == (clinic.ann, "P-0412", clinic.scar, "scar")
    assert (scar.assessment, scar.outcome, scar.visit_id) == ("melanoma", "scar tissue", clinic.visits[0])
    assert (bob.patient, bob.lesion, bob.assessment, bob.outcome) == ("Straße 2", "L1", "", "")
    assert (nobody.patient_id, nobody.patient, nobody.lesion, nobody.assessment) == (None, "", "", "lentigo")
    clinic.history.people.correct_patient(clinic.ann, "P-7", "female", by="MK")
    clinic.history.people.correct_lesion(clinic.scar, name="L2", site="", by="MK")
    scar = clinic.history.entry(scar.id)
    assert (scar.patient, scar.lesion) == ("P-7", "L2")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("p-0412", ["ann-scar", "ann-l1"]),
        ("STRASSE", ["bob-l1"]),
        ("scar", ["ann-scar"]),
        ("l1", ["bob-l1", "ann-l1"]),
        ("l1 0412", ["ann-l1"]),
        ("melanoma 0412", ["ann-scar"]),
        ("0412 nobody", []),
    ],
)
def test_text_searches_patients_and_lesions(clinic: Clinic, text: str, found: list[str]) -> None:
    assert clinic.find(text=text) == found


def test_text_search_uses_the_newest_names_alone(clinic: Clinic) -> None:
    clinic.history.people.correct_patient(clinic.ann, "Q-9", "female", by="MK")
    clinic.history.people.correct_lesion(clinic.scar, name="L2", site="", by="MK")
    assert clinic.find(text="0412") == []
    assert clinic.find(text="q-9") == ["ann-scar", "ann-l1"]
    assert clinic.find(text="l2") == ["ann-scar"]


def test_filter_by_patient_and_lesion(clinic: Clinic) -> None:
    assert clinic.find(patient_id=clinic.ann) == ["ann-scar", "ann-l1"]
    assert clinic.find(lesion_id=clinic.bob_l1) == ["bob-l1"]
    clinic.history.people.move([clinic.image("ann-l1.jpg")], clinic.bob_l1, clinic.visits[1], by="MK")
    assert clinic.find(patient_id=clinic.ann) == ["ann-scar"]
    assert clinic.find(lesion_id=clinic.bob_l1) == ["bob-l1", "ann-l1"]
    clinic.history.people.correct_lesion(clinic.bob_l1, name="L5", site="", patient_id=clinic.ann, by="MK")
    assert clinic.find(patient_id=clinic.ann) == ["bob-l1", "ann-scar", "ann-l1"]


def test_image_pending_at_a_visit_belongs_to_its_patient(clinic: Clinic) -> None:
    keep(clinic.history, "inbox.jpg")
    image = clinic.image("inbox.jpg")
    clinic.history.people.place(image, kind="dermoscopy", lesion_id=None, visit_id=clinic.visits[1], by="MK")
    assert clinic.find(patient_id=clinic.bob) == ["inbox", "bob-l1"]
    assert clinic.find(text="strasse") == ["inbox", "bob-l1"]


def test_filter_by_flag(clinic: Clinic) -> None:
    assert clinic.find(flag="melanoma") == ["ann-scar"]
    assert clinic.find(flag="mela") == []
    assert clinic.find(is_flagged=True) == ["bob-l1", "ann-scar"]
    assert clinic.find(is_flagged=False) == ["nobody", "ann-l1"]


def test_filter_by_newest_assessment(clinic: Clinic) -> None:
    clinic.assess("nevus", clinic.ann_l1)
    clinic.assess("spitz", clinic.scar, label="nevus")
    clinic.assess("melanoma", image="nobody.jpg")
    assert clinic.find(has_assessment=True) == ["nobody", "ann-scar", "ann-l1"]
    assert clinic.find(has_assessment=False) == ["bob-l1"]
    assert clinic.find(assessment="nevus") == ["ann-scar", "ann-l1"]
    assert clinic.find(assessment="spitz") == ["ann-scar"]
    clinic.assess("melanoma", clinic.ann_l1)
    assert clinic.find(assessment="nevus") == ["ann-scar"]
    assert clinic.find(assessment="melanoma") == ["nobody", "ann-l1"]


def test_filter_by_newest_outcome_outside_the_bin(clinic: Clinic) -> None:
    assessments = clinic.history.assessments
    first = assessments.add_outcome(
        lesion_id=clinic.scar, kind="histopathology", diagnosis="SSM", label="melanoma", date=TODAY, by="MK"
    )
    assessments.add_outcome(
        image_id=clinic.image("nobody.jpg"), kind="follow-up", diagnosis="nevus", date=TODAY, by="MK"
    )
    assert clinic.find(has_outcome=True) == ["nobody", "ann-scar"]
    assert clinic.find(has_outcome=False) == ["bob-l1", "ann-l1"]
    assert clinic.find(outcome="melanoma") == ["ann-scar"]
    assessments.set_outcome_binned(first.id, binned=True, by="MK")
    assert clinic.find(has_outcome=True) == ["nobody"]
    assert clinic.find(outcome="melanoma") == []


def test_blind_filters_find_nothing_by_a_concealed_answer(clinic: Clinic) -> None:
    clinic.assess("nevus", clinic.scar)
    assert clinic.find(label="melanoma", is_blind=True) == ["ann-scar"]
    assert clinic.find(text="melanoma", is_blind=True) == ["ann-scar"]
    assert clinic.find(is_flagged=True, is_blind=True) == ["ann-scar"]
    assert clinic.find(is_flagged=False, is_blind=True) == []
    assert clinic.find(flag="carcinomas", is_blind=True) == []
    assert clinic.find(text="l1", is_blind=True) == ["bob-l1", "ann-l1"]  # what is no answer goes on finding
    assert clinic.find(is_blind=True) == ["nobody", "bob-l1", "ann-scar", "ann-l1"]


def test_blind_filters_tell_nothing_of_an_answer_that_waits_for_todays_assessment(clinic: Clinic) -> None:
    clinic.assess("nevus", clinic.scar)
    clinic.assess("nevus", clinic.ann_l1)
    hidden = frozenset({entry.image.sha256 for entry in clinic.history.entries() if entry.image.name == "ann-scar.jpg"})
    assert len(hidden) == 1
    waits = {"is_blind": True, "hidden": hidden}
    assert clinic.find(label="melanoma", **waits) == []
    assert clinic.find(text="melanoma", **waits) == []
    assert clinic.find(is_flagged=True, **waits) == clinic.find(flag="carcinomas", **waits) == []
    assert "ann-scar" not in clinic.find(is_flagged=False, **waits)
    assert clinic.find(text="scar", **waits) == ["ann-scar"]
    assert clinic.find(order=Order.PROBABILITY, **waits) == ["ann-l1", "nobody", "bob-l1", "ann-scar"]


def test_order_follows_the_text_of_a_column(clinic: Clinic) -> None:
    assert clinic.find(is_descending=False) == ["ann-l1", "ann-scar", "bob-l1", "nobody"]
    assert clinic.find(order=Order.NAME, is_descending=False) == ["ann-l1", "ann-scar", "bob-l1", "nobody"]
    assert clinic.find(order=Order.LABEL, is_descending=False) == ["nobody", "ann-scar", "bob-l1", "ann-l1"]
    assert clinic.find(order=Order.PROBABILITY) == ["bob-l1", "ann-scar", "ann-l1", "nobody"]
    assert clinic.find(order=Order.PATIENT, is_descending=False) == ["ann-scar", "ann-l1", "bob-l1", "nobody"]
    keep(clinic.history, "withheld.jpg", "nevus", probability=0.99, abstention=Abstention.NOVELTY)
    assert clinic.find(order=Order.PROBABILITY)[-1] == "withheld"
    assert clinic.find(order=Order.MALIGNANT)[-1] == "withheld"


def test_blind_order_reveals_nothing_concealed(clinic: Clinic) -> None:
    clinic.assess("nevus", clinic.ann_l1)
    blind = clinic.find(order=Order.PROBABILITY, is_blind=True)
    assert blind == ["ann-l1", "nobody", "bob-l1", "ann-scar"]  # the one that was seen, then the rest by time


def test_bin_and_dates_combine_with_other_filters(clinic: Clinic) -> None:
    scar = next(entry.id for entry in clinic.history.entries() if entry.lesion == "scar")
    clinic.history.bin([scar], by="MK")
    assert clinic.find(patient_id=clinic.ann) == ["ann-l1"]
    assert clinic.find(patient_id=clinic.ann, binned=True) == ["ann-scar"]
    assert clinic.find(patient_id=clinic.ann, since=START + dt.timedelta(days=1)) == []
