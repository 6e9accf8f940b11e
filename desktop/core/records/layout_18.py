"""What layout 18 brought: how images look to a model, by which similar ones are found."""

from desktop.core.records.layout_1 import WRITTEN, all_never_changed, created

_TABLES_18 = {
    "embedding": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        model TEXT NOT NULL CHECK (length(model) = 64),   -- SHA-256 of the model file; it may have no prediction here
        preprocessing INTEGER NOT NULL,
        method INTEGER NOT NULL,       -- the version of the reduction, see `inference.similarity`
        vector BLOB NOT NULL,          -- little-endian float16
        {WRITTEN},
        UNIQUE (image, model, preprocessing, method)""",
}

LAYOUT_18: tuple[str, ...] = (
    *created(_TABLES_18),
    "CREATE INDEX embedding_of_kind ON embedding (model, preprocessing, method, id)",
    *all_never_changed(_TABLES_18),
)
