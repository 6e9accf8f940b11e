"""What answers are measured by, with numpy alone: shares, rankings, calibration, intervals by bootstrap."""
