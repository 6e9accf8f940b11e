"""What measures the program: each prints its figures; docs/performance.md keeps them."""
