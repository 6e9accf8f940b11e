"""Benchmarks. Each prints its figures; docs/performance.md records them."""
