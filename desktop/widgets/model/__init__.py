"""The model that answers: its card, its figures, and another one looked at before it is used."""
