"""Settings from a file: as the command line would give them, and refused with a sentence where they are none."""

from pathlib import Path

import pytest

from desktop.core.errors import UsageError
from training.knob_options import given_knobs
from training.options import parser
from training.run.settings_file import as_settings, read_settings


def test_settings_come_back_in_the_order_of_the_table(tmp_path: Path) -> None:
    settings = {"balance": 0.25, "recipe": "dermoscopy", "vertical_flip": False, "epochs": 3, "learning_rate": 4e-4}
    path = tmp_path / "best.json"
    path.write_bytes(as_settings(settings))
    assert read_settings(path) == settings
    assert list(read_settings(path)) == ["recipe", "epochs", "learning_rate", "balance", "vertical_flip"]


def test_the_command_line_overrides_the_file(tmp_path: Path) -> None:
    path = tmp_path / "best.json"
    path.write_text('{"recipe": "dermoscopy", "balance": 1, "limits": "limits.txt"}')
    call = ["run", "--data", "x", "--out", "y", "--settings", str(path), "--balance", "0.5"]
    found = given_knobs(parser().parse_args(call))
    assert (found["recipe"], found["balance"]) == ("dermoscopy", 0.5)
    assert Path(found["limits"]).is_absolute()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"lerning_rate": 1}', "“lerning_rate” is no setting"),
        ('{"data": "elsewhere"}', "“data” is no setting"),
        ('{"epochs": 1.5}', "the value of “epochs” does not fit"),
        ('{"recipe": "mine"}', "the value of “recipe” does not fit"),
        ("[]", "cannot be read as settings"),
        ("{", "cannot be read as settings"),
    ],
)
def test_what_is_no_setting_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "best.json").write_text(content)
    with pytest.raises(UsageError, match=sentence):
        read_settings(tmp_path / "best.json")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read as settings"):
        read_settings(tmp_path / "nowhere.json")
