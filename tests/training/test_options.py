"""The help of the command: options in groups, with the defaults of the recipe that was chosen."""

import re

import pytest

from training.__main__ import main
from training.run.config import knobs


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit):
        main([*arguments, "--help"])
    return capsys.readouterr().out


@pytest.mark.parametrize("verb", ["prepare", "fit", "run"])
def test_help_lists_every_setting_under_the_heading_of_its_stage(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    headings: dict[str, str] = {}
    heading = ""
    for line in help_of(capsys, verb).splitlines():
        if found := re.match(r"(\w.*):$", line):
            heading = found[1]
        elif found := re.match(r"  --([\w-]+)", line):
            headings[found[1].replace("-", "_")] = heading
    assert {name: headings[name] for name in knobs() if name != "data"} == {
        name: knob.stage for name, (_, knob) in knobs().items() if name != "data"
    }


@pytest.mark.parametrize(
    ("recipe", "epochs"), [((), 25), (("--recipe", "dermoscopy"), 16), (("--recipe=refinement",), 8)]
)
def test_help_shows_the_defaults_of_the_chosen_recipe(
    capsys: pytest.CaptureFixture[str], recipe: tuple[str, ...], epochs: int
) -> None:
    text = " ".join(help_of(capsys, "fit", *recipe).split())
    assert f"length of the training [epochs; default: {epochs}]" in text


def test_unknown_recipe_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["fit", "--out", "run", "--recipe", "none"])
    assert "invalid choice: 'none'" in capsys.readouterr().err
