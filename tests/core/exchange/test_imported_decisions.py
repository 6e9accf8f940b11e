"""What an import brings decides nothing here: a follow-up stays due, a lesion stays to be looked at, and it is nobody's own."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.exchange.conflicts import OnConflict
from desktop.core.exchange.importing import import_folder
from desktop.core.records.made_elsewhere import MADE_ELSEWHERE
from desktop.core.records.people import FOLLOW_UP, Assessment
from desktop.core.records.safety_net import Gap, OpenItem
from tests.core.exchange.histories import DAY, Practice, at, png
from tests.making import contract

_DUE = DAY + dt.timedelta(days=7)
_LATER = _DUE + dt.timedelta(days=1)
_HEAD = "patient;lesion;date;when;image;assessment;before_model;plan;who\n"


class Imports(Practice):
    """A practice with one lesion, into which tables come that have its image."""

    def __init__(self, folder: Path) -> None:
        self.clock = at(8)
        super().__init__(folder / "practice", self.clock, "MK")
        self.tables = folder
        patient = self.patient("P-1")
        self.lesion = self.history.people.add_lesion(patient, "L1", "back", by="MK").id
        self.day = self.visit(patient)
        self.first_image = self.image(lesion=self.lesion, visit=self.day)

    def take(self, row: str) -> None:
        folder = self.tables / f"table {len(list(self.tables.iterdir()))}"
        folder.mkdir()
        (folder / "records.csv").write_text(_HEAD + f"{row}\n")
        (folder / "1.png").write_bytes(png(1))
        import_folder(self.history, self.store, folder, on_conflict=OnConflict.BOTH, by="IM")

    def said(self) -> list[Assessment]:
        return self.history.assessments.of([self.lesion])

    def items(self, gap: Gap) -> list[OpenItem]:
        return [one for one in self.history.safety_net.items(_LATER + dt.timedelta(days=1)) if one.gap is gap]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Imports]:
    made = Imports(tmp_path)
    yield made
    made.history.close()


@pytest.mark.parametrize("before_model", ["", "yes", "no"])
def test_it_ends_a_planned_follow_up_only_with_a_plan(practice: Imports, before_model: str) -> None:
    practice.seen(practice.lesion, practice.day, "nevus", FOLLOW_UP, plan_date=_DUE)
    row = f"P-1;L1;{_LATER};{_LATER}T09:00;1.png;nevus;{before_model};{{plan}};AB"
    practice.take(row.format(plan=""))
    assert len(practice.said()) == 2
    assert [one.since for one in practice.items(Gap.OVERDUE)] == [_DUE], "nobody decided that it ends"
    practice.take(row.format(plan="none").replace("09:00", "10:00"))
    assert practice.items(Gap.OVERDUE) == []


def test_it_is_no_second_look_at_a_lesion(practice: Imports) -> None:
    practice.seen(practice.lesion, practice.day, "nevus")
    practice.history.tried_answers.keep([], {"c" * 64: contract(name="Other model")}, by="MK")
    practice.history.tried_answers.list_again("c" * 64, {practice.first_image: ["melanoma"]}, by="MK")
    practice.take(f"P-1;L1;{_LATER};{_LATER}T09:00;1.png;nevus;;;AB")
    assert len(practice.items(Gap.LOOK_AGAIN)) == 1
    practice.seen(practice.lesion, practice.visit(1, _LATER), "nevus")
    assert practice.items(Gap.LOOK_AGAIN) == []


def test_one_that_histology_contradicts_is_called_what_it_is(practice: Imports) -> None:
    practice.seen(practice.lesion, practice.day, "nevus")
    practice.take(f"P-1;L1;{DAY};{DAY}T09:30;1.png;melanoma;;;AB")
    assert [(one.diagnosis, one.before_model) for one in practice.said()] == [("nevus", True), ("melanoma", None)]
    practice.clock.now += dt.timedelta(hours=2)
    practice.history.assessments.add_outcome(
        lesion_id=practice.lesion, kind="histopathology", diagnosis="nevus", date=_LATER, by="MK"
    )
    (item,) = practice.items(Gap.NO_FIT)
    assert (item.own_diagnosis, item.is_after_model, item.is_made_elsewhere) == ("melanoma", False, True)


def test_what_a_version_brought_that_named_none_is_known_by_a_time_that_no_clock_gives(practice: Imports) -> None:
    practice.seen(practice.lesion, practice.day, "nevus")
    practice.take(f"P-1;L1;{DAY};;1.png;melanoma;;;AB")
    practice.take(f"P-1;L1;{DAY};{DAY}T13:00;1.png;bcc;;;AB")
    connection = practice.history.exchanged._database._connection
    connection.execute("DROP TRIGGER audit_is_never_changed")
    connection.execute("UPDATE audit SET detail = json_remove(detail, ?)", (f'$."{MADE_ELSEWHERE}"',))
    assert [(one.diagnosis, one.before_model) for one in practice.said()] == [
        ("nevus", True),
        ("melanoma", None),
        ("bcc", False),
    ]
