"""What layout 19 brought: what may change how a lesion looks, and the pins of lesions on clinical photographs."""

from desktop.core.records.layout_1 import WRITTEN, all_never_changed, created

_TABLES_19 = {
    "influence": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('cryotherapy', 'topical treatment', 'pregnancy')),
        lesion INTEGER REFERENCES lesion (id),
        patient INTEGER REFERENCES patient (id),
        {WRITTEN},
        CHECK ((lesion IS NULL) <> (patient IS NULL) AND (kind = 'pregnancy') = (patient IS NOT NULL))""",
    "influence_detail": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        influence INTEGER NOT NULL REFERENCES influence (id),
        since TEXT NOT NULL,
        until TEXT CHECK (until >= since),   -- the last day; null where it lasts, or its end is not known
        note TEXT NOT NULL,
        withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
        {WRITTEN}""",
    # Shares of the photograph's width and height, from the left and the top; null where the pin was removed.
    "photograph_pin": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        x REAL CHECK (x BETWEEN 0 AND 1),
        y REAL CHECK ((x IS NULL) = (y IS NULL) AND y BETWEEN 0 AND 1),
        {WRITTEN}""",
}

LAYOUT_19: tuple[str, ...] = (
    *created(_TABLES_19),
    "CREATE INDEX influence_lesion ON influence (lesion) WHERE lesion IS NOT NULL",
    "CREATE INDEX influence_patient ON influence (patient) WHERE patient IS NOT NULL",
    "CREATE INDEX influence_detail_now ON influence_detail (influence, id)",
    "CREATE INDEX photograph_pin_now ON photograph_pin (image, lesion, id)",
    "CREATE INDEX photograph_pin_lesion ON photograph_pin (lesion)",
    *all_never_changed(_TABLES_19),
)
