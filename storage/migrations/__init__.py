"""The steps from one schema to the next; each file in `versions` is one step and is never edited once released."""
