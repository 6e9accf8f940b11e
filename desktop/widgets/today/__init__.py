"""The start page: recent patients, what is due, and what was left undone."""
