"""Benchmarks: figures anyone can take again, on loopback, with what they are compared to in the same run."""
