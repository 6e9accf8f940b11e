"""The page of one image, for PDF, printer and preview."""
