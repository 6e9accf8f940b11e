"""Only visible values affect the order of batch rows."""

from pathlib import Path

import pytest

from desktop.core.inference.batch import FileAnswer
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
    row_of,
)
from tests.making import contract


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
        ("c.jpg", Urgency.ABSTAINED),
        ("b.jpg", Urgency.REST),
        ("a.jpg", Urgency.REST),
    ]
