"""The application: creates every object, connects them, and starts the window."""

import argparse
import gc
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen

if __name__ == "__main__" and sys.argv[1:2] == [
    "--try-model"
]:  # a child of ours, see desktop.core.inference.trial: no window
    from desktop.core.inference import trial_process

    sys.exit(trial_process.main(sys.argv[2:]))

if sys.platform == "win32":  # imported after Qt, it would find Qt's copy of a shared library, and fail to load
    import onnxruntime  # noqa: F401

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop import __version__
from desktop.core.encryption.start_check import may_be_encrypted
from desktop.core.file_arguments import FileArguments
from desktop.core.late import Late
from desktop.core.paths import SHIPPED_MODEL, data_folder, log_folder
from desktop.session.model_choice import ModelChoice
from desktop.session.session import Session, begin_session
from desktop.start_times import StartTimes
from desktop.system import crash
from desktop.system.open_with import OpenWith
from desktop.system.restart import Restart
from desktop.system.settings import MODEL, THEME, Settings
from desktop.system.single_instance import SingleInstance
from desktop.system.tasks import leave
from desktop.widgets.common.theme import apply_theme
from desktop.widgets.window.crash_dialog import CrashDialog
from desktop.widgets.window.main_window import MainWindow

if TYPE_CHECKING:
    from desktop import self_test, snapshot
    from desktop.core.encryption.keys import Key
    from desktop.widgets.window import unlocking
else:
    unlocking = Late("desktop.widgets.window.unlocking")
    self_test = Late("desktop.self_test")
    snapshot = Late("desktop.snapshot")

logger = logging.getLogger(__name__)

SWITCH = 0.0005
"""Thread switch interval in seconds. At Python's default of 5 ms, each of the hundreds of calls that paint a table waits that
long for a busy worker, and the window freezes for half a second."""

_UNTIL_LISTENING = 1000
"""Milliseconds from a complete window until it accepts the files of later starts, which wait. Listening at once, and importing
QtNetwork for it, would delay the first answer."""

_HEARTBEAT = 200
"""Milliseconds between two chances for Python to handle Ctrl-C while Qt's event loop runs."""


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line of the window."""
    parser = FileArguments(prog="lesionlens", description="Look at dermatoscope images beside what a model says.")
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="IMAGE", help="images to open, or one folder to classify"
    )
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="folder of the history, the images and the settings"
    )
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="model to use this time (default: the one chosen before)"
    )
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="look to use this time")
    parser.add_argument(
        "--snapshot",
        type=Path,
        metavar="FILE.png",
        help="open IMAGE, save the window as a picture, print the answer, end",
    )
    parser.add_argument(
        "--self-test", action="store_true", help="try the model, the window and a history, say one line for each, end"
    )
    parser.add_argument("--version", action="version", version=f"LesionLens {__version__}")
    parsed = parser.parse_args(arguments)
    if parsed.snapshot is not None and len(parsed.paths) != 1:
        parser.error("--snapshot needs exactly one IMAGE")
    if parsed.snapshot is not None and parsed.paths[0].is_dir():
        parser.error("--snapshot needs an image, not a folder")
    return parsed


@frozen
class Parts(Session):
    """The objects of the application: the session and its window."""

    window: MainWindow


def compose(folder: Path, settings: Settings, key: "Key | None" = None, *, at_once: bool = True) -> Parts:
    """Create every object of the application, with its data in `folder`, whose history has a key if it is encrypted.

    Unless `at_once`, the window has only what is visible at first, and `window.staged_start` adds the rest.
    """
    session = begin_session(folder, settings, key)
    window = MainWindow(session)
    if at_once:
        window.staged_start.finish()
    return Parts(**vars(session), window=window)


def spare_what_stays(window: MainWindow, model: ModelChoice) -> None:
    """Exclude the objects of the start from garbage collection: the window's once it is complete, then the model's.

    The window freezes while the collector visits every object. The start makes 60,000, about 30 ms of a core each time, while a
    folder is classified or a long history is read.
    """
    window.staged_start.done.connect(gc.freeze)
    model.loaded.connect(lambda _classifier: gc.freeze(), Qt.ConnectionType.SingleShotConnection)


def come_forward(window: MainWindow, paths: list[Path]) -> None:
    """Bring the window to the front, and open the files that another start or the system has handed over."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    window.open_files(paths)


