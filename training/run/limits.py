"""A file of sentences on what a model cannot know."""

from collections.abc import Sequence
from pathlib import Path

from desktop.core.errors import DataError


def read_limits(file: str, labels: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the sentences about the model in a file of limits, one for each line, and the remarks on labels by label id.

    A line that begins with a label id and a colon is a remark, which the app shows with the name of that label.

    Raises:
        DataError: the file cannot be read.
    """
    if not file:
        return (), {}
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("The limits in “{path}” cannot be read ({detail}).", path=file, detail=error) from error
    remarks = {
        label: text.strip()
        for label, colon, text in (line.partition(":") for line in lines)
        if colon and label in labels
    }
    limits = (line.strip() for line in lines if line.strip() and line.partition(":")[0] not in remarks)
    return tuple(limits), remarks
