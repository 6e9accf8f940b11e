"""From labelled folders to a trained network and its report."""
