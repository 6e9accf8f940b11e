"""Expected failures, shown to the user when something outside the program went wrong.

Any other exception is a bug: it is never swallowed, and goes to the log and the crash dialog.
"""

from __future__ import annotations

from typing import Any


class AppError(Exception):
    """A failure that the user can understand and act on; `str(error)` is the sentence that is shown.

    The sentence says what happened and what to do. It is stored as a template and fields, so that the window can
    translate the template before filling it in.
    """

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template, fields)
        self.template = template
        self.fields = fields

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross to another process with fields that any process can read: a decoder's exception becomes its text."""
        plain = {
            name: value if isinstance(value, int | float | str) else str(value) for name, value in self.fields.items()
        }
        return _again, (type(self), self.template, plain)

    def __str__(self) -> str:
        return self.template.format(**self.fields)


def _again(kind: type[AppError], template: str, fields: dict[str, object]) -> AppError:
    return kind(template, **fields)


class ImageError(AppError):
    """A file is not an image that can be opened."""


class ModelError(AppError):
    """A model file cannot be used."""


class RecordsError(AppError):
    """The history, the image store or a table cannot be read or written."""


class PassphraseError(AppError):
    """A passphrase is wrong, or too short."""


class UndoRefusedError(AppError):
    """A change cannot be undone because of what was saved since; trying again would not help."""


class SaveError(AppError):
    """A report or picture cannot be saved."""


class DataError(AppError):
    """Training images, their labels or a training run cannot be used as they are."""


class ExportError(AppError):
    """A trained network cannot be exported to a model file that satisfies the contract."""


class UsageError(AppError):
    """A command was called with arguments that cannot work."""
