"""What was found when a new model was made of an old one, with each verdict reached by its rules."""

import dataclasses
from pathlib import Path

from desktop.core.inference.classifier import Classifier
from desktop.core.judging.better import Verdict
from desktop.core.judging.improvement import SUFFIX, Improvement
from tests.core.judging.paired import lesions
from tests.core.judging.test_better import compared

CLINICS = {
    Verdict.BETTER: lesions(40, 160, old=(36, 120), new=(36, 60)),
    Verdict.NO_DIFFERENCE: lesions(40, 160, old=(36, 120), new=(36, 118)),
    Verdict.WORSE: lesions(40, 160, old=(36, 120), new=(35, 60)),
    Verdict.TOO_FEW: lesions(12, 160, old=(11, 120), new=(11, 60)),
}
"""The clinic's lesions that reach a verdict."""


def improvement(verdict: Verdict, old: Path, new: Path, *, look: int = 1, missed: tuple[str, ...] = ()) -> Improvement:
    """Return what was found of the model file `new`; `missed` are the names of lesions in the export."""
    found = compared(clinic=CLINICS[verdict], look=look)
    assert found.verdict is verdict
    return Improvement(
        **(vars(found) | {"missed": tuple(range(len(missed))) or found.missed}),
        lesions=len(CLINICS[verdict].melanoma),
        held_out_lesions=500,
        left_out={"a copy": 2},
        learned=1,
        missed_images=tuple(f"{name}.png" for name in missed),
        missed_lesions=missed,
        old_model_sha256=Classifier(old).sha256,
        new_model_sha256=Classifier(new).sha256,
    )


def write_improvement(found: Improvement, new: Path) -> Path:
    """Write it beside a model file, as `lesionlens-train improve` does."""
    path = new.with_suffix(SUFFIX)
    path.write_bytes(found.to_json())
    return path


def of_nothing(found: Improvement) -> Improvement:
    """Return an improvement that counted no melanoma of the clinic, and so has figures that are no numbers."""
    none = compared(clinic=lesions(0, 30, old=(0, 20), new=(0, 20)))
    return dataclasses.replace(found, **vars(none))
