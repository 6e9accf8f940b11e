"""The shipped model, icons, sample images and licences."""
