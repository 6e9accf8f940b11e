"""The reference programs of benchmarks/start.py, on the application's own runtime.

`empty` shows an empty QMainWindow. `imports` first imports the third-party modules that LesionLens has imported when its window
takes input. `answer MODEL IMAGE` is the minimal program that shows an image's probabilities. Each prints the time when it is
ready.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class Said(QObject):
    """Prints the time when the window has been painted once and the event loop is idle."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wait for the first paint."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, say)
        return False


def say() -> None:
    """Print the time."""
    print(f"{time.time():.6f}", flush=True)


def answer(model: Path, image: Path) -> str:
    """Return the probabilities of an image with the least code."""
    import numpy as np  # noqa: PLC0415 - the other two do without
    import onnxruntime  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # as LesionLens: it warns of an input that has a default, which is so on purpose
    session = onnxruntime.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])
    size = session.get_inputs()[0].shape[1]
    with Image.open(image) as opened:
        pixels = np.asarray(opened.convert("RGB").resize((size, size)))
    return str(session.run(["probabilities"], {"image": pixels[None]})[0])


def main() -> None:
    """Show one of the three windows until the process is killed."""
    if sys.argv[1] == "imports":
        from benchmarks import start_imports  # noqa: F401, PLC0415
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1280, 800)
    said = Said()
    window.installEventFilter(said)
    if sys.argv[1] == "answer":
        window.setCentralWidget(QLabel(answer(Path(sys.argv[2]), Path(sys.argv[3]))))
    window.show()
    sys.exit(application.exec())


if __name__ == "__main__":
    main()
