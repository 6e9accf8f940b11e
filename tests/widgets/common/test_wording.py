"""The words that a clinician reads: none of machine learning, none that reads as an all-clear, one for each thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import desktop

ROOT = Path(desktop.__file__).parent
TECHNICAL = ROOT / "widgets" / "model"
"""The model's card, whose lower half is technical."""

NEVER = re.compile(
    r"neural|embedding|preprocessing|activation map|occlusion|SHA-256|\bAUC\b|\bloss\b|\bweights\b|withh[eo]ld"
    r"|counts as\b|not excluded|novelty|flagged|\bmy (own )?view\b|\byour (own )?view\b|\bown view\b"
    r"|\bown (assessments?|diagnos[ei]s)\b",
    re.IGNORECASE,
)


def translated_texts(file: Path) -> Iterator[str]:
    """Yield every text of a module that is marked for translation."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"tr", "_tr"} and isinstance(node.args[0].value, str):
                yield node.args[0].value


def test_no_word_of_machine_learning_is_shown_outside_the_models_card() -> None:
    files = [file for file in ROOT.rglob("*.py") if TECHNICAL not in file.parents]
    texts = [(file.name, text) for file in files for text in translated_texts(file)]
    assert len(texts) > 1000
    assert [(name, text) for name, text in texts if NEVER.search(text)] == []
