"""The number that settings are compared by: the mean of the AUCs of the alerts that `compare` tells, on biopsied lesions."""

import dataclasses

import numpy as np
import pytest

from desktop.core.errors import DataError
from tests.making import NINE as LABELS
from tests.training.answers import made_up
from training.judging.held_out import BIOPSIED
from training.judging.thresholds import cross_fit
from training.judging.yardstick import HistologyYardstick
from training.measuring.alert_figures import figures_of_alerts


def test_it_is_the_mean_of_the_areas_of_the_page() -> None:
    found = made_up(900, is_proved=True)
    figure = HistologyYardstick(found.images, LABELS, "root")(found.probabilities.astype(np.float32))
    alerts = figures_of_alerts(found, cross_fit(found, "root").alert_scores)
    areas = [area.value for one in alerts for area in (one.biopsied.auc_nevi, one.biopsied.auc_others) if area]
    assert len(areas) == 4
    assert figure == pytest.approx(np.mean(areas), abs=1e-4)  # the answers were rounded to float32


def test_better_answers_have_a_higher_figure() -> None:
    found = made_up(900, is_proved=True)
    yardstick = HistologyYardstick(found.images, LABELS, "none")
    noise = np.exp(np.random.default_rng(2).normal(0, 4, found.probabilities.shape))
    assert yardstick((found.probabilities * noise).astype(np.float32)) < yardstick(
        found.probabilities.astype(np.float32)
    )


def test_followed_nevi_and_others_not_biopsied_take_no_part() -> None:
    found = made_up(900, is_proved=True)
    biopsied = found.subset(found.having(confirmed_by=BIOPSIED))
    rest = HistologyYardstick(found.images, LABELS, "none")(found.probabilities.astype(np.float32))
    alone = HistologyYardstick(biopsied.images, LABELS, "none")(biopsied.probabilities.astype(np.float32))
    assert rest == pytest.approx(alone, abs=0.02)  # followed nevi weigh a little in the fit of the score alone


def test_too_few_biopsied_lesions_are_refused_with_their_number() -> None:
    found = made_up(900)
    with pytest.raises(DataError, match="In it, 0 melanomas and 0 others are known to be biopsied"):
        HistologyYardstick(found.images, LABELS, "none")
    few = made_up(80)
    images = [dataclasses.replace(image, confirmed_by=BIOPSIED) for image in few.images]
    melanomas = {image.group for image in images if image.label == "melanoma"}
    with pytest.raises(DataError, match=rf"In it, {len(melanomas)} melanomas and {40 - len(melanomas)} others"):
        HistologyYardstick(images, LABELS, "none")