def begin_work(parts: Parts, chosen: argparse.Namespace, settings: Settings) -> None:
    """Load the model, open the history and the files. Called once the window is there, because their imports are slow."""
    parts.model.load(chosen.model or Path(settings.get(MODEL) or SHIPPED_MODEL))  # first, because it takes longest
    parts.history_service.open()
    parts.window.open_files(chosen.paths)


def _has_screen() -> bool:
    """Return whether Qt will find a screen; without one it aborts the process."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def kept_arguments(chosen: argparse.Namespace) -> list[str]:
    """Return the command line for a restart: the same, without the images."""
    options = {"--data-dir": chosen.data_dir, "--model": chosen.model, "--theme": chosen.theme}
    return [word for name, value in options.items() if value is not None for word in (name, str(value))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the application; return its exit code."""
    chosen = parse_arguments(arguments)
    if not _has_screen():
        if chosen.snapshot is None and not chosen.self_test:
            print("There is no screen here. Use --snapshot, or lesionlens-classify.", file=sys.stderr)
            return 1
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.setswitchinterval(SWITCH)
    crash.start_log(log_folder())
    logger.info("LesionLens %s starts", __version__)
    application = QApplication([sys.argv[0], "-style", "Fusion"])  # setStyle would load all of QStyle into Python first
    application.setApplicationName("LesionLens")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("lesionlens")
    if chosen.self_test:
        return self_test.run(compose)

    folder = chosen.data_dir or data_folder()
    instance = SingleInstance(folder)
    if chosen.snapshot is None:
        if not instance.claim(chosen.paths):
            return 0
        crash.watch_for_faults(log_folder())
    dialog = CrashDialog()
    crash.install(log_folder(), dialog.show_crash)
    settings = Settings.open(folder)
    apply_theme(chosen.theme or settings.get(THEME))
    if chosen.snapshot is not None and may_be_encrypted(folder):
        print("The history is encrypted: choose another folder with --data-dir.", file=sys.stderr)
        return 1
    try:
        key = unlocking.ask_for_key(folder) if may_be_encrypted(folder) else None
    except unlocking.CancelledError:
        instance.close()
        return 0
    parts = compose(folder, settings, key, at_once=False)
    del key  # the lock forgets it
    if chosen.snapshot is not None:
        snapshot.Snapshot(chosen.snapshot, parts.window, parts.open_image, parts.model)
        parts.open_image.held_back.connect(parts.blinding.skip)  # there is no user to assess it; the skip is recorded
    restart = Restart(kept_arguments(chosen))
    parts.window.restart_requested.connect(restart.request)
    spare_what_stays(parts.window, parts.model)
    milestones = StartTimes(parts.window, parts.model, parts.open_image)
    instance.files_received.connect(lambda paths: come_forward(parts.window, paths))
    if sys.platform == "darwin":  # no such event elsewhere, where the filter would only cost time for every other event
        open_with = OpenWith()
        open_with.file_received.connect(lambda path: come_forward(parts.window, [path]))
        application.installEventFilter(open_with)
    milestones.take_input.connect(parts.window.staged_start.begin)
    parts.window.staged_start.done.connect(lambda: QTimer.singleShot(_UNTIL_LISTENING, instance, instance.listen))
    parts.window.staged_start.done.connect(lambda: begin_work(parts, chosen, settings))
    parts.window.show()

    signal.signal(signal.SIGINT, lambda *_: parts.window.close())
    heartbeat = QTimer()
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(_HEARTBEAT)
    code = application.exec()
    instance.close()
    parts.close()
    if chosen.snapshot is None:
        crash.end_watch(log_folder())
    restart.start()
    return leave(code)


if __name__ == "__main__":
    sys.exit(main())
