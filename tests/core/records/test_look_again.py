"""The answers of a model that is tried, and the list of lesions to look at again: what comes into it, and how it leaves."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.inference.adjusted import Adjusted
from desktop.core.patient_context import PatientContext
from desktop.core.records.audit_acts import Action, AuditFilter, RecordedStep
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.model_decisions import Decision
from desktop.core.records.people import Lesion
from desktop.core.records.safety_net import Gap, OpenItem
from desktop.core.records.tried_answers import GIVEN_BY, Answerer, TriedAnswer
from tests.core.records.history_contents import MODEL, START, an_answer, clock, keep
from tests.core.records.test_safety_net import LATER, Clinic
from tests.making import contract

OTHER, THIRD = "c" * 64, "d" * 64
DAY = START.astimezone().date()


class Trial(Clinic):
    """A clinic whose lesions another model answers too."""

    def listed(self, lesion: Lesion, model: str = OTHER, name: str = "Other model") -> int:
        """Put a lesion on the list by its first image; return how many rows are new."""
        query = "SELECT image FROM image_detail WHERE lesion = ? ORDER BY image LIMIT 1"
        (image,) = self.history._database.read_ids(query, (lesion.id,))
        self.history.tried_answers.keep([], {model: contract(name=name)}, by="MK")
        return self.history.tried_answers.list_again(model, {image: ["melanoma"]}, by="MK")

    def to_look_at(self) -> list[OpenItem]:
        return [one for one in self.history.safety_net.items(DAY) if one.gap is Gap.LOOK_AGAIN]


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with History.open(tmp_path, now=clock()) as history:
        yield Trial(history)


def assessed(trial: Trial) -> Lesion:
    lesion = trial.lesion()
    trial.assess(lesion)
    return lesion


def test_a_lesion_is_listed_once_for_a_model_with_its_last_visit(trial: Trial) -> None:
    lesion = assessed(trial)
    trial.history.people.begin_visit(trial.patient.id, LATER, "", by="MK")
    assert trial.listed(lesion) == 1
    assert trial.listed(lesion) == 0
    (item,) = trial.to_look_at()
    assert item.lesion is not None
    assert (item.lesion.id, item.patient, item.model) == (lesion.id, trial.patient, "Other model")
    assert (item.alerts, item.last_visit) == (("melanoma",), LATER)
    assert item.since == item.saved.astimezone().date()


def test_looking_again_takes_a_lesion_off_the_list_until_another_model_alerts(trial: Trial) -> None:
    lesion = assessed(trial)
    trial.listed(lesion)
    (item,) = trial.to_look_at()
    looked = CareStep(Step.LOOKED_AGAIN, item.subject_id, DAY, "AB", "regular network")
    steps = trial.history.care_steps
    steps.record(looked, by="MK")
    assert trial.to_look_at() == []
    assert steps.of(Step.LOOKED_AGAIN, [item.subject_id]) == {item.subject_id: looked}
    (entered,) = steps.about((lesion.id,))
    shown = trial.history._database.read("SELECT sha256 FROM image")[0]["sha256"]
    assert (entered.step, entered.initials, entered.sha256) == (looked, "MK", shown)
    assert steps.about((assessed(trial).id,)) == []
    (act,) = trial.history.audit.page(AuditFilter(actions=frozenset({Action.STEP_RECORDED}))).acts
    assert (act.content, act.lesion_id) == (RecordedStep(DAY, "regular network", "AB"), lesion.id)
    steps.take_back(looked, by="MK")
    assert trial.to_look_at() == [item]
    assert steps.about((lesion.id,)) == []
    steps.record(looked, by="MK")
    trial.listed(lesion)
    assert trial.to_look_at() == [], "it was looked at for this model"
    trial.listed(lesion, THIRD, "Third model")
    assert [one.model for one in trial.to_look_at()] == ["Third model"]


def test_a_histology_and_a_later_assessment_take_a_lesion_off_the_list(trial: Trial) -> None:
    proved, seen, left = assessed(trial), assessed(trial), assessed(trial)
    for lesion in (proved, seen, left):
        trial.listed(lesion)
    trial.result(proved, "nevus")
    trial.assess(seen, visit=trial.history.people.begin_visit(trial.patient.id, LATER, "", by="MK"))
    assert [one.lesion.id for one in trial.to_look_at() if one.lesion is not None] == [left.id]


def test_an_assessment_of_another_image_takes_its_lesion_off_the_list(trial: Trial) -> None:
    lesion = assessed(trial)
    trial.listed(lesion)
    trial.image(None, trial.visit)
    (loose,) = (one for one in trial.history.people.images(trial.patient.id) if one.lesion_id is None)
    trial.history.assessments.assess(image_id=loose.image_id, before_model=True, diagnosis="nevus", by="MK")
    assert len(trial.to_look_at()) == 1
    trial.history.people.place(loose.image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=trial.visit.id, by="MK")
    assert trial.to_look_at() == []


def test_what_blind_first_conceals_is_not_on_the_list_before_it_is_assessed(trial: Trial) -> None:
    lesion = trial.lesion()
    trial.listed(lesion)
    assert trial.to_look_at() == []
    trial.assess(lesion)
    assert [one.lesion for one in trial.to_look_at()] == [lesion], "nobody knew of the alert yet"
    trial.assess(lesion)
    assert trial.to_look_at() == []


def test_a_lesion_in_the_bin_is_not_on_the_list(trial: Trial) -> None:
    lesion = assessed(trial)
    trial.listed(lesion)
    trial.history.people.set_binned("lesion", lesion.id, binned=True, by="MK")
    assert trial.to_look_at() == []


def answerer(model: str = MODEL, points: dict[str, float] | None = None) -> Answerer:
    return Answerer(model, 1, points or {}, contract())


def test_only_what_a_model_has_not_answered_at_these_limits_is_asked(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        for name in ("a.jpg", "b.jpg"):
            keep(history, name)
        binned = keep(history, "c.jpg")
        history.bin([binned.entry_id], by="MK")
        tried = history.tried_answers

        def missing(of: Answerer) -> list[str]:
            return [one.image.name for one in tried.missing(of)]

        patient = history.people.add_patient("P-1", "male", by="MK", birth_year=1950)
        visit = history.people.begin_visit(patient.id, dt.date(2026, 11, 23), "40-49", by="MK")
        image_id = history.people.image_id_of(history.entries()[0].image.sha256)
        assert image_id is not None
        history.people.place(image_id, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by="MK")
        assert [(one.sex, one.age_band) for one in tried.missing(answerer(OTHER))] == [("male", "70-79"), ("", "")]
        assert tried.images() == 2
        assert missing(answerer()) == []
        assert missing(answerer(points={"melanoma": 0.98})) == ["b.jpg", "a.jpg"]
        assert missing(answerer(OTHER)) == ["b.jpg", "a.jpg"]
        first = next(one.image.sha256 for one in tried.missing(answerer(OTHER)))
        for _ in range(2):
            one = TriedAnswer(first, an_answer(model=OTHER, flags=("melanoma",)), ())
            tried.keep([one], {OTHER: contract()}, by="MK")
        assert missing(answerer(OTHER)) == ["a.jpg"]
        assert len(history.entries()) == 2
        assert history._database.read_ids("SELECT count(*) FROM tried_answer") == [1]


def test_an_answer_without_what_is_known_of_the_patient_is_not_whole(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        entries = [keep(history, name).entry_id for name in ("a.jpg", "b.jpg")]
        history.adjustments.note(
            entries[0], Adjusted(PatientContext("60-69"), {"nevus": 0.9}), patient_id=None, by="MK"
        )
        plain = answerer()
        values = {**plain.values, "has_context": 1}
        assert [row["id"] for row in history._database.read(GIVEN_BY, values)] == entries[:1]
        assert len(history._database.read(GIVEN_BY, plain.values)) == len(entries)


def test_a_damaged_decision_is_read_without_its_figures(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        models = (OTHER, contract(name="Other model")), (MODEL, contract())
        history.model_decisions.record(Decision.ADOPTED, *models, "fewer alarms", {"lesions": 3}, by="MK")
        connection = history._database._connection
        connection.execute("DROP TRIGGER model_decision_is_never_changed")
        connection.execute("UPDATE model_decision SET figures = '{\"kinds\":'")
        (decided,) = history.model_decisions.all()
        assert (decided.reason, decided.figures) == ("fewer alarms", {})
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.MODEL_DECIDED}))).acts
        assert (act.detail["reason"], act.detail["melanomas"]) == ("fewer alarms", None)


def test_a_decision_needs_a_reason_and_keeps_its_figures(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        models = (OTHER, contract(name="Other model")), (MODEL, contract())
        decisions = history.model_decisions
        for reason in ("", " \n ", "x" * 501):
            with pytest.raises(RecordsError):
                decisions.record(Decision.KEPT, *models, reason, {}, by="MK")
        assert decisions.all() == []
        figures = {"lesions": 3, "kinds": {"melanoma": {"n": 2, "old": 2, "new": 1}}}
        decisions.record(Decision.ADOPTED, *models, " fewer\nalarms ", figures, by="AB")
        (decided,) = decisions.all()
        assert (decided.reason, decided.figures, decided.initials) == ("fewer alarms", figures, "AB")
        assert history.model_decisions.adoption(OTHER) == decided
        assert history.model_decisions.adoption(MODEL) is None
        assert (decided.name, decided.present_name) == ("Other model", "Test model")
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.MODEL_DECIDED}))).acts
        assert act.detail["reason"] == "fewer alarms"
        assert (act.detail["melanomas"], act.detail["old"], act.detail["new"]) == (2, 2, 1)
        assert act.time - decided.time == dt.timedelta()
