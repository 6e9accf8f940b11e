"""Turns an unexpected failure over one image file into a sentence for it and a traceback in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from desktop.core.errors import AppError, ImageError
from desktop.core.marking import tr

logger = logging.getLogger(__name__)


@contextmanager
def as_image_error(name: str) -> Iterator[None]:
    """Turn every exception of the block into an `ImageError` about the file `name`.

    One unforeseen file must not end a folder of 10,000 images. An `AppError` passes unchanged. Anything else but a lack of
    memory may be a bug of ours, and is logged with its traceback.

    Raises:
        ImageError: the block raised anything but an `AppError`.
    """
    try:
        yield
    except AppError:
        raise
    except MemoryError as error:
        raise ImageError(
            tr("“{name}” needs more memory than is free. Close other programs, or save the image smaller."), name=name
        ) from error
    except Exception as error:
        logger.exception("an image file led to an unexpected exception")
        raise ImageError(
            tr(
                "“{name}” cannot be read: LesionLens met something in it that it does not know. Details are in the log."
            ),
            name=name,
        ) from error
