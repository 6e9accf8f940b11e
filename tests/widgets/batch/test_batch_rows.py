"""What orders the rows of a batch is what may be seen in them."""

from pathlib import Path

import pytest

from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Group
from desktop.core.inference.judgement import Abstention, Judgement
from desktop.widgets.batch.batch_rows import KEYS, LABEL, MALIGNANT, PROBABILITY, REMARKS, STATE, Row, Urgency, row_of
from tests.making import contract


def a_row(name: str, probability: float, abstention: Abstention | None, *, is_concealed: bool = False) -> Row:
    judgement = Judgement(
        "melanoma", probability, ("melanoma",), probability, probability, (), abstention, kind_uncertain=False
    )
    return row_of(
        FileAnswer(Path(name), judgement=judgement), contract(intended_use="research"), is_concealed=is_concealed
    )


@pytest.mark.parametrize("column", [STATE, PROBABILITY, MALIGNANT])
@pytest.mark.parametrize("abstention", [Abstention.DAMAGED, Abstention.QUALITY, Abstention.NOVELTY])
def test_figures_that_are_withheld_order_nothing(column: int, abstention: Abstention) -> None:
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
def test_row_says_in_the_words_of_the_visit_why_there_is_no_answer(abstention: Abstention, words: str) -> None:
    row = a_row("a.jpg", 0.5, abstention)
    assert row.texts[REMARKS] == words
    assert words.casefold() in row.searched


def test_row_of_a_model_for_demonstration_is_marked_and_a_group_leads_by_its_name_and_sum() -> None:
    keratoses = Group("keratosis", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis"))
    judgement = Judgement("nevus", 0.4, keratoses.labels, 0.5, 0.1, (), None, kind_uncertain=False)
    row = row_of(FileAnswer(Path("a.jpg"), judgement=judgement), contract(groups=(keratoses,)), is_concealed=False)
    assert (row.texts[LABEL], row.texts[PROBABILITY], row.texts[REMARKS]) == (
        "Benign keratosis",
        "50 %",
        "Not for patients",
    )


@pytest.mark.parametrize("column", [STATE, PROBABILITY, MALIGNANT])
def test_figures_that_are_concealed_order_nothing(column: int) -> None:
    rows = [a_row("b.jpg", 0.9, None, is_concealed=True), a_row("a.jpg", 0.1, None, is_concealed=True)]
    assert [row.path for row in sorted(rows, key=KEYS[column])] == ["a.jpg", "b.jpg"]


def test_the_rest_is_ordered_by_how_malignant_it_may_be() -> None:
    rows = [a_row("a.jpg", 0.1, None), a_row("b.jpg", 0.9, None), a_row("c.jpg", 0.5, Abstention.UNCERTAIN)]
    ordered = sorted(rows, key=KEYS[STATE])
    assert [(row.path, row.urgency) for row in ordered] == [
        ("c.jpg", Urgency.ABSTAINED),
        ("b.jpg", Urgency.REST),
        ("a.jpg", Urgency.REST),
    ]
