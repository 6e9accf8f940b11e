"""The search for better settings of a training: what is searched, and a study that can be stopped and carried on."""
