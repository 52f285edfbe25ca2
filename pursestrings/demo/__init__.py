"""The demo: an invented August 2017, served on loopback in real formats."""
