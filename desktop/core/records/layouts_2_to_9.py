"""What the layouts 2 to 9 changed: indexes, and tables of scales, erasures, adjustments and working points."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from desktop.core.records.layout_1 import INDEXES_1, TABLES_1, WRITTEN, all_never_changed, created, never_changed
from desktop.core.records.schema import NEW_ORIGIN

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
        {WRITTEN}""",
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
        {WRITTEN}""",
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
        {WRITTEN}""",
}
_ORIGIN = f"CREATE TABLE origin (id TEXT PRIMARY KEY, {WRITTEN}) STRICT"  # one row: which history this is


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
        {WRITTEN}""",
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
        {WRITTEN}""",
}
_DEFAULTS_9 = """
    (SELECT json_group_object(value ->> 'id', value -> 'default')
     FROM model, json_each(iif(json_valid(contract), contract, '{{}}'), '$.alerts') AS alert
     WHERE model.sha256 = {table}.model AND alert.type = 'object' AND value ->> 'default' IS NOT NULL)"""
"""What was answered before there was a choice was answered at the defaults of the model."""

# The id of a row that was erased must never be that of another: SQLite gives the greatest one again unless it is told not to.
_RENUMBERED = {
    **{name: columns for name, columns in TABLES_1.items() if name != "model"},
    **_TABLES_3,
    **_TABLES_5,
    "assessment": TABLES_1["assessment"].replace(WRITTEN, f"{WRITTEN}, outcomes_before INTEGER"),
}
_DROPPED = {statement.split()[2] for statement in _INDEXES_2 if statement.startswith("DROP")}
_ALL_INDEXES = tuple(
    statement
    for statement in (*INDEXES_1, *_INDEXES_2, "CREATE INDEX image_scale_of ON image_scale (image)")
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

LAYOUTS_2_TO_9: tuple[tuple[str, ...], ...] = (
    _INDEXES_2,
    (
        *created(_TABLES_3),
        "CREATE INDEX image_scale_of ON image_scale (image)",
        *all_never_changed(_TABLES_3),
    ),
    (_ERASURE_LEFT,),
    (*created(_TABLES_5), *all_never_changed(_TABLES_5)),
    (_COLUMN_6,),
    (
        *(statement for table in _RENUMBERED for statement in _renumbered(table)),
        *(
            index
            for index in _ALL_INDEXES
            if index.startswith("CREATE") and f"DROP INDEX {index.split()[2]}" not in _ALL_INDEXES
        ),
        *all_never_changed(_RENUMBERED),
        *(statement.replace("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT") for statement in created(_TABLES_7)),
        _ORIGIN,
        NEW_ORIGIN,
        *all_never_changed((*_TABLES_7, "origin")),
    ),
    (
        *created(_TABLES_8),
        "CREATE INDEX adjustment_of ON adjustment (prediction, id, raised)",
        *all_never_changed(_TABLES_8),
    ),
    (
        _SKIN_TYPE_9,
        *_WITH_WORKING_POINTS,
        *created(_TABLES_9),
        *all_never_changed(("prediction", *_TABLES_9)),
        never_changed("batch_run")[0],
    ),
)
