"""Invented kinds of sources, labels and channels, so that the loader is tested without the real ones."""
