"""What layout 10 brought: the audit log."""

from desktop.core.records.layout_1 import WRITTEN, all_never_changed, created

# No reference to patient and image: the rows stay when these are erased.
_TABLES_10 = {
    "audit": f"""
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        action TEXT NOT NULL,          -- an id of `audit.Action`
        patient INTEGER,
        image INTEGER,
        detail TEXT NOT NULL,          -- JSON: what matters of the act; never a name or a path
        {WRITTEN}""",
}

LAYOUT_10: tuple[str, ...] = (
    *created(_TABLES_10),
    "CREATE INDEX audit_time ON audit (time)",
    "CREATE INDEX audit_action ON audit (action, id)",
    *all_never_changed(_TABLES_10),
)
