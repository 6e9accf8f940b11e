"""One image of a visit with what is said of it: the page, the film strip, assessment and outcome."""
