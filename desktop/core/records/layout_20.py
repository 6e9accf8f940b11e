"""What layout 20 brought: whose images may be trained with, and what was exported for that."""

from desktop.core.records.layout_1 import WRITTEN, all_never_changed, created

_TABLES_20 = {
    "training_use": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        patient INTEGER NOT NULL REFERENCES patient (id),
        allowed TEXT CHECK (allowed IN ('no', 'yes')),   -- null where the answer was taken back: not asked
        {WRITTEN}""",
    "training_export": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        model TEXT NOT NULL CHECK (length(model) = 64),  -- SHA-256 of the model file that is to be improved
        salt TEXT NOT NULL CHECK (length(salt) = 64),    -- of the names of patients and lesions; that of the first export
        {WRITTEN}""",
    "training_split": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        export INTEGER NOT NULL REFERENCES training_export (id),
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        split TEXT NOT NULL CHECK (split IN ('train', 'test')),
        {WRITTEN},
        UNIQUE (export, lesion)""",
}

LAYOUT_20: tuple[str, ...] = (
    *created(_TABLES_20),
    "CREATE INDEX training_use_now ON training_use (patient, id)",
    "CREATE INDEX training_split_of ON training_split (lesion)",
    *all_never_changed(_TABLES_20),
)
