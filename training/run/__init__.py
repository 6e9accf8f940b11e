"""One run: its knobs and recipes, and the folder that it is kept in."""
