"""What layout 14 brought: how two images are aligned."""

from desktop.core.records.layout_1 import WRITTEN, all_never_changed, created

_TABLES_14 = {
    "alignment": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        first INTEGER NOT NULL REFERENCES image (id),
        second INTEGER NOT NULL REFERENCES image (id),
        a REAL NOT NULL,               -- (x, y) of the first is (a x - b y + across, b x + a y + down) of the second, in pixels
        b REAL NOT NULL,
        across REAL NOT NULL,
        down REAL NOT NULL,
        method INTEGER,                -- the version of the registration that found it; null where it was set by hand
        agreeing INTEGER,              -- of how many parts: its quality; null where it was set by hand
        parts INTEGER,
        {WRITTEN},
        CHECK (a * a + b * b > 0 AND (method IS NULL) = (agreeing IS NULL) AND (method IS NULL) = (parts IS NULL))""",
}

LAYOUT_14: tuple[str, ...] = (
    *created(_TABLES_14),
    "CREATE INDEX alignment_of ON alignment (first, second, id)",
    "CREATE INDEX alignment_second ON alignment (second)",
    *all_never_changed(_TABLES_14),
)
