import pytest

from desktop.core.errors import UsageError
from training.run.config import Config, knobs, with_changes


def test_every_setting_has_a_unit_and_a_help_text() -> None:
    for name, (_, knob) in knobs().items():
        assert knob.unit, name
        assert knob.help, name


def test_the_defaults_are_the_papers_recipe() -> None:
    config = Config()
    assert (config.epochs, config.batch_size, config.seed, config.folds) == (25, 32, 42, 5)
    assert (config.rotation, config.width_shift, config.height_shift, config.shear, config.zoom) == (
        20,
        0.2,
        0.2,
        0.2,
        0.2,
    )
    assert config.horizontal_flip
    assert not config.early_stopping
    assert not config.class_weights


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs", 0),
        ("batch_size", 0),
        ("folds", 1),
        ("zoom", 1.0),
        ("rotation", -1.0),
        ("learning_rate", 0.0),
        ("seed", -1),
    ],
)
def test_an_invalid_setting_is_refused_by_the_name_of_its_option(setting: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"--{setting.replace('_', '-')} is "):
        Config(**{setting: value})  # type: ignore[arg-type]


def test_the_recipe_may_change_until_training_begins() -> None:
    assert with_changes(Config(), {"epochs": 3}, began=False).epochs == 3
    with pytest.raises(UsageError, match="--epochs is 25 in this run"):
        with_changes(Config(), {"epochs": 3}, began=True)


def test_settings_of_the_prepared_data_cannot_change() -> None:
    with pytest.raises(UsageError, match="--input-size is 128 in this run"):
        with_changes(Config(input_size=128), {"input_size": 64}, began=False)


def test_repeating_the_present_settings_is_allowed() -> None:
    assert with_changes(Config(), {"epochs": 25, "seed": 42}, began=True) == Config()
