"""What is searched: ranges within those of the settings, around every recipe's own values."""

import optuna
import pytest

from training.run.config import Config, knobs
from training.run.recipes import RECIPES, with_recipe
from training.tuning.space import SPACE, Span, searched, suggest


@pytest.mark.parametrize("name", SPACE)
def test_a_range_is_of_a_setting_and_holds_the_value_of_every_recipe(name: str) -> None:
    _, knob = knobs()[name]
    values = SPACE[name]
    ends = (values.low, values.high) if isinstance(values, Span) else values
    assert all(knob.allows(end) for end in ends)
    for recipe in RECIPES:
        own = getattr(Config(**with_recipe({"recipe": recipe})), name)
        assert values.low <= own <= values.high if isinstance(values, Span) else own in values


def test_nothing_is_searched_that_was_given_or_has_no_effect() -> None:
    dermoscopy = Config(**with_recipe({"recipe": "dermoscopy"}))
    assert searched(dermoscopy, ()).keys() == SPACE.keys()
    assert searched(dermoscopy, ("balance", "data")).keys() == SPACE.keys() - {"balance"}
    paper = searched(Config(), ()).keys()
    assert SPACE.keys() - paper == {"drop_connect", "scale", "resolution", "blur", "saturation", "cutout"}


def test_values_are_in_their_ranges_and_short() -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    for _ in range(20):
        values = suggest(study.ask(), SPACE)
        Config(**with_recipe({"recipe": "dermoscopy", **values}))
        assert all(float(f"{value:.3g}") == value for value in values.values())
