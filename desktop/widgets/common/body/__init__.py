"""The drawing of the body map and the lesions on it, for the screen and for paper."""
