"""What layout 12 brought: whether a lesion had changed since the visit before."""

# Null where it was not entered, as in every row that was there.
_CHANGE = "ALTER TABLE assessment ADD COLUMN change TEXT CHECK (change IN ('changed', 'unchanged', 'cannot tell'))"

LAYOUT_12: tuple[str, ...] = (_CHANGE,)
