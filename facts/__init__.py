"""The frozen values and the errors that flow between the stages; a leaf that imports the standard library alone."""
