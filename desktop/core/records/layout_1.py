"""The tables of the first layout, and what the statements of all layouts are made of."""

# ruff: noqa: S608 - statements are put together from constants of ours

from collections.abc import Iterable, Mapping

from desktop.core.records.schema import APPLICATION_ID

WRITTEN = "initials TEXT NOT NULL, time TEXT NOT NULL"

_ANSWER = """
    probabilities TEXT{null},          -- JSON: label id to probability, in the order of the model's labels
    top TEXT{null},                    -- id of the most probable label, also where the model abstains
    top_probability REAL{null},
    malignant_probability REAL,        -- null where the model calls no label malignant
    flags TEXT{null},                  -- JSON: ids of the raised flags
    abstention TEXT,                   -- the reason, null where the model answers
    kind_uncertain INTEGER{null},
    quality TEXT,                      -- JSON; null where it was not measured
    novelty REAL,                      -- null where the model measures none
"""

TABLES_1 = {
    # Who and where
    "patient": f"id INTEGER PRIMARY KEY, {WRITTEN}",
    "patient_detail": f"""
        id INTEGER PRIMARY KEY,
        patient INTEGER NOT NULL REFERENCES patient (id),
        pseudonym TEXT NOT NULL,
        sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
        {WRITTEN}""",
    "lesion": f"id INTEGER PRIMARY KEY, {WRITTEN}",
    "lesion_detail": f"""
        id INTEGER PRIMARY KEY,
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        patient INTEGER NOT NULL REFERENCES patient (id),
        name TEXT NOT NULL,
        site TEXT NOT NULL,
        {WRITTEN}""",
    "visit": f"id INTEGER PRIMARY KEY, {WRITTEN}",
    "visit_detail": f"""
        id INTEGER PRIMARY KEY,
        visit INTEGER NOT NULL REFERENCES visit (id),
        patient INTEGER NOT NULL REFERENCES patient (id),
        date TEXT NOT NULL,
        age_band TEXT NOT NULL,
        {WRITTEN}""",
    # Images: the file's bytes are the identity
    "image": f"""
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
        name TEXT NOT NULL,
        searched_name TEXT NOT NULL,   -- the name as it is searched: normalised and case-folded
        format TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        byte_size INTEGER NOT NULL,
        {WRITTEN}""",
    "image_place": f"""
        id INTEGER PRIMARY KEY,
        image INTEGER NOT NULL REFERENCES image (id),
        stored INTEGER NOT NULL CHECK (stored IN (0, 1)),
        path BLOB NOT NULL,            -- of a stored image: relative to the data folder, with forward slashes
        {WRITTEN}""",
    "image_detail": f"""
        id INTEGER PRIMARY KEY,
        image INTEGER NOT NULL REFERENCES image (id),
        kind TEXT NOT NULL CHECK (kind IN ('dermoscopy', 'clinical', 'other')),
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        {WRITTEN}""",
    # What the model says
    "model": f"sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), name TEXT NOT NULL, contract TEXT NOT NULL, {WRITTEN}",
    "prediction": f"""
        id INTEGER PRIMARY KEY,
        image INTEGER NOT NULL REFERENCES image (id),
        region TEXT NOT NULL,          -- 'left,top,right,bottom' in pixels of the upright image, '' for the whole of it
        model TEXT NOT NULL REFERENCES model (sha256),
        preprocessing INTEGER NOT NULL,
        {_ANSWER.format(null=" NOT NULL")}
        app_version TEXT NOT NULL,
        {WRITTEN},
        UNIQUE (image, region, model, preprocessing)""",
    "disclosure": f"""
        id INTEGER PRIMARY KEY,
        prediction INTEGER NOT NULL REFERENCES prediction (id),
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        reason TEXT NOT NULL CHECK (reason IN ('without own view', 'despite abstention')),
        {WRITTEN}""",
    # What people say
    "assessment": f"""
        id INTEGER PRIMARY KEY,
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        image INTEGER REFERENCES image (id),
        before_model INTEGER NOT NULL CHECK (before_model IN (0, 1)),
        diagnosis TEXT NOT NULL,
        label TEXT,                    -- the label that the clinician mapped the diagnosis to, if any
        confidence TEXT NOT NULL,
        plan TEXT NOT NULL,
        plan_date TEXT,
        note TEXT NOT NULL,
        {WRITTEN},
        CHECK ((lesion IS NULL) = (visit IS NULL) AND (lesion IS NULL) <> (image IS NULL))""",
    "outcome": f"""
        id INTEGER PRIMARY KEY,
        lesion INTEGER REFERENCES lesion (id),
        image INTEGER REFERENCES image (id),
        kind TEXT NOT NULL CHECK (kind IN ('histopathology', 'follow-up')),
        diagnosis TEXT NOT NULL,
        label TEXT,
        breslow_mm REAL,
        date TEXT NOT NULL,
        note TEXT NOT NULL,
        {WRITTEN},
        CHECK ((lesion IS NULL) <> (image IS NULL))""",
    # Bin and erasure
    "binning": f"""
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL CHECK (subject IN (
            'patient', 'lesion', 'visit', 'image', 'prediction', 'assessment', 'outcome', 'batch_run')),
        subject_id INTEGER NOT NULL,
        binned INTEGER NOT NULL CHECK (binned IN (0, 1)),
        {WRITTEN}""",
    "erasure": f"""
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL CHECK (subject IN ('patient', 'image')),
        images INTEGER NOT NULL,       -- how many were erased with it
        {WRITTEN}""",
    # Batch runs
    "batch_run": f"""
        id INTEGER PRIMARY KEY,
        folder BLOB NOT NULL,
        files INTEGER NOT NULL,        -- how many were found when it began
        model TEXT NOT NULL REFERENCES model (sha256),
        preprocessing INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        {WRITTEN}""",
    "batch_end": f"""
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES batch_run (id),
        state TEXT NOT NULL CHECK (state IN ('finished', 'cancelled')),
        {WRITTEN}""",
    "batch_row": f"""
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES batch_run (id),
        path BLOB NOT NULL,
        message TEXT NOT NULL,         -- why there is no answer; '' where there is one
        sha256 TEXT,
        format TEXT,
        width INTEGER,
        height INTEGER,
        byte_size INTEGER,
        {_ANSWER.format(null="")}
        {WRITTEN},
        UNIQUE (run, path),
        CHECK ((message = '') = (probabilities IS NOT NULL))""",
}

