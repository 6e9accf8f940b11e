"""Similar images of the history: which are found, in which order, and what is left out."""

import datetime as dt
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.core.inference.similarity import DIMENSIONS, VectorKind, distances, from_bytes, reduced, to_bytes
from desktop.core.records.history import History
from desktop.core.records.look_alikes import SHOWN, LookAlike
from desktop.core.records.people import OutcomeKind
from desktop.core.records.schema import FILE_NAME
from tests.core.records.history_contents import MODEL, an_image, clock, keep

KIND = VectorKind(MODEL, 1)
LIMIT = 0.1
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path, now=clock())


SIGNS = [[1, -1, -1, -1], [1, -1, -1, -1], [1, 1, -1, -1]]
"""The first signs of the reduction: vectors that are kept already depend on them."""


def at(degrees: float) -> NDArray[np.float32]:
    """Return a unit vector at an angle to that of the image that is looked at."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[:2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vector


def a_case(
    history: History,
    name: str,
    degrees: float,
    assessed: str = "",
    proved: str = "",
    *,
    patient: str = "",
    kind: OutcomeKind = "histopathology",
) -> int:
    """Keep an image of another patient at an angle; return the id of its lesion."""
    people = history.people
    keep(history, name)
    owner = people.add_patient(patient or f"P-{name}", "unknown", by="MK")
    lesion = people.add_lesion(owner.id, "L1", "", by="MK")
    visit = people.begin_visit(owner.id, dt.date(2025, 3, 12), "", by="MK")
    image_id = people.image_id_of(an_image(name).sha256)
    assert image_id is not None
    people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    history.embeddings.keep(an_image(name).sha256, KIND, at(degrees), by="MK")
    if assessed:
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis=assessed, by="MK"
        )
    if proved:
        history.assessments.add_outcome(lesion_id=lesion.id, kind=kind, diagnosis=proved, date=TODAY, by="MK")
    return lesion.id


def found(history: History, *, is_blind: bool = True) -> tuple[LookAlike, ...]:
    return history.look_alikes.nearest(an_image("own").sha256, KIND, LIMIT, today=TODAY, is_blind=is_blind)


def names(cases: tuple[LookAlike, ...]) -> list[str]:
    return [one.entry.image.name for one in cases]


def test_nearest_come_first_within_the_malignant_and_the_others(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "near nevus", 2, "nevus", "nevus")
    a_case(history, "melanoma", 5, "nevus", "melanoma")
    a_case(history, "assessed as melanoma", 4, "melanoma")
    a_case(history, "nevus", 3, "nevus")
    a_case(history, "far", 40, "nevus", "melanoma")
    cases = found(history)
    assert names(cases) == ["assessed as melanoma", "melanoma", "near nevus", "nevus"]
    assert [one.is_proved for one in cases] == [False, True, True, False]
    assert all(one.is_near for one in cases)


def test_benign_histology_outweighs_a_malignant_assessment(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "disproved", 2, "melanoma", "nevus")
    (case,) = found(history)
    assert not case.is_malignant
    assert case.is_proved


def test_nearest_proved_melanoma_is_always_among_them(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    for number in range(SHOWN + 2):
        a_case(history, f"nevus {number}", 1 + number / 10, "nevus", "nevus")
    a_case(history, "followed", 3, "nevus", "melanoma", kind="follow-up")
    a_case(history, "farther melanoma", 60, "nevus", "melanoma")
    a_case(history, "melanoma", 50, "nevus", "superficial spreading melanoma")
    cases = found(history)
    assert names(cases) == ["melanoma", *(f"nevus {number}" for number in range(SHOWN))]
    assert [one.is_near for one in cases] == [False] + [True] * SHOWN
    assert cases[0].is_proved_melanoma


def test_melanoma_within_the_limit_stands_beside_nearer_ones(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    for number in range(SHOWN):
        a_case(history, f"nevus {number}", 1, "nevus", "nevus")
    a_case(history, "melanoma", 10, "nevus", "melanoma")
    cases = found(history)
    assert len(cases) == SHOWN + 1
    assert (names(cases)[0], cases[0].is_near) == ("melanoma", True)


def test_nothing_near_is_nothing_at_all(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "melanoma", 30, "nevus", "melanoma")
    assert found(history) == ()


def test_images_of_the_same_patient_are_left_out(history: History) -> None:
    a_case(history, "own", 0, "nevus", patient="P-1")
    people = history.people
    (patient,) = [one for one in people.find_patients() if one.pseudonym == "P-1"]
    keep(history, "second")
    lesion = people.add_lesion(patient.id, "L2", "", by="MK")
    visit = people.begin_visit(patient.id, TODAY, "", by="MK")
    image_id = people.image_id_of(an_image("second").sha256)
    assert image_id is not None
    people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    history.embeddings.keep(an_image("second").sha256, KIND, at(1), by="MK")
    history.assessments.add_outcome(
        lesion_id=lesion.id, kind="histopathology", diagnosis="melanoma", date=TODAY, by="MK"
    )
    a_case(history, "other", 2, "nevus")
    assert names(found(history)) == ["other"]


def test_image_that_nobody_assessed_is_left_out(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "unsaid", 1)
    assert found(history) == ()


def test_image_that_waits_for_a_blind_assessment_is_left_out_while_blind_first_is_on(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "waiting", 1, proved="melanoma")
    assert found(history) == ()
    assert names(found(history, is_blind=False)) == ["waiting"]


@pytest.mark.parametrize("subject", ["entry", "lesion", "outcome"])
def test_what_is_in_the_bin_is_left_out(history: History, subject: str) -> None:
    a_case(history, "own", 0, "nevus")
    lesion_id = a_case(history, "binned", 1, proved="melanoma")
    if subject == "entry":
        history.bin([one.id for one in history.entries() if one.image.name == "binned"], by="MK")
    elif subject == "lesion":
        history.people.set_binned("lesion", lesion_id, binned=True, by="MK")
    else:
        (outcome,) = history.assessments.outcomes(lesion_id=lesion_id)
        history.assessments.set_outcome_binned(outcome.id, binned=True, by="MK", reason="wrong lesion")
    assert found(history, is_blind=False) == ()


def test_vectors_of_another_model_are_not_compared(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "other", 1, "nevus")
    other = VectorKind("b" * 64, 1)
    history.embeddings.keep(an_image("own").sha256, other, at(0), by="MK")
    assert history.look_alikes.nearest(an_image("own").sha256, other, LIMIT, today=TODAY, is_blind=True) == ()
    missing = VectorKind("c" * 64, 1)
    assert history.look_alikes.nearest(an_image("own").sha256, missing, LIMIT, today=TODAY, is_blind=True) == ()


def test_images_without_a_vector_are_those_somebody_said_something_of(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "proved", 1, proved="melanoma")
    a_case(history, "unsaid", 1)
    other = VectorKind("b" * 64, 1)
    assert [one.name for one in history.embeddings.missing(other)] == ["proved", "own"]
    history.embeddings.keep(an_image("own").sha256, other, at(0), by="MK")
    assert [one.name for one in history.embeddings.missing(other)] == ["proved"]
    assert history.embeddings.missing(KIND) == []


def test_vectors_are_read_once_and_new_ones_are_added(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    first = history.embeddings.all_of(KIND)
    assert history.embeddings.all_of(KIND) is first
    a_case(history, "new", 1, "nevus")
    assert names(found(history)) == ["new"]
    assert len(history.embeddings.all_of(KIND).image_ids) == 2


def test_erased_patients_have_no_vector(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "gone", 1, "nevus", patient="P-2")
    assert names(found(history)) == ["gone"]
    (patient,) = [one for one in history.people.find_patients() if one.pseudonym == "P-2"]
    history.erasures.erase_patient(patient.id, by="MK")
    assert found(history) == ()
    assert len(history.embeddings.all_of(KIND).image_ids) == 1


def test_damaged_vector_spoils_no_other(history: History, tmp_path: Path) -> None:
    a_case(history, "own", 0, "nevus")
    a_case(history, "damaged", 1, "nevus")
    a_case(history, "whole", 2, "nevus")
    history.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        (trigger,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'embedding_is_never_changed'"
        ).fetchone()
        connection.execute("DROP TRIGGER embedding_is_never_changed")
        connection.execute("UPDATE embedding SET vector = x'00' WHERE id = 2")
        connection.execute(trigger)
    connection.close()
    with History.open(tmp_path) as again:
        assert names(found(again)) == ["whole"]
        assert names(found(again)) == ["whole"]
        assert again.embeddings.of(an_image("damaged").sha256, KIND) is None


def test_nothing_is_kept_twice_or_of_an_unknown_image(history: History) -> None:
    a_case(history, "own", 0, "nevus")
    history.embeddings.keep(an_image("own").sha256, KIND, at(90), by="MK")
    history.embeddings.keep("f" * 64, KIND, at(0), by="MK")
    own = history.embeddings.of(an_image("own").sha256, KIND)
    assert own is not None
    assert distances(own[None], at(0))[0] == pytest.approx(0, abs=1e-3)
    assert history.embeddings.of("f" * 64, KIND) is None


def test_reduction_keeps_directions_and_is_the_same_everywhere() -> None:
    random = np.random.default_rng(0)
    embeddings = random.random((40, 1280)).astype(np.float32) ** 4
    vectors = reduced(embeddings)
    assert vectors.shape == (40, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=2e-3)
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    assert np.abs(vectors @ vectors.T - unit @ unit.T).max() < 0.25
    assert np.array_equal(from_bytes(b"".join(map(to_bytes, vectors))), vectors)
    assert reduced(np.zeros((1, 8), np.float32)).any() == np.False_
    assert np.sign(reduced(np.eye(3, dtype=np.float32))[:, :4]).astype(int).tolist() == SIGNS
