"""One image with its assessment: the page, the film strip, assessment and outcome."""
