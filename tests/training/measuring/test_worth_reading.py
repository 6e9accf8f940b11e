"""Where an alert is worth reading: the rule at its bounds, and what the page and the card say."""

import dataclasses
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.making import NINE as LABELS
from tests.training.answers import made_up
from training.judging.alerts import Lesions
from training.judging.held_out import BIOPSIED, FILE, LEFT_OUT, write
from training.measuring.alert_figures import AlertRow, LesionShare
from training.measuring.card_figures import CardFigures, count_figures
from training.measuring.page.full_page import page
from training.measuring.page.worth_reading import in_words
from training.measuring.worth_reading import Verdict, verdict, verdicts
from training.run.config import Config
from training.run.run_folder import RunRecord

HELD = 1600
"""Images: enough for 20 melanomas and 20 nevi at one source, and too few at another."""


def row(found: tuple[int, int] | None, raised: tuple[int, int] | None) -> AlertRow:
    of_it, of_nevi = (LesionShare(*one, 0.0, 1.0) if one else None for one in (found, raised))
    return AlertRow("clinic", "biopsied", 0, 0, 0, None, None, of_it, of_nevi, None)


@pytest.mark.parametrize(
    ("found", "raised", "expected"),
    [
        ((90, 100), (70, 100), Verdict.WORTH_READING),
        ((89, 100), (1, 100), Verdict.DO_NOT_USE),
        ((100, 100), (71, 100), Verdict.DO_NOT_USE),
        ((27, 30), (21, 30), Verdict.WORTH_READING),
        (None, (0, 100), Verdict.NOT_TESTED),
        ((100, 100), None, Verdict.NOT_TESTED),
    ],
)
def test_rule_at_its_bounds(found: tuple[int, int] | None, raised: tuple[int, int] | None, expected: Verdict) -> None:
    assert verdict(row(found, raised)) is expected


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> CardFigures:
    """A network with alerts, one of whose sources proves nothing, and a training without a source."""
    folder = tmp_path_factory.mktemp("kept") / "ours"
    apart = folder / "without-clinic"
    apart.mkdir(parents=True)
    held = made_up(HELD, is_proved=True)
    images = tuple(
        dataclasses.replace(one, source="archive", confirmed_by="") if one.group % 5 == 0 else one
        for one in held.images
    )
    held = dataclasses.replace(held, images=images)
    for where, settings in ((folder, Config()), (apart, Config(without="source=clinic"))):
        write(held, where / FILE)
        (where / "recipe.json").write_bytes(msgspec.json.encode(RunRecord(settings, "0" * 64, LABELS, {})))
    write(made_up(HELD, seed=1, is_proved=True), apart / LEFT_OUT)
    return count_figures("ours", folder)


def test_each_source_is_judged_on_its_biopsied_lesions_or_on_all(figures: CardFigures) -> None:
    held = made_up(HELD, is_proved=True)
    groups = {place: place % 5 == 0 for place in held.groups.tolist()}
    archive = np.array([groups[place] for place in held.groups.tolist()])
    melanoma, *_ = figures.alerts
    rows = {one.part: one for one in melanoma.sources}
    assert set(rows) == {"archive", "HAM10000", "MILK10k"}
    assert rows["archive"].value == "all; how they were proved is not known"
    assert rows["archive"].positives + rows["archive"].nevi + rows["archive"].others == Lesions(held, archive).count
    biopsied = ~archive & held.having(confirmed_by=BIOPSIED) & held.having(source="HAM10000")
    told = rows["HAM10000"]
    assert told.value == "biopsied"
    assert told.positives + told.nevi + told.others == Lesions(held, biopsied).count


def test_sources_that_were_left_out_are_judged_by_their_own_training(figures: CardFigures) -> None:
    found = [one for one in verdicts(figures) if one.alert == "Melanoma alert"]
    assert [(one.source, one.is_taught) for one in found] == [
        ("HAM10000", True),
        ("MILK10k", True),
        ("archive", True),
        ("clinic", False),
    ]
    assert found[-1].row == figures.unseen[0].alerts[0].left_out


def test_page_and_card_say_where_not_to_use_an_alert(figures: CardFigures) -> None:
    section = page([figures], "measured").partition("## Where the alerts are worth reading")[2].partition("\n## ")[0]
    said = in_words(figures)
    kinds = {one.verdict for one in verdicts(figures)}
    assert len(kinds) > 1
    for one in verdicts(figures):
        line = next(
            line
            for line in section.splitlines()
            if line.startswith(f"| {one.alert} | {one.source} | {'yes' if one.is_taught else 'no'} |")
        )
        assert str(one.verdict) in line
        assert one.source in said
        assert (str(one.verdict) if one.verdict is not Verdict.NOT_TESTED else "not tested, too few lesions") in said


def test_network_without_alerts_gets_a_sentence(tmp_path: Path) -> None:
    write(made_up(200), tmp_path / FILE)
    (tmp_path / "recipe.json").write_bytes(msgspec.json.encode(RunRecord(Config(), "0" * 64, LABELS, {})))
    assert "Not measured: no network has an alert." in page([count_figures("alone", tmp_path)], "measured")
