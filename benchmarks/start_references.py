"""The references of benchmarks/start.py: three programs on the application's own runtime.

`empty` shows an empty QMainWindow. `imports` imports first what LesionLens has imported of others when its window takes
input. `answer MODEL IMAGE` is the least that gets an image's probabilities on the screen. Each says when it is so far.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class Said(QObject):
    """Says when the window has been painted for the first time and nothing is left to do."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wait for the first painting."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, say)
        return False


def say() -> None:
    """Print the time."""
    print(f"{time.time():.6f}", flush=True)


def answer(model: Path, image: Path) -> str:
    """Return the probabilities of an image, by the shortest way."""
    import numpy as np  # noqa: PLC0415 - the other two do without
    import onnxruntime  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    session = onnxruntime.InferenceSession(model.read_bytes(), providers=["CPUExecutionProvider"])
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
