"""Invented spiders."""
