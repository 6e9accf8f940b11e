"""What moved from month to month: how rarely it warns of nothing, and that it warns of what moved."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest

from desktop.core.practice.drift import FEWEST_IMAGES, FEWEST_MONTHS, Measure, Month, drift
from desktop.core.practice.follow_up import months_later
from desktop.core.practice.shares import share_of
from desktop.core.records.practice_reading import AnswerRow, Subject

BEGIN = dt.date(2023, 1, 1)
YEARS_IN_MONTHS = 36
HISTORIES = 8


class Stream:
    """Images month by month; patients come back, and answer alike each time. `rate` is that of the alerts."""

    def __init__(self, seed: int, rate: float, images: float) -> None:
        self.random = np.random.default_rng(seed)
        self.rate = rate
        self.images = images
        self.sharpness = 0.6
        self.answers: list[AnswerRow] = []
        self._patients: list[tuple[float, float, float]] = []

    def month(self, place: int, patients: int) -> None:
        random = self.random
        time = dt.datetime.combine(months_later(BEGIN, place), dt.time(12)).astimezone()
        for _ in range(patients):
            if self._patients and random.random() < 0.3:
                patient = int(random.integers(len(self._patients)))
            else:
                patient = len(self._patients)
                own_rate = random.beta(2 * self.rate, 2 * (1 - self.rate))
                self._patients.append((own_rate, random.normal(0, 0.5), random.normal(0, 0.1)))
            own_rate, far, sharp = self._patients[patient]
            for _ in range(1 + int(random.geometric(1 / self.images))):
                self.answers.append(
                    AnswerRow(
                        subject=Subject(len(self.answers)),
                        visit_id=None,
                        patient_id=patient,
                        image_id=len(self.answers),
                        sha256="",
                        model="",
                        time=time,
                        alerts=frozenset({"melanoma"}) if random.random() < own_rate else frozenset(),
                        withheld="",
                        malignant=None,
                        novelty=float(np.exp(random.normal(far, 0.5))),
                        sharpness=float(self.sharpness + sharp + random.normal(0, 0.1)),
                    )
                )

    def told(self, months: int, shown: int = 12, draws: int = 269) -> tuple[Month, ...]:
        return drift(self.answers, {}, months_later(BEGIN, months), shown=shown, draws=draws)


def warnings(months: Sequence[Month]) -> int:
    return sum(any(value.has_moved for value in month.values.values()) for month in months)


@pytest.mark.parametrize(
    ("rate", "patients", "images"),
    [(0.4, 20, 3.0), (0.03, 25, 3.0), (0.4, 11, 12.0)],
    ids=["usual", "rare", "few patients"],
)
def test_with_nothing_moved_it_warns_at_most_once_in_three_years(rate: float, patients: int, images: float) -> None:
    found, judged = [], 0
    for seed in range(HISTORIES):
        stream = Stream(seed, rate, images)
        for place in range(YEARS_IN_MONTHS + FEWEST_MONTHS):
            stream.month(place, patients)
        told = stream.told(YEARS_IN_MONTHS + FEWEST_MONTHS, shown=YEARS_IN_MONTHS)
        judged += sum(one.values[Measure.ALERTS].low is not None for one in told if one.values)
        found.append(warnings(told))
    assert judged > HISTORIES * YEARS_IN_MONTHS * 0.9
    assert 0 < np.mean(found) <= 1


def test_it_tells_what_moved() -> None:
    stream = Stream(5, 0.4, 3.0)
    for place in range(8):
        stream.month(place, 40)
    stream.sharpness = 0.5
    stream.month(8, 40)
    newest, *others = stream.told(9, draws=1349)
    assert [measure for measure, value in newest.values.items() if value.has_moved] == [Measure.SHARPNESS]
    assert warnings(others) == 0


def test_months_with_few_images_and_the_month_under_way_are_not_judged() -> None:
    stream = Stream(7, 0.4, 3.0)
    for place in range(FEWEST_MONTHS):
        stream.month(place, 30)
    stream.month(FEWEST_MONTHS, 5)
    stream.month(FEWEST_MONTHS + 1, 30)
    stream.month(FEWEST_MONTHS + 2, 30)
    told = stream.told(FEWEST_MONTHS + 2)
    assert [one.first.month for one in told] == [5, 4, 3, 2, 1]  # June is not over
    judged, few, *first = told
    assert judged.values[Measure.ALERTS].low is not None
    assert len(few.images) < FEWEST_IMAGES
    assert few.values == {}
    assert all(one.values[Measure.ALERTS].low is None for one in first)


def test_values_are_the_means_over_the_images() -> None:
    stream = Stream(9, 0.4, 3.0)
    for place in range(5):
        stream.month(place, 30)
    for month in stream.told(5):
        images = [one for one in stream.answers if one.time.month == month.first.month]
        assert {one.image_id for one in month.images} == {one.image_id for one in images}
        assert month.patients == len({one.patient_id for one in images})
        wanted = {
            Measure.ALERTS: np.mean([bool(one.alerts) for one in images]),
            Measure.DISTANCE: np.mean([one.novelty or 0 for one in images]),
            Measure.SHARPNESS: np.mean([one.sharpness or 0 for one in images]),
        }
        for measure, value in wanted.items():
            assert month.values[measure].value == pytest.approx(float(value), abs=1e-9)


@pytest.mark.parametrize("true", [0.5, 0.8, 0.95])
@pytest.mark.parametrize(("lesions", "patients"), [(25, 25), (60, 30), (200, 80)])
def test_intervals_of_shares_cover_the_truth_at_their_nominal_rate(true: float, lesions: int, patients: int) -> None:
    random = np.random.default_rng(11)
    covered = []
    for _ in range(600):
        owners = random.integers(patients, size=lesions)
        rates = random.beta(8 * true, 8 * (1 - true), size=patients)  # a patient's lesions are alike
        held = random.random(lesions) < rates[owners]
        share = share_of(list(range(lesions)), held.tolist(), lambda place, owners=owners: int(owners[place]))
        assert share.estimate is not None
        covered.append(share.estimate.low <= true <= share.estimate.high)
    assert np.mean(covered) >= 0.93
