"""The history as a workspace: searched, sorted, as rows or pictures, with a preview."""
