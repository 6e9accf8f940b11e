"""The body map as a widget, which shows the sites of lesions and chooses one."""
