"""The tables of the history, as migrations: one tuple of statements for each version, each carried out in one transaction.

A released migration is never edited: a change is a new one at the end. Rules for every table:

- Rows are never changed or deleted; triggers prevent it. A correction is a new row, and the newest (the greatest id) counts.
  Fields that can be corrected stand in a table of details beside the one that gives the identity.
- Each row names who wrote it (`initials`) and when (`time`, ISO 8601 in UTC, microseconds, so that text sorts as time).
- Deleting is a row in `binning`. Only erasing a patient deletes rows: a row in `erasing` permits it within its transaction,
  and an anonymous marker in `erasure` remains. `erasure_left` lists what must still be deleted from the disk; its rows go
  when that is done.
- File paths are the bytes of the file system (`os.fsencode`), so that a name that is not Unicode is not lost.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

FILE_NAME = "history.sqlite3"

APPLICATION_ID = 0x4C4C656E  # "LLen": says that a SQLite file is a history of LesionLens

_WRITTEN = "initials TEXT NOT NULL, time TEXT NOT NULL"

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

_TABLES_1 = {
    # Who and where
    "patient": f"id INTEGER PRIMARY KEY, {_WRITTEN}",
    "patient_detail": f"""
        id INTEGER PRIMARY KEY,
        patient INTEGER NOT NULL REFERENCES patient (id),
        pseudonym TEXT NOT NULL,
        sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
        {_WRITTEN}""",
    "lesion": f"id INTEGER PRIMARY KEY, {_WRITTEN}",
    "lesion_detail": f"""
        id INTEGER PRIMARY KEY,
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        patient INTEGER NOT NULL REFERENCES patient (id),
        name TEXT NOT NULL,
        site TEXT NOT NULL,
        {_WRITTEN}""",
    "visit": f"id INTEGER PRIMARY KEY, {_WRITTEN}",
    "visit_detail": f"""
        id INTEGER PRIMARY KEY,
        visit INTEGER NOT NULL REFERENCES visit (id),
        patient INTEGER NOT NULL REFERENCES patient (id),
        date TEXT NOT NULL,
        age_band TEXT NOT NULL,
        {_WRITTEN}""",
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
        {_WRITTEN}""",
    "image_place": f"""
        id INTEGER PRIMARY KEY,
        image INTEGER NOT NULL REFERENCES image (id),
        stored INTEGER NOT NULL CHECK (stored IN (0, 1)),
        path BLOB NOT NULL,            -- of a stored image: relative to the data folder, with forward slashes
        {_WRITTEN}""",
    "image_detail": f"""
        id INTEGER PRIMARY KEY,
        image INTEGER NOT NULL REFERENCES image (id),
        kind TEXT NOT NULL CHECK (kind IN ('dermoscopy', 'clinical', 'other')),
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        {_WRITTEN}""",
    # What the model says
    "model": f"sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), name TEXT NOT NULL, contract TEXT NOT NULL, {_WRITTEN}",
    "prediction": f"""
        id INTEGER PRIMARY KEY,
        image INTEGER NOT NULL REFERENCES image (id),
        region TEXT NOT NULL,          -- 'left,top,right,bottom' in pixels of the upright image, '' for the whole of it
        model TEXT NOT NULL REFERENCES model (sha256),
        preprocessing INTEGER NOT NULL,
        {_ANSWER.format(null=" NOT NULL")}
        app_version TEXT NOT NULL,
        {_WRITTEN},
        UNIQUE (image, region, model, preprocessing)""",
    "disclosure": f"""
        id INTEGER PRIMARY KEY,
        prediction INTEGER NOT NULL REFERENCES prediction (id),
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        reason TEXT NOT NULL CHECK (reason IN ('without own view', 'despite abstention')),
        {_WRITTEN}""",
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
        {_WRITTEN},
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
        {_WRITTEN},
        CHECK ((lesion IS NULL) <> (image IS NULL))""",
    # Bin and erasure
    "binning": f"""
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL CHECK (subject IN (
            'patient', 'lesion', 'visit', 'image', 'prediction', 'assessment', 'outcome', 'batch_run')),
        subject_id INTEGER NOT NULL,
        binned INTEGER NOT NULL CHECK (binned IN (0, 1)),
        {_WRITTEN}""",
    "erasure": f"""
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL CHECK (subject IN ('patient', 'image')),
        images INTEGER NOT NULL,       -- how many were erased with it
        {_WRITTEN}""",
    # Batch runs
    "batch_run": f"""
        id INTEGER PRIMARY KEY,
        folder BLOB NOT NULL,
        files INTEGER NOT NULL,        -- how many were found when it began
        model TEXT NOT NULL REFERENCES model (sha256),
        preprocessing INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        {_WRITTEN}""",
    "batch_end": f"""
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES batch_run (id),
        state TEXT NOT NULL CHECK (state IN ('finished', 'cancelled')),
        {_WRITTEN}""",
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
        {_WRITTEN},
        UNIQUE (run, path),
        CHECK ((message = '') = (probabilities IS NOT NULL))""",
}

