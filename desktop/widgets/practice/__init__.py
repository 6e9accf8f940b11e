"""The workspace Practice: what the history says of the model and of one's own assessments."""
