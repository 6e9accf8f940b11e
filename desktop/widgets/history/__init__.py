"""The history workspace: searched, sorted, as rows or pictures, with a preview."""