INDEXES_1 = (
    "CREATE INDEX patient_detail_of ON patient_detail (patient)",
    "CREATE INDEX lesion_detail_of ON lesion_detail (lesion)",
    "CREATE INDEX lesion_detail_patient ON lesion_detail (patient)",
    "CREATE INDEX visit_detail_of ON visit_detail (visit)",
    "CREATE INDEX visit_detail_patient ON visit_detail (patient)",
    "CREATE INDEX image_place_of ON image_place (image)",
    "CREATE INDEX image_detail_of ON image_detail (image)",
    "CREATE INDEX image_detail_lesion ON image_detail (lesion, visit)",
    "CREATE INDEX image_detail_visit ON image_detail (visit)",
    "CREATE INDEX prediction_model ON prediction (model)",
    "CREATE INDEX prediction_top ON prediction (top)",
    "CREATE INDEX prediction_time ON prediction (time)",
    "CREATE INDEX disclosure_of ON disclosure (prediction)",
    "CREATE INDEX disclosure_lesion ON disclosure (lesion, visit)",
    "CREATE INDEX assessment_lesion ON assessment (lesion, visit)",
    "CREATE INDEX assessment_image ON assessment (image)",
    "CREATE INDEX outcome_lesion ON outcome (lesion)",
    "CREATE INDEX outcome_image ON outcome (image)",
    "CREATE INDEX binning_of ON binning (subject, subject_id)",
    "CREATE INDEX batch_end_of ON batch_end (run)",
)


def created(tables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the statements that make tables, by name and columns."""
    return tuple(f"CREATE TABLE {name} ({columns}) STRICT" for name, columns in tables.items())


def never_changed(table: str) -> tuple[str, str]:
    """Return the triggers that keep a table's rows as they are, except that an erasure may delete them."""
    return (
        f"""CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, 'a row of {table} is never changed'); END""",
        f"""CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table} WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of {table} is never deleted'); END""",
    )


def all_never_changed(tables: Iterable[str]) -> tuple[str, ...]:
    """Return the triggers of `never_changed` for several tables."""
    return tuple(trigger for table in tables for trigger in never_changed(table))


LAYOUT_1 = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    *created(TABLES_1),
    "CREATE TABLE erasing (subject TEXT NOT NULL, subject_id INTEGER NOT NULL) STRICT",
    *INDEXES_1,
    *all_never_changed(TABLES_1),
)
