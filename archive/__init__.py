"""Look up: search, one document, its history, its capture; on the web and for the command line. Reads only."""
