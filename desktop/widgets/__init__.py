"""The window: a room for each thing that a clinician does, with one small file per widget."""
