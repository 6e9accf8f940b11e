"""What layout 21 brought: the history under another model, what is to be looked at again for it, and what was decided."""

from desktop.core.records.layout_1 import WRITTEN, all_never_changed, created

_TABLES_21 = {
    # What a model would have said, at its working points: kept apart from the answers that were given (`prediction`).
    "tried_answer": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        model TEXT NOT NULL REFERENCES model (sha256),
        preprocessing INTEGER NOT NULL,
        probabilities TEXT NOT NULL,   -- this column and the next eight as in prediction
        top TEXT NOT NULL,
        top_probability REAL NOT NULL,
        malignant_probability REAL,
        flags TEXT NOT NULL,
        abstention TEXT,
        kind_uncertain INTEGER NOT NULL,
        quality TEXT,
        novelty REAL,
        by_context TEXT NOT NULL,      -- JSON: ids of the alerts that only what is known of the patient raised
        app_version TEXT NOT NULL,
        working_points TEXT NOT NULL,  -- JSON, as in prediction
        {WRITTEN},
        UNIQUE (image, model, preprocessing, working_points)""",
    # An image whose lesion only another model alerts on.
    "look_again": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        model TEXT NOT NULL REFERENCES model (sha256),
        alerts TEXT NOT NULL,          -- JSON: ids of the alerts that it raises
        {WRITTEN}""",
    # As a row of care_step, whose list of steps cannot be made longer.
    "looked_again": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        step TEXT NOT NULL CHECK (step IN ('looked again')),
        look_again INTEGER NOT NULL REFERENCES look_again (id),
        day TEXT,                      -- null where the step was taken back
        person TEXT NOT NULL,          -- the initials of whoever did it
        note TEXT NOT NULL,
        {WRITTEN}""",
    "model_decision": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        decision TEXT NOT NULL CHECK (decision IN ('adopted', 'kept')),
        model TEXT NOT NULL REFERENCES model (sha256),   -- that was tried on the history
        present TEXT NOT NULL REFERENCES model (sha256), -- that was in use
        reason TEXT NOT NULL,
        figures TEXT NOT NULL,         -- JSON: what was known when it was decided; it names nobody
        {WRITTEN}""",
}

LAYOUT_21: tuple[str, ...] = (
    *created(_TABLES_21),
    "CREATE INDEX tried_answer_by ON tried_answer (model, preprocessing, working_points, image)",
    "CREATE INDEX look_again_of ON look_again (image)",
    "CREATE INDEX looked_again_of ON looked_again (look_again, step, id, day)",
    *all_never_changed(_TABLES_21),
)
