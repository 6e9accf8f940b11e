"""What lies between two images: nothing does between those of one day."""

import datetime as dt
from dataclasses import replace

import pytest

from desktop.core.records.influences import Influence, InfluenceKind, Span
from desktop.core.records.people import Outcome
from desktop.core.records.result_days import Biopsy
from desktop.widgets.visit.between_images import cautions_between

DAY = dt.date(2024, 7, 1)
EARLIER = DAY - dt.timedelta(200)
NOW = dt.datetime(2024, 7, 2, 9, 0, tzinfo=dt.UTC)
TAKEN = Biopsy(1, 1, None, DAY, "MK", "MK", NOW)
AGAIN = replace(TAKEN, assessment_id=2, is_reexcision=True)
MELANOMA = Outcome(1, 1, None, "histopathology", "melanoma", "melanoma", 0.4, DAY, "", "MK", NOW)


def influence(kind: InfluenceKind, since: dt.date, until: dt.date | None = None) -> Influence:
    return Influence(1, kind, 1, Span(since, until), "", is_withdrawn=False, initials="MK", time=NOW)


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ((TAKEN,), "Biopsied on the day of these images, in an order that is not recorded."),
        ((), "Biopsied on the day of these images or before."),
        ((AGAIN,), "Re-excised on the day of these images, in an order that is not recorded."),
        ((TAKEN, AGAIN), "Biopsied on the day of these images, in an order that is not recorded."),
    ],
)
def test_of_two_images_of_the_day_of_a_biopsy_no_order_is_claimed(taken: tuple[Biopsy, ...], said: str) -> None:
    assert cautions_between(DAY, DAY, (), taken, (MELANOMA,)) == (said,)
    later = DAY + dt.timedelta(1)
    assert cautions_between(later, later, (), taken, (MELANOMA,)) == ()
    assert "residual tumour" in "".join(cautions_between(EARLIER, later, (), taken, (MELANOMA,)))


def test_nothing_lies_between_two_images_of_one_day() -> None:
    lasting = (influence(InfluenceKind.PREGNANCY, EARLIER), influence(InfluenceKind.TOPICAL, EARLIER))
    assert cautions_between(DAY, DAY, lasting, (), ()) == ()
    assert len(cautions_between(EARLIER, DAY, lasting, (), ())) == len(lasting)
    frozen = (influence(InfluenceKind.CRYOTHERAPY, DAY, DAY),)
    said = "Cryotherapy on the day of these images, in an order that is not recorded."
    assert cautions_between(DAY, DAY, frozen, (), ()) == (said,)


def test_a_re_excision_between_two_images_is_called_so() -> None:
    first = replace(TAKEN, day=EARLIER - dt.timedelta(9))
    found = replace(MELANOMA, date=first.day)
    later = DAY + dt.timedelta(1)
    said = "Re-excised on the day of the newer image, before or after it."
    assert cautions_between(EARLIER, DAY, (), (first, AGAIN), (found,)) == (said,)
    said = "Re-excised in between, after melanoma: pigment in the scar may be recurrence."
    assert cautions_between(EARLIER, later, (), (first, AGAIN), (found,)) == (said,)
