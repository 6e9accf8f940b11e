"""Contents for the tests' histories."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop.core.inference.judgement import Abstention
from desktop.core.records.history import History
from desktop.core.records.values import KeptImage, SavedEntry, StoredAnswer
from tests.making import NINE, contract

MODEL = "a" * 64
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def clock(step: timedelta = timedelta(minutes=1)) -> Callable[[], datetime]:
    """Return a clock that starts at `START` and advances by `step` at each call."""
    now = START - step

    def tick() -> datetime:
        nonlocal now
        now += step
        return now

    return tick


def an_image(name: str = "lesion.jpg", folder: Path = Path("/images"), *, stored: bool = False) -> KeptImage:
    """Describe an image; another name is another image. One that is `stored` lies in `folder` as in an image store."""
    sha256 = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    path = folder / sha256[:2] / f"{sha256}.jpg" if stored else folder / name
    return KeptImage(sha256, name, "JPEG", 600, 450, 12_345, path, stored)


def an_answer(top: str = "nevus", probability: float = 0.6, model: str = MODEL, **changes: object) -> StoredAnswer:
    """Return an answer as a model may give it."""
    rest = (1 - probability) / (len(NINE) - 1)
    parts: dict[str, object] = {
        "probabilities": {label.id: probability if label.id == top else rest for label in NINE},
        "top": top,
        "top_probability": probability,
        "malignant_probability": 3 * rest,
        "flags": ("melanoma", "carcinomas"),
        "abstention": Abstention.UNCERTAIN,
        "kind_uncertain": False,
        "quality": None,
        "novelty": 1.25,
        "model_sha256": model,
        "preprocessing_version": 1,
        "app_version": "0.1.0",
    }
    return StoredAnswer(**(parts | changes))  # type: ignore[arg-type]


def keep(history: History, name: str = "lesion.jpg", top: str = "nevus", **changes: object) -> SavedEntry:
    """Keep an answer for an image of that name."""
    return history.save(an_image(name), an_answer(top, **changes), contract(), by="MK")  # type: ignore[arg-type]


def planned_biopsies(history: History, lesion_id: int) -> list[int]:
    """Return the ids of the assessments that planned biopsies of a lesion, closed ones left out."""
    return [one.assessment.id for one in history.worklists.biopsies_of(lesion_id=lesion_id)]
