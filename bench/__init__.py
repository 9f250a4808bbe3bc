"""Benchmarks: `python -m bench.run` from the checkout measures envlens beside its rivals."""
