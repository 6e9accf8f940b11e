"""Store the shipped model's answers to the bundled samples: `python scripts/write_golden.py`, after each new model.

The self-test of an installation and tests/test_golden.py compare with them.
"""

from __future__ import annotations

import json

from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL
from desktop.self_test import GOLDEN, answers

DIGITS = 9
"""Significant digits: a float32 has no more."""


def main() -> None:
    """Write resources/samples/golden.json."""
    classifier = Classifier(SHIPPED_MODEL)
    probabilities = {
        sample: {label: float(f"{probability:.{DIGITS}g}") for label, probability in row.items()}
        for sample, row in answers(classifier).items()
    }
    golden = {"model_sha256": classifier.sha256, "probabilities": probabilities}
    GOLDEN.write_text(json.dumps(golden, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
