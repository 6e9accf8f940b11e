"""The records of a network and of those that it started from are saved beside its answers."""

import dataclasses
from pathlib import Path

import pytest

from desktop.core.errors import DataError
from training.judging.recipe_files import earlier_recipes_of, recipe_of, save_recipe
from training.run.config import Config
from training.run.run_folder import RunFolder, RunRecord


def trained(folder: Path, weights: str, epochs: int) -> RunRecord:
    """Write the record of a run, as training does."""
    run = RunFolder(folder)
    run.path.mkdir(parents=True)
    settings = Config(data=str(folder.parent / "all.csv"), epochs=epochs, weights=weights, limits="/there/limits.txt")
    record = RunRecord(settings, "0" * 64, (), {})
    run.save_record(record)
    return record


def test_records_of_three_trainings_keep_their_order_and_name_no_local_path(tmp_path: Path) -> None:
    trained(tmp_path / "one", "imagenet", 1)
    second = trained(tmp_path / "two", str(tmp_path / "one/model.weights.h5"), 2)
    third = trained(tmp_path / "three", str(tmp_path / "two/model.weights.h5"), 3)
    save_recipe(third, tmp_path / "three")
    earlier = earlier_recipes_of(tmp_path / "three")
    assert [one.settings.epochs for one in earlier] == [1, 2]
    assert [one.settings.weights for one in earlier] == ["imagenet", "one/model.weights.h5"]
    assert recipe_of(tmp_path / "three").settings.weights == "two/model.weights.h5"
    for name in ("recipe.json", "earlier_recipes.json"):
        assert str(tmp_path) not in (tmp_path / "three" / name).read_text(encoding="utf-8")
        assert "/there" not in (tmp_path / "three" / name).read_text(encoding="utf-8")

    gone = dataclasses.replace(second.settings, weights=str(tmp_path / "gone/model.weights.h5"))
    save_recipe(dataclasses.replace(third, settings=gone), tmp_path / "three")
    assert earlier_recipes_of(tmp_path / "three") == earlier, "what was written down stays where the runs are gone"
    with pytest.raises(DataError, match="holds no prepared run"):
        save_recipe(dataclasses.replace(third, settings=gone), tmp_path / "two")


def test_network_trained_from_scratch_drops_earlier_records(tmp_path: Path) -> None:
    record = trained(tmp_path / "one", "imagenet", 1)
    (tmp_path / "one/earlier_recipes.json").write_text("[]", encoding="utf-8")
    save_recipe(record, tmp_path / "one")
    assert earlier_recipes_of(tmp_path / "one") == ()
    assert not (tmp_path / "one/earlier_recipes.json").exists()
