"""Expected failures: what is shown to the user when something outside the program went wrong.

Anything that is no `AppError` is a bug: it is never swallowed, it goes to the log and to the crash dialog.
"""


class AppError(Exception):
    """A failure that the user can understand and act on; `str(error)` is the sentence that is shown.

    The sentence says what happened and what to do. It is kept as a template and its fields, so that the window can
    translate the template before it fills in the fields.
    """

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template, fields)
        self.template = template
        self.fields = fields

    def __str__(self) -> str:
        return self.template.format(**self.fields)


class ImageError(AppError):
    """A file is not an image that can be opened."""


class ModelError(AppError):
    """A model file cannot be used."""


class RecordsError(AppError):
    """The history, the image store or a table cannot be read or written."""


class SaveError(AppError):
    """A file that is saved, a report or a picture, cannot be written."""


class DataError(AppError):
    """Training images, their labels or a training run are not usable as they are."""


class ExportError(AppError):
    """A trained network could not be turned into a model file that keeps the contract."""


class UsageError(AppError):
    """A command was called in a way that cannot work."""
