"""What a practice's own history says of the model, of one's own assessments before and after it, and of what moved."""
