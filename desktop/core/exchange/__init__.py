"""Exchange with other programs: folders of images with a table, and the files of practice systems (GDT)."""
