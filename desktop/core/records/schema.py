"""The tables of the history, as migrations: one tuple of statements for each version, each carried out in one transaction.

A released migration is never edited: a change is a new one at the end. Rules for every table:

- Rows are never changed or deleted; triggers prevent it. A correction is a new row, and the newest (the greatest id) counts.
  Fields that can be corrected stand in a table of details beside the one that gives the identity.
- Each row names who wrote it (`initials`) and when (`time`, ISO 8601 in UTC, microseconds, so that text sorts as time).
- Deleting is a row in `binning`. Only erasing a patient deletes rows: a row in `erasing` permits it within its transaction,
  and an anonymous marker in `erasure` remains. `erasure_left` lists what must still be deleted from the disk; its rows go
  when that is done.
- Every row is sealed (`sealing`), by its id: a table has an INTEGER PRIMARY KEY, unless its rows are never deleted. A migration
  may add tables, and columns that are NULL in the rows that exist; other changes of rows would break the seal.
- File paths are the bytes of the file system (`os.fsencode`), so that a name that is not Unicode is not lost.
"""

from desktop.core.records.layout_1 import LAYOUT_1
from desktop.core.records.layout_10 import LAYOUT_10
from desktop.core.records.layout_11 import LAYOUT_11
from desktop.core.records.layout_12 import LAYOUT_12
from desktop.core.records.layout_13 import LAYOUT_13
from desktop.core.records.layout_14 import LAYOUT_14
from desktop.core.records.layout_15 import LAYOUT_15
from desktop.core.records.layout_16 import LAYOUT_16
from desktop.core.records.layout_17 import LAYOUT_17
from desktop.core.records.layout_18 import LAYOUT_18
from desktop.core.records.layouts_2_to_9 import LAYOUTS_2_TO_9

FILE_NAME = "history.sqlite3"

FIRST_WITH_ORIGIN = 7
"""The first layout that says which history it is of."""

FIRST_SEALED = 11
"""The first layout with a seal."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    LAYOUT_1,
    *LAYOUTS_2_TO_9,
    LAYOUT_10,
    LAYOUT_11,
    LAYOUT_12,
    LAYOUT_13,
    LAYOUT_14,
    LAYOUT_15,
    LAYOUT_16,
    LAYOUT_17,
    LAYOUT_18,
)

TABLES_SHA256 = "d7f396a1510fcc5d49b8d1dea7ba3bbb1354a5100b4eef8adfb663b7672bc525"
"""The digest of the tables that all migrations make, see `soundness.has_our_tables`. It is not to be relied on alone: another
SQLite may write the text of a renamed table in another way."""
