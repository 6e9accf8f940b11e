"""What is known of a patient counts in the record for each image of the visit, whichever is open."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.inference.adjusted import NOT_ADJUSTED
from desktop.core.inference.classifier import Classifier
from desktop.core.records.history import History
from desktop.core.records.values import Entry
from desktop.session.practice import PracticePrior
from tests.alerts import melanoma_alert
from tests.making import contract, write_lesion, write_model
from tests.widgets.answer.test_adjusted import layer, model
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient

MakeDesk = Callable[..., Desk]
RAISED = ("melanoma",)


def score(path: Path, folder: Path) -> float:
    """Return the score of the alert for an image alone."""
    classifier = Classifier(write_model(folder / "plain.onnx", contract()))
    (found,) = classifier.predict(classifier.prepare(path.read_bytes(), path.name)[None])
    return melanoma_alert(0.0).score(dict(zip(classifier.contract.label_ids, found.probabilities, strict=True)))


@pytest.fixture
def visit(make_desk: MakeDesk, tmp_path: Path) -> Callable[..., Desk]:
    """Bring two images of L1, then one of L2, of a patient of unknown age. Only age 70–79 raises the alert."""

    def _visit(*, blind: bool = False) -> Desk:
        paths = [write_lesion(tmp_path / f"{seed}.png", seed=seed, size=(640, 480)) for seed in (1, 2, 3)]
        limit = max(score(path, tmp_path) for path in paths) + 1e-3
        model_file = write_model(tmp_path / "model.onnx", model(melanoma_alert(limit), layer(5.0)))
        desk = make_desk(model_file, blind=blind)
        desk.wait(lambda: desk.parts.model.classifier is not None)
        choose_patient(desk, "P-1")
        for of_lesion in (paths[:2], paths[2:]):
            add_lesion(desk)
            bring(desk, *of_lesion)
        desk.rest()
        return desk

    return _visit


@pytest.fixture
def desk(visit: Callable[..., Desk]) -> Desk:
    return visit()


def be_aged(desk: Desk, band: str) -> None:
    patient = desk.parts.open_patient.patient
    assert patient is not None
    before = desk.parts.open_patient.age_band
    change = desk.parts.edits.correct_patient(patient, patient.pseudonym, "unknown", (before, band))
    change(lambda _reverse: None, pytest.fail)
    desk.rest()


def by_name(desk: Desk) -> dict[str, Entry]:
    return {entry.image.name: entry for entry in desk.entries()}


def raised(desk: Desk) -> dict[str, tuple[str, ...]]:
    return {name: entry.flags for name, entry in by_name(desk).items()}


def test_an_alert_by_age_is_in_the_record_of_each_image_of_the_visit(desk: Desk) -> None:
    desk.wait(lambda: set(raised(desk).values()) == {()})
    be_aged(desk, "70-79")
    desk.wait(lambda: set(raised(desk).values()) == {RAISED})
    be_aged(desk, "40-49")
    desk.wait(lambda: set(raised(desk).values()) == {()})


def test_figures_for_the_practice_are_saved_for_each_image_of_the_visit(desk: Desk) -> None:
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03))
    desk.wait(lambda: {entry.adjusted.melanomas for entry in by_name(desk).values()} == {0.03})


def test_figures_of_an_earlier_visit_stay_as_they_stood_until_the_patient_is_corrected(desk: Desk) -> None:
    patient = desk.parts.open_patient.patient
    assert patient is not None
    be_aged(desk, "70-79")
    desk.wait(lambda: set(raised(desk).values()) == {RAISED})
    with History.open(desk.folder) as history:
        people = history.people
        earlier = people.begin_visit(patient.id, dt.date(2025, 3, 1), "70-79", by="MK")
        image = next(one for one in people.images(patient.id) if one.image.name == "1.png")
        people.place(image.image_id, kind="dermoscopy", lesion_id=image.lesion_id, visit_id=earlier.id, by="MK")
    choose_patient(desk, "P-2")
    choose_patient(desk, "P-1")
    desk.rest()
    before = by_name(desk)["1.png"]
    assert before.flags == RAISED
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03))
    desk.wait(lambda: by_name(desk)["3.png"].adjusted.melanomas == 0.03)
    assert by_name(desk)["1.png"].adjusted == before.adjusted
    patient = desk.parts.open_patient.patient
    assert patient is not None
    change = desk.parts.edits.correct_patient(patient, "P-1", "unknown", None, birth_year=1985)
    change(lambda _reverse: None, pytest.fail)
    desk.rest()
    desk.wait(lambda: set(raised(desk).values()) == {()})
    assert by_name(desk)["1.png"].adjusted.prior is None, "its practice was not asked for then"


def test_answers_that_are_hidden_have_no_figures_until_they_are_shown(visit: Callable[..., Desk]) -> None:
    desk = visit(blind=True)
    be_aged(desk, "70-79")
    assert {entry.adjusted for entry in by_name(desk).values()} == {NOT_ADJUSTED}
    first = next(one for one in desk.parts.open_patient.images if one.image.name == "1.png")
    desk.parts.open_image.open(desk.parts.open_patient.request_for(first))
    desk.rest()
    desk.parts.blinding.skip()
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.rest()
    desk.wait(lambda: raised(desk) == {"1.png": RAISED, "2.png": RAISED, "3.png": ()})
