"""Which files lesionlens-classify classifies: those of folders or of a list, all of them or one shard."""

from __future__ import annotations

import codecs
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import UsageError
from desktop.core.inference.image_files import FoundFiles, find_files
from desktop.core.inference.shards import Shard
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.urls import is_url, path_of, path_text

if TYPE_CHECKING:
    from desktop.remote import listing
else:
    listing = Late("desktop.remote.listing")


def files_to_classify(paths: Sequence[Path], listed: Path | None, shard: Shard | None) -> tuple[FoundFiles, bool]:
    """Return the files, and whether there were none before the shard was taken.

    Args:
        paths: files and folders.
        listed: a file that names files instead, `-` for the standard input.
        shard: the part that is to be classified, None for all.

    Raises:
        UsageError: the list cannot be read.
    """
    found = _below(paths) if listed is None else FoundFiles(_read_list(listed), {})
    if shard is None:
        return found, not found.images
    images = [path for path in found.images if shard.takes(path, paths)]
    passed_over = {path: kind for path, kind in found.passed_over.items() if shard.takes(path, paths)}
    return FoundFiles(images, passed_over), not found.images


def _below(paths: Sequence[Path]) -> FoundFiles:
    remote = [path for path in paths if is_url(path)]
    found = find_files(path for path in paths if not is_url(path))
    if not remote:
        return found
    need_fsspec()
    there = listing.find_remote_files(remote)
    return FoundFiles([*found.images, *there.images], {**found.passed_over, **there.passed_over})


def need_fsspec() -> None:
    """See whether remote files can be read.

    Raises:
        UsageError: they cannot.
    """
    if importlib.util.find_spec("fsspec") is None:
        raise UsageError(tr('URLs need fsspec, which is not installed. Install it: pip install ".[cluster]"'))


def _read_list(listed: Path) -> list[Path]:
    """Return the files that a list names, in the order of a search, none twice."""
    try:
        text = sys.stdin.buffer.read() if listed == Path("-") else listed.read_bytes()
    except OSError as error:
        raise UsageError(
            tr("“{name}” cannot be read ({detail})."), name=listed.name, detail=error.strerror or error
        ) from error
    text = _without_mark(text)
    names = text.split(b"\0") if b"\0" in text else text.splitlines()
    return sorted({path_of(os.fsdecode(name)) for name in names if name}, key=path_text)


def _without_mark(text: bytes) -> bytes:
    """Return a list without the byte order mark that Windows' programs begin it with; in UTF-8, should it be in UTF-16."""
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return text.decode("utf-16", "replace").encode("utf-8", "replace")
    return text.removeprefix(codecs.BOM_UTF8)
