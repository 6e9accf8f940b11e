"""The open patient: banner, chooser, lesions with their images, worklists."""
