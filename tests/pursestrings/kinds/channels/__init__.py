"""Invented channels."""
