"""URLs of files in object stores and on remote shares, carried as paths, so that code which sorts and names images takes both.

`s3://bucket/lesions/1.jpg` becomes a path that no disk has, because it holds a NUL; its name and its folders are those of the
URL. Only `desktop/remote` lists and reads such files. A URL is kept but for empty parts and those of a dot alone.
"""

import re
from pathlib import Path

_URL = re.compile(r"([a-z][a-z0-9+.-]+)://(/?)(.*)", re.DOTALL | re.IGNORECASE)
_MARK = "\0"


def path_of(text: str) -> Path:
    """Return the path that a text names: a URL's, or that of a local file."""
    found = _URL.fullmatch(text)
    if found is None:
        return Path(text)
    protocol, slash, rest = found.groups()
    return Path(f"{_MARK}{protocol}:{slash and ':'}") / rest.lstrip("/")


def is_url(path: Path) -> bool:
    """Tell whether a path is that of a URL."""
    return str(path).startswith(_MARK)


def path_text(path: Path) -> str:
    """Return what the user calls a file: its URL, or its path."""
    if not is_url(path):
        return str(path)
    protocol, *rest = path.parts
    name, _, slash = protocol.removeprefix(_MARK).partition(":")
    return f"{name}://{slash and '/'}{'/'.join(rest)}"
