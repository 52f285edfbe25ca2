"""Assemble: the command line, the configuration, the wiring. The only package that imports all others."""
