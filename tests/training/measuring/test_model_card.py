import dataclasses

from tests.making import contract, outline_figures
from training.measuring.model_card import blocks_of, filled
from training.run.config import Config
from training.run.run_folder import RunRecord

CARD = "# A model\n\nFor teaching.\n\n<!-- figures -->\nold figures\n<!-- /figures -->\n\n## Limits\n\nSkins.\n"


def test_only_text_between_the_marks_is_replaced() -> None:
    card = filled(CARD, {"figures": "right on 3 of 4", "recipe": "no marks for this"})
    assert "old figures" not in card
    assert "right on 3 of 4" in card
    assert card.startswith("# A model\n\nFor teaching.\n")
    assert card.endswith("## Limits\n\nSkins.\n")
    assert "no marks" not in card
    assert filled(card, {"figures": "right on 3 of 4"}) == card


def test_the_blocks_describe_model_training_data_and_recipe() -> None:
    record = RunRecord(Config(recipe="dermoscopy", epochs=8, seed=7), "0" * 64, (), {"keras": "3.15", "scipy": "1"})
    page = "# Title\n\n## All images\n\n![diagram](x.svg)\n\ntext\n"
    blocks = blocks_of(contract(), "ab" * 32, record, (), page, "worth it")
    assert "ab" * 32 in blocks["model"]
    assert "Learned from 9 images" in blocks["model"]
    assert "| `--epochs` | 8 | epochs |" in blocks["recipe"]
    assert "keras 3.15" in blocks["recipe"]
    assert "scipy" not in blocks["recipe"]
    assert "### All images" in blocks["figures"]
    assert "Title" not in blocks["figures"]
    assert "![" not in blocks["figures"]
    assert blocks["worth reading"] == "worth it"


def test_a_model_that_draws_outlines_says_how_well() -> None:
    record = RunRecord(Config(), "0" * 64, (), {})
    without = blocks_of(contract(), "ab" * 32, record, (), "# Title\n\n## All images\n", "")
    figures = dataclasses.replace(outline_figures(), dice=0.914)
    with_outlines = blocks_of(
        dataclasses.replace(contract(), outline=figures), "ab" * 32, record, (), "# Title\n\n## All images\n", ""
    )
    assert "Dice 0.914" in with_outlines["model"]
    assert "Outlines" not in without["model"]
