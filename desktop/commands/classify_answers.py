"""Where the answers of lesionlens-classify come from: this machine's cores, or the workers of a cluster."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.commands.classify_files import need_fsspec
from desktop.core.errors import UsageError
from desktop.core.inference.batch import FileAnswer, classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.urls import is_url

if TYPE_CHECKING:
    from desktop.cluster import classifying, connecting
    from desktop.remote import reading
else:
    classifying = Late("desktop.cluster.classifying")
    connecting = Late("desktop.cluster.connecting")
    reading = Late("desktop.remote.reading")


@contextmanager
def answers_of(
    images: Sequence[Path], classifier: Classifier, options: argparse.Namespace
) -> Iterator[Iterator[Sequence[FileAnswer]]]:
    """Yield the answers for files, as many at a time as come together: in their order, or from a cluster in any.

    Raises:
        AppError: the cluster cannot be used.
    """
    if options.cluster is None or not images:
        with closing(classify_files(images, classifier, workers=options.workers, read=_reader(images))) as answers:
            yield ([answer] for answer in answers)
        return
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(tr('--cluster needs Dask, which is not installed. Install it: pip install ".[cluster]"'))
    with ExitStack() as stack:
        kind, _, rest = options.cluster.partition(":")
        if kind == "local":
            connect = partial(connecting.connected, stack.enter_context(connecting.local_workers(int(rest))))
        else:
            tls = connecting.TlsFiles(options.tls_ca_file, options.tls_cert, options.tls_key)
            connect = partial(connecting.scheduler_at, options.cluster, tls)
        found = classifying.classify_on_cluster(
            images, classifier, connect, options.cluster, can_come_back=kind != "local"
        )
        yield stack.enter_context(closing(found))


def _reader(images: Sequence[Path]) -> Callable[[Path], bytes] | None:
    """Return what reads these files; None for local ones alone."""
    if not any(map(is_url, images)):
        return None
    need_fsspec()
    return reading.read_any
