"""What changes under another model, counted again from what was written, and what is never counted."""

from collections import Counter

import numpy as np
import pytest

from desktop.core.inference.judgement import Abstention
from desktop.core.judging.figures import FEWEST
from desktop.core.practice.flips import Flips, Kind, flips, to_look_at_again
from desktop.core.records.history import History
from desktop.core.records.practice_reading import ModelRow, PracticeRows, Subject, assembled, model_row
from desktop.core.records.tried_answers import Answerer, TriedAnswer
from tests.core.practice import recount
from tests.core.practice.clinic import CANCERS, CONTRACT, MELANOMAS, Clinic, MadeUp
from tests.core.records.history_contents import MODEL, an_answer

OTHER = "c" * 64
OLD, NEW = Answerer(MODEL, 1, {}, CONTRACT), Answerer(OTHER, 1, {}, CONTRACT)
Alerts = frozenset[str]


def row(answerer: Answerer) -> ModelRow:
    return model_row(answerer.model_sha256, answerer.contract.name, answerer.contract.to_json())


def try_other(history: History, *, leave_out: int = 0, damaged: int = 0, seed: int = 3) -> dict[str, Alerts]:
    """Keep another model's answers to all images but the first few; return the alerts by SHA-256, of what is not damaged."""
    random = np.random.default_rng(seed)
    images = sorted(one.image.sha256 for one in history.tried_answers.missing(NEW))
    tried, raised = [], {}
    for number, sha256 in enumerate(images[leave_out:]):
        alerts = tuple(alert for alert in ("melanoma", "malignant") if random.random() < 0.5)
        by_context = ("malignant",) if not alerts and random.random() < 0.2 else ()
        abstention = Abstention.DAMAGED if number < damaged else None
        answer = an_answer(model=OTHER, flags=alerts, abstention=abstention)
        tried.append(TriedAnswer(sha256, answer, by_context))
        if abstention is None:
            raised[sha256] = frozenset((*alerts, *by_context))
    history.tried_answers.keep(tried, {OTHER: CONTRACT}, by="MK")
    return raised


def read(history: History) -> PracticeRows:
    return assembled(history.practice_rows([OLD, NEW]))


def count(history: History, learned: frozenset[Subject] = frozenset()) -> Flips:
    return flips(read(history), row(OLD), row(NEW), learned=learned)


def images_of(history: History) -> dict[int, list[str]]:
    """Return the SHA-256 of the images of each lesion at its first visit, in the order of time."""
    query = (
        "SELECT lesion, visit, sha256 FROM image_detail JOIN image ON image.id = image_detail.image ORDER BY image.id"
    )
    found: dict[int, list[str]] = {}
    first: dict[int, int] = {}
    for one in history._database.read(query):
        if first.setdefault(one["lesion"], one["visit"]) == one["visit"]:
            found.setdefault(one["lesion"], []).append(one["sha256"])
    return found


def kind_of(lesion: MadeUp) -> Kind:
    if not lesion.histology:
        return Kind.UNPROVED
    if lesion.histology in MELANOMAS:
        return Kind.MELANOMA
    return Kind.OTHER_CANCER if lesion.histology in CANCERS else Kind.BENIGN


@pytest.mark.parametrize(("leave_out", "damaged"), [(0, 0), (30, 20)])
def test_every_figure_is_the_one_of_an_independent_count(
    clinic: Clinic, history: History, leave_out: int, damaged: int
) -> None:
    made = clinic.add(200, patients=0.4)
    raised = try_other(history, leave_out=leave_out, damaged=damaged)
    images = images_of(history)
    votes = []  # lesion, alerts of the old model, of the new one
    for one in made:
        of_old: list[Alerts] = [
            frozenset(alerts)
            for alerts, sha256 in zip(one.alerts, images[one.lesion_id], strict=True)
            if sha256 in raised
        ]
        of_new = [raised[sha256] for sha256 in images[one.lesion_id] if sha256 in raised]
        if of_old:
            votes.append((one, frozenset[str]().union(*of_old), frozenset[str]().union(*of_new)))
    found = count(history)
    assert found.images == len(raised)
    assert found.lesions == len(votes)
    for figures in found.kinds:
        of_kind = [vote for vote in votes if kind_of(vote[0]) is figures.kind]
        patients = [one.patient_id for one, _, _ in of_kind]
        for share, calls in (
            (figures.old, [bool(old) for _, old, _ in of_kind]),
            (figures.new, [bool(new) for _, _, new in of_kind]),
        ):
            assert (share.k, share.n) == (sum(calls), len(calls))
            if len(calls) < FEWEST:
                assert share.estimate is None
                continue
            assert share.estimate is not None
            estimate = (share.estimate.value, share.estimate.low, share.estimate.high)
            assert estimate == pytest.approx(recount.interval(calls, patients), abs=1e-9)
        counts = Counter((bool(old), bool(new)) for _, old, new in of_kind)
        assert len(figures.only_old) == counts[True, False]
        assert len(figures.only_new) == counts[False, True]
        assert figures.melanoma_old == sum("melanoma" in old for _, old, _ in of_kind)
        assert figures.melanoma_new == sum("melanoma" in new for _, _, new in of_kind)
    assert min(sum(len(pairs) for pairs in (one.only_old, one.only_new)) for one in found.kinds) > 0
    assert {figures.kind for figures in found.kinds} == {kind_of(one) for one, _, _ in votes}
    lost = {
        one.lesion_id
        for one, old, new in votes
        if kind_of(one) is Kind.MELANOMA and ((old and not new) or ("melanoma" in old and "melanoma" not in new))
    }
    assert {pair.old.at.subject.lesion_id for pair in found.lost_melanomas} == lost
    assert found.changed[: len(lost)] == found.lost_melanomas
    again = {one.lesion_id for one, old, new in votes if not one.histology and new and not old}
    listed = to_look_at_again(read(history), row(OLD), row(NEW))
    lesion_of = {one.image_id: one.subject.lesion_id for one in read(history).answers}
    assert {lesion_of[image] for image in listed} == again


def test_a_lesion_that_a_model_learned_from_counts_in_no_figure(clinic: Clinic, history: History) -> None:
    made = clinic.add(60)
    try_other(history)
    every = count(history)
    gone = frozenset(Subject(one.lesion_id) for one in made[:20])
    found = count(history, learned=gone)
    assert {pair.old.at.subject for pair in found.learned} == gone
    assert found.lesions == every.lesions - 20
    counted = {
        case.old.at.subject for one in found.kinds for case in (*one.old.counted, *one.old.others, *one.only_new)
    }
    assert not counted & gone
    assert not {pair.old.at.subject for pair in found.changed} & gone


def test_the_kept_figures_name_nobody(clinic: Clinic, history: History) -> None:
    clinic.add(30)
    try_other(history)
    kept = count(history).figures()
    kinds = kept["kinds"]
    assert isinstance(kinds, dict)
    numbers = [value for one in kinds.values() for value in one.values()]
    assert all(isinstance(value, int) for value in (*numbers, *(kept[one] for one in kept if one != "kinds")))


def test_an_alert_that_a_model_does_not_have_is_not_counted(clinic: Clinic, history: History) -> None:
    clinic.add(20)
    try_other(history)
    melanoma_alone = ModelRow(OTHER, "Melanoma alone", "{}", {"melanoma": ("melanoma",)})
    found = flips(read(history), row(OLD), melanoma_alone)
    assert sum(one.new.k for one in found.kinds) == sum(one.melanoma_new for one in found.kinds)
    assert sum(one.new.k for one in count(history).kinds) > sum(one.new.k for one in found.kinds)
