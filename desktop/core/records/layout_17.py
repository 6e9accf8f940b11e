"""What layout 17 brought: how an image was taken, and the outline of the lesion in it as corrected by hand."""

from desktop.core.records.layout_1 import WRITTEN, all_never_changed, created

_TABLES_17 = {
    # Each empty where it is not known.
    "image_capture": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        device TEXT NOT NULL,
        contact TEXT NOT NULL CHECK (contact IN ('', 'contact', 'no contact')),
        light TEXT NOT NULL CHECK (light IN ('', 'polarised', 'not polarised')),
        {WRITTEN}""",
    "image_outline": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        points TEXT,                   -- JSON: x and y of each point in pixels of the upright image; null where it was removed
        {WRITTEN}""",
}

LAYOUT_17: tuple[str, ...] = (
    *created(_TABLES_17),
    *(f"CREATE INDEX {table}_of ON {table} (image, id)" for table in _TABLES_17),
    *all_never_changed(_TABLES_17),
)
