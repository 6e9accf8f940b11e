"""What the course says on the days of biopsies and re-excisions."""

import datetime as dt
from dataclasses import replace

import pytest

from desktop.core.records.people import Outcome
from desktop.core.records.result_days import Biopsy
from desktop.widgets.follow_up.biopsy_lines import lines_of_biopsies

FIRST, AGAIN, LATER = (dt.date(2024, 7, day) for day in (1, 22, 29))
NOW = dt.datetime(2024, 8, 1, 9, 0, tzinfo=dt.UTC)
BIOPSY = Biopsy(1, 1, None, FIRST, "MK", "MK", NOW)
RE_EXCISION = Biopsy(2, 1, None, AGAIN, "MK", "MK", NOW, is_reexcision=True)
MELANOMA = Outcome(1, 1, None, "histopathology", "melanoma", "melanoma", 0.4, FIRST, "", "MK", NOW, margins="involved")


def texts(*taken: Biopsy, day: dt.date, images: tuple[dt.date, ...]) -> list[str]:
    return [one.text for one in lines_of_biopsies(taken, (MELANOMA,), images) if one.day == day]


@pytest.mark.parametrize(("images", "is_from"), [(1, "image is"), (2, "images are")])
def test_an_image_of_the_day_of_a_re_excision_is_before_or_after_that(images: int, is_from: str) -> None:
    said = f"Whether this day's {is_from} from before or after the {{}} is not recorded."
    shown = (AGAIN,) * images
    assert texts(BIOPSY, RE_EXCISION, day=AGAIN, images=shown) == [said.format("re-excision")]
    both = replace(BIOPSY, day=AGAIN)
    assert texts(BIOPSY, RE_EXCISION, both, day=AGAIN, images=shown) == [said.format("biopsy")]
    assert said.format("biopsy") in texts(BIOPSY, RE_EXCISION, day=FIRST, images=(FIRST,) * images)


def test_what_a_re_excision_means_for_later_images_calls_it_so() -> None:
    keratosis = replace(MELANOMA, diagnosis="actinic_keratosis", label="actinic_keratosis")
    said = [one.text for one in lines_of_biopsies((BIOPSY, RE_EXCISION), (keratosis,), (LATER,))]
    assert said == ["Biopsied on this day.", "Re-excised on this day."]
