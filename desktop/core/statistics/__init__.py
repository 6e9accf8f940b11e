"""Measures of answers, with numpy alone: proportions, ranking, calibration, bootstrap intervals."""
