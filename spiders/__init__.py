"""Fetch: one guarded fetcher, one file a kind of source, and text out of HTML and PDF."""
