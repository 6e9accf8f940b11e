"""The body map, which shows the sites of lesions."""
