"""What may be imported before the window is shown."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LATE_OF_PYTHON = {"_hashlib", "concurrent.futures", "html", "json", "logging.handlers", "pickle", "platform", "socket"}
"""Modules of the standard library that take 1 to 8 ms."""
LATE = {
    "PIL",
    "cryptography",
    "google",
    "msgspec",
    "numpy",
    "onnxruntime",
    "psutil",
    "pydicom",
    "simplejpeg",
    "sqlite3",
}


def foreign(statement: str) -> set[str]:
    """Return the top-level packages of site-packages that a new Python process has imported after a statement."""
    code = (
        f"import sys; {statement}; "
        "print(*{name.partition('.')[0] for name, module in sys.modules.items() "
        "if 'site-packages' in (getattr(module, '__file__', None) or '')})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in done.stdout.split() if not name.startswith(("_", "desktop"))}


def test_numpy_pillow_and_onnxruntime_are_imported_after_the_window():
    assert not foreign("import desktop.__main__") & LATE


def test_models_histories_and_other_workspaces_are_imported_after_the_window():
    """Each of our modules delays the start by 1 to 10 ms, so worker threads and pages import theirs when needed."""
    code = "import sys, desktop.__main__; print(*(name for name in sys.modules if name.startswith('desktop')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    late = re.compile(
        r"desktop\.(core\.(draft|imaging\.|inference\.|records\.)|self_test|snapshot|session\.(answers|import_item|picture)|widgets\."
        r"(answer\.(alert|answer_(parts|words)|measured|probability_table|quality|shown)|batch\.|common\.body|history\.|image\.|model\.|report\."
        r"|patient\.(body|lesion|patient_parts|worklists)|visit\.(assessment|film|image|outcome)|window\.(about|dialogs)))"
    )
    assert [name for name in done.stdout.split() if late.match(name)] == []


def test_the_history_is_opened_without_what_only_a_model_or_an_image_needs():
    """The first answer waits for the history, and each import of one thread delays those of all others."""
    code = "import sys, desktop.core.records.history; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    late = re.compile(
        r"numpy|PIL|psutil|onnxruntime|desktop\.core\.(imaging\.opening|inference\.(batch|contract|classifier)|registration"
        r"|records\.(backup_file|exchanged|migrations|outcome_export|restore_step|runs|safety_net|training_exports))$"
    )
    assert [name for name in done.stdout.split() if late.match(name)] == []


def test_the_window_is_completed_without_what_only_the_history_or_a_model_needs(tmp_path: Path):
    code = (
        "import sys; from pathlib import Path; from PySide6.QtWidgets import QApplication;"
        "from desktop.__main__ import compose; from desktop.system.settings import Settings;"
        "application = QApplication(['', '-style', 'Fusion']); folder = Path(sys.argv[1]);"
        "parts = compose(folder, Settings.open(folder)); print(*sys.modules); parts.close()"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, check=True, capture_output=True, text=True)
    late = re.compile(
        r"numpy|PIL|psutil|onnxruntime|msgspec|sqlite3|hashlib|pydicom|cryptography|PySide6\.QtNetwork"
        r"|desktop\.core\.(inference|registration|imaging\.opening|records\.(history|lesion_facts|people|values))"
    )
    assert [name for name in done.stdout.split() if late.match(name)] == []


def test_no_class_is_made_slowly_until_the_first_answer(tmp_path: Path):
    """`dataclass(frozen=True)` takes 0.6 ms for each class, `frozen` (desktop/core/frozen.py) a fourth of it."""
    code = (
        "import sys; from pathlib import Path; from PySide6.QtWidgets import QApplication;"
        "from desktop.__main__ import compose; from desktop.system.settings import Settings;"
        "application = QApplication(['', '-style', 'Fusion']); folder = Path(sys.argv[1]);"
        "parts = compose(folder, Settings.open(folder));"
        "import desktop.core.records.history, desktop.core.imaging.opening, desktop.core.inference.loading;"
        "import desktop.session.answers, desktop.session.picture, desktop.widgets.answer.answer_parts; parts.close();"
        "found = [one for name, module in sys.modules.items() if name.startswith('desktop') for one in vars(module).values()];"
        "slow = {one for one in found if isinstance(one, type) and '__dataclass_params__' in vars(one)"
        " and one.__dataclass_params__.frozen}; print(len(found), *(one.__module__ + '.' + one.__name__ for one in slow))"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, check=True, capture_output=True, text=True)
    number, *slow = done.stdout.split()
    assert int(number) > 1000
    assert slow == []


def test_slow_modules_of_python_are_imported_after_the_window():
    code = (
        "import sys, PySide6.QtWidgets; old = set(sys.modules); import desktop.__main__; print(*set(sys.modules) - old)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert not set(done.stdout.split()) & LATE_OF_PYTHON


@pytest.mark.parametrize("has_begun", [False, True])
def test_the_window_is_shown_before_python_learns_all_of_qts_widgets(tmp_path: Path, *, has_begun: bool):
    """The first call that returns an object of Qt's own takes long: `style` 6 ms, `viewport` 12 ms for all kinds of widgets."""
    code = (
        "import sys; from pathlib import Path; from PySide6 import QtWidgets; from desktop.__main__ import compose;"
        "from desktop.system.settings import HAS_BEGUN, Settings;"
        "application = QtWidgets.QApplication(['', '-style', 'Fusion']);"
        f"settings = Settings.open(Path(sys.argv[1])); settings.put(HAS_BEGUN, {has_begun});"
        "parts = compose(Path(sys.argv[1]), settings, at_once=False);"
        "parts.window.show(); application.processEvents(); print(*vars(QtWidgets)); parts.close()"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, check=True, capture_output=True, text=True)
    known = set(done.stdout.split())
    assert "QScrollArea" in known
    assert not known & {"QStyle", "QSpinBox", "QMessageBox", "QFileDialog"}


def test_the_benchmarks_reference_imports_the_same_modules_as_the_window():
    window = foreign("import desktop.__main__")
    reference = foreign("import benchmarks.start_imports, benchmarks.start_references")
    assert reference - {"benchmarks"} == window