_INDEXES_1 = (
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

# What the filters and the order of a long history look at, without the rows themselves: those are ten times as long.
_INDEXES_2 = (
    """CREATE INDEX prediction_found ON prediction
        (image, top, flags, time, abstention, top_probability, malignant_probability)""",
    "CREATE INDEX prediction_top_of ON prediction (top, image)",
    "DROP INDEX prediction_top",
    "CREATE INDEX image_searched ON image (searched_name)",
    "CREATE INDEX image_detail_now ON image_detail (image, id, lesion, visit)",
    "DROP INDEX image_detail_of",
    "CREATE INDEX image_detail_of_lesion ON image_detail (lesion, visit, image)",
    "DROP INDEX image_detail_lesion",
    "CREATE INDEX lesion_detail_now ON lesion_detail (lesion, id, patient, name)",
    "DROP INDEX lesion_detail_of",
    "CREATE INDEX visit_detail_now ON visit_detail (visit, id, patient)",
    "DROP INDEX visit_detail_of",
    "CREATE INDEX assessment_diagnosis ON assessment (diagnosis)",
    "CREATE INDEX assessment_plan ON assessment (plan)",
    "CREATE INDEX assessment_plan_date ON assessment (plan_date)",
)

# What the ruler is read by.
_TABLES_3 = {
    "image_scale": f"""
        id INTEGER PRIMARY KEY,
        image INTEGER NOT NULL REFERENCES image (id),
        mm_per_pixel REAL CHECK (mm_per_pixel > 0),   -- null where the scale was taken away again
        device TEXT NOT NULL,          -- whose scale it is, '' where it was measured on the image itself
        {_WRITTEN}""",
}

# What an erasure has still to delete from the disk: a program that is stopped in between goes on at its next start.
_ERASURE_LEFT = """
    CREATE TABLE erasure_left (
        sha256 TEXT                    -- of an image whose files are there; null for what deleted rows leave in files
    ) STRICT"""

# Answers that stood in the rows of a batch: of whatever image, as most of them never come into the history.
_TABLES_5 = {
    "batch_shown": f"""
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        {_WRITTEN}""",
}

# The clock of a computer may be ahead for a while: which outcomes came after a plan is told by their order, not by their time.
_COLUMN_6 = "ALTER TABLE assessment ADD COLUMN outcomes_before INTEGER"  # the id of the newest outcome then; 0 if none


# Which rows an erasure has deleted: a backup that has them still is rid of them when it is restored. A mark tells a row from
# another that had the same id in a copy of the history on another computer; neither says whose it was.
_TABLES_7 = {
    "erased": f"""
        id INTEGER PRIMARY KEY,
        erasure INTEGER NOT NULL REFERENCES erasure (id),
        subject TEXT NOT NULL CHECK (subject IN ('patient', 'lesion', 'visit', 'image')),
        subject_id INTEGER NOT NULL,
        mark TEXT NOT NULL,
        {_WRITTEN}""",
}
_ORIGIN = f"CREATE TABLE origin (id TEXT PRIMARY KEY, {_WRITTEN}) STRICT"  # one row: which history this is
_NEW_ORIGIN = """
    INSERT INTO origin VALUES (lower(hex(randomblob(16))), '', strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now'))"""


# What stood beside the model's own figures: those with what was known of the patient, and those for the practice's prior.
_TABLES_8 = {
    "adjustment": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        prediction INTEGER NOT NULL REFERENCES prediction (id),
        age_band TEXT NOT NULL,        -- these three: '' where it was not given
        sex TEXT NOT NULL,
        site TEXT NOT NULL,
        with_context TEXT,             -- JSON: label id to probability; null where nothing of the patient counted
        raised TEXT NOT NULL,          -- JSON: ids of the alerts that the image alone did not raise
        prior TEXT,                    -- JSON: label id to share; null where the practice had no prior of its own
        for_prior TEXT,                -- JSON: label id to probability
        {_WRITTEN}""",
}

# The working points at which a model's alerts are raised may be chosen: each answer keeps those under which it was given, so
# that the same model may answer an image once at each.
_SKIN_TYPE_9 = """
    ALTER TABLE patient_detail ADD COLUMN skin_type TEXT NOT NULL DEFAULT ''
        CHECK (skin_type IN ('', 'I', 'II', 'III', 'IV', 'V', 'VI'))"""  # of Fitzpatrick
_TABLES_9 = {
    "working_point": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        model TEXT NOT NULL REFERENCES model (sha256),  -- the model whose figures were shown to whoever chose
        alert TEXT NOT NULL,           -- its id
        old REAL NOT NULL,
        new REAL NOT NULL,
        reason TEXT NOT NULL CHECK (reason <> ''),
        {_WRITTEN}""",
}
_DEFAULTS_9 = """
    (SELECT json_group_object(value ->> 'id', value -> 'default')
     FROM model, json_each(iif(json_valid(contract), contract, '{{}}'), '$.alerts') AS alert
     WHERE model.sha256 = {table}.model AND alert.type = 'object' AND value ->> 'default' IS NOT NULL)"""
"""What was answered before there was a choice was answered at the defaults of the model."""


def _never_changed(table: str) -> tuple[str, str]:
    return (
        f"""CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, 'a row of {table} is never changed'); END""",
        f"""CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table} WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of {table} is never deleted'); END""",
    )


# The id of a row that was erased must never be that of another: SQLite gives the greatest one again unless it is told not to.
_RENUMBERED = {
    **{name: columns for name, columns in _TABLES_1.items() if name != "model"},
    **_TABLES_3,
    **_TABLES_5,
    "assessment": _TABLES_1["assessment"].replace(_WRITTEN, f"{_WRITTEN}, outcomes_before INTEGER"),
}
_DROPPED = {statement.split()[2] for statement in _INDEXES_2 if statement.startswith("DROP")}
_ALL_INDEXES = tuple(
    statement
    for statement in (*_INDEXES_1, *_INDEXES_2, "CREATE INDEX image_scale_of ON image_scale (image)")
    if statement.startswith("CREATE") and statement.split()[2] not in _DROPPED
)


def _renumbered(table: str) -> tuple[str, ...]:
    """Return what makes a table anew whose ids are never used again, with all its rows; its indexes and triggers go."""
    columns = _RENUMBERED[table].replace("id INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT")
    return (
        f"CREATE TABLE new_{table} ({columns}) STRICT",
        f"INSERT INTO new_{table} SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE new_{table} RENAME TO {table}",
    )


_PREDICTION_9 = (
    _RENUMBERED["prediction"]
    .replace("id INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT")
    .replace(
        "UNIQUE (image, region, model, preprocessing)",
        """working_points TEXT NOT NULL,  -- JSON: alert id to the sensitivity that it was set for, in the order of the contract
        UNIQUE (image, region, model, preprocessing, working_points)""",
    )
)
_WITH_WORKING_POINTS = (
    f"CREATE TABLE new_prediction ({_PREDICTION_9}) STRICT",
    f"INSERT INTO new_prediction SELECT prediction.*, {_DEFAULTS_9.format(table='prediction')} FROM prediction",
    "DELETE FROM sqlite_sequence WHERE name = 'new_prediction'",
    "INSERT INTO sqlite_sequence SELECT 'new_prediction', seq FROM sqlite_sequence WHERE name = 'prediction'",
    "DROP TABLE prediction",
    "ALTER TABLE new_prediction RENAME TO prediction",
    *(index for index in _ALL_INDEXES if " ON prediction" in index),
    "ALTER TABLE batch_run ADD COLUMN working_points TEXT NOT NULL DEFAULT '{}'",
    "DROP TRIGGER batch_run_is_never_changed",
    f"UPDATE batch_run SET working_points = {_DEFAULTS_9.format(table='batch_run')}",
)

FIRST_WITH_ORIGIN = 7
"""The first layout that says which history it is of."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        f"PRAGMA application_id = {APPLICATION_ID}",
        *(f"CREATE TABLE {name} ({columns}) STRICT" for name, columns in _TABLES_1.items()),
        "CREATE TABLE erasing (subject TEXT NOT NULL, subject_id INTEGER NOT NULL) STRICT",
        *_INDEXES_1,
        *(trigger for table in _TABLES_1 for trigger in _never_changed(table)),
    ),
    _INDEXES_2,
    (
        *(f"CREATE TABLE {name} ({columns}) STRICT" for name, columns in _TABLES_3.items()),
        "CREATE INDEX image_scale_of ON image_scale (image)",
        *(trigger for table in _TABLES_3 for trigger in _never_changed(table)),
    ),
    (_ERASURE_LEFT,),
    (
        *(f"CREATE TABLE {name} ({columns}) STRICT" for name, columns in _TABLES_5.items()),
        *(trigger for table in _TABLES_5 for trigger in _never_changed(table)),
    ),
    (_COLUMN_6,),
    (
        *(statement for table in _RENUMBERED for statement in _renumbered(table)),
        *(
            index
            for index in _ALL_INDEXES
            if index.startswith("CREATE") and f"DROP INDEX {index.split()[2]}" not in _ALL_INDEXES
        ),
        *(trigger for table in _RENUMBERED for trigger in _never_changed(table)),
        *(
            f"CREATE TABLE {name} ({columns.replace('PRIMARY KEY', 'PRIMARY KEY AUTOINCREMENT')}) STRICT"
            for name, columns in _TABLES_7.items()
        ),
        _ORIGIN,
        _NEW_ORIGIN,
        *(trigger for table in (*_TABLES_7, "origin") for trigger in _never_changed(table)),
    ),
    (
        *(f"CREATE TABLE {name} ({columns}) STRICT" for name, columns in _TABLES_8.items()),
        "CREATE INDEX adjustment_of ON adjustment (prediction, id, raised)",
        *(trigger for table in _TABLES_8 for trigger in _never_changed(table)),
    ),
    (
        _SKIN_TYPE_9,
        *_WITH_WORKING_POINTS,
        *(f"CREATE TABLE {name} ({columns}) STRICT" for name, columns in _TABLES_9.items()),
        *(trigger for table in ("prediction", *_TABLES_9) for trigger in _never_changed(table)),
        _never_changed("batch_run")[0],
    ),
)
