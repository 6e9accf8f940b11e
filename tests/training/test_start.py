"""lesionlens-train if only the application is installed."""

import subprocess
import sys


def test_missing_packages_give_one_sentence() -> None:
    hidden = "import sys; sys.modules['sklearn'] = None; from training.start import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", hidden], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "lesionlens-train needs the package sklearn" in done.stderr
    assert 'pip install ".[training]"' in done.stderr
    assert "Traceback" not in done.stderr
