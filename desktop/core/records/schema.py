"""What the tables of the history have in common, and what is known of its layouts, the versions of these tables.

`migrations` has the way from each layout to the next, `newest_layout` all tables as they are now. Rules for every table:

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

FILE_NAME = "history.sqlite3"

APPLICATION_ID = 0x4C4C656E  # "LLen": says that a SQLite file is a history of LesionLens

FIRST_WITH_ORIGIN = 7
"""The first layout that says which history it is of."""

FIRST_SEALED = 11
"""The first layout with a seal."""

NEW_ORIGIN = """
    INSERT INTO origin VALUES (lower(hex(randomblob(16))), '', strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now'))"""
"""The one row that a new history has: which history this is."""
