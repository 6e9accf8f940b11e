"""Only visible values affect the order of batch rows."""

from pathlib import Path

import pytest

from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.contract import Group
from desktop.core.inference.judgement import Abstention, Judgement
from desktop.widgets.batch.batch_rows import (
    KEYS,
    LABEL,
    MALIGNANT,
    PROBABILITY,
    REMARKS,
    STATE,
    BatchTableRow,
    Urgency,
    practice_text,
    row_of,
)
from tests.making import NINE, contract


def a_row(name: str, probability: float, abstention: Abstention | None, *, is_concealed: bool = False) -> BatchTableRow:
    judgement = Judgement(
        "melanoma", probability, ("melanoma",), probability, probability, (), abstention, kind_uncertain=False
    )
    return row_of(
        FileAnswer(Path(name), judgement=judgement), contract(intended_use="research"), is_concealed=is_concealed
    )


@pytest.mark.parametrize("column", [STATE, PROBABILITY, MALIGNANT])
@pytest.mark.parametrize("abstention", [Abstention.DAMAGED, Abstention.QUALITY, Abstention.NOVELTY])
def test_withheld_figures_do_not_affect_the_order(column: int, abstention: Abstention) -> None:
    rows = [a_row("b.jpg", 0.9, abstention), a_row("a.jpg", 0.1, abstention)]
    assert [row.path for row in sorted(rows, key=KEYS[column])] == ["a.jpg", "b.jpg"]
    assert {row.texts[column] for row in rows} == ({"not answered"} if column == STATE else {""})


@pytest.mark.parametrize(
    ("abstention", "words"),
    [
        (Abstention.DAMAGED, "No answer: the image file is damaged"),
        (Abstention.QUALITY, "No answer: the image is not good enough for the model"),
        (Abstention.NOVELTY, "No answer: not like the images that the model learned from"),
        (Abstention.UNCERTAIN, "Too uncertain to name one diagnosis"),
    ],
)
def test_row_gives_the_same_reason_for_no_answer_as_the_visit(abstention: Abstention, words: str) -> None:
    row = a_row("a.jpg", 0.5, abstention)
    assert row.texts[REMARKS] == words
    assert words.casefold() in row.searched


def test_row_of_a_demonstration_model_is_marked_and_names_a_group_with_its_sum() -> None:
    keratoses = Group("keratosis", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis"))
    judgement = Judgement("nevus", 0.4, keratoses.labels, 0.5, 0.1, (), None, kind_uncertain=False)
    row = row_of(FileAnswer(Path("a.jpg"), judgement=judgement), contract(groups=(keratoses,)), is_concealed=False)
    assert (row.texts[LABEL], row.texts[PROBABILITY], row.texts[REMARKS]) == (
        "Benign keratosis",
        "50 %",
        "Not for patients",
    )


@pytest.mark.parametrize("column", [STATE, PROBABILITY, MALIGNANT])
def test_concealed_figures_do_not_affect_the_order(column: int) -> None:
    rows = [a_row("b.jpg", 0.9, None, is_concealed=True), a_row("a.jpg", 0.1, None, is_concealed=True)]
    assert [row.path for row in sorted(rows, key=KEYS[column])] == ["a.jpg", "b.jpg"]


def test_other_rows_are_sorted_by_malignant_sum() -> None:
    rows = [a_row("a.jpg", 0.1, None), a_row("b.jpg", 0.9, None), a_row("c.jpg", 0.5, Abstention.UNCERTAIN)]
    ordered = sorted(rows, key=KEYS[STATE])
    assert [(row.path, row.urgency) for row in ordered] == [
        ("c.jpg", Urgency.UNCERTAIN),
        ("b.jpg", Urgency.REST),
        ("a.jpg", Urgency.REST),
    ]


@pytest.mark.parametrize(
    ("abstention", "told"),
    [
        (None, "36 %, malignant 52 %"),
        (Abstention.UNCERTAIN, "malignant 52 %"),
        (Abstention.DAMAGED, ""),
        (Abstention.NOVELTY, ""),
    ],
)
def test_figures_for_the_practice_stand_only_where_the_model_s_own_stand(
    abstention: Abstention | None, told: str
) -> None:
    probabilities = tuple(0.2 if label.id == "melanoma" else 0.1 for label in NINE)
    described = contract(calibration_mix={label.id: probabilities[place] for place, label in enumerate(NINE)})
    judgement = Judgement("melanoma", 0.2, ("melanoma",), 0.2, 0.4, (), abstention, kind_uncertain=False)
    answer = FileAnswer(Path("a.jpg"), prediction=Prediction(probabilities, None, "a" * 64, 1), judgement=judgement)
    assert practice_text(row_of(answer, described, is_concealed=False), described, {"melanoma": 0.36}) == told
    concealed = row_of(answer, described, is_concealed=True)
    assert practice_text(concealed, described, {"melanoma": 0.36}) == ""
