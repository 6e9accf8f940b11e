"""A lesion through the years: its images along a time axis, two of them compared, and today's assessment beside them."""
