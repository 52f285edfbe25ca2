"""When: the clock, the due sources, the stage loops, the health of sources and the one-service lock."""
