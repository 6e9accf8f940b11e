"""Every table and column of the history is either carried by exported folders, or left out on purpose."""

import sqlite3
from pathlib import Path

from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.statements import COLUMNS, StatementKind

WRITTEN = {"id", "initials", "time"}
RISKS = {"own_melanoma", "family_melanoma", "immunosuppressed", "naevi"}

CARRIED = {
    "patient": set(),
    "patient_detail": {"patient", "pseudonym", "sex", "skin_type", *RISKS, "birth_year"},
    "lesion": set(),
    "lesion_detail": {"lesion", "patient", "name", "site", "pin_x", "pin_y"},
    "visit": set(),
    "visit_detail": {"visit", "patient", "date", "age_band"},
    "image": {"sha256", "name", "searched_name", "format", "width", "height", "byte_size"},
    "image_place": {"image", "stored", "path"},
    "image_detail": {"image", "kind", "lesion", "visit"},
    "image_scale": {"image", "mm_per_pixel", "device"},
    "image_capture": {"image", "device", "contact", "light"},
    "image_outline": {"image", "points"},
    "assessment": {"lesion", "visit", "image", "outcomes_before", *COLUMNS[StatementKind.ASSESSMENT]},
    "outcome": {"lesion", "image", *COLUMNS[StatementKind.OUTCOME]},
    "binning": {"subject", "subject_id", *COLUMNS[StatementKind.WITHDRAWAL]},
    "care_step": {"assessment", "prediction", "outcome", *COLUMNS[StatementKind.STEP]},
    "influence": {"kind", "lesion", "patient"},
    "influence_detail": {"influence", "since", "until", "note", "withdrawn"},
    "photograph_pin": {"image", "lesion", "x", "y"},
    "model": {"sha256", "name", "contract"},
    "prediction": {
        *(
            "image",
            "region",
            "model",
            "preprocessing",
            "probabilities",
            "top",
            "top_probability",
            "malignant_probability",
        ),
        *("flags", "abstention", "kind_uncertain", "quality", "novelty", "app_version", "working_points"),
    },
    "disclosure": {"prediction", "lesion", "visit", "reason"},
}

LEFT_OUT = {
    "adjustment",  # figures beside an answer, which are counted anew
    "alignment",  # found anew, or set by hand again
    "audit",  # of what was done with this history, not of patients
    "batch_run",
    "batch_end",
    "batch_row",
    "batch_shown",
    "embedding",  # made again from the image
    "erased",
    "erasing",
    "erasure",
    "erasure_left",
    "look_again",  # for a model that is tried here
    "looked_again",
    "model_decision",  # of this practice
    "origin",
    "seal",
    "training_export",  # names in it are made with this history's salt
    "training_split",
    "training_use",  # was asked for by this practice, for its own models
    "tried_answer",  # of a model that gave no answer
    "working_point",  # a setting
}


def test_every_table_and_column_is_carried_or_left_out_on_purpose(tmp_path: Path) -> None:
    History.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        tables = [name for (name,) in connection.execute(query)]
        columns = {name: {row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')} for name in tables}
    connection.close()
    carried = {name: found - WRITTEN for name, found in columns.items() if name not in LEFT_OUT}
    assert carried == CARRIED
    assert set(tables) >= LEFT_OUT
