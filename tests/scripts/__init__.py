"""Tests of what scripts/ makes."""
