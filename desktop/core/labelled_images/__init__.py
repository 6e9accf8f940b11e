"""Labelled images: class folders and tables of them, and the audit of what would falsify figures."""
