"""Draw the window in its states, one PNG each: `python scripts/screenshots.py [OUT]`, or `make screenshots`.

It drives the real window with the project's drawings and a history in a temporary folder; no screen is needed. The exit status
is 1 if a state cannot be reached or a text of it cannot be read whole. States that the shipped model does not reach, such as a
withheld answer, are drawn with a copy of it whose limits were set for the picture.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtWidgets import QApplication

from desktop.core.paths import SHIPPED_MODEL
from desktop.widgets.common.theme import apply_theme
from screenshot_models import write_models
from screenshot_scenes import SITTINGS
from screenshot_steps import Setting
from studio import StateNotReachedError

LOOKS = {
    "light": tuple(SITTINGS),
    "dark": (
        "similar",
        "first",
        "answers",
        "comparison",
        "follow up",
        "abstentions",
        "view",
        "today",
        "patient",
        "page",
        "contact sheet",
        "placing",
        "folder",
        "model",
        "practice",
        "practice system",
        "dicom network",
        "trying",
        "own figures",
        "trial",
        "adoption",
        "training",
        "recalibrated",
        "limits",
        "audit",
        "seal",
        "encryption",
    ),
}
"""The scenes that are drawn in each theme."""
AT_200 = (
    "first",
    "answers",
    "comparison",
    "follow up",
    "view",
    "today",
    "patient",
    "similar",
    "page",
    "contact sheet",
    "placing",
    "folder",
    "practice",
    "trying",
    "trial",
    "adoption",
    "training",
    "recalibrated",
    "limits",
    "audit",
    "encryption",
)
"""The scenes drawn at twice the size, in another process: Qt reads the factor when it starts."""

PICTURES = {
    "sample": "sample",
    "first-run": "first-run",
    "blind": "blind-said",
    "answer": "answer",
    "abstained": "abstained-novelty",
    "today": "today",
    "visit": "visit",
    "body-map": "body-map",
    "patient-page": "patient-page",
    "overview": "overview",
    "due": "due",
    "outcome": "outcome-of-lesion",
    "similar": "similar",
    "region": "region",
    "overlay": "overlay",
    "follow-up": "follow-up-measured",
    "history": "history",
    "batch": "batch",
    "report": "report",
    "visit-report": "visit-report",
    "model": "model",
    "practice": "my-practice",
    "practice-system": "practice-system",
    "dicom-network": "dicom-network",
    "dicom-worklist": "dicom-worklist",
    "context": "context",
    "prior": "prior",
    "try-own": "try-own",
    "own-figures": "own-figures-400",
    "own-figures-months": "own-figures-drift",
    "trial": "trial-flips",
    "adoption": "adoption-better-asked",
    "training": "training-running",
    "recalibrated": "recalibrated-2",
    "audit": "audit",
    "seal": "seal-changed",
    "lock": "lock",
}
"""The pictures of README.md (the first) and docs/handbook.md, and the states that they show."""


def main() -> int:
    """Draw every state; return 1 if one was not reached."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, nargs="?", default=Path("build/screenshots"))
    parser.add_argument("--look", choices=(*LOOKS, "200"), help="only this (default: all)")
    parser.add_argument("--handbook", type=Path, metavar="DIR", help="also put the documents' pictures there, small")
    parser.add_argument("--only", choices=tuple(SITTINGS), nargs="+", help="only these sittings")
    chosen = parser.parse_args()
    out = chosen.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    if chosen.look is None and chosen.only is None:
        for old in out.glob("*.png"):
            old.unlink()  # remove pictures of states that are no longer drawn
    if chosen.look is None:
        code = max(_apart(out, look, chosen.only) for look in (*LOOKS, "200"))
        if not code and chosen.handbook is not None:
            _write_handbook(out, chosen.handbook, is_whole=chosen.only is None)
        return code
    sittings = AT_200 if chosen.look == "200" else LOOKS[chosen.look]
    wanted = [one for one in sittings if chosen.only is None or one in chosen.only]
    return _draw(out, chosen.look, wanted)


def _write_handbook(out: Path, target: Path, *, is_whole: bool) -> None:
    """Write the documents' pictures with a reduced palette: readable, and small in a repository.

    Unless all sittings were drawn (`is_whole`), only those that are there.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name, state in PICTURES.items():
        if not is_whole and not (out / f"{state}.png").exists():
            continue
        picture = Image.open(out / f"{state}.png").convert("RGB")
        few = picture.quantize(200, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        few.save(target / f"{name}.png", optimize=True)


def _apart(out: Path, look: str, only: list[str] | None) -> int:
    """Draw one theme or scale in another process, on a screen that has room for every dialog: Qt's has 800 x 800 pixels."""
    scale = 2 if look == "200" else 1
    screen = {
        "name": "large",
        "x": 0,
        "y": 0,
        "width": 1920 * scale,
        "height": 1200 * scale,
        "logicalDpi": 96,
        "dpr": 1,
    }
    command = [sys.executable, __file__, str(out), "--look", look, *(["--only", *only] if only else [])]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "screen.json"
        file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
        environment = {"QT_QPA_PLATFORM": f"offscreen:configfile={file}", "QT_SCALE_FACTOR": str(scale)}
        return subprocess.run(command, env=os.environ | environment, check=False).returncode


def _draw(out: Path, look: str, sittings: list[str]) -> int:
    application = QApplication([sys.argv[0], "-style", "Fusion"])
    application.setApplicationName("LesionLens")
    apply_theme("dark" if look == "dark" else "light")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # the window names the folder of its data: not one of this machine
        work = Path("Documents")
        work.mkdir()
        shipped = Path(shutil.copy(SHIPPED_MODEL, work))  # its card names the file: likewise
        models = write_models(work) | {"shipped": shipped}
        for sitting in sittings:
            try:
                SITTINGS[sitting](Setting(out, work, models, "" if look == "light" else f"{look}-"))
            except StateNotReachedError as error:
                print(f"{look}, {sitting}: {error}", file=sys.stderr)
                return 1
        os.chdir(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
