"""Parts that several rooms of the window share."""
