"""Settings of a run in a JSON file, as `lesionlens-train tune` leaves the best ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from desktop.core.errors import UsageError
from training.run.config import knobs


def read_settings(path: Path) -> dict[str, Any]:
    """Read a JSON object of settings by their names in `config.json`.

    Raises:
        UsageError: the file cannot be read, or has a name or a value that is no setting's.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError("“{path}” cannot be read as settings ({detail}).", path=path, detail=error) from error
    table = knobs()
    settings = {}
    for name, value in found.items():
        if name not in table or name == "data":
            raise UsageError("“{path}”: “{name}” is no setting that a file can give.", path=path, name=name)
        try:
            settings[name] = msgspec.convert(value, table[name][0])
        except msgspec.ValidationError as error:
            raise UsageError(
                "“{path}”: the value of “{name}” does not fit ({detail}).", path=path, name=name, detail=error
            ) from error
    return settings


def as_settings(settings: Mapping[str, Any]) -> bytes:
    """Return settings as the content of such a file, in the order of the table of knobs."""
    return msgspec.json.format(
        msgspec.json.encode({name: settings[name] for name in knobs() if name in settings}), indent=2
    )
