"""The frame: the main window, its rail, menus and dialogs, and the staged start."""
