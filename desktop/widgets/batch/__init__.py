"""Whole folders: progress, table, filter and summary."""
