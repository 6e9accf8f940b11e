"""Layout 11: the seal, a chain of links that shows whether rows are still as they were written (`seal`, docs/seal.md)."""

_SEAL = """
    CREATE TABLE seal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        what TEXT NOT NULL,            -- lines: 'insert image 3-3', 'erase image 3-3', 'begin', 'restore' ...
        digests BLOB NOT NULL,         -- 32 bytes for each row that they name: SHA-256 of its salt and its canonical form
        time TEXT NOT NULL,
        hash BLOB NOT NULL,            -- SHA-256 of the hash before and the canonical form of this row: of the columns above
        salts BLOB NOT NULL            -- 16 random bytes for each row; zeros for a row that was erased
    ) STRICT"""

_TRIGGERS = (
    """CREATE TRIGGER seal_is_never_changed BEFORE UPDATE OF id, what, digests, time, hash ON seal
        BEGIN SELECT RAISE(ABORT, 'a row of seal is never changed'); END""",
    """CREATE TRIGGER seal_salts_are_never_changed BEFORE UPDATE OF salts ON seal WHEN NOT EXISTS (SELECT 1 FROM erasing)
        BEGIN SELECT RAISE(ABORT, 'a row of seal is never changed'); END""",
    """CREATE TRIGGER seal_is_never_deleted BEFORE DELETE ON seal
        BEGIN SELECT RAISE(ABORT, 'a row of seal is never deleted'); END""",
)

# A sealed row is found by its id, which must stay the same when the file is written anew.
_ERASURE_LEFT = (
    "ALTER TABLE erasure_left RENAME TO old_erasure_left",
    """
    CREATE TABLE erasure_left (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT                    -- of an image whose files are there; null for what deleted rows leave in files
    ) STRICT""",
    "INSERT INTO erasure_left (sha256) SELECT sha256 FROM old_erasure_left ORDER BY rowid",
    "DROP TABLE old_erasure_left",
)

LAYOUT_11 = (_SEAL, *_TRIGGERS, *_ERASURE_LEFT)
