"""Draw the window in its states with the project's own synthetic samples, one PNG each.

    python scripts/screenshots.py build/screenshots [--images DIR] [--model FILE]

It drives the real window: the shipped model, a history of its own in a temporary folder, no screen needed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from desktop.__main__ import compose
from desktop.core.paths import SAMPLES, SHIPPED_MODEL
from desktop.settings import BLIND_FIRST, Settings
from desktop.widgets.theme import apply_theme

SIZES = ((1280, 800), (1920, 1080))
PATIENCE = 60.0


class Studio:
    """One window with its history, and a camera."""

    def __init__(self, folder: Path, model: Path, out: Path) -> None:
        self.out = out
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        settings.put(BLIND_FIRST, False)
        self.parts = compose(folder, settings)
        self.window = self.parts.window
        self.window.show()
        self.parts.model.load(model)
        self.wait(lambda: self.parts.model.classifier is not None)

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > end:
                raise TimeoutError
            QApplication.processEvents()
            time.sleep(0.01)

    def settle(self) -> None:
        """Let what is on its way arrive: thumbnails, layouts."""
        end = time.monotonic() + 0.6
        self.wait(lambda: time.monotonic() > end)

    def take(self, name: str) -> None:
        """Take the window as it is, at each size."""
        for width, height in SIZES:
            self.window.resize(width, height)
            self.settle()
            self.window.grab().save(str(self.out / f"{name}-{width}.png"))

    def open(self, paths: list[Path]) -> None:
        """Open images and wait for the answer to the first."""
        self.window.open_files(paths)
        self.wait(lambda: self.parts.consultation.answer is not None)
        self.settle()

    def close(self) -> None:
        """Close the window and its threads."""
        self.window.close()
        self.parts.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main() -> int:
    """Draw every state, light and dark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--images", type=Path, default=SAMPLES, help="folder of images (default: the synthetic samples)"
    )
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    images = sorted(path for path in chosen.images.iterdir() if path.suffix in {".png", ".jpg"})
    for theme in ("light", "dark"):
        apply_theme(theme)
        with tempfile.TemporaryDirectory() as folder:
            studio = Studio(Path(folder), chosen.model, chosen.out)
            studio.take(f"{theme}-first-steps")
            studio.open(images[:1])
            studio.take(f"{theme}-answer")
            studio.open(images[:5])
            studio.take(f"{theme}-several")
            studio.window.open_files([chosen.images])
            studio.wait(lambda: not studio.parts.batch.is_running)  # noqa: B023 - called at once
            studio.take(f"{theme}-batch")
            studio.window.batch.show_summary()
            studio.take(f"{theme}-batch-summary")
            studio.window.batch.keep_requested.emit(studio.window.batch.table.answers())
            studio.settle()
            studio.window.show_workspace("history")
            studio.take(f"{theme}-history")
            studio.window.show_workspace("model")
            studio.take(f"{theme}-model")
            studio.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
