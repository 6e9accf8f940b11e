"""The model in use: its card, its figures, and the choice of another one."""
