"""Benchmarks. Each prints its figures; docs/performance.md records them, docs/experiments.md those of `calibration`."""
