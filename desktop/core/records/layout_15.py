"""What layout 15 brought: why an outcome was withdrawn."""

# Null where nothing was withdrawn, as in every row that was there: of other rows, and of an entry that was undone.
_REASON = """
    ALTER TABLE binning ADD COLUMN reason TEXT CHECK (reason IN ('wrong lesion', 'wrong patient', 'wrong finding'))"""

LAYOUT_15: tuple[str, ...] = (_REASON,)
