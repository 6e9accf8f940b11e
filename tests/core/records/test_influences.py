"""What may change how a lesion looks, and pins on clinical photographs, in the history."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.audit_acts import AuditFilter, RecordedInfluence
from desktop.core.records.damage import NO_DAY, NO_TIME
from desktop.core.records.history import History
from desktop.core.records.influences import Influence, InfluenceKind, Span, check_span
from desktop.core.records.photograph_pins import PhotographPin
from desktop.core.records.verifying import check_history
from tests.core.records.history_contents import START, an_image, clock, keep
from tests.core.records.tampering import by_hand
from tests.core.records.test_backup import back_up, bring_back

TODAY = START.date()
MONTH = dt.timedelta(30)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path, now=clock()) as opened:
        yield opened


def two_lesions(history: History) -> tuple[int, int]:
    patient = history.people.add_patient("P-1", "female", by="MK").id
    return tuple(history.people.add_lesion(patient, name, "back", by="MK").id for name in ("L1", "L2"))  # type: ignore[return-value]


def said(found: list[Influence]) -> list[tuple[str, Span, str, str]]:
    return [(one.kind, one.span, one.note, one.initials) for one in found]


def test_treatment_is_of_one_lesion_and_a_pregnancy_of_all_of_the_patient(history: History) -> None:
    one, two = two_lesions(history)
    other = history.people.add_lesion(history.people.add_patient("P-2", "female", by="MK").id, "L1", "", by="MK").id
    history.influences.add(InfluenceKind.CRYOTHERAPY, one, Span(TODAY, TODAY), "twice 10 s", by="MK")
    history.influences.add(InfluenceKind.PREGNANCY, one, Span(TODAY - 6 * MONTH), by="AB")
    pregnancy = ("pregnancy", Span(TODAY - 6 * MONTH), "", "AB")
    assert said(history.influences.of(one)) == [pregnancy, ("cryotherapy", Span(TODAY, TODAY), "twice 10 s", "MK")]
    assert said(history.influences.of(two)) == [pregnancy]
    assert history.influences.of(other) == []


def test_a_pregnancy_goes_with_the_patient_and_a_treatment_with_the_lesion(history: History) -> None:
    one, _two = two_lesions(history)
    history.influences.add(InfluenceKind.TOPICAL, one, Span(TODAY), by="MK")
    history.influences.add(InfluenceKind.PREGNANCY, one, Span(TODAY), by="MK")
    other = history.people.add_patient("P-2", "female", by="MK").id
    history.people.correct_lesion(one, name="L9", site="back", patient_id=other, by="MK")
    assert [found.kind for found in history.influences.of(one)] == ["topical treatment"]


def test_last_correction_counts_and_what_is_withdrawn_can_be_put_back(history: History) -> None:
    one, _two = two_lesions(history)
    entered = history.influences.add(InfluenceKind.TOPICAL, one, Span(TODAY - MONTH), "imiquimod", by="MK")
    ended = history.influences.correct(entered.id, Span(TODAY - MONTH, TODAY), "imiquimod 5 %", by="AB")
    assert said([ended]) == [("topical treatment", Span(TODAY - MONTH, TODAY), "imiquimod 5 %", "AB")]
    history.influences.correct(entered.id, ended.span, ended.note, withdrawn=True, by="CD")
    assert history.influences.of(one) == []
    assert history.influences.influence(entered.id).is_withdrawn
    history.influences.correct(entered.id, ended.span, ended.note, by="CD")
    assert [found.span for found in history.influences.of(one)] == [ended.span]
    with pytest.raises(KeyError):
        history.influences.influence(99)


@pytest.mark.parametrize(
    ("span", "sentence"),
    [
        (Span(TODAY + dt.timedelta(1)), "later than today"),
        (Span(TODAY - MONTH, TODAY + dt.timedelta(1)), "later than today"),
        (Span(TODAY, TODAY - dt.timedelta(1)), "cannot be before"),
    ],
)
def test_days_that_cannot_be_are_refused(span: Span, sentence: str) -> None:
    with pytest.raises(RecordsError, match=sentence):
        check_span(span, TODAY)
    check_span(Span(TODAY, TODAY), TODAY)


def test_each_act_is_in_the_audit_log_with_what_was_entered(history: History) -> None:
    one, _two = two_lesions(history)
    patient = history.people.lesion(one).patient_id
    entered = history.influences.add(InfluenceKind.PREGNANCY, one, Span(TODAY - MONTH), "week 12", by="MK")
    history.influences.correct(entered.id, Span(TODAY - MONTH, TODAY), "", by="AB")
    history.influences.correct(entered.id, Span(TODAY - MONTH, TODAY), "", withdrawn=True, by="CD")
    history.influences.add(InfluenceKind.CRYOTHERAPY, one, Span(TODAY, TODAY), by="MK")
    acts = history.audit.page(AuditFilter()).acts[::-1]
    ended = RecordedInfluence("pregnancy", Span(TODAY - MONTH, TODAY), "")
    assert [(act.action, act.initials, act.patient_id, act.lesion_id, act.content) for act in acts] == [
        ("influence entered", "MK", patient, None, RecordedInfluence("pregnancy", Span(TODAY - MONTH), "week 12")),
        ("influence corrected", "AB", patient, None, ended),
        ("influence withdrawn", "CD", patient, None, ended),
        ("influence entered", "MK", patient, one, RecordedInfluence("cryotherapy", Span(TODAY, TODAY), "")),
    ]


def test_an_influence_put_back_was_entered_by_who_entered_it(history: History) -> None:
    one, _two = two_lesions(history)
    made = history.influences.add(InfluenceKind.TOPICAL, one, Span(TODAY), "cream", by="MK")
    history.influences.correct(made.id, Span(TODAY, TODAY), "cream", by="AB")
    history.influences.correct(made.id, Span(TODAY), "cream", by="AB")
    history.influences.correct(made.id, Span(TODAY), "cream", withdrawn=True, by="AB")
    history.influences.correct(made.id, Span(TODAY), "cream", by="AB")
    assert history.influences.of(one) == [made]


def test_pin_on_a_photograph_is_where_it_was_set_last(history: History) -> None:
    keep(history, "overview.jpg")
    one, two = two_lesions(history)
    image = history.people.image_id_of(an_image("overview.jpg").sha256)
    assert image is not None
    pins = history.photograph_pins
    assert pins.put(image, one, (0.25, 0.5), by="MK") is None
    assert pins.put(image, one, (0.25, 0.5), by="MK") == (0.25, 0.5)
    assert len(history._database.read("SELECT id FROM photograph_pin")) == 1
    assert pins.put(image, one, (0.75, 0.5), by="MK") == (0.25, 0.5)
    pins.put(image, two, (1.0, 0.0), by="MK")
    assert pins.of([image], [one, two]) == [
        PhotographPin(image, one, (0.75, 0.5)),
        PhotographPin(image, two, (1.0, 0.0)),
    ]
    assert pins.put(image, one, None, by="MK") == (0.75, 0.5)
    assert [pin.lesion_id for pin in pins.of([image], [one, two])] == [two]
    assert pins.of([image], [one]) == pins.of([], [two]) == []


def test_all_are_in_a_backup_and_sealed(tmp_path: Path) -> None:
    with History.open(tmp_path / "data", now=clock()) as history:
        keep(history, "overview.jpg")
        one, _two = two_lesions(history)
        history.influences.add(InfluenceKind.CRYOTHERAPY, one, Span(TODAY, TODAY), by="MK")
        history.photograph_pins.put(1, one, (0.25, 0.5), by="MK")
    back_up(tmp_path / "data", tmp_path / "backup.zip")
    bring_back(tmp_path / "backup.zip", tmp_path / "new")
    with History.open(tmp_path / "new") as history:
        assert [found.kind for found in history.influences.of(one)] == ["cryotherapy"]
        assert history.photograph_pins.of([1], [one]) == [PhotographPin(1, one, (0.25, 0.5))]
    assert check_history(tmp_path / "new").faults == []
    with by_hand(tmp_path / "new") as connection:
        connection.execute("UPDATE influence SET kind = 'topical treatment'")
        connection.execute("UPDATE influence_detail SET withdrawn = 1")
        connection.execute("UPDATE photograph_pin SET x = 0.5")
    changed = {fault.rows for fault in check_history(tmp_path / "new").faults}
    assert changed == {"influence 1", "influence_detail 1", "photograph_pin 1"}


def test_a_damaged_row_is_shown_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        one, _two = two_lesions(history)
        history.influences.add(InfluenceKind.TOPICAL, one, Span(TODAY), by="MK")
    with by_hand(tmp_path) as connection:
        connection.execute("UPDATE influence_detail SET since = 'once', time = 'then'")
    with History.open(tmp_path) as history:
        (found,) = history.influences.of(one)
        assert (found.kind, found.span, found.time) == ("topical treatment", Span(NO_DAY), NO_TIME)
