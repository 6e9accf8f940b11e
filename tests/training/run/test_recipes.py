import pytest

from desktop.core.errors import UsageError
from training.networks.architectures import find
from training.run.config import Config, knobs
from training.run.recipes import RECIPES, recipe_default, with_recipe


def test_every_recipe_has_valid_settings() -> None:
    for name, values in RECIPES.items():
        assert set(values) <= set(knobs())
        config = Config(**with_recipe({"recipe": name}))
        assert find(config.architecture)


def test_the_papers_recipe_is_the_defaults() -> None:
    assert Config(**with_recipe({})) == Config()


def test_a_given_option_overrides_the_recipe() -> None:
    config = Config(**with_recipe({"recipe": "dermoscopy", "epochs": 9, "hair": 0.0}))
    assert (config.epochs, config.hair) == (9, 0.0)
    assert config.rotation == 180
    assert config.architecture == "efficientnet-lite0"


def test_the_default_of_a_setting_is_its_recipes() -> None:
    config = Config(**with_recipe({"recipe": "dermoscopy"}))
    assert recipe_default(config, "rotation") == 180
    assert recipe_default(config, "shear") == config.shear
    assert recipe_default(Config(), "rotation") == 20


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"jpeg": 1.5}, "--jpeg is 1.5; give 0 or more, at most 1."),
        ({"resolution": 0.0}, "--resolution is 0.0; give more than 0, at most 1."),
        ({"cutout": 1.0}, "--cutout is 1.0; give 0 or more, less than 1."),
        ({"fold": 6}, "--fold is 6; give at most 5."),
        ({"frozen_epochs": 25}, "--frozen-epochs is 25; give at most 24."),
        ({"small_epochs": 25}, "--small-epochs is 25; give fewer than --epochs, which is 25."),
        ({"small_epochs": 2}, "--small-epochs needs --small-size, the side of their images."),
        (
            {"small_epochs": 2, "small_size": 96, "frozen_epochs": 1},
            "--small-epochs and --frozen-epochs cannot be combined: leave one out.",
        ),
    ],
)
def test_a_setting_out_of_its_range_is_refused_with_the_range(settings: dict[str, float], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        Config(**settings)  # type: ignore[arg-type]
    assert str(caught.value) == sentence
