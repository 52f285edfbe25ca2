"""Decide: what a document is, what it says and to whom, and which story it belongs to; pure functions of a text."""
