"""What a model is worth on labelled images: one vote a lesion, figures with intervals, and what follows in plain words."""
