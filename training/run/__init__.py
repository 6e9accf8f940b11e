"""One run: its knobs and recipes, and its folder."""
