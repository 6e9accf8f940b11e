"""The window: a room for each thing that a clinician does; one small file a widget, one public verb each."""
