"""Invented labels."""
