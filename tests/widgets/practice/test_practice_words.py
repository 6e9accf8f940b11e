"""The words of own figures: each sentence is understood without the one before it, which may be left out."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop.core.practice.cases import Case, Target, VisitCase
from desktop.core.practice.figures import own_figures
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION
from desktop.core.records.practice_reading import AnswerRow, Subject, SubjectRow, assembled
from desktop.widgets.practice.practice_words import alert_text, target_sentences
from tests.core.practice.clinic import CONTRACT
from tests.core.records.history_contents import an_answer, an_image

DAY = dt.date(2026, 3, 2)


def sentences(
    folder: Path, lesions: Sequence[tuple[str, str, bool]], target: Target, flags: tuple[str, ...] = ("melanoma",)
) -> str:
    """Return what is said of lesions: each with its histology, its diagnosis, and whether that came before the answer."""
    with History.open(folder) as history:
        people = history.people
        patient = people.add_patient("P-1", "female", by="MK").id
        visit = people.begin_visit(patient, DAY, "", by="MK").id
        for number, (histology, diagnosis, is_before) in enumerate(lesions):
            lesion = people.add_lesion(patient, f"L{number + 1}", "scapula-left", by="MK").id
            image = an_image(f"{number}.png")
            history.save(image, an_answer(flags=flags), CONTRACT, by="MK")
            image_id = people.image_id_of(image.sha256)
            assert image_id is not None
            people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
            history.assessments.assess(
                lesion_id=lesion, visit_id=visit, before_model=is_before, diagnosis=diagnosis, plan=EXCISION, by="MK"
            )
            found = DAY + dt.timedelta(9)
            history.assessments.add_outcome(
                lesion_id=lesion, kind="histopathology", diagnosis=histology, date=found, by="MK"
            )
        rows = assembled(history.practice_rows())
        figures = own_figures(rows, rows.models[0], DAY)
    return " ".join(target_sentences(next(one for one in figures.targets if one.target is target)))


def test_the_others_are_named_by_what_was_suspected_in_them(tmp_path: Path) -> None:
    """Other lesions are those that are no melanomas; skin cancers may be among them."""
    cancers = [("basal_cell_carcinoma", "melanoma", True)] + 2 * [("basal_cell_carcinoma", "nevus", True)]
    assert sentences(tmp_path / "cancers", cancers, Target.MELANOMA) == (
        "Melanoma suspected in other lesions: 1 of 3 by your diagnosis before the model, 3 of 3 by the melanoma alert, "
        "1 of 3 by your diagnosis after the model. "
        "Lesions with histology: 3, melanomas among them: 0."
    )
    benign = [("nevus", "melanoma", True)]
    assert sentences(tmp_path / "benign", benign, Target.MALIGNANT).startswith(
        "Skin cancer suspected in other lesions: 1 of 1 by your diagnosis before the model"
    )


def test_nobody_is_counted_who_said_nothing_of_these_lesions(tmp_path: Path) -> None:
    lesions = [("melanoma", "melanoma", True), ("nevus", "nevus", False)]
    assert sentences(tmp_path, lesions, Target.MELANOMA) == (
        "Melanomas found: 1 of 1 by your diagnosis before the model, 1 of 1 by the melanoma alert, "
        "1 of 1 by your diagnosis after the model. "
        "Melanoma suspected in other lesions: 1 of 1 by the melanoma alert, 0 of 1 by your diagnosis after the model. "
        "Lesions with histology: 2, melanomas among them: 1."
    )


def test_a_melanoma_with_a_skin_cancer_alert_is_missed_by_the_melanoma_alert_alone(tmp_path: Path) -> None:
    lesions = [("melanoma", "nevus", True)]
    for target, said in (
        (Target.MALIGNANT, "Skin cancers found: 0 of 1 by your diagnosis before the model, 1 of 1 by any alert, "),
        (Target.MELANOMA, "Melanomas found: 0 of 1 by your diagnosis before the model, 0 of 1 by the melanoma alert, "),
    ):
        assert sentences(tmp_path / target, lesions, target, ("malignant",)).startswith(said)


@pytest.mark.parametrize(
    ("withheld", "told"),
    [
        (("", "uncertain"), "no alert"),
        (("uncertain", "uncertain"), "no alert, uncertain"),
        (("novelty",), "not answered"),
        (("quality", "uncertain"), "not answered, uncertain"),
    ],
)
def test_an_answer_that_was_not_given_is_called_as_in_every_list(withheld: tuple[str, ...], told: str) -> None:
    subject, time = Subject(1, None), dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    answers = tuple(
        AnswerRow(subject, 1, 1, number, "a" * 64, "b" * 64, time, frozenset(), one, None, None, None)
        for number, one in enumerate(withheld)
    )
    owner = SubjectRow(1, "P-1", "L1", "")
    at = VisitCase(subject, owner, 1, DAY, answers, None, None, is_late=False)
    assert alert_text(Case(at, None)) == told
