"""No kind: it has no Settings."""


class Spider:
    """A class of the right name alone makes no kind."""
