"""What layout 13 brought: steps on a lesion's way (biopsy taken, patient told ...), and more of a histopathology."""

from desktop.core.records.layout_1 import WRITTEN, all_never_changed, created

_TABLES_13 = {
    "care_step": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        step TEXT NOT NULL CHECK (step IN (
            'biopsy taken', 'patient told', 'plan closed', 'alert closed', 'telling closed', 'fits')),
        assessment INTEGER REFERENCES assessment (id),  -- one of these three
        prediction INTEGER REFERENCES prediction (id),
        outcome INTEGER REFERENCES outcome (id),
        day TEXT,                      -- null where the step was taken back
        person TEXT NOT NULL,          -- the initials of whoever did it
        note TEXT NOT NULL,
        {WRITTEN},
        CHECK ((assessment IS NOT NULL) + (prediction IS NOT NULL) + (outcome IS NOT NULL) = 1)""",
}

# Null where it was not given, as in all rows of before.
_COLUMNS_13 = (
    "ALTER TABLE outcome ADD COLUMN ulceration TEXT CHECK (ulceration IN ('absent', 'present'))",
    "ALTER TABLE outcome ADD COLUMN margins TEXT CHECK (margins IN ('clear', 'involved', 'not assessable'))",
    "ALTER TABLE outcome ADD COLUMN laboratory_number TEXT",
)

LAYOUT_13: tuple[str, ...] = (
    *created(_TABLES_13),
    *(
        f"CREATE INDEX care_step_{subject} ON care_step ({subject}, step, id, day) WHERE {subject} IS NOT NULL"
        for subject in ("assessment", "prediction", "outcome")
    ),
    *all_never_changed(_TABLES_13),
    *_COLUMNS_13,
)
