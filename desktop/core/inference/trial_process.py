"""The child process in which a model file is tried out; see `trial`, which starts it and watches its time and memory.

It writes its result to a file, because programs without a console have no standard output on Windows.
"""

import faulthandler
import json
import logging
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.core.errors import AppError, ModelError
from desktop.core.marking import tr

_LONGER = 300
"""Seconds after the time limit when the child ends by itself, in case its parent is gone: one on a slow machine comes first."""

_NO_DIALOGS = 0x0001 | 0x0002 | 0x8000
"""SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX, SEM_NOOPENFILEERRORBOX: Windows shows no dialog when the child crashes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try a model file and write the outcome to the result file; return 0 once it is written.

    Args:
        arguments: the model file, its SHA-256, the file for the outcome (JSON: template and fields of an error, or null),
            the limit of time in seconds, that of memory in bytes.
    """
    path, sha256, result, seconds, memory = sys.argv[1:] if arguments is None else arguments
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - no path of anything
        faulthandler.dump_traceback_later(float(seconds) + _LONGER, exit=True, file=nowhere)
        logging.disable()
        outcome = _outcome(Path(path), sha256, int(memory))
        Path(result).write_text(json.dumps(outcome), encoding="utf-8")
        faulthandler.cancel_dump_traceback_later()
    return 0


def _outcome(path: Path, sha256: str, memory: int) -> dict[str, object] | None:
    try:
        _prepare(memory)
        _try_out(path, sha256)
    except AppError as error:
        return {"template": error.template, "fields": {name: str(value) for name, value in error.fields.items()}}
    except MemoryError:
        return {
            "template": tr("“{name}” needs more memory than there is. Choose a smaller model."),
            "fields": {"name": path.name},
        }
    return None


def _prepare(memory: int) -> None:
    """Limit the memory of this process, and let it crash without a dialog and without a core dump."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - on Windows alone

        ctypes.windll.kernel32.SetErrorMode(_NO_DIALOGS)
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import numpy as np  # noqa: F401, PLC0415 - what libraries reserve for themselves does not count
        import onnxruntime  # noqa: F401, PLC0415

        taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        # The parent ends a child that exceeds its memory; this refuses a single huge allocation at once. Not all reserved
        # memory is used, so the limit is twice as high.
        resource.setrlimit(resource.RLIMIT_AS, (taken + 2 * memory, taken + 2 * memory))


def _try_out(path: Path, sha256: str) -> None:
    """Load the model and run it on black, white and noise, one by one and in batches as large as those of a folder."""
    import numpy as np  # noqa: PLC0415 - after the limits

    from desktop.core.inference.batch import BATCH_SIZE  # noqa: PLC0415
    from desktop.core.inference.classifier import Classifier  # noqa: PLC0415
    from desktop.core.inference.model_file import ModelFile  # noqa: PLC0415

    file = ModelFile.read(path)
    if file.sha256 != sha256:
        raise ModelError(tr("“{name}” is being written. Choose it again when that is done."), name=path.name)
    classifier = Classifier(file)
    size = classifier.contract.input_size
    noise = random.Random(0)  # noqa: S311 - the same pictures each time
    shape = (BATCH_SIZE, size, size, 3)
    pixels = np.frombuffer(noise.randbytes(int(np.prod(shape))), np.uint8).reshape(shape)
    for images in (np.zeros_like(pixels[:1]), np.full_like(pixels[:1], 255), pixels[:1], pixels):
        classifier.run(images)
        if classifier.contract.outline is not None:
            classifier.outline(images)


if __name__ == "__main__":
    sys.exit(main())
