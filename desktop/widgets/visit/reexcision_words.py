"""The plan of a re-excision in words, and the note with which it is kept."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReexcisionWords", text)


def kept_note(note: str) -> str:
    """Return the note with which a plan is kept; it names the re-excision where the plan stands as *Biopsy or excision*."""
    what = _tr("Re-excision")
    return f"{what}: {note}" if note else what


def with_note(text: str, kept: str) -> str:
    """Return a text that names a re-excision, followed by the note of its plan, as it is `kept`, in one line."""
    what = _tr("Re-excision")
    note = " ".join(("" if kept == what else kept.removeprefix(f"{what}: ")).split())
    return f"{text}: {note}" if note else text


def named_note(kept: str) -> str:
    """Return the note of a plan in one line that begins with the word, also if it was entered like that of any excision."""
    return with_note(_tr("Re-excision"), kept)
