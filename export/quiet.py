"""Suppresses TensorFlow's startup messages."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Hold back what is written to file descriptor 2, and show it only if the block fails.

    While it is imported, and while it optimises a graph, TensorFlow logs from C++ past any setting of its log level: pages
    on CPU features and missing GPU drivers that no user of our commands can act on.
    """
    sys.stderr.flush()
    screen = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            os.dup2(screen, 2)
            os.close(screen)
            if failed:
                held.seek(0)
                os.write(2, held.read())
