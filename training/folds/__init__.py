"""What folds say of a network that every image taught: their answers, the thresholds these settle, and its contract."""
