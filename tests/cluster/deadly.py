"""Work for a cluster that ends, hangs or fails where ordinary work does not."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from distributed import get_worker

from desktop.cluster.worker import PartAnswers
from desktop.core.inference.batch import FileAnswer


def work(images: Sequence[Path]) -> PartAnswers:
    """Answer for files, and end the process at one named `deadly`."""
    if any(image.name == "deadly" for image in images):
        os._exit(1)
    return PartAnswers([FileAnswer(image) for image in images], 0.01)


def keep(images: Sequence[Path]) -> PartAnswers:
    """Answer for files, and let the worker never give the answers to anybody. The first file is made when it is asked."""

    async def hang(*_: object, **_named: object) -> None:
        images[0].touch()
        await asyncio.Event().wait()

    get_worker().handlers["get_data"] = hang
    return work(images)


def keep_until_told(images: Sequence[Path]) -> PartAnswers:
    """Answer for files, and let the worker give answers to nobody before there is a file `go` beside the first one.

    The file `asked` is made when it is asked.
    """
    handlers, folder = get_worker().handlers, images[0].parent
    give = handlers["get_data"]

    async def hang(comm: object, **named: object) -> object:
        (folder / "asked").touch()
        while not (folder / "go").exists():
            await asyncio.sleep(0.01)
        return await give(comm, **named)

    handlers["get_data"] = hang
    return work(images)


def refuse(images: Sequence[Path]) -> PartAnswers:
    """Fail as a worker does that may not read its own files."""
    raise PermissionError(f"{images[0]} may not be read")
