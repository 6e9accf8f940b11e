"""Writes the audit log as a CSV table for a spreadsheet: ids in place of patients and images, so that it names nobody."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from desktop.core.records.audit_acts import Act
from desktop.core.records.audit_rows import detail_text
from desktop.core.records.cells import MARK, Cell, csv_cell, csv_line
from desktop.core.records.entries import time_text
from desktop.core.records.seal import Head
from desktop.core.whole_files import save_file

COLUMNS = ("time", "initials", "action", "patient", "image", "detail")


def write_log(target: Path, acts: Sequence[Act], head: Head, now: datetime) -> None:
    """Write acts into a file, in their order; `time` is UTC, `detail` JSON.

    The last row is the seal's head at the time of the export, kept elsewhere than in the history itself.

    Raises:
        SaveError: it cannot be written; an existing file is unchanged.
    """
    last = (time_text(now), "", "head of the seal", "", "", detail_text({"head": str(head)}))
    lines = [COLUMNS, *(_cells(act) for act in acts), last]
    text = MARK + "".join(csv_line(map(csv_cell, cells)) for cells in lines)
    save_file(target, text.encode())


def _cells(act: Act) -> tuple[Cell, ...]:
    return (
        time_text(act.time),
        act.initials,
        act.action,
        *("" if number is None else str(number) for number in (act.patient_id, act.image_id)),
        detail_text(act.detail),
    )
